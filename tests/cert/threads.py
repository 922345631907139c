#!/usr/bin/env python3
"""crease-check says the same with any number of processes: of certificates, whole and in parts, and
of mutants of them. It verifies no file that is replaced while processes open it.

    threads.py CREASE CREASE-CHECK [MUTANTS]
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading

CREASE, CHECK = sys.argv[1:3]
LONG = bool(os.environ.get("CREASE_LONG"))
MUTANTS = int(sys.argv[3]) if len(sys.argv) > 3 else 100 if LONG else 2
DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
COUNTS = ("1", "2", "5") if LONG else ("1", "3")
# A rejection ends crease-check where it stands, with its memory.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
failed = checks = rejected = 0


def run(*command):
    """The exit code and all output."""
    end = subprocess.run(list(map(str, command)), capture_output=True, stdin=subprocess.DEVNULL,
                         timeout=600, check=False)
    return end.returncode, end.stdout, end.stderr


def compare(what, *arguments):
    """One verdict for all numbers of processes; its exit code."""
    global failed, checks
    verdicts = [run(CHECK, "-t", count, *arguments) for count in COUNTS]
    checks += 1
    if any(verdict != verdicts[0] for verdict in verdicts):
        failed += 1
        print(f"FAILED: {what}: {verdicts}"[:1000])
    return verdicts[0][0]


def plain(path):
    """The content of a certificate, which may be compressed."""
    end = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=False)
    return end.stdout if end.returncode == 0 else path.read_bytes()


def mutants(network, path, options, rng):
    """Bytes behind the head are changed, taken out or put in."""
    global rejected
    content = plain(path)
    for _ in range(MUTANTS):
        at = rng.randrange(112, len(content))
        new = bytes([rng.choice([content[at] ^ 1 << rng.randrange(8), rng.randrange(256)])])
        changed = content[:at] + rng.choice([b"", new, new, new, new + content[at:at + 1]])
        path.write_bytes(changed + content[at + 1:])
        rejected += compare(f"byte {at} of {network}", *options, network, path) == 1


def parts(folder):
    """A trunk and its parts."""
    jobs, network = folder / "jobs", DATA / "moons-2-16-16-2.json"
    ends = [run(CREASE, "shard", "-n", "3", "-o", jobs, network),
            run(CREASE, "certify", "--trunk", jobs)]
    ends += [run(CREASE, "certify", "--quiet", "--job", jobs, "--index", index)
             for index in range(3)]
    files = sorted(jobs.glob("*.cert.zst"), key=lambda path: path.name[0] != "t")
    good = not any(end[0] for end in ends) and not compare("parts", network, *files)
    return good and compare("a missing part", network, *files[:-1]) == 2


def replaced(folder):
    """Certificates with one wrong point each take one another's place all the time. A process that
    does not own the wrong node believes it, so two processes with different files reject neither."""
    network, good, path = DATA / "moons-2-16-16-2.json", folder / "good", folder / "changing"
    run(CREASE, "certify", "--quiet", network, "-o", good)
    content, wrong, rng = good.read_bytes(), [], random.Random(3)
    while len(wrong) < (4 if LONG else 2):
        at = rng.randrange(112, len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ 2]) + content[at + 1:])
        if b"the point" in run(CHECK, "-t", 1, network, path)[2]:
            wrong.append(path.rename(folder / f"wrong-{len(wrong)}"))
    path.write_bytes(wrong[0].read_bytes())
    ended = threading.Event()

    def replace():
        while not ended.is_set():
            os.link(rng.choice(wrong), folder / "next")
            os.replace(folder / "next", path)
            (folder / "next").unlink(missing_ok=True)

    thread = threading.Thread(target=replace)
    thread.start()
    codes = {run(CHECK, "-t", 2, network, path)[0] for _ in range(24 if LONG else 5)}
    ended.set()
    thread.join()
    return codes == {1}


def main():
    """Every kind of node: units, groups of comparisons, flats, arrangements."""
    global failed
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        mixed = folder / "maxout.json"
        run(CREASE, "make", "random", "--inputs", "2", "--widths", "4,3", "--maxout", "3",
            "-o", mixed)
        for name, options in [(DATA / "moons-2-16-16-2.json", ["--box=-1:1"]),
                              (DATA / "braid-4.json", []), (mixed, []),
                              (DATA / "wine-13-10-10-3.json", ["--box=0:1/8"])]:
            path = folder / "cert"
            end = run(CREASE, "certify", "--quiet", *options, name, "-o", path, "--force")
            if end[0]:
                print(f"FAILED: certify {name}: {end}")
                failed += 1
                continue
            if compare(str(name), *options, name, path):
                print(f"FAILED: {name}: not verified")
                failed += 1
            mutants(name, path, options, rng)
        if not parts(folder):
            print("FAILED: a certificate in parts")
            failed += 1
        if not replaced(folder):
            print("FAILED: files that were replaced while they were opened")
            failed += 1
    print(f"threads.py: {checks} verdicts, {rejected} rejections, {failed} failed")
    return failed > 0 or rejected < MUTANTS


sys.exit(main())
