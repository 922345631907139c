"""What the tests of regions share: the program, the networks in data/, and random ones with seeds."""
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "search"))
from sweep import random_layers  # noqa: E402, F401

CREASE = sys.argv[1]
DATA = TESTS.parent / "data"
LONG = bool(os.environ.get("CREASE_LONG"))


def run_crease(*arguments, **others):
    return subprocess.run([CREASE, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **others)


def crease(*arguments, code=0):
    """What the command prints; if it is refused, the message."""
    run = run_crease(*arguments)
    assert run.returncode == code, (arguments, run.returncode, run.stderr)
    return run.stdout if code != 2 else run.stderr


def refused(*arguments):
    """The one line that says why."""
    run = run_crease(*arguments)
    assert run.returncode == 2 and not run.stdout, (arguments, run)
    assert run.stderr.startswith("crease") and run.stderr.count("\n") == 1, run.stderr
    return run.stderr


def crease_in(most, *arguments):
    """The message of a command that may write files of `most` bytes, as on a full disk."""
    run = run_crease(*arguments, restore_signals=False, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (most, most)))
    assert run.returncode == 2, (arguments, run.returncode, run.stderr)
    return run.stderr


def seed_and_count(few, many):
    """Of random cases: those of the command line, or 1, and many in make check-long."""
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    return seed, int(sys.argv[3]) if len(sys.argv) > 3 else many if LONG else few


def check_random(few, *checks, many=300):
    """Each check with a generator and a directory of its own; prints the networks that fail."""
    seed, count = seed_and_count(few, many)
    for i in range(seed, seed + count):
        with tempfile.TemporaryDirectory() as name:
            try:
                for check in checks:
                    check(random.Random(i), Path(name))
            except AssertionError:
                for net in Path(name).glob("*.json"):
                    print(f"seed {i}: {net.read_text()}")
                raise


def check_each(*checks):
    """Each check with the same directory."""
    with tempfile.TemporaryDirectory() as name:
        for check in checks:
            check(Path(name))
