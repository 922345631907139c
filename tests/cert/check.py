#!/usr/bin/env python3
"""check.py [--box LO:HI,... | --domain FILE] NET CERT [PART...]: checks a certificate, whole or a
trunk with all its parts (src/check/FORMAT.md). --part: a trunk and some parts, prints a verdict;
--total NET VERDICT...: adds verdicts up.

A second checker, written apart from crease-check: plain Python, exact fractions, simple rather
than fast. Exit status: 0 and "VERIFIED R regions" or a verdict; 1 a certificate is rejected; 2
could not check, or the files do not belong together.
A function is a list of n coefficients, one per kept input, and a constant."""
import argparse
import hashlib
import itertools
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from alike import Name, drop, need_like, shape_of
from cell import Cell
from content import PART, TRUNK, WHOLE, Reader, Reject, Unfit, Verdict, add_up, demand_all, load
from domain import parse_domain, read_domain
from linear import Basis, affine, constant, multiples, rank, restrict, value
from net import Net

SPLIT, FORCE, CROSS, SAME, LEAF, COUNT, ELSEWHERE, BRANCH, DROP, NAME, LIKE = range(11)


# ---- The tree ----

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
    def __init__(self, net, domain, data, parts=()):
        self.net, self.domain = net, domain
        self.files = [Reader(content) for content in (data, *parts)]
        self.reader, self.parts, self.names, self.unended = self.files[0], {}, [], []
        switching = [i for i, layer in enumerate(net.layers) if layer.units]
        self.last = switching[-1] if switching else -1
        self.first = switching[0] if switching else -1

    def heads(self, verdict):
        """All heads; the files must belong together, and for a verdict there must be a trunk."""
        for self.reader in self.files:
            self.reader.head(self.net, self.domain)
        main, *parts = self.files
        if main.kind == PART:
            raise Unfit("the first certificate is a part")
        if main.kind == WHOLE and (parts or verdict):
            raise Unfit("a whole certificate has no parts")
        for self.reader in parts:
            number = self.reader.number
            if self.reader.kind != PART:
                raise Unfit("a certificate behind the trunk is no part")
            if number >= main.number:
                raise Reject(10, f"part {number} of {main.number}")
            if self.reader.kept != main.kept:
                raise Reject(112, "keeps other inputs than the trunk")
            if number in self.parts:
                raise Unfit(f"part {number} is there twice")
            self.parts[number] = self.reader
        if not verdict:
            demand_all(main.number, self.parts)
        self.reader, self.kept = main, main.kept
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
        self.outside(cell, at)
        if unit not in cell.apart or (unit in cell.on) == bool(state):
            raise Reject(at, f"unit {unit} does not make the cell, or has this state")
        f = cell.decided[unit]
        self.shown(at, basis, unit, f if unit in cell.on else [-a for a in f], state)
        return 0

    def outside(self, cell, at):
        if len(cell.left) < self.size - 1 or cell.crossed:
            raise Reject(at, "empty or elsewhere, in a flat or in a cell that had a CROSS")

    def elsewhere(self, cell, at, number):
        """The next tree of the part, if that is here."""
        trunk = self.reader
        if trunk.kind != TRUNK:
            raise Reject(at, "elsewhere, but not in a trunk")
        if number >= trunk.number:
            raise Reject(at, f"no part {number}")
        self.outside(cell, at)
        if number in self.parts:
            self.reader = self.parts[number]
            self.tree(cell)
            self.reader = trunk

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

    def meet(self, cell, at):
        self.arrangement(cell, at)
        if not cell.pending:
            raise Reject(at, "nothing is pending")
        r = self.reader
        pivots = r.increasing(r.varint(), self.size - 1, "coordinate")
        if len(pivots) != len(cell.pending) or not set(pivots) <= set(cell.left):
            raise Reject(at, f"not {len(cell.pending)} coordinates of the flat")
        self.point(cell, at, pivots)
        return 2 ** len(pivots)

    def leaf(self, cell, at, form):
        if form == 2:
            return self.empty(cell, at)
        if form == 3:
            return self.meet(cell, at)
        if cell.pending:
            raise Reject(at, f"{len(cell.pending)} units are pending at a leaf")
        if form == 1 and not cell.crossed:
            raise Reject(at, "a leaf without a point in a cell without a CROSS")
        if form == 0:
            self.point(cell, at)
        elif form != 1:
            raise Reject(at, f"no leaf {form}")
        return 1

    def point(self, cell, at, pivots=()):
        """With pivots the pending functions are 0 there, which gives these coordinates."""
        r = self.reader
        e = r.signed()
        if abs(e) > 1 << 24:
            raise Reject(at, "exponent out of range")
        scale = Fraction(2) ** -e
        x = [Fraction(0)] * (self.size - 1)
        for j in cell.left:
            if j not in pivots:
                x[j] = r.signed() * scale
        functions = list(cell.pending.values()) if pivots else []
        columns = Basis(len(pivots))
        for j in pivots:
            if not columns.add([f[j] for f in functions] + [Fraction(0)]):
                raise Reject(at, "the pending units cannot be solved for these coordinates")
        rest = [-value(f, x) for f in functions] + [Fraction(0)]
        for j, a in zip(pivots, columns.express(rest)[0]):
            x[j] = a
        for f in cell.apart.values():
            if value(f, x) <= 0:
                raise Reject(at, "the point is not in the cell")

    def name(self, cell, at, number, depth):
        if number != len(self.names):
            raise Reject(at, f"NAME {number} is number {len(self.names)}")
        shape = shape_of(cell, cell.number == self.last)
        self.names.append(Name(shape, self.reader.shown, depth))
        self.unended.append(self.names[-1])

    def end_names(self, depth):
        """The stack of cells has this depth: what began above it has ended."""
        while self.unended and self.unended[-1].depth > depth:
            name = self.unended.pop()
            name.regions = self.reader.shown - name.before

    def like(self, cell, at, number):
        name = self.names[number] if number < len(self.names) else None
        if name is None or name.regions is None:
            raise Reject(at, "LIKE of a cell that has not ended before")
        if name.regions == 0:
            raise Reject(at, "LIKE of a cell without regions")
        self.point(cell, at)
        own = shape_of(cell, cell.number == self.last)
        need_like(self.reader, at, own, name.shape, self.size - 1)
        return name.regions

    def alike(self, cell, at, tag, number, todo):
        """DROP, NAME or LIKE."""
        if self.reader.version < 2 or self.last < 0:
            raise Reject(at, "a node of version 2")
        self.outside(cell, at)
        if tag == DROP:
            drop(self.reader, cell, at, number)
        elif tag == NAME:
            self.name(cell, at, number, len(todo))
        else:
            self.reader.shown += self.like(todo.pop(), at, number)

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

    def tree(self, root):
        """Walks the nodes in preorder; the stack holds the cells still to be shown."""
        r, todo = self.reader, [root]
        while todo:
            cell, at = todo[-1], r.pos
            k, tag = divmod(r.varint(), 8 if r.version == 1 else 16)
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
                r.shown += self.leaf(todo.pop(), at, k)
            elif tag == COUNT:
                r.shown += self.count(todo.pop(), at, k)
            elif tag == ELSEWHERE:
                self.elsewhere(todo.pop(), at, k)
            elif tag <= LIKE:
                self.alike(cell, at, tag, k, todo)
            else:
                raise Reject(at, f"no kind {tag} of nodes")
            self.end_names(len(todo) + (len(parts) > 0))
            if parts:
                todo[-1:] = parts[::-1]
                for part in parts:
                    self.go_on(part)

    def run(self, verdict=False):
        """The regions that all the files show; or a verdict, if only some of the parts are here."""
        try:
            self.heads(verdict)
            self.tree(self.root())
            for self.reader in self.files:
                if self.reader.pos < len(self.reader.data):
                    raise Reject(self.reader.pos, "something follows the tree")
            for self.reader in self.files:
                claim, shown = self.reader.claim, self.reader.shown
                if claim != shown:
                    raise Reject(80, f"claims {claim} regions, shows {shown}", shown)
        except Reject as problem:
            problem.file = self.files.index(self.reader)
            raise
        main, shown = self.files[0], {i: part.shown for i, part in self.parts.items()}
        if not verdict:
            return main.shown + sum(shown.values())
        return Verdict(self.net.digest.hex(), self.domain.digest.hex(),
                       hashlib.sha256(main.data).hexdigest(), main.number, main.shown, shown)


