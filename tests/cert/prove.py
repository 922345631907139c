#!/usr/bin/env python3
"""prove.py [options] NET -o FILE: a certificate by brute force, for tests and small networks.

An exact simplex decides which units cut a cell, finds the supports of those that do not, and a
point inside. Prints the number of regions. Shares with check.py only the reading of networks.
A function is a list of n coefficients, one per kept input, and a constant."""
import argparse
import random
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from net import Net, domain_digest, parse_box

ZERO, ONE = Fraction(0), Fraction(1)
STYLES = ("split", "cross", "count", "mix")


# ---- Exact linear programming ----

def pivot(table, basis, i, j):
    row = table[i] = [a / table[i][j] for a in table[i]]
    for h, other in enumerate(table):
        if h != i and other[j]:
            q = other[j]
            table[h] = [a - q * b if b else a for a, b in zip(other, row)]
    basis[i] = j


def reduced(table, basis, costs, j):
    return costs[j] - sum(costs[b] * row[j] for b, row in zip(basis, table) if row[j])


def descend(table, basis, costs, columns):
    """Simplex steps by Bland's rule, which ends; False if there is no minimum."""
    while True:
        j = next((j for j in range(columns) if j not in basis
                  and reduced(table, basis, costs, j) < 0), None)
        if j is None:
            return True
        steps = [(row[-1] / row[j], basis[i], i) for i, row in enumerate(table) if row[j] > 0]
        if not steps:
            return False
        pivot(table, basis, min(steps)[2], j)


def minimize(columns, costs, target):
    """min costs.y over y >= 0 with sum y_i columns_i = target: (y, multipliers), None if there is
    no such y. The columns of positive y_i are independent. There must be a minimum."""
    size, rows = len(columns), len(target)
    flip = [-1 if t < 0 else 1 for t in target]
    table = [[flip[i] * c[i] for c in columns] + [ONE if h == i else ZERO for h in range(rows)]
             + [flip[i] * target[i]] for i in range(rows)]
    basis = list(range(size, size + rows))
    descend(table, basis, [0] * size + [1] * rows, size)
    if any(b >= size and row[-1] > 0 for b, row in zip(basis, table)):
        return None
    for i in range(rows):  # artificial columns leave, but for redundant rows, where they stay 0
        j = next((j for j in range(size) if table[i][j]), None)
        if basis[i] >= size and j is not None:
            pivot(table, basis, i, j)
    costs = list(costs) + [0] * rows
    assert descend(table, basis, costs, size)
    y = [ZERO] * size
    for b, row in zip(basis, table):
        if b < size:
            y[b] = row[-1]
    return y, [-flip[i] * reduced(table, basis, costs, size + i) for i in range(rows)]


# ---- Cells ----

def substitute(g, p, f):
    return [a - g[p] / f[p] * b for a, b in zip(g, f)] if g[p] else g


def direction(f):
    """Equal for two functions if and only if they are non-zero multiples of one another."""
    lead = next((a for a in f if a), None)
    return tuple(a / lead for a in f) if lead else None


class Cell:
    """pending: unit -> function; decided: entry -> function >= 0; strict: functions > 0;
    outputs: of the layer's units; cuts: units known to cut; x: a point, found when asked for."""

    def __init__(self, layer, first, pending, decided, strict, left):
        self.layer, self.first, self.pending, self.decided = layer, first, pending, decided
        self.strict, self.left, self.outputs, self.cuts = strict, left, {}, set()
        self.crossed, self.x = False, None

    def copy(self):
        cell = Cell(self.layer, self.first, dict(self.pending), dict(self.decided),
                    list(self.strict), self.left)
        cell.outputs = dict(self.outputs)
        return cell

    def flat(self, p, f):
        cell = Cell(self.layer, self.first,
                    {k: substitute(g, p, f) for k, g in self.pending.items()},
                    {e: substitute(g, p, f) for e, g in self.decided.items()},
                    [substitute(g, p, f) for g in self.strict], [j for j in self.left if j != p])
        return cell

    def decide(self, unit, state):
        f = self.pending.pop(unit)
        self.decided[unit] = f if state else [-a for a in f]
        self.outputs[unit] = f if state else [ZERO] * len(f)

    def point(self):
        """Maximises the least strict function, at most 1; the multipliers are the point."""
        if self.x is None:
            columns = [[f[j] for j in self.left] + [ONE] for f in self.strict]
            columns.append([ZERO] * len(self.left) + [ONE])
            costs = [f[-1] for f in self.strict] + [ONE]
            _, x = minimize(columns, costs, [ZERO] * len(self.left) + [ONE])
            assert x[-1] > 0, "empty cell"
            self.x = {j: -a for j, a in zip(self.left, x)}
        return self.x

    def at(self, f, x=None):
        x = self.point() if x is None else x
        return f[-1] + sum(f[j] * x[j] for j in self.left)

    def dyadic(self):
        """(e, m) with the point m / 2^e in the cell."""
        x, e = self.point(), -2
        while True:
            m = {j: round(x[j] * Fraction(2) ** e) for j in self.left}
            y = {j: m[j] / Fraction(2) ** e for j in self.left}
            if all(self.at(f, y) > 0 for f in self.strict):
                return e, [m[j] for j in self.left]
            e += 1

    def support(self, f):
        """Entries that prove f >= 0, or None."""
        entries = [e for e, a in self.decided.items() if any(a[j] for j in self.left)]
        best = minimize([[self.decided[e][j] for j in self.left] for e in entries],
                        [self.decided[e][-1] for e in entries], [f[j] for j in self.left])
        if best is None:
            return None
        rest = f[-1] - sum(y * self.decided[e][-1] for e, y in zip(entries, best[0]))
        return tuple(sorted(e for e, y in zip(entries, best[0]) if y)) if rest >= 0 else None

    def forced(self, unit):
        """(state, support) if the unit does not cut the cell, else None."""
        f = self.pending[unit]
        if unit in self.cuts:
            return None
        if not any(f):
            return 0, ()
        at = self.at(f)
        state = int(at > 0)
        support = self.support(f if state else [-a for a in f]) if at else None
        if support is None:
            self.cuts.add(unit)
            return None
        return state, support


