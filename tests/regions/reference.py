"""Networks and polytopes in exact fractions, by their definitions."""
import itertools
import math
from fractions import Fraction


def activate(layer, z):
    """The states and the outputs of a layer, as crease_network.h defines them."""
    kind, states, out = layer["activation"], [], []
    carry, rank = layer.get("carry", 0), layer.get("rank", 1)
    switching = z[:len(z) - carry]
    if kind == "maxout":
        groups = [switching[i:i + rank] for i in range(0, len(switching), rank)]
        states = [group.index(max(group)) for group in groups]
        out = [max(group) for group in groups]
    for value in switching if kind != "maxout" else []:
        above = value > 0
        if kind == "linear":
            out.append(value)
            continue
        if kind == "clip":
            low, high = Fraction(layer["low"]), Fraction(layer["high"])
            above = (value > low) + (value > high)
            out.append(min(max(value, low), high))
        elif kind == "relu":
            out.append(max(value, Fraction(0)))
        elif kind == "abs":
            out.append(abs(value))
        else:
            out.append(value if above else Fraction(layer["slope"]) * value)
        states.append(int(above))
    return states, out + z[len(z) - carry:] if carry else out


def evaluate(layers, x):
    pattern = []
    for layer in layers:
        z = [sum((Fraction(w) * h for w, h in zip(row, x)), Fraction(b))
             for row, b in zip(layer["weight"], layer["bias"])]
        states, x = activate(layer, z)
        if layer["activation"] != "linear":
            pattern.append(states)
    return pattern, x


def key(pattern):
    return tuple(state for layer in pattern for state in layer)


def affine(row, x):
    return sum(Fraction(a) * t for a, t in zip(row, x)) + Fraction(row[-1])


def kernel(matrix):
    """The vector that spans the kernel of a matrix of fractions, or None if it is no line."""
    matrix, width, pivots = [list(row) for row in matrix], len(matrix[0]), []
    for column in range(width):
        pivot = next((i for i in range(len(pivots), len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        at = len(pivots)
        matrix[at], matrix[pivot] = matrix[pivot], matrix[at]
        matrix[at] = [a / matrix[at][column] for a in matrix[at]]
        for i, row in enumerate(matrix):
            if i != at:
                matrix[i] = [a - row[column] * b for a, b in zip(row, matrix[at])]
        pivots.append(column)
    if len(pivots) != width - 1:
        return None
    free = next(column for column in range(width) if column not in pivots)
    vector = [Fraction(0)] * width
    vector[free] = Fraction(1)
    for i, column in enumerate(pivots):
        vector[column] = -matrix[i][free]
    return vector


def find_vertices(facets, n):
    """Where n facets meet, and all the others hold."""
    found = set()
    for some in itertools.combinations(facets, n):
        line = kernel(some)
        if line and line[n]:
            x = [a / line[n] for a in line[:n]]
            if all(affine(row, x) >= 0 for row in facets):
                found.add(tuple(x))
    return sorted(found)


def find_inradius(facets, n):
    """Let w > 0 with sum w_i a_i = 0. A ball with centre c and radius r has
    sum w_i b_i = sum w_i (a_i c + b_i) >= r sum w_i |a_i|, and for one w with as few positive
    entries as possible the largest ball is as large as this allows (duality of linear programs)."""
    bounds = []
    for count in range(2, n + 2):
        for some in itertools.combinations(facets, count):
            w = kernel(list(zip(*some))[:n])
            if w and (min(w) > 0 or max(w) < 0):
                size = sum(abs(float(t)) * math.hypot(*map(float, row[:n]))
                           for t, row in zip(w, some))
                bounds.append(float(abs(sum(t * row[n] for t, row in zip(w, some)))) / size)
    return min(bounds, default=None)
