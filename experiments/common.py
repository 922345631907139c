"""What the experiments share: running crease, networks as JSON, and results as CSV.

An experiment is a list of cases, each with a key (what is counted) and a function that returns its
row. run.py of an experiment ends with main(...), which gives it these options:

    run.py                 the quick form, into build/experiments/NAME.csv
    run.py --full          all cases; rows that the file already has are not computed again
    run.py --smallest      the first case alone
    run.py --output FILE   the table goes there
    run.py --keep DIR      networks and certificates stay in this directory

Each row is compared with experiments/NAME/result.csv. If the network is the same, by its digest,
then the row must be the same, except for the time; otherwise the exit status is 1. A trained network
can differ between machines, as NumPy chooses its kernels by the processor.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CREASE = os.environ.get("CREASE", str(ROOT / "build" / "crease"))
CHECK = os.environ.get("CREASE_CHECK", str(ROOT / "build" / "crease-check"))
NOT_COMPARED = {"seconds", "certificate_bytes"}

# run(path) returns the row without its key; path is a file name, without an extension, for the
# network. full: only with --full.
Case = collections.namedtuple("Case", "key run full", defaults=(False,))


class Missing(Exception):
    """What a case needs and is not here."""


def output_of(command, allowed=(0,)):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=False)
    if done.returncode not in allowed:
        raise SystemExit("%s: exit status %d" % (" ".join(map(str, command)), done.returncode))
    return done.stdout.decode()


def crease(*arguments):
    """What the command prints. A limit that was reached is no error."""
    return output_of((CREASE,) + arguments, (0, 3))


def report(*arguments):
    """The JSON object of a command, and in "cpu" the processor time of a child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(crease(*arguments, "--json"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result["cpu"] = "%.2f" % spent
    return result


def long_count(name, *arguments):
    """report("count", ...) with a checkpoint under this name, from which a stopped run goes on."""
    place = ROOT / "build" / "experiments" / (name + ".checkpoint")
    place.parent.mkdir(parents=True, exist_ok=True)
    result = report("count", "--checkpoint=%s" % place, *arguments)
    place.unlink(missing_ok=True)
    return result


def bounds(*arguments):
    """The bounds that apply, by name."""
    listed = report("bound", *arguments)["bounds"]
    return {bound["id"]: bound for bound in listed if bound["applies"]}


def best_bounds(listed):
    """The least upper and the greatest lower bound, as whole numbers; None if there is none."""
    upper = [int(b["value"]) for b in listed.values() if b["kind"] in ("upper", "exact")]
    lower = [int(b["value"]) for b in listed.values() if b["kind"] in ("lower", "exact")]
    return min(upper, default=None), max(lower, default=None)


def network(path, inputs, layers, comment):
    """Writes a network; layers are (weight, bias, keywords such as activation="relu")."""
    listed = [
        dict(weight=[list(row) for row in weight], bias=list(bias), **words)
        for weight, bias, words in layers
    ]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"comment": comment, "input": inputs, "layers": listed}, file)
    return path


def number(value):
    """As the CSV has it: six digits of what is no whole number."""
    return "%.6g" % value if isinstance(value, float) else str(value)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def differences(row, kept):
    """Of rows for the same network. Two counts, of which one stopped early, only must not exclude
    each other."""
    left_out = set(NOT_COMPARED)
    found = []
    if "False" in (row.get("complete"), kept.get("complete")):
        left_out |= {"complete", "regions", "at_most"}
        for one, other in ((row, kept), (kept, row)):
            if int(one["regions"]) > int(other["at_most"]):
                found.append("%s regions, and at most %s" % (one["regions"], other["at_most"]))
    return found + [
        "%s is %s, not %s" % (name, value, kept.get(name))
        for name, value in row.items()
        if name not in left_out and value != kept.get(name)
    ]


class Table:
    """The rows of a run, in a file that grows with each."""

    def __init__(self, path, columns, keys, resume):
        self.path, self.columns, self.keys = path, columns, keys
        self.rows = read(path) if resume and path.exists() else []

    def key(self, row):
        return tuple(row[name] for name in self.keys)

    def has(self, key):
        return any(self.key(row) == key for row in self.rows)

    def add(self, row):
        self.rows.append(row)
        write(self.path, self.columns, self.rows)


def chosen(cases, options):
    if options.smallest:
        return cases[:1]
    return [case for case in cases if options.full or not case.full]


def compare(table, path):
    """Prints how the rows differ from those of the file; returns the number of real differences."""
    kept = {table.key(row): row for row in read(path)} if path.exists() else {}
    wrong = same = 0
    for row in table.rows:
        name, known = " ".join(table.key(row)), kept.get(table.key(row))
        if known is None:
            print("    %s: no row in %s" % (name, path.name))
        elif known.get("digest") != row.get("digest"):
            print("    %s: another network than that of %s" % (name, path.name))
        else:
            found = differences(row, known)
            wrong += bool(found)
            same += not found
            for text in found:
                print("    %s: %s" % (name, text))
    print("    %d rows, %d as in %s, %d wrong" % (len(table.rows), same, path.name, wrong))
    return wrong


def main(file, keys, columns, cases):
    """keys, columns: names of the numbers of a key, and of those that run returns."""
    home = pathlib.Path(file).resolve().parent
    parser = argparse.ArgumentParser(description="The experiment %s." % home.name)
    parser.add_argument("--full", action="store_true", help="all cases")
    parser.add_argument("--smallest", action="store_true", help="the first case alone")
    parser.add_argument("--output", type=pathlib.Path, help="the table as CSV")
    parser.add_argument("--keep", type=pathlib.Path, help="directory for networks and certificates")
    options = parser.parse_args()
    output = options.output or ROOT / "build" / "experiments" / (home.name + ".csv")
    output.parent.mkdir(parents=True, exist_ok=True)
    table = Table(output, keys + columns, keys, options.full)
    with tempfile.TemporaryDirectory() as scratch:
        place = options.keep or pathlib.Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        for case in chosen(cases, options):
            key = tuple(map(str, case.key))
            if table.has(key):
                continue
            print("%s: %s" % (home.name, " ".join(key)), flush=True)
            try:
                row = case.run(place / "-".join(part.replace("/", "_") for part in key))
            except Missing as error:
                print("not run: %s" % error)
                continue
            table.add(dict(zip(keys + columns, key + tuple(map(number, row)))))
    sys.exit(1 if compare(table, home / "result.csv") else 0)
