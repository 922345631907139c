#!/usr/bin/env python3
"""mutate.py DIR LIST MUTANTS [CHECK]: both checkers on certificates and on damaged ones.

LIST has lines "NAME BOX REGIONS DIGEST" of the networks DIR/NAME.json, BOX "-" for R^n. For each
and every style of prove.py (two of them without CREASE_LONG), check.py must accept the certificate and find the same numbers. Of
MUTANTS mutants of each it may accept only those that still prove the right number; the claim is
set to what the damaged tree seems to show, so that it hides nothing. CHECK, the other checker,
must agree: it gets all certificates and, of the mutants, some for every verdict. SEED says which."""
import collections
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from check import Checker, Reject, Unfit, check
from damage import DAMAGE, Parser, byte_damage, total, write
from domain import options, parse_domain
from net import Net
from prove import STYLES, differences, prove, varint

Case = collections.namedtuple("Case", "name box regions path net domain")


# ---- The comparison ----

class Noting(Checker):
    """Notes what every COUNT counts, by its offset."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.counts = {}

    def count(self, cell, at, form):
        self.counts[at] = super().count(cell, at, form)
        return self.counts[at]


class Comparison:
    def __init__(self, cases, program, folder):
        self.cases, self.program, self.folder = cases, program, folder
        self.failures, self.tally, self.seen = [], collections.Counter(), collections.Counter()

    def fail(self, case, what, data):
        self.failures.append(f"{case.name} {case.box}: {what}\n    {data.hex()}")

    def other(self, case, data, verdict, codes=(1,)):
        """The other checker; verdict is the number or None, which has the codes."""
        if not self.program:
            return
        path = os.path.join(self.folder, f"{os.getpid()}.cert")
        with open(path, "wb") as file:
            file.write(data)
        domain = options(case.box, self.folder)
        python = [sys.executable, "-S"] if self.program.endswith(".py") else []
        done = subprocess.run([*python, self.program, *domain, case.path, path],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        said = done.stdout.decode(errors="replace").strip()
        self.tally["other checker"] += 1
        good = done.returncode in codes and "VERIFIED" not in said if verdict is None \
            else done.returncode == 0 and said == f"VERIFIED {verdict} regions"
        if not good:
            self.fail(case, f"check.py: {verdict}, the other: code {done.returncode}, {said} "
                      + done.stderr.decode(errors="replace").strip(), data)

    def mutant(self, case, style, how, data):
        """Puts a mutant to the checkers. Whatever tree is sound must show the right number."""
        reason, verdict, codes = "accepted", None, (1,)
        try:
            verdict = check(case.net, case.domain, data)
        except Unfit as problem:  # a part now, or a trunk without its parts: parts.py asks more
            reason, codes = str(problem), (1, 2)
        except Reject as problem:
            reason = problem.reason
            if problem.total is not None:
                self.mutant(case, style, how, data[:80] + problem.total.to_bytes(32, "big")
                            + data[112:])
        self.tally[how, verdict is not None] += 1
        if verdict is not None and verdict != case.regions:
            self.fail(case, f"{style}, {how}: {verdict} proved instead of {case.regions}", data)
        group = (case.name, case.box, style, re.sub(r"\d+", "#", reason))
        self.seen[group] += 1
        if self.seen[group] <= (3 if verdict is not None else 1):
            self.other(case, data, verdict, codes)

    def mutants(self, case, style, data, donors, number_of):
        """Damages the bytes, the tree, the kept inputs; puts the file to other networks."""
        rng = random.Random(f"{case.name} {case.box} {style}" + os.environ.get("SEED", ""))
        checker = Noting(case.net, case.domain, data)
        checker.run()
        units, kept = case.net.units, len(checker.kept)
        head = data[:112 + len(varint(kept)) + kept]
        tree = Parser(data, checker.counts, len(head)).cell(kept)
        if write(tree) != data[len(head):]:
            return self.fail(case, f"{style}: the tree is not read as it was written", data)
        alike = [c for c in self.cases if c is not case and c.net.units == units
                 and c.net.inputs == case.net.inputs]
        for _ in range(number_of):
            chance = rng.random()
            if chance < 0.3:
                damaged = byte_damage(rng, data, rng.choice(donors))
                if damaged != data:
                    self.mutant(case, style, "bytes", damaged)
            elif chance < 0.4 and alike:  # a certificate of another network or box
                where = rng.choice(alike)
                digests = where.net.digest + where.domain.digest
                self.mutant(where, style, "elsewhere", data[:16] + (
                    digests if rng.random() < 0.95 else data[16:80]) + data[80:])
            elif chance < 0.42:  # other kept inputs
                inputs = [j for j in range(case.net.inputs) if rng.random() < 0.6]
                kept_list = varint(len(inputs)) + b"".join(map(varint, differences(inputs)))
                self.mutant(case, style, "kept", data[:112] + kept_list + data[len(head):])
            else:
                damaged, how = Parser(data, checker.counts, len(head)).cell(kept), []
                for _ in range(rng.choice([1, 1, 1, 2, 3])):
                    damage = rng.choice(DAMAGE)
                    if damaged and damage(rng, damaged, units):
                        how.append(damage.__name__)
                claim = total(damaged).to_bytes(32, "big")
                changed = data[:80] + claim + head[112:] + write(damaged)
                if changed != data:
                    self.mutant(case, style, how[0] if len(how) == 1 else "several", changed)
        return None

    def case(self, case, digest, number_of):
        if case.net.digest.hex() != digest:
            self.fail(case, f"digest {case.net.digest.hex()} instead of {digest}", b"")
        files, styles = {}, STYLES
        if not os.environ.get("CREASE_LONG"):
            styles = random.Random(f"{case.name} {case.box}").sample(STYLES, 2)
        for style in styles:
            kept = "all" if style == "mix" else "least"
            regions, files[style] = prove(case.net, case.domain, style, kept, case.regions)
            self.tally["certificates"] += 1
            if regions != case.regions:
                self.fail(case, f"prove.py {style}: {regions} instead of {case.regions}", b"")
            try:
                verdict = check(case.net, case.domain, files[style])
                if verdict != case.regions:
                    self.fail(case, f"{style}: check.py finds {verdict}", files[style])
            except Reject as problem:
                self.fail(case, f"{style}: check.py rejects: {problem}", files[style])
                continue
            self.other(case, files[style], verdict)
            if list(files.values()).index(files[style]) == len(files) - 1:
                self.mutants(case, style, files[style], list(files.values()), number_of)


def work(job):
    cases, digests, i, number_of, program, folder = job
    comparison = Comparison(cases, program, folder)
    comparison.case(cases[i], digests[i], number_of)
    return comparison.failures, comparison.tally


def main():
    folder, listing, number_of = sys.argv[1], sys.argv[2], int(sys.argv[3])
    program = sys.argv[4] if len(sys.argv) > 4 else None
    cases, digests, nets = [], [], {}
    with open(listing, encoding="ascii") as file:
        for line in file:
            name, box, regions, digest = line.split()
            path = os.path.join(folder, name + ".json")
            if name not in nets:
                with open(path, encoding="ascii") as net:
                    nets[name] = Net(net.read())
            domain = parse_domain(box, nets[name].inputs)
            cases.append(Case(name, box, int(regions), path, nets[name], domain))
            digests.append(digest)
    tally, failures = collections.Counter(), []
    with tempfile.TemporaryDirectory() as scratch, multiprocessing.Pool(os.cpu_count()) as pool:
        jobs = [(cases, digests, i, number_of, program, scratch) for i in range(len(cases))]
        for failed, counted in pool.imap_unordered(work, jobs):
            failures += failed
            tally += counted
    for failure in failures[:20]:
        print("FAILED:", failure[:3000], file=sys.stderr)
    mutants = {key: n for key, n in tally.items() if isinstance(key, tuple)}
    print(f"{tally['certificates']} certificates, {sum(mutants.values())} mutants, accepted "
          f"{sum(n for (_, good), n in mutants.items() if good)}; "
          f"other checker {tally['other checker']}; {len(failures)} failures")
    if os.environ.get("VERBOSE"):
        for how in sorted({how for how, _ in mutants}):
            print(f"    {how}: {mutants.get((how, True), 0)} accepted, "
                  f"{mutants.get((how, False), 0)} rejected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
