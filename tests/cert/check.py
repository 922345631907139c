#!/usr/bin/env python3
"""check.py [--box LO:HI,... | --domain FILE] NET FILE: checks a certificate (src/check/FORMAT.md).

A second checker, written apart from crease-check: plain Python, exact fractions, simple rather
than fast. Exit status: 0 and "VERIFIED R regions"; 1 rejected; 2 could not check.
A function is a list of n coefficients, one per kept input, and a constant."""
import argparse
import itertools
import subprocess
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from cell import Cell
from domain import parse_domain, read_domain
from linear import Basis, affine, constant, multiples, rank, restrict
from net import Net

SPLIT, FORCE, CROSS, SAME, LEAF, COUNT, _, BRANCH = range(8)


class Reject(Exception):
    """The file proves nothing. total: the proven number, if only the claim is wrong."""

    def __init__(self, offset, reason, total=None):
        super().__init__(f"byte {offset}: {reason}")
        self.offset, self.reason, self.total = offset, reason, total


# ---- The tree ----

class Reader:
    def __init__(self, data):
        self.data, self.pos = data, 0

    def varint(self, longest=9):  # 9 bytes hold 63 bits
        start, value, shift = self.pos, 0, 0
        while True:
            if self.pos >= len(self.data):
                raise Reject(len(self.data), "the file ends within a number")
            if self.pos - start >= longest:
                raise Reject(start, "a number is too long")
            byte = self.data[self.pos]
            self.pos += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if byte == 0 and shift > 7:
                    raise Reject(start, "a number ends with a zero byte")
                return value

    def signed(self):
        z = self.varint(3000)
        return -(z + 1) // 2 if z % 2 else z // 2

    def increasing(self, count, bound, what, divide=1):
        """count entries below bound, increasing; with divide 2, each with a bit below it."""
        entries, bits = [], []
        for _ in range(count):
            at, value = self.pos, self.varint()
            entry = value // divide + (entries[-1] + 1 if entries else 0)
            if entry >= bound:
                raise Reject(at, f"no {what} {entry}")
            entries.append(entry)
            bits.append(value % divide)
        return list(zip(entries, bits)) if divide > 1 else entries


def count(left, strict, functions):
    """Rule 3 applied until nothing is left: the regions of {strict > 0} under the functions;
    0 if it is empty. In dimension 2 only a non-empty segment shows that it is not."""
    if not left:
        return int(all(f[-1] > 0 for f in strict))
    total = 0 if strict else 1
    if strict and len(left) == 1:
        lo, hi, p = [], [], left[0]
        for f in strict:
            if f[p]:
                (lo if f[p] > 0 else hi).append(-f[-1] / f[p])
            elif f[-1] <= 0:
                return 0
        if lo and hi and max(lo) >= min(hi):
            return 0
        total = 1
    lines = []
    for f in functions:
        if not constant(f) and not any(multiples(f, g) for g in lines):
            lines.append(f)
    cuts = 0
    for i, f in enumerate(lines):
        p = next(j for j in left if f[j])
        cuts += count([j for j in left if j != p], [restrict(g, p, f) for g in strict],
                      [restrict(g, p, f) for g in lines[:i]])
    return total + cuts + (cuts > 0 and strict != [] and len(left) == 2)


