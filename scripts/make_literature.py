#!/usr/bin/env python3
"""Writes the small constructed networks of data/ and checks each of them.

    make_literature.py [--output DIR]     write the files (default: data/)
    make_literature.py --count FILE...    count the regions of networks with 1 or 2 inputs

Every network is evaluated exactly against the function it stands for, and its
regions are counted by subdividing the plane in exact fractions, before its
file is written.  Standard library only.
"""

import argparse
import itertools
import json
import pathlib
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parent.parent


# ---- Networks: a list of (weight, bias, activation), all entries Fractions ----


def layer(weight, bias, activation="relu"):
    return ([[Fraction(w) for w in row] for row in weight], [Fraction(b) for b in bias], activation)


def affine(weight, bias, x):
    return [sum(w * v for w, v in zip(row, x)) + b for row, b in zip(weight, bias)]


def evaluate(layers, x):
    for weight, bias, activation in layers:
        x = affine(weight, bias, x)
        if activation == "relu":
            x = [max(v, Fraction(0)) for v in x]
    return x


def spell(value):
    """A whole number as a number, anything else as the string "p/q"."""
    return str(value) if value.denominator == 1 else '"%s"' % value


def text(layers, comment):
    inputs = len(layers[0][0][0])
    lines = ['{"comment": %s,' % json.dumps(comment), ' "input": %d,' % inputs, ' "layers": [']
    for number, (weight, bias, activation) in enumerate(layers, 1):
        lines.append('  {"weight": [')
        rows = ["    [%s]" % ", ".join(map(spell, row)) for row in weight]
        lines.append(",\n".join(rows) + "],")
        lines.append('   "bias": [%s],' % ", ".join(map(spell, bias)))
        lines.append('   "activation": "%s"}%s' % (activation, "," if number < len(layers) else "]}"))
    return "\n".join(lines) + "\n"


def exact(entry):
    """A JSON number is the binary64 number it parses to."""
    if not isinstance(entry, str):
        return Fraction(float(entry))
    if "x" in entry.lower():
        return Fraction(float.fromhex(entry))
    return Fraction(entry)


def read(path):
    net = json.loads(pathlib.Path(path).read_text())
    return [
        ([[exact(w) for w in row] for row in part["weight"]],
         [exact(b) for b in part["bias"]],
         part["activation"])
        for part in net["layers"]
    ]


# ---- Counting, for 1 and 2 inputs ----
#
# A cell is a cone in homogeneous coordinates (x, 1), given by its extreme rays
# in cyclic order, so that unbounded cells need no special case.


def product(row, ray):
    return sum(a * b for a, b in zip(row, ray))


def half(rays, values, sign):
    """The part of the cone where sign * value >= 0."""
    kept = []
    for i, (ray, value) in enumerate(zip(rays, values)):
        after, value_after = rays[i - len(rays) + 1], values[i - len(rays) + 1]
        if sign * value >= 0:
            kept.append(ray)
        if value * value_after < 0:
            a, b = abs(value_after), abs(value)
            kept.append([a * p + b * q for p, q in zip(ray, after)])
    return kept


def subdivide(layers, depth, inputs, rays, pattern, found):
    """Adds the patterns with interior points in the cone to found, each with that cell.
    inputs: the rows of the values that enter layer depth on this cell."""
    if depth == len(layers) - 1:
        found.setdefault(pattern, []).append(rays)
        return
    weight, bias, _ = layers[depth]
    rows = []
    for weights, b in zip(weight, bias):
        row = [sum(w * r[k] for w, r in zip(weights, inputs)) for k in range(len(rays[0]))]
        row[-1] += b
        rows.append(row)
    cells = [(rays, ())]
    for row in rows:
        split = []
        for cone, states in cells:
            values = [product(row, ray) for ray in cone]
            # A row that vanishes on the cell leaves the unit in state 0.
            above = max(values) > 0
            below = min(values) < 0
            if above:
                split.append((half(cone, values, 1) if below else cone, states + (1,)))
            if below or not above:
                split.append((half(cone, values, -1) if above else cone, states + (0,)))
        cells = split
    for cone, states in cells:
        images = [row if s else [Fraction(0)] * len(row) for row, s in zip(rows, states)]
        subdivide(layers, depth + 1, images, cone, pattern + (states,), found)