def check(net, domain, data, parts=()):
    """The number of regions that the certificate, with its parts, proves; raises Reject or Unfit.
    No compression here."""
    return Checker(net, domain, data, parts).run()


def check_parts(net, domain, trunk, parts):
    """The verdict on the trunk and some parts."""
    return Checker(net, domain, trunk, parts).run(verdict=True)


def joined(arguments):
    """--box X as --box=X, since argparse takes an X like -1:1 for an option."""
    if "--box" in arguments[:-1]:
        i = arguments.index("--box")
        arguments[i:i + 2] = ["--box=" + arguments[i + 1]]
    return arguments


def main(arguments):
    parser = argparse.ArgumentParser(description="Checks a certificate of crease.")
    domain, way = (parser.add_mutually_exclusive_group() for _ in range(2))
    domain.add_argument("--box", metavar="LO:HI,...")
    domain.add_argument("--domain", metavar="FILE")
    way.add_argument("--part", action="store_true", help="a trunk and some of its parts: a verdict")
    way.add_argument("--total", action="store_true", help="from verdicts, which the FILEs are")
    parser.add_argument("net", metavar="NET")
    parser.add_argument("files", metavar="FILE", nargs="+")
    options = parser.parse_args(joined(arguments))
    contents = []
    try:
        net = Net(load(options.net, False))
        domain = read_domain(options.domain, net.inputs) if options.domain \
            else parse_domain(options.box, net.inputs)
        if options.total:
            for path in options.files:
                with open(path, "rb") as file:
                    contents.append((path, file.read()))
            print(f"VERIFIED {add_up(net, domain, contents)} regions")
            return 0
        for path in options.files:
            contents.append(load(path, True))
        if options.part:
            print(check_parts(net, domain, contents[0], contents[1:]), end="")
        else:
            print(f"VERIFIED {check(net, domain, contents[0], contents[1:])} regions")
    except Reject as problem:
        place = problem.file if len(contents) == len(options.files) else len(contents)
        print(f"REJECTED {options.files[place]}: {problem}", file=sys.stderr)
        return 1
    except (OSError, ValueError, MemoryError, RecursionError) as problem:
        print(f"check.py: could not check: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