class Checker:
    def __init__(self, net, domain, data):
        self.net, self.domain, self.reader = net, domain, Reader(data)
        switching = [i for i, layer in enumerate(net.layers) if layer.units]
        self.last = switching[-1] if switching else -1
        self.first = switching[0] if switching else -1

    def header(self):
        data, r = self.reader.data, self.reader
        if data[:16] != b"creasect\1" + bytes(7):
            raise Reject(0, "no certificate of version 1")
        if len(data) < 112:
            raise Reject(len(data), "the file ends within its head")
        if data[16:48] != self.net.digest:
            raise Reject(16, "for another network")
        if data[48:80] != self.domain.digest:
            raise Reject(48, "for another domain")
        self.claim = int.from_bytes(data[80:112], "big")
        r.pos = 112
        self.kept = r.increasing(r.varint(), self.net.inputs, "input")
        self.size = len(self.kept) + 1

    def root(self):
        """The domain, once it is plain that the dropped inputs do not matter."""
        net, n = self.net, self.net.inputs
        unit = [[Fraction(int(i == j)) for i in range(n + 1)] for j in range(n)]
        functions = unit
        for layer in net.layers[:max(self.first, 0)]:
            functions = affine(layer.carried, functions, n + 1)
        if self.first >= 0:
            layer, cell = net.layers[self.first], Cell({}, [])
            cell.take_up(layer, 0, *(affine(rows, functions, n + 1)
                                     for rows in (layer.rows, layer.carried)))
            functions = list(cell.pending.values())
            functions += cell.pieces + cell.carried if self.first < self.last else []
        functions = (functions if self.first >= 0 else []) + self.domain.halves
        columns = [[f[j] for f in functions] for j in range(n)]
        if self.domain.box is None:
            good = rank(columns) == rank([columns[j] for j in self.kept])
        else:
            good = not any(any(columns[j]) for j in range(n) if j not in self.kept)
        if not good:
            raise Reject(112, "an input that matters is not kept")
        zero = [Fraction(0)] * self.size
        inputs = [zero] * n
        for i, j in enumerate(self.kept):
            inputs[j] = [Fraction(int(i == c)) for c in range(self.size)]
        faces = self.domain.faces(self.kept, net.units)
        self.entries = net.units + len(faces)
        cell = Cell(faces, list(range(self.size - 1)))
        self.go_on(cell, inputs)
        return cell

    def go_on(self, cell, outputs=None):
        """Takes up the next switching layer once nothing is pending; outputs: of the last one."""
        if cell.pending or cell.number == self.last:
            return
        start = 0
        if outputs is None:
            outputs = cell.outputs([Fraction(0)] * self.size)
            start = cell.start + cell.layer.units
        while True:
            cell.number += 1
            layer = self.net.layers[cell.number]
            carried = affine(layer.carried, outputs, self.size)
            if layer.units:
                return cell.take_up(layer, start, affine(layer.rows, outputs, self.size), carried)
            outputs = carried

    def pending(self, cell, at, unit):
        if unit not in cell.pending:
            raise Reject(at, f"unit {unit} is not pending here")
        return cell.pending[unit]

    def hyperplane(self, cell, at, unit):
        f = self.pending(cell, at, unit)
        if not any(f):
            raise Reject(at, f"unit {unit} vanishes here")

    def arrangement(self, cell, at):
        if self.last < 0 or cell.number != self.last:
            raise Reject(at, "allowed in the last switching layer only")
        if cell.crowd() > 2:
            raise Reject(at, "allowed only if no group is crowded")

    def support(self, cell, at):
        r = self.reader
        support = r.increasing(r.varint(), self.entries, "entry")
        basis = Basis(len(support))
        for e in support:
            if e not in cell.decided:
                raise Reject(at, f"entry {e} is not decided here")
            if not basis.add(cell.decided[e]):
                raise Reject(at, f"entry {e} depends on the entries before it")
        return basis

    def shown(self, at, basis, unit, f, state):
        y, rest = basis.express(f if state else [-a for a in f])
        if not constant(rest) or min(y, default=0) < 0 or rest[-1] < 0:
            raise Reject(at, f"the support does not force unit {unit}")

    def force(self, cell, at, number):
        if number < 1:
            raise Reject(at, "forces no unit")
        basis = self.support(cell, at)
        for unit, state in self.reader.increasing(number, self.net.units, "unit", 2):
            if state:
                self.hyperplane(cell, at, unit)
            self.shown(at, basis, unit, self.pending(cell, at, unit), state)
            cell.decide(unit, state)
        self.go_on(cell)

    def empty(self, cell, at):
        basis = self.support(cell, at)
        (unit, state), = self.reader.increasing(1, self.net.units, "unit", 2)
        if len(cell.left) < self.size - 1 or cell.crossed:
            raise Reject(at, "empty, in a flat or in a cell that had a CROSS")
        if unit not in cell.apart or (unit in cell.on) == bool(state):
            raise Reject(at, f"unit {unit} does not make the cell, or has this state")
        f = cell.decided[unit]
        self.shown(at, basis, unit, f if unit in cell.on else [-a for a in f], state)
        return 0

    def branch(self, cell, at, unit):
        """The parts."""
        layer, number = cell.layer, self.reader.varint()
        first, end = cell.start, cell.start + (layer.units if layer else 0)
        if not first <= unit < end or layer.rank < 2 or (unit - first) % len(layer.pairs):
            raise Reject(at, f"unit {unit} is not the first of a group of this layer")
        g = cell.group(unit)[0]
        candidates = cell.candidates[g]
        if number != len(candidates) or number < 2:
            raise Reject(at, f"{len(candidates)} candidates instead of {number}")
        for s, t in itertools.combinations(candidates, 2):
            self.hyperplane(cell, at, cell.comparison(g, s, t))
        return [cell.part([(cell.comparison(g, s, t), int(t < s)) for t in candidates if t != s])
                for s in candidates]

    def cross(self, cell, at, unit):
        """The flat; the cell goes on without the unit."""
        self.arrangement(cell, at)
        f = self.pending(cell, at, unit)
        p = self.reader.varint()
        if p not in cell.left or f[p] == 0:
            raise Reject(at, f"unit {unit} gives no coordinate {p}")
        del cell.pending[unit]
        flat = cell.flat(p, f)
        for k, g in flat.pending.items():
            if not any(g):
                raise Reject(at, f"unit {k} vanishes where unit {unit} does")
        cell.crossed = True
        return flat

    def same(self, cell, at, unit):
        self.arrangement(cell, at)
        f, other = self.pending(cell, at, unit), self.reader.varint()
        if other == unit or not multiples(f, self.pending(cell, at, other)):
            raise Reject(at, f"units {unit} and {other} are not multiples of one another")
        del cell.pending[unit]

    def leaf(self, cell, at, form):
        if form == 2:
            return self.empty(cell, at)
        if cell.pending:
            raise Reject(at, f"{len(cell.pending)} units are pending at a leaf")
        if form == 1 and not cell.crossed:
            raise Reject(at, "a leaf without a point in a cell without a CROSS")
        if form == 0:
            r = self.reader
            e = r.signed()
            if abs(e) > 20000:
                raise Reject(at, "exponent out of range")
            scale = Fraction(2) ** -e
            x = [Fraction(0)] * (self.size - 1)
            for j in cell.left:
                x[j] = r.signed() * scale
            for f in cell.apart.values():
                if sum((a * b for a, b in zip(f, x) if a), f[-1]) <= 0:
                    raise Reject(at, "the point is not in the cell")
        elif form != 1:
            raise Reject(at, f"no leaf {form}")
        return 1

    def count(self, cell, at, form):
        self.arrangement(cell, at)
        if form != 0:
            raise Reject(at, f"no count {form}")
        if cell.apart and len(cell.left) > 2:
            raise Reject(at, "a count in a cell that is neither a whole space nor small")
        regions = count(cell.left, list(cell.apart.values()), list(cell.pending.values()))
        if regions == 0:
            raise Reject(at, "the count does not show that the cell is not empty")
        return regions

    def tree(self):
        """Walks the nodes in preorder; the stack holds the cells still to be shown."""
        r, total, todo = self.reader, 0, [self.root()]
        while todo:
            cell, at = todo[-1], r.pos
            k, tag = divmod(r.varint(), 8)
            parts = []
            if tag == SPLIT:
                self.hyperplane(cell, at, k)
                if cell.crowd(k) > 2:
                    raise Reject(at, f"unit {k} is of a crowded group")
                parts = [cell.part([(k, 1)]), cell.part([(k, 0)])]
            elif tag == BRANCH:
                parts = self.branch(cell, at, k)
            elif tag == FORCE:
                self.force(cell, at, k)
            elif tag == CROSS:
                todo.append(self.cross(cell, at, k))
            elif tag == SAME:
                self.same(cell, at, k)
            elif tag == LEAF:
                total += self.leaf(todo.pop(), at, k)
            elif tag == COUNT:
                total += self.count(todo.pop(), at, k)
            else:
                raise Reject(at, f"a node of kind {tag}")
            if parts:
                todo[-1:] = parts[::-1]
                for part in parts:
                    self.go_on(part)
        if r.pos < len(r.data):
            raise Reject(r.pos, "something follows the tree")
        return total

    def run(self):
        self.header()
        total = self.tree()
        if total != self.claim:
            raise Reject(80, f"claims {self.claim} regions, shows {total}", total)
        return total