# ---- Bytes ----

def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def signed(value):
    return varint(2 * value if value >= 0 else -2 * value - 1)


def differences(entries):
    return [e - (entries[i - 1] + 1 if i else 0) for i, e in enumerate(entries)]


def entry_list(entries):
    return varint(len(entries)) + b"".join(map(varint, differences(entries)))


# ---- The proof ----

class Prover:
    def __init__(self, net, box, style, kept="least", seed=0):
        self.net, self.box, self.style = net, box, style
        self.random = random.Random(seed)
        self.switching = [i for i, (switches, _) in enumerate(net.layers) if switches]
        self.kept = self.keep(kept)
        self.out = []

    def affine(self, layer, functions):
        size = len(functions[0])
        return [[sum((w * f[i] for w, f in zip(row, functions)), row[-1] if i == size - 1 else ZERO)
                 for i in range(size)] for row in self.net.layers[layer][1]]

    def keep(self, kept):
        n = self.net.inputs
        if kept == "all" or not self.switching:
            return list(range(n))
        functions = [[ONE if i == j else ZERO for i in range(n + 1)] for j in range(n)]
        for layer in range(self.switching[0] + 1):
            functions = self.affine(layer, functions)
        order, chosen = range(n) if kept == "least" else range(n - 1, -1, -1), []
        rows = functions
        for j in order:
            f = next((f for f in rows if f[j]), None)
            if f is None:  # the column depends on those chosen
                continue
            chosen.append(j)
            if self.box is None:
                rows = [substitute(g, j, f) for g in rows if g is not f]
        return sorted(chosen)

    def root(self):
        size = len(self.kept) + 1
        inputs = [[ZERO] * size for _ in range(self.net.inputs)]
        decided = {}
        for i, j in enumerate(self.kept):
            inputs[j][i] = ONE
            if self.box is not None:
                lo, hi = self.box[j]
                decided[self.net.units + 2 * i] = inputs[j][:-1] + [-lo]
                decided[self.net.units + 2 * i + 1] = [-a for a in inputs[j][:-1]] + [hi]
        cell = Cell(-1, 0, {}, decided, list(decided.values()), list(range(size - 1)))
        self.enter(cell, inputs)
        return cell

    def in_last(self, cell):
        return bool(self.switching) and cell.layer == self.switching[-1]

    def enter(self, cell, functions=None):
        """The next switching layer's units become pending, when none is."""
        if cell.pending or not self.switching or self.in_last(cell):
            return
        if functions is None:
            functions = [cell.outputs[k] for k in sorted(cell.outputs)]
            cell.first += len(functions)
        following = next(i for i in self.switching if i > cell.layer)
        for layer in range(cell.layer + 1, following + 1):
            functions = self.affine(layer, functions)
        cell.layer, cell.outputs, cell.cuts = following, {}, set()
        cell.pending = {cell.first + i: f for i, f in enumerate(functions)}

    def emit(self, tag, k, *rest):
        self.out.append(varint(8 * k + tag) + b"".join(rest))

    def force(self, cell):
        """FORCEs what does not cut the cell; True if there was any."""
        groups = {}
        for unit in cell.pending:
            forced = cell.forced(unit)
            if forced:
                groups.setdefault(forced[1], []).append((unit, forced[0]))
        for support, units in sorted(groups.items()):
            bits = zip(differences([unit for unit, _ in units]), [state for _, state in units])
            self.emit(1, len(units), entry_list(support), *(varint(2 * d + s) for d, s in bits))
            for unit, state in units:
                cell.decide(unit, state)
        self.enter(cell)
        return bool(groups)

    def may_count(self, cell):
        """Outside of whole spaces, a COUNT is written only where some unit cuts the cell."""
        return self.in_last(cell) and (not cell.strict or len(cell.left) <= 2 and any(
            cell.forced(unit) is None for unit in cell.pending))

    def ways(self, cell):
        """The tags that the style allows here, where every pending unit cuts."""
        if self.style in ("split", "mix"):
            yield 0
        if self.style != "split" and self.in_last(cell):
            yield 2

    def leaf(self, cell):
        if cell.crossed and not (self.style == "mix" and self.random.random() < 0.5):
            self.emit(4, 1)
        else:
            e, m = cell.dyadic()
            self.emit(4, 0, signed(e), *map(signed, m))
        return 1

    def same(self, cell):
        """SAME for a unit that repeats another; True if there was one."""
        seen = {}
        for unit, f in cell.pending.items():
            other = seen.setdefault(direction(f), unit)
            if other != unit:
                pair = (unit, other) if self.style != "mix" or self.random.random() < 0.5 \
                    else (other, unit)
                self.emit(3, pair[0], varint(pair[1]))
                del cell.pending[pair[0]]
                return True
        return False

    def tree(self, cell):
        """Writes the nodes that show the cell; returns its regions."""
        total = 0
        while True:
            if cell.pending and self.style in ("count", "mix") and self.may_count(cell) \
                    and (self.style == "count" or self.random.random() < 0.3):
                self.emit(5, 0)
                return total + self.silently(cell)
            if self.force(cell):
                continue
            if not cell.pending:
                return total + self.leaf(cell)
            way = self.pick(list(self.ways(cell)) or [0])
            if way == 2 and self.same(cell):
                continue
            unit = self.pick(sorted(cell.pending))
            if way == 0:
                self.emit(0, unit)
                return total + sum(self.tree(self.part(cell, unit, state)) for state in (1, 0))
            f = cell.pending.pop(unit)
            p = self.pick([j for j in cell.left if f[j]])
            self.emit(2, unit, varint(p))
            total += self.tree(cell.flat(p, f))
            cell.crossed = True

    def pick(self, choices):
        return self.random.choice(choices) if self.style == "mix" else choices[0]

    def part(self, cell, unit, state):
        part = cell.copy()
        part.decide(unit, state)
        part.strict.append(part.decided[unit])
        self.enter(part)
        return part

    def silently(self, cell):
        """The regions of a cell, counted by crossing."""
        style, out, self.style, self.out = self.style, self.out, "cross", []
        total = self.tree(cell.copy())
        self.style, self.out = style, out
        return total

    def run(self):
        total = self.tree(self.root())
        head = b"creasect\1" + bytes(7) + self.net.digest
        head += domain_digest(self.box, self.net.inputs) + total.to_bytes(32, "big")
        return total, head + entry_list(self.kept) + b"".join(self.out)