def regions(layers, cones=None):
    """The patterns with interior points in the union of the cones, in all of R^n without cones,
    each with its part of every cone that it meets."""
    n = len(layers[0][0][0])
    if n > 2:
        raise ValueError("counts networks with 1 or 2 inputs only")

    def unit(k, sign=1):
        return [Fraction(sign if i == k else 0) for i in range(n + 1)]

    if cones is None:
        # The orthants.  A region may meet several; its pattern is counted once.
        cones = [
            [unit(k, s) for k, s in enumerate(signs)] + [unit(n)]
            for signs in itertools.product((1, -1), repeat=n)
        ]
    found = {}
    for cone in cones:
        subdivide(layers, 0, [unit(k) for k in range(n)], cone, (), found)
    return found


def count(layers, cones=None):
    return len(regions(layers, cones))


def grid(low, high, step):
    steps = int((high - low) / step)
    return [low + step * i for i in range(steps + 1)]


def require(truth, what):
    if not truth:
        raise SystemExit("make_literature.py: %s: the construction is wrong" % what)


# ---- The constructions: each returns (file name, layers, comment) ----


def absolute_value():
    layers = [
        layer([[1], [-1]], [0, 0]),
        layer([[1, 1]], [0], "linear"),
    ]
    for x in grid(Fraction(-3), Fraction(3), Fraction(1, 4)):
        require(evaluate(layers, [x]) == [abs(x)], "abs-1d")
    require(count(layers) == 2, "abs-1d")
    return "abs-1d.json", layers, (
        "|x| = relu(x) + relu(-x): two rectifiers composing an absolute value (Montufar, Pascanu, "
        "Cho, Bengio 2014, figure 4). Over R: 2 regions."
    )


def max_min():
    layers = [
        layer([[1, 0], [0, 1], [0, -1]], [0, 0, 0]),
        layer([[1, -1, 1], [1, 0, 0]], [0, 0]),
        layer([[1, -1]], [0], "linear"),
    ]
    line = grid(Fraction(-2), Fraction(2), Fraction(1, 4))
    for x, y in itertools.product(line, line):
        require(evaluate(layers, [x, y]) == [max(-y, min(Fraction(0), -x))], "max-min-2d")
    require(count(layers) == 5, "max-min-2d")
    return "max-min-2d.json", layers, (
        "max(-y, min(0, -x)), made by hand: h1 = relu(x), h2 = relu(y), h3 = relu(-y), then "
        "g1 = relu(h1 - h2 + h3), g2 = relu(h1), output g1 - g2. The pre-activation of g2 vanishes "
        "for x <= 0, and that of g1 is cut by x = y in one quadrant only. Over R^2: 5 regions."
    )


def zigzag():
    n, depth = 4, 3
    widths = [2 if i in (2, 3) else 1 for i in range(n + 1)]
    ends = [Fraction(sum(widths[: i + 1]), n + 3) for i in range(n + 1)]
    folds = ends[:-1]
    # From 0 up to 1 on the first segment, down to 0 on the second, and so on.
    slopes = [(-1) ** i * Fraction(n + 3, width) for i, width in enumerate(widths)]
    change = [slopes[i + 1] - slopes[i] for i in range(n)]
    # The third unit looks left: its change of slope is also minus the first
    # slope, which is why segments three and four are twice as wide.
    sign = [-1 if i == 2 else 1 for i in range(n)]
    require(change[2] == -slopes[0], "zigzag: slope")
    offset = -change[2] * folds[2]  # the value at 0 is 0

    layers = [layer([[s] for s in sign], [-s * t for s, t in zip(sign, folds)])]
    for _ in range(depth - 1):
        layers.append(
            layer([[s * c for c in change] for s in sign],
                  [s * (offset - t) for s, t in zip(sign, folds)])
        )
    layers.append(layer([change], [offset], "linear"))

    def fold(x):
        # The outer segments go on beyond [0,1] with their slopes.
        i = next((k for k, t in enumerate(folds) if x < t), n)
        start = folds[i - 1] if i else Fraction(0)
        return slopes[i] * (x - start) + (1 if i % 2 else 0)

    for x in grid(Fraction(-1), Fraction(2), Fraction(1, 1029)):
        require(evaluate(layers, [x]) == [fold(fold(fold(x)))], "zigzag")
    unit_interval = [[[Fraction(0), Fraction(1)], [Fraction(1), Fraction(1)]]]
    require(count(layers) == (n + 1) ** depth, "zigzag")
    require(count(layers, unit_interval) == (n + 1) ** depth, "zigzag")
    return "zigzag-1d-n4-l3.json", layers, (
        "A zigzag of 5 segments composed with itself: in each of 3 layers 4 units map [0,1] five "
        "times onto [0,1]; folds at 1/7, 2/7, 4/7, 6/7, the third unit mirrored, the readout "
        "absorbed into the next layer. Reaches the maximum for one input (Serra, "
        "Tjandraatmadja, Ramalingam 2018). Over R and over [0,1]: (4+1)^3 = 125 regions."
    )


