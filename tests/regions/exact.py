"""Networks in exact fractions: the reader that the tests of regions compare crease with."""
import json
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "search"))
from sweep import combine, crossings, middle, passed_on, state_at, units  # noqa: E402


def fractions(layers):
    """The layers, all numbers as fractions."""
    result = []
    for layer in layers:
        own = dict(layer)
        own["weight"] = [[Fraction(w) for w in row] for row in layer["weight"]]
        own["bias"] = [Fraction(b) for b in layer["bias"]]
        for name in ("slope", "low", "high"):
            if name in layer:
                own[name] = Fraction(layer[name])
        result.append(own)
    return result


def write(path, inputs, layers):
    path.write_text(json.dumps({"input": inputs, "layers": layers}, default=str))


def value(function, x):
    return sum(a * t for a, t in zip(function[:-1], x)) + function[-1]


def minus(f, g):
    return [a - b for a, b in zip(f, g)]


def times(c, f):
    return [c * a for a in f]


def through(layers, x):
    """At the point x: for each unit with states (layer, unit, state, functions whose signs are that
    state), and the functions that the last layer passes on. A function is the list of its n + 1
    coefficients. On a boundary, the states are those of the closed side."""
    n, found = len(x), []
    below = [[Fraction(int(i == j)) for i in range(n)] + [Fraction(0)] for j in range(n)]
    for l, layer in enumerate(layers):
        z = []
        for row, bias in zip(layer["weight"], layer["bias"]):
            sums = [sum((w * f[i] for w, f in zip(row, below)), Fraction(0)) for i in range(n + 1)]
            sums[n] += bias
            z.append(sums)
        kind, rank = layer["activation"], layer.get("rank", 1)
        end = len(z) - layer.get("carry", 0)
        if kind == "linear":
            below = z
            continue
        out = []
        for u in range(0, end, rank):
            own = z[u:u + rank]
            values = [value(f, x) for f in own]
            if kind == "maxout":
                state = values.index(max(values))
                borders = [minus(own[state], f) for s, f in enumerate(own) if s != state]
                passed = own[state]
            elif kind == "clip":
                low, high = layer["low"], layer["high"]
                borders = [minus(own[0], [Fraction(0)] * n + [t]) for t in (low, high)]
                state = (values[0] > low) + (values[0] > high)
                passed = own[0] if state == 1 else [Fraction(0)] * n + [high if state else low]
            else:
                state, borders = int(values[0] > 0), [own[0]]
                factor = {"relu": 0, "abs": -1, "leaky_relu": layer.get("slope")}[kind]
                passed = own[0] if state else times(factor, own[0])
            found.append((l, u // rank, state, borders))
            out.append(passed)
        below = out + z[end:]
    return found, below


def sweep(layers, p, q, begin, end):
    """The segment p + t (q - p) between two values of t, cut where units change: intervals (low,
    high, the functions (slope, level) of t that the outputs are, {(layer, unit): state})."""
    cells = [(begin, end, [(b - a, a) for a, b in zip(p, q)], {})]
    for l, layer in enumerate(layers):
        finer = []
        for low, high, below, pattern in cells:
            groups, switching = units(layer, combine(layer, below))
            cuts = {t for group in groups[:switching] for t in crossings(layer, group)
                    if low < t < high} if layer["activation"] != "linear" else set()
            ends = [low, *sorted(cuts), high]
            for a, b in zip(ends, ends[1:]):
                own, out, at = dict(pattern), [], middle(a, b)
                for u, group in enumerate(groups):
                    if layer["activation"] == "linear" or u >= switching:
                        out.append(group[0])
                        continue
                    own[l, u] = state_at(layer, group, at)
                    out.append(passed_on(layer, own[l, u], group))
                finer.append((a, b, out, own))
        cells = finer
    return cells
