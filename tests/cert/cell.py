"""The cells of check.py. A function is a list of n coefficients, one per kept input, and a constant."""
from linear import restrict


class Cell:
    """pending: unit -> function; decided: entry of a support -> function >= 0 here; on: units of
    state 1; apart: unit -> function > 0 that makes the cell, and faces of a box; left: the
    coordinates; crossed: had a CROSS; number and layer: of the pending units, the first of which is
    start; candidates: of every group; pieces and carried: functions, not kept in flats."""

    def __init__(self, decided, left):
        self.pending, self.decided, self.on = {}, decided, set()
        self.apart, self.left, self.crossed = dict(decided), left, False
        self.dropped = set()  # of apart: what follows from the others
        self.number, self.layer, self.start = -1, None, 0
        self.candidates, self.pieces, self.carried = [], [], []

    def map(self, change, left):
        """A new cell, all functions changed."""
        cell = Cell({e: change(f) for e, f in self.decided.items()}, left)
        cell.apart = {e: change(f) for e, f in self.apart.items()}
        cell.pending = {k: change(f) for k, f in self.pending.items()}
        cell.on, cell.number, cell.layer, cell.start = \
            set(self.on), self.number, self.layer, self.start
        cell.candidates = [list(group) for group in self.candidates]
        cell.pieces, cell.carried = self.pieces, self.carried
        cell.dropped = set(self.dropped)
        return cell

    def flat(self, p, f):
        return self.map(lambda g: restrict(g, p, f), [j for j in self.left if j != p])

    def part(self, states):
        """The part where pending units have the given states."""
        cell = self.map(lambda g: g, self.left)
        for unit, state in states:
            cell.decide(unit, state)
            cell.apart[unit] = cell.decided[unit]
        return cell

    def decide(self, unit, state):
        f = self.pending.pop(unit)
        self.decided[unit] = f if state else [-a for a in f]
        if state:
            self.on.add(unit)
        if self.layer.rank > 1:
            group, pair = self.group(unit)
            loser = pair[1 - state]
            self.candidates[group].remove(loser)
            for t in self.candidates[group]:  # what is moot now
                self.pending.pop(self.comparison(group, loser, t), None)

    def take_up(self, layer, start, rows, carried):
        """Functions of the rows of the next layer that switches."""
        self.layer, self.start, self.pieces, self.carried = layer, start, rows, carried
        self.candidates = []
        if layer.rank > 1:
            self.candidates = [list(range(layer.rank)) for _ in range(len(rows) // layer.rank)]
            rows = [[b - a for a, b in zip(rows[i + s], rows[i + t])]
                    for i in range(0, len(rows), layer.rank) for s, t in layer.pairs]
        self.pending = {start + i: f for i, f in enumerate(rows)}

    def outputs(self, zero):
        """Of the layer, when all is decided."""
        rank = self.layer.rank
        if rank > 1:
            passed = [self.pieces[g * rank + s] for g, (s,) in enumerate(self.candidates)]
        else:
            passed = [self.decided[k] if k in self.on else zero
                      for k in range(self.start, self.start + self.layer.units)]
        return passed + self.carried

    # ---- Groups ----

    def group(self, unit):
        """The group of a comparison and its two pieces."""
        g, i = divmod(unit - self.start, len(self.layer.pairs))
        return g, self.layer.pairs[i]

    def comparison(self, g, s, t):
        pairs = self.layer.pairs
        return self.start + g * len(pairs) + pairs.index((min(s, t), max(s, t)))

    def crowd(self, unit=None):
        """How many candidates the comparison's group has; the most of any group."""
        groups = self.candidates if unit is None or self.layer.rank == 1 \
            else [self.candidates[self.group(unit)[0]]]
        return max(map(len, groups), default=0)
