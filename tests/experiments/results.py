#!/usr/bin/env python3
"""The experiments: doc/experiments.md agrees with the results, certificates are accepted, and the
smallest case of each gives the row that its results have.

    results.py CREASE CREASE-CHECK      from the root of the repository
"""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
EXPERIMENTS = pathlib.Path("experiments").resolve()
sys.path.insert(0, str(EXPERIMENTS))
import common  # noqa: E402
import report  # noqa: E402

failed = 0


def check(good, what):
    global failed
    if not good:
        failed += 1
        print("FAILED: %s" % what)


def has_numpy():
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    return True


def documents():
    text = report.DOCUMENT.read_text(encoding="utf-8")
    check(report.filled(text) == text, "doc/experiments.md is not what experiments/report.py writes")
    for home in sorted(EXPERIMENTS.glob("*/run.py")):
        name = home.parent.name
        check("../experiments/%s)" % name in text, "doc/experiments.md does not name %s" % name)
        readme = (home.parent / "README.md").read_text(encoding="utf-8")
        for word in ("**Question.**", "**Paper.**", "**Command.**", "**Result.**", "**What differs.**"):
            check(word in readme, "experiments/%s/README.md has no %s" % (name, word))


def certificates(checker):
    for path in sorted(EXPERIMENTS.glob("*/certificates/*.cert")):
        done = subprocess.run([checker, path.with_suffix(".json"), path], capture_output=True, check=False)
        check(done.returncode == 0 and done.stdout.startswith(b"VERIFIED"), "%s: %r" % (path, done.stdout))


def smallest(run, scratch):
    name = run.parent.name
    trains = "import learn" in run.read_text(encoding="utf-8")
    if trains and not os.environ.get("CREASE_LONG"):
        print("not run: the experiment %s trains networks, make check-long runs it" % name)
        return
    if trains and not has_numpy():
        print("not run: the experiment %s needs NumPy" % name)
        return
    output = scratch / (name + ".csv")
    done = subprocess.run([sys.executable, str(run), "--smallest", "--output", str(output)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    said = done.stdout.decode()
    check(done.returncode == 0, "%s: exit status %d: %s" % (run, done.returncode, said[-1000:]))
    # A trained network may be another one on this machine.
    check(trains or " 1 as in result.csv, 0 wrong" in said, "%s: %s" % (run, said[-1000:]))


def wrong_rows():
    """A number that is off by one is found, for the same network alone."""
    path = EXPERIMENTS / "convolution" / "result.csv"
    rows = common.read(path)
    table = common.Table(path, list(rows[0]), ["shape", "seed"], True)
    off_by_one = [dict(row, regions=str(int(row["regions"]) + 1)) for row in rows]
    others = [dict(row, digest="0" * 64) for row in off_by_one]
    for changed, wrong in ((rows, 0), (off_by_one, len(rows)), (others, 0)):
        table.rows = changed
        with contextlib.redirect_stdout(io.StringIO()):
            found = common.compare(table, path)
        check(found == wrong, "%d of %d rows are called wrong, not %d" % (found, len(rows), wrong))


def stopped_counts():
    """A count that stopped early agrees with those between its bounds."""
    stopped = {"regions": "10", "at_most": "20", "complete": "False", "seconds": "1"}
    for count, good in ((9, False), (10, True), (20, True), (21, False)):
        whole = {"regions": str(count), "at_most": str(count), "complete": "True", "seconds": "2"}
        for row, kept in ((stopped, whole), (whole, stopped)):
            found = common.differences(row, kept)
            check(good == (not found), "%d of 10 to 20: %s" % (count, found))


def main():
    os.environ.update(CREASE=os.path.abspath(sys.argv[1]), CREASE_CHECK=os.path.abspath(sys.argv[2]))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    documents()
    certificates(os.environ["CREASE_CHECK"])
    wrong_rows()
    stopped_counts()
    with tempfile.TemporaryDirectory() as scratch:
        for run in sorted(EXPERIMENTS.glob("*/run.py")):
            smallest(run, pathlib.Path(scratch))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