def folded_square():
    p = 2  # units for each of the two inputs
    lines = [((5, 1), -3), ((1, 5), -3), ((4, -3), -1), ((3, 4), -4)]
    for (v, a), (w, b) in itertools.combinations(lines, 2):
        determinant = Fraction(v[0] * w[1] - v[1] * w[0])
        require(determinant != 0, "fold: parallel lines")
        x, y = (v[1] * b - w[1] * a) / determinant, (w[0] * a - v[0] * b) / determinant
        require(0 < x < 1 and 0 < y < 1, "fold: crossing outside the square")
        through = sum(1 for u, c in lines if u[0] * x + u[1] * y + c == 0)
        require(through == 2, "fold: three lines in a point")

    def tent(values):
        return [1 - abs(1 - 2 * v) if 0 <= v <= 1 else Fraction(0) for v in values]

    scale = [p] + [2 * p] * (p - 1)
    shift = [-2 * i for i in range(p)]
    readout = [(-1) ** i for i in range(p)]
    blank = [0] * p
    first = [[s, 0] for s in scale] + [[0, s] for s in scale]
    second = [[s * r for r in readout] + blank for s in scale]
    second += [blank + [s * r for r in readout] for s in scale]
    third = [[v[0] * r for r in readout] + [v[1] * r for r in readout] for v, _ in lines]
    layers = [
        layer(first, shift + shift),
        layer(second, shift + shift),
        layer(third, [c for _, c in lines]),
        layer([[1] * len(lines)], [0], "linear"),
    ]

    # Beyond x = 1 the first fold falls below 0 and the second one flattens it.
    axis = grid(Fraction(-1), Fraction(2), Fraction(1, 16))
    for point in itertools.product(axis, axis):
        z = tent(tent(point))
        value = sum(max(u[0] * z[0] + u[1] * z[1] + c, Fraction(0)) for u, c in lines)
        require(evaluate(layers, list(point)) == [value], "fold")
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    square = [[[Fraction(x), Fraction(y), Fraction(1)] for x, y in corners]]
    require(count(layers, square) == 16 * 11, "fold")
    everywhere = count(layers)
    return "fold-2d-4-4-4.json", layers, (
        "The rectifier construction of Montufar, Pascanu, Cho, Bengio 2014, section 3.1, scaled so "
        "that each of two layers folds the unit square 2 x 2 times onto itself; the third layer is "
        "4 lines in general position that cross inside the square. Over [0,1]^2: 16 copies of "
        "Z(4,2) = 11, 176 regions. Outside, the folds are constant or vanish; over R^2: %d "
        "regions." % everywhere
    )


def braid():
    n = 4
    rows = []
    for i, j in itertools.combinations(range(n), 2):
        rows.append([1 if k == i else -1 if k == j else 0 for k in range(n)])
    layers = [
        layer(rows, [0] * len(rows)),
        layer([[1] * len(rows)], [0], "linear"),
    ]
    # A point off the planes orders its coordinates; each order is one region.
    patterns = set()
    for order in itertools.permutations(range(n)):
        patterns.add(tuple(z > 0 for z in affine(layers[0][0], layers[0][1], order)))
    require(len(patterns) == 24, "braid")
    return "braid-4.json", layers, (
        "The braid arrangement: the planes x_i = x_j of R^4, one unit each. A region is an order "
        "of the four coordinates. Over R^4: 4! = 24 regions; all of them contain a line."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "data")
    parser.add_argument("--count", nargs="+", metavar="FILE")
    options = parser.parse_args()
    if options.count:
        for path in options.count:
            print(count(read(path)), path)
        return
    for build in (absolute_value, max_min, zigzag, folded_square, braid):
        name, layers, comment = build()
        path = options.output / name
        path.write_text(text(layers, comment))
        require(read(path) == layers, name)
        print(name)


if __name__ == "__main__":
    main()