def check(net, domain, data):
    """The number of regions that the certificate proves; raises Reject. No compression here."""
    return Checker(net, domain, data).run()


def load(path, binary):
    with open(path, "rb") as file:
        data = file.read()
    if not binary:
        return data.decode("utf-8")
    if data[:4] != b"\x28\xb5\x2f\xfd":  # the mark of a zstd frame
        return data
    done = subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Reject(len(data), "not whole zstd frames")
    return done.stdout


def joined(arguments):
    """--box X as --box=X, since argparse takes an X like -1:1 for an option."""
    if "--box" in arguments[:-1]:
        i = arguments.index("--box")
        arguments[i:i + 2] = ["--box=" + arguments[i + 1]]
    return arguments


def main():
    parser = argparse.ArgumentParser(description="Checks a certificate of crease.")
    domain = parser.add_mutually_exclusive_group()
    domain.add_argument("--box", metavar="LO:HI,...")
    domain.add_argument("--domain", metavar="FILE")
    parser.add_argument("net", metavar="NET")
    parser.add_argument("file", metavar="FILE")
    options = parser.parse_args(joined(sys.argv[1:]))
    try:
        net = Net(load(options.net, False))
        domain = read_domain(options.domain, net.inputs) if options.domain \
            else parse_domain(options.box, net.inputs)
        print(f"VERIFIED {check(net, domain, load(options.file, True))} regions")
    except Reject as problem:
        print(f"REJECTED {options.file}: {problem}", file=sys.stderr)
        return 1
    except (OSError, ValueError, MemoryError, RecursionError) as problem:
        print(f"check.py: could not check: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