def prove(net, box=None, style="split", kept="least", seed=0):
    """(regions, certificate)"""
    return Prover(net, box, style, kept, seed).run()


def main():
    parser = argparse.ArgumentParser(description="Proves a small network's regions.")
    parser.add_argument("--box", metavar="LO:HI,...")
    parser.add_argument("--style", choices=STYLES, default="split", help="nodes to use: split; "
                        "cross or count in the last layer; mix, all at random")
    parser.add_argument("--kept", choices=("least", "last", "all"), default="least",
                        help="inputs to keep: as few as possible, the same from the last, all")
    parser.add_argument("--seed", type=int, default=0, help="of the style mix")
    parser.add_argument("-o", metavar="FILE", required=True)
    parser.add_argument("net", metavar="NET")
    arguments = sys.argv[1:]
    if "--box" in arguments[:-1]:  # argparse takes an argument like -1:1 for an option
        i = arguments.index("--box")
        arguments[i:i + 2] = ["--box=" + arguments[i + 1]]
    options = parser.parse_args(arguments)
    try:
        with open(options.net, encoding="utf-8") as file:
            net = Net(file.read())
        box = parse_box(options.box, net.inputs)
        total, data = prove(net, box, options.style, options.kept, options.seed)
        with open(options.o, "wb") as file:
            file.write(data)
    except (OSError, ValueError) as problem:
        print(f"prove.py: {problem}", file=sys.stderr)
        return 2
    print(total)
    return 0


if __name__ == "__main__":
    sys.exit(main())
