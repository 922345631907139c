"""The nodes DROP, NAME and LIKE for check.py (src/check/FORMAT.md, version 2)."""
from collections import namedtuple
from fractions import Fraction

from content import Reject
from linear import Basis, constant

# A cell that was named: its layer, the states of the layer's units, what bounds it, the functions
# that matter; before: the regions of the file before it; depth: of the stack, while it has not
# ended; regions: None until then.
Shape = namedtuple("Shape", "number states bounds live")


class Name:
    def __init__(self, shape, before, depth):
        self.shape, self.before, self.depth, self.regions = shape, before, depth, None


def bounds_of(cell):
    """entry -> function >= 0, ascending; those that were not dropped."""
    return {e: cell.apart[e] for e in sorted(cell.apart) if e not in cell.dropped}


def shape_of(cell, last):
    layer, start = cell.layer, cell.start
    states = {}
    for k in range(start, start + layer.units):
        states[k] = "pending" if k in cell.pending else "on" if k in cell.on \
            else "off" if k in cell.decided else "none"
    live = dict(cell.pending)
    if not last:
        if layer.rank == 1:
            live.update((k, cell.decided[k]) for k in states if k in cell.on)
        for g, group in enumerate(cell.candidates if layer.rank > 1 else []):
            live.update((("piece", g, s), cell.pieces[g * layer.rank + s]) for s in group)
        live.update((("carried", i), f) for i, f in enumerate(cell.carried))
    return Shape(cell.number, states, list(bounds_of(cell).values()), live)


def need_sum(reader, at, bounds, g):
    """g is a sum of a number >= 0 and of multiples >= 0 of the bounds in the support read here."""
    count = reader.varint()
    if count >= len(g):
        raise Reject(at, "a support of more than the dimension")
    support = reader.increasing(count, len(bounds), "bound")
    basis = Basis(len(support))
    for i in support:
        if not basis.add(bounds[i]):
            raise Reject(at, f"bound {i} depends on those before it")
    y, rest = basis.express(g)
    if not constant(rest) or rest[-1] < 0 or min(y, default=0) < 0:
        raise Reject(at, "the support does not prove a bound")


def drop(reader, cell, at, entry):
    bounds = bounds_of(cell)
    if entry not in bounds:
        raise Reject(at, f"entry {entry} does not bound the cell")
    g = bounds.pop(entry)
    need_sum(reader, at, list(bounds.values()), g)
    cell.dropped.add(entry)


def read_map(reader, at, inputs):
    den = reader.signed()
    if den <= 0:
        raise Reject(at, "a denominator that is not positive")
    return [[Fraction(reader.signed(), den) for _ in range(inputs + 1)] for _ in range(inputs)]


def after(f, image):
    """f after the map."""
    result = [Fraction(0)] * (len(f) - 1) + [f[-1]]
    for a, row in zip(f, image):
        result = [b + a * c for b, c in zip(result, row)]
    return result


def need_inside(reader, at, source, target, image):
    if reader.varint() != len(target.bounds):
        raise Reject(at, f"the cell that is mapped to has {len(target.bounds)} bounds")
    for g in target.bounds:
        need_sum(reader, at, source.bounds, after(g, image))


def need_like(reader, at, own, other, inputs):
    """Behind the point."""
    if (own.number, own.states) != (other.number, other.states):
        raise Reject(at, "LIKE of a cell of another layer, or with other states")
    there, back = read_map(reader, at, inputs), read_map(reader, at, inputs)
    for source, target, image in ((own, other, there), (other, own, back)):
        for key, f in source.live.items():
            if after(target.live[key], image) != f:
                raise Reject(at, f"a map does not keep the function {key}")
    need_inside(reader, at, own, other, there)
    need_inside(reader, at, other, own, back)
