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
from domain import parse_domain, read_domain
from net import Net
from simplex import ONE, ZERO, minimize

STYLES = ("split", "cross", "count", "meet", "mix")


# ---- Cells ----

def substitute(g, p, f):
    return [a - g[p] / f[p] * b for a, b in zip(g, f)] if g[p] else g


def direction(f):
    """Equal for two functions if and only if they are non-zero multiples of one another."""
    lead = next((a for a in f if a), None)
    return tuple(a / lead for a in f) if lead else None


class Cell:
    """pending: unit -> function; decided: entry -> function >= 0; strict: entry -> function > 0
    that makes the cell; state: of what is decided; outputs: unit or group -> function; where:
    comparison -> group and pieces; alive: the pieces, with functions, of every group that have not lost; cuts:
    units known to cut; x: a point, y: multipliers that show that there is none; if asked for."""

    def __init__(self, layer, first, pending, decided, strict, left):
        self.layer, self.first, self.pending, self.decided = layer, first, pending, decided
        self.strict, self.left, self.outputs, self.cuts = strict, left, {}, set()
        self.state, self.where, self.alive, self.carried = {}, {}, [], []
        self.crossed, self.x, self.y = False, None, None

    def copy(self):
        cell = Cell(self.layer, self.first, dict(self.pending), dict(self.decided),
                    dict(self.strict), self.left)
        cell.outputs, cell.state = dict(self.outputs), dict(self.state)
        cell.where, cell.carried = self.where, self.carried
        cell.alive = [dict(pieces) for pieces in self.alive]
        return cell

    def flat(self, p, f):
        change = [{e: substitute(g, p, f) for e, g in functions.items()}
                  for functions in (self.pending, self.decided, self.strict)]
        cell = Cell(self.layer, self.first, *change, [j for j in self.left if j != p])
        cell.where, cell.alive = self.where, [dict(pieces) for pieces in self.alive]
        return cell

    def decide(self, unit, state):
        f = self.pending.pop(unit)
        self.decided[unit], self.state[unit] = f if state else [-a for a in f], state
        if unit not in self.where:
            self.outputs[unit] = f if state else [ZERO] * len(f)
            return
        group, *pieces = self.where[unit]
        alive, lost = self.alive[group], pieces[0] if state else pieces[1]
        del alive[lost]
        for other in list(self.pending):  # a comparison with it is moot
            if self.where[other][0] == group and lost in self.where[other][1:]:
                del self.pending[other]
        if len(alive) == 1:
            self.outputs[group], = alive.values()

    def rivals(self, group):
        """The comparisons of the pieces that have not lost, (unit, lower, higher)."""
        return [(unit, s, t) for unit, (g, s, t) in self.where.items()
                if g == group and s in self.alive[g] and t in self.alive[g]]

    def crowded(self, unit=None):
        return any(len(pieces) > 2 for group, pieces in enumerate(self.alive)
                   if unit is None or unit in self.where and group == self.where[unit][0])

    def seek(self):
        """Maximises the least strict function, at most 1; the multipliers are the point."""
        entries = sorted(self.strict)
        columns = [[self.strict[e][j] for j in self.left] + [ONE] for e in entries]
        columns.append([ZERO] * len(self.left) + [ONE])
        costs = [self.strict[e][-1] for e in entries] + [ONE]
        y, x = minimize(columns, costs, [ZERO] * len(self.left) + [ONE])
        self.x = {j: -a for j, a in zip(self.left, x)} if x[-1] > 0 else {}
        self.y = {e: a for e, a in zip(entries, y) if a} if x[-1] <= 0 else {}

    def empty(self):
        """If the cell is empty, entries whose functions, times some y > 0, have a sum <= 0; all
        but one are independent. Otherwise nothing."""
        if self.y is None:
            self.seek()
        return sorted(self.y)

    def point(self):
        assert not self.empty(), "empty cell"
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
            if all(self.at(f, y) > 0 for f in self.strict.values()):
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
    def __init__(self, net, domain, style, kept="least", seed=0):
        self.net, self.domain, self.style = net, domain, style
        self.random = random.Random(seed)
        self.switching = [i for i, layer in enumerate(net.layers) if layer.units]
        self.kept = self.keep(kept)
        self.out = []

    @staticmethod
    def affine(rows, functions):
        size = len(functions[0])
        return [[sum((w * f[i] for w, f in zip(row, functions)), row[-1] if i == size - 1 else ZERO)
                 for i in range(size)] for row in rows]

    def through(self, start, end, functions):
        """The functions of the rows of the layer end, and those that it carries."""
        for layer in self.net.layers[start:end]:
            functions = self.affine(layer.carried, functions)
        layer = self.net.layers[end]
        return self.affine(layer.rows, functions), self.affine(layer.carried, functions)

    @staticmethod
    def compared(layer, rows):
        """(group, s, t) and p_t - p_s for all comparisons."""
        k = layer.rank
        for group in range(len(rows) // k):
            pieces = rows[group * k:group * k + k]
            for s in range(k):
                for t in range(s + 1, k):
                    yield (group, s, t), [b - a for a, b in zip(pieces[s], pieces[t])]

    def keep(self, kept):
        n = self.net.inputs
        if kept == "all" or not self.switching:
            return list(range(n))
        halves, first = [list(row) for row in self.domain.halves], self.switching[0]
        layer, functions = self.net.layers[first], [[ONE if i == j else ZERO for i in range(n + 1)]
                                                    for j in range(n)]
        rows, carried = self.through(0, first, functions)
        if len(self.switching) > 1:
            rows = rows + carried
        elif layer.rank > 1:
            rows = [f for _, f in self.compared(layer, rows)]
        rows = rows + halves
        order, chosen = range(n) if kept == "least" else range(n - 1, -1, -1), []
        for j in order:
            f = next((f for f in rows if f[j]), None)
            if f is None:  # the column depends on those chosen
                continue
            chosen.append(j)
            if self.domain.box is None:
                rows = [substitute(g, j, f) for g in rows if g is not f]
        return sorted(chosen)

    def root(self):
        size = len(self.kept) + 1
        inputs = [[ZERO] * size for _ in range(self.net.inputs)]
        for i, j in enumerate(self.kept):
            inputs[j][i] = ONE
        decided = self.domain.faces(self.kept, self.net.units)
        cell = Cell(-1, 0, {}, decided, dict(decided), list(range(size - 1)))
        self.enter(cell, inputs)
        return cell

    def in_last(self, cell):
        return bool(self.switching) and cell.layer == self.switching[-1]

    def enter(self, cell, functions=None):
        """The next switching layer's units become pending, when none is."""
        if cell.pending or not self.switching or self.in_last(cell):
            return
        if functions is None:
            functions = [cell.outputs[k] for k in sorted(cell.outputs)] + cell.carried
            cell.first += self.net.layers[cell.layer].units
        following = next(i for i in self.switching if i > cell.layer)
        rows, cell.carried = self.through(cell.layer + 1, following, functions)
        layer = self.net.layers[following]
        cell.layer, cell.outputs, cell.cuts, cell.where, cell.alive = following, {}, set(), {}, []
        if layer.rank > 1:
            k = layer.rank
            cell.alive = [dict(enumerate(rows[i:i + k])) for i in range(0, len(rows), k)]
            where, rows = zip(*self.compared(layer, rows))
            cell.where = {cell.first + i: place for i, place in enumerate(where)}
        cell.pending = {cell.first + i: f for i, f in enumerate(rows)}

    def emit(self, tag, k, *rest):
        self.out.append(varint(8 * k + tag) + b"".join(rest))

    def force(self, cell):
        """FORCEs what does not cut the cell; True if there was any."""
        supports = {}
        for unit in cell.pending:
            forced = cell.forced(unit)
            if forced:
                supports.setdefault(forced[1], []).append((unit, forced[0]))
        for support, units in sorted(supports.items()):
            written = []
            for unit, state in units:
                if unit in cell.pending:  # not moot by now
                    written.append((unit, state))
                    cell.decide(unit, state)
            bits = zip(differences([unit for unit, _ in written]), [state for _, state in written])
            if written:
                self.emit(1, len(written), entry_list(support),
                          *(varint(2 * d + s) for d, s in bits))
        self.enter(cell)
        return bool(supports)

    def may_count(self, cell):
        """Outside of whole spaces, a COUNT is written only where some unit cuts the cell."""
        return self.in_last(cell) and not cell.crowded() and (
            not cell.strict or len(cell.left) <= 2 and any(
                cell.forced(unit) is None for unit in cell.pending))

    def may_meet(self, cell):
        return self.in_last(cell) and not cell.crowded() and (
            self.style == "meet" or self.style == "mix" and self.random.random() < 0.3)

    def ways(self, cell):
        """The tags that the style allows here, where every pending unit cuts."""
        if self.style in ("split", "mix"):
            yield 0
        if self.style != "split" and self.in_last(cell) and not cell.crowded():
            yield 2

    def leaf(self, cell):
        if cell.crossed and not (self.style == "mix" and self.random.random() < 0.5):
            self.emit(4, 1)
        else:
            e, m = cell.dyadic()
            self.emit(4, 0, signed(e), *map(signed, m))
        return 1

    def meet(self, cell):
        """MEET, if the pending units are independent and meet in the cell; the regions, or 0."""
        flat, pivots = cell.copy(), []
        for unit in sorted(cell.pending):
            f = flat.pending.pop(unit)
            cut = [j for j in flat.left if f[j]]
            if not cut:
                return 0
            pivots.append(self.pick(cut))
            flat = flat.flat(pivots[-1], f)
        if flat.empty():
            return 0
        e, m = flat.dyadic()
        self.emit(4, 3, entry_list(sorted(pivots)), signed(e), *map(signed, m))
        return 2 ** len(pivots)

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
            if self.style == "mix" and self.random.random() < 0.1:
                parts = self.rash(cell)
                if parts:
                    return total + sum(map(self.shown, parts))
            if self.force(cell):
                continue
            if not cell.pending:
                return total + self.leaf(cell)
            if self.may_meet(cell):
                regions = self.meet(cell)
                if regions:
                    return total + regions
            way = self.pick(list(self.ways(cell)) or [0])
            if way == 2 and self.same(cell):
                continue
            unit = self.pick(sorted(cell.pending))
            if way == 0:
                return total + sum(map(self.shown, self.parts(cell, unit)))
            f = cell.pending.pop(unit)
            p = self.pick([j for j in cell.left if f[j]])
            self.emit(2, unit, varint(p))
            total += self.tree(cell.flat(p, f))
            cell.crossed = True

    def rash(self, cell):
        """Parts that need not be: of a unit that was not tried, outside of flats."""
        if len(cell.left) < len(self.kept) or not cell.pending:
            return None
        unit = self.pick(sorted(cell.pending))
        units = [unit] if unit not in cell.where \
            else [u for u, _, _ in cell.rivals(cell.where[unit][0])]
        return self.parts(cell, unit) if all(any(cell.pending[u]) for u in units) else None

    def parts(self, cell, unit):
        """The parts of the cell, some perhaps empty, under a unit or the pieces of its group."""
        if not cell.crowded(unit) and (
                unit not in cell.where or self.style != "mix" or self.random.random() < 0.7):
            self.emit(0, unit)
            return [self.part(cell, [(unit, state)]) for state in (1, 0)]
        group = cell.where[unit][0]
        first = min(u for u, place in cell.where.items() if place[0] == group)
        winners, rivals = sorted(cell.alive[group]), cell.rivals(group)
        self.emit(7, first, varint(len(winners)))
        return [self.part(cell, [(u, int(w == t)) for u, s, t in rivals if w in (s, t)])
                for w in winners]

    def part(self, cell, states):
        part = cell.copy()
        for unit, state in states:
            part.decide(unit, state)
            part.strict[unit] = part.decided[unit]
        return part

    def shown(self, part):
        """The tree of a part, which may be empty."""
        entries = part.empty()
        if not entries:
            self.enter(part)
            return self.tree(part)
        unit = self.pick([e for e in entries if e < self.net.units])
        entries.remove(unit)
        self.emit(4, 2, entry_list(entries), varint(2 * unit + 1 - part.state[unit]))
        return 0

    def pick(self, choices):
        return self.random.choice(choices) if self.style == "mix" else choices[0]

    def silently(self, cell):
        """The regions of a cell, counted by crossing."""
        style, out, self.style, self.out = self.style, self.out, "cross", []
        total = self.tree(cell.copy())
        self.style, self.out = style, out
        return total

    def run(self):
        total = self.tree(self.root())
        head = b"creasect\1" + bytes(7) + self.net.digest
        head += self.domain.digest + total.to_bytes(32, "big")
        return total, head + entry_list(self.kept) + b"".join(self.out)


def prove(net, domain, style="split", kept="least", seed=0):
    """(regions, certificate)"""
    return Prover(net, domain, style, kept, seed).run()


def main():
    parser = argparse.ArgumentParser(description="Proves a small network's regions.")
    parser.add_argument("--box", metavar="LO:HI,...")
    parser.add_argument("--domain", metavar="FILE")
    parser.add_argument("--style", choices=STYLES, default="split", help="nodes to use: split; "
                        "cross, count or meet in the last layer; mix, all at random")
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
        domain = read_domain(options.domain, net.inputs) if options.domain \
            else parse_domain(options.box, net.inputs)
        total, data = prove(net, domain, options.style, options.kept, options.seed)
        with open(options.o, "wb") as file:
            file.write(data)
    except (OSError, ValueError) as problem:
        print(f"prove.py: {problem}", file=sys.stderr)
        return 2
    print(total)
    return 0


if __name__ == "__main__":
    sys.exit(main())
