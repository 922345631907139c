#!/usr/bin/env python3
"""mutate.py DIR LIST MUTANTS [CHECK]: both checkers on certificates and on damaged ones.

LIST has lines "NAME BOX REGIONS DIGEST" of the networks DIR/NAME.json, BOX "-" for R^n. For each
and every style of prove.py, check.py must accept the certificate and find the same numbers. Of
MUTANTS mutants of each it may accept only those that still prove the right number; the claim is
set to what the damaged tree seems to show, so that it hides nothing. CHECK, the other checker,
must agree: it gets all certificates and, of the mutants, some for every verdict."""
import collections
import copy
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from check import COUNT, CROSS, FORCE, LEAF, SAME, SPLIT, Checker, Reader, Reject, check
from net import Net, domain_digest, parse_box
from prove import STYLES, differences, prove, signed, varint

Case = collections.namedtuple("Case", "name box regions path net domain")


# ---- The tree of a certificate: a cell is a list of nodes ----

class Node:
    def __init__(self, tag, k):
        self.tag, self.k, self.numbers, self.support, self.units = tag, k, [], [], []
        self.parts, self.value = [], 0


def sum_up(sums):
    return [sum(sums[:i + 1]) + i for i in range(len(sums))]


class Parser:
    def __init__(self, data, counts, start):
        self.reader, self.counts = Reader(data), counts
        self.reader.pos = start

    def cell(self, left):
        r, nodes = self.reader, []
        while True:
            at = r.pos
            k, tag = divmod(r.varint(), 8)
            node = Node(tag, k)
            nodes.append(node)
            if tag == SPLIT:
                node.parts = [self.cell(left), self.cell(left)]
            elif tag == FORCE:
                node.support = sum_up([r.varint() for _ in range(r.varint())])
                units = [r.varint() for _ in range(k)]
                node.units = list(zip(sum_up([u // 2 for u in units]), [u % 2 for u in units]))
            elif tag in (CROSS, SAME):
                node.numbers = [r.varint()]
                node.parts = [self.cell(left - 1)] if tag == CROSS else []
            elif tag == LEAF:
                node.value = 1
                node.numbers = [r.signed() for _ in range(left + 1)] if k == 0 else []
            else:
                node.value = self.counts[at]
            if tag in (SPLIT, LEAF, COUNT):
                return nodes


def total(cell):
    return sum(node.value + sum(map(total, node.parts)) for node in cell)


def write(cell):
    out = b""
    for node in cell:
        if node.tag == FORCE:
            units = zip(differences([u for u, _ in node.units]), [s for _, s in node.units])
            numbers = [len(node.support)] + differences(node.support)
            numbers += [2 * d + s for d, s in units]
            out += varint(8 * len(node.units) + FORCE)
        else:
            out += varint(8 * node.k + node.tag)
            numbers = node.numbers
        out += b"".join(signed(a) if node.tag == LEAF else varint(max(a, 0)) for a in numbers)
        out += b"".join(map(write, node.parts))
    return out


def cells(cell):
    """All cells of a tree, this one first."""
    found, todo = [], [cell]
    while todo:
        found.append(todo.pop())
        todo += [part for node in found[-1] for part in node.parts]
    return found


def places(tree, tags):
    return [(cell, i) for cell in cells(tree) for i, node in enumerate(cell) if node.tag in tags]


# ---- Damage to a tree; False if it does not apply ----

def swap(rng, tree, _):
    a, b = (rng.choice(cells(tree)) for _ in range(2))
    splits = places(tree, [SPLIT])
    if splits and rng.random() < 0.5:
        cell, i = rng.choice(splits)
        a, b = cell[i].parts
    if any(c is b for c in cells(a)) or any(c is a for c in cells(b)):
        return False
    a[:], b[:] = b[:], a[:]
    return True


def drop(rng, tree, _):
    cell, i = rng.choice(places(tree, range(8)))
    if cell[i].tag in (LEAF, COUNT):
        return False
    if cell[i].tag == SPLIT:
        cell[i:] = rng.choice(cell[i].parts)
    else:
        del cell[i]
    return True


def repeat(rng, tree, _):
    cell, i = rng.choice(places(tree, range(8)))
    node = copy.deepcopy(cell[i])
    target, j = rng.choice([(cell, i), rng.choice(places(tree, range(8)))])
    if node.tag in (SPLIT, LEAF, COUNT):
        target[j:] = [node]
    else:
        target.insert(j, node)
    return True


def reorder(rng, tree, _):
    steps = [(cell, i) for cell, i in places(tree, [FORCE, CROSS, SAME])
             if i + 1 < len(cell) and cell[i + 1].tag in (FORCE, CROSS, SAME)]
    if steps:
        cell, i = rng.choice(steps)
        cell[i], cell[i + 1] = cell[i + 1], cell[i]
    return bool(steps)


def end(rng, tree, _):
    """A cell ends early, with a leaf or a count."""
    cell, i = rng.choice(places(tree, range(8)))
    leaves = places(tree, [LEAF])
    node = Node(rng.choice([LEAF, COUNT]), rng.randint(0, 1))
    node.k = 0 if node.tag == COUNT else node.k
    if node.tag == LEAF and node.k == 0:
        if not leaves:
            return False
        other, j = rng.choice(leaves)
        node.numbers = list(other[j].numbers)
    node.value = 1 if node.tag == LEAF else total(cell[i:])
    cell[i:] = [node]
    return True


def unit(rng, tree, units):
    cell, i = rng.choice(places(tree, range(8)))
    cell[i].k = rng.randint(0, units if cell[i].tag in (SPLIT, CROSS, SAME) else 2)
    return True


def number(rng, tree, units):
    """The pivot, or the other unit."""
    steps = places(tree, [CROSS, SAME])
    if steps:
        cell, i = rng.choice(steps)
        cell[i].numbers = [rng.randint(0, units)]
    return bool(steps)


def point(rng, tree, _):
    leaves = [(cell, i) for cell, i in places(tree, [LEAF]) if cell[i].numbers]
    if not leaves:
        return False
    cell, i = rng.choice(leaves)
    m = cell[i].numbers
    j = rng.randrange(len(m))
    m[j] = rng.choice([m[j] + 1, m[j] - 1, -m[j], 2 * m[j], 0, m[j] + 8])
    if j == 0 and m[0] > 0 and rng.random() < 0.5:  # the same point, spelt otherwise
        m[1:] = [a * 2 for a in m[1:]]
    if rng.random() < 0.1:
        m[:] = m[:-1] if rng.random() < 0.5 else m + [0]
    return True


def support(rng, tree, units):
    forces = places(tree, [FORCE])
    if not forces:
        return False
    cell, i = rng.choice(forces)
    entries = set(cell[i].support)
    if entries and rng.random() < 0.6:
        entries.remove(rng.choice(sorted(entries)))
    if rng.random() < 0.6:
        entries.add(rng.randrange(units + 6))
    cell[i].support = sorted(entries)
    return True


def forced(rng, tree, units):
    forces = places(tree, [FORCE])
    if not forces:
        return False
    cell, i = rng.choice(forces)
    states = dict(cell[i].units)
    way = rng.randrange(3)
    if way == 0 or not states:
        states[rng.randrange(units + 1)] = rng.randint(0, 1)
    elif way == 1:
        del states[rng.choice(sorted(states))]
    else:
        states[rng.choice(sorted(states))] ^= 1
    cell[i].units = sorted(states.items())
    return True


def kind(rng, tree, units):
    """A node becomes one of another kind."""
    cell, i = rng.choice(places(tree, range(8)))
    node = cell[i]
    if node.tag == SPLIT:  # becomes a FORCE without a support
        cell[i:] = [Node(FORCE, 1)] + rng.choice(node.parts)
        cell[i].units = [(node.k, rng.randint(0, 1))]
    elif node.units and rng.random() < 0.5:  # a FORCE becomes a SPLIT
        rest = cell[i + 1:]
        cell[i:] = [Node(SPLIT, rng.choice(node.units)[0])]
        cell[i].parts = [rest, copy.deepcopy(rest)]
    elif node.tag == CROSS and rng.random() < 0.5:  # becomes a SAME
        cell[i] = Node(SAME, node.k)
        cell[i].numbers = [rng.randrange(units + 1)]
    elif node.tag == CROSS:  # becomes a SPLIT
        cell[i:] = [Node(SPLIT, node.k)]
        cell[i].parts = [node.parts[0], cell[i + 1:] or copy.deepcopy(node.parts[0])]
    else:
        node.tag, node.numbers = rng.choice([FORCE, SAME, LEAF, COUNT, 6, 7]), node.numbers or [0]
    return True


DAMAGE = (swap, drop, repeat, reorder, end, unit, number, point, support, forced, kind)


# ---- Damage to bytes ----

def byte_damage(rng, data, other):
    data, kind_of = bytearray(data), rng.randrange(7)
    at = rng.randrange(112, len(data)) if rng.random() < 0.85 else rng.randrange(len(data))
    if kind_of < 2:
        data[at] ^= 1 << rng.randrange(8)
    elif kind_of == 2:
        del data[at:]
    elif kind_of == 3:
        data[at:at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    elif kind_of == 4:
        data[at:] = other[rng.randrange(len(other)):]
    elif kind_of == 5:
        data += bytes([rng.choice([0, 4, 5, 12])])
    else:
        claim = int.from_bytes(data[80:112], "big")
        data[80:112] = rng.choice([claim - 1, claim + 1, 0, claim << 64, 2 * claim,
                                   claim | 1 << 255]).to_bytes(32, "big")
    return bytes(data)


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

    def other(self, case, data, verdict):
        """The other checker; verdict is the number or None."""
        if not self.program:
            return
        path = os.path.join(self.folder, f"{os.getpid()}.cert")
        with open(path, "wb") as file:
            file.write(data)
        box = [] if case.box == "-" else ["--box=" + case.box]
        done = subprocess.run([self.program, *box, case.path, path], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        said = done.stdout.decode(errors="replace").strip()
        self.tally["other checker"] += 1
        good = done.returncode == 1 and "VERIFIED" not in said if verdict is None \
            else done.returncode == 0 and said == f"VERIFIED {verdict} regions"
        if not good:
            self.fail(case, f"check.py: {verdict}, the other: code {done.returncode}, {said} "
                      + done.stderr.decode(errors="replace").strip(), data)

    def mutant(self, case, style, how, data):
        """Puts a mutant to the checkers. Whatever tree is sound must show the right number."""
        reason, verdict = "accepted", None
        try:
            verdict = check(case.net, case.domain, data)
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
            self.other(case, data, verdict)

    def mutants(self, case, style, data, donors, number_of):
        """Damages the bytes, the tree, the kept inputs; puts the file to other networks."""
        rng = random.Random(f"{case.name} {case.box} {style}")
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
                digests = where.net.digest + domain_digest(where.domain, where.net.inputs)
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
        files = {}
        for style in STYLES:
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
            domain = parse_box(None if box == "-" else box, nets[name].inputs)
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
