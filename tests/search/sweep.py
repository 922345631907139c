#!/usr/bin/env python3
"""Networks with one input and all activations, counted by a second method: the line is swept in
exact fractions, breakpoint by breakpoint. On a line the set of one pattern is an interval, so
different patterns are different regions, and neighbours share a point.

    sweep.py CREASE CHECK [SEED [COUNT]]

CREASE counts with every engine and by every definition, and certifies, CHECK verifies."""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

ENGINES = [["--engine", "walk"], ["--cell", "rays"], ["--cell", "lp"]]
DEFINITIONS = [["--definition", "open-connected"], ["--definition", "affine"]]


def thresholds(layer):
    return {"linear": [], "clip": [layer.get("low"), layer.get("high")]}.get(
        layer["activation"], [Fraction(0)])


def units(layer, functions):
    """The functions of each unit's rows: one, or the pieces of maxout; and how many units switch."""
    rank, end = layer.get("rank", 1), len(functions) - layer.get("carry", 0)
    switching = [functions[r:r + rank] for r in range(0, end, rank)]
    return switching + [[z] for z in functions[end:]], len(switching)


def crossings(layer, pieces):
    """Where the unit may change its state."""
    if layer["activation"] == "maxout":
        return {(d - b) / (a - c) for a, b in pieces for c, d in pieces if a != c}
    (a, b), = pieces
    return {(t - b) / a for t in thresholds(layer) if a}


def state_at(layer, pieces, x):
    values = [a * x + b for a, b in pieces]
    if layer["activation"] == "maxout":
        return values.index(max(values))
    return sum(values[0] > t for t in thresholds(layer))


def passed_on(layer, state, pieces):
    """The affine function (a, b) that the unit passes on."""
    if layer["activation"] == "maxout":
        return pieces[state]
    z, = pieces
    name, zero = layer["activation"], (Fraction(0), Fraction(0))
    if name == "clip" and state != 1:
        return Fraction(0), layer["high" if state else "low"]
    if state or name == "linear":
        return z
    factor = {"relu": 0, "leaky_relu": layer.get("slope"), "abs": -1}[name]
    return (z[0] * factor, z[1] * factor) if factor else zero


def middle(low, high):
    if low is None:
        return Fraction(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def combine(layer, below):
    return [(sum(w * a for w, (a, _) in zip(row, below)),
             sum(w * b for w, (_, b) in zip(row, below)) + bias)
            for row, bias in zip(layer["weight"], layer["bias"])]


def sweep(layers):
    """The numbers of patterns that occur on intervals, of intervals on which the output
    is one function, and of functions."""
    cells = [(None, None, [(Fraction(1), Fraction(0))], ())]
    for layer in layers:
        finer = []
        for low, high, below, pattern in cells:
            functions = combine(layer, below)
            every, switching = units(layer, functions)
            points = set().union(*(crossings(layer, unit) for unit in every[:switching]))
            ends = [low, *sorted(x for x in points if (low is None or x > low)
                                 and (high is None or x < high)), high]
            for left, right in zip(ends, ends[1:]):
                x = middle(left, right)
                states = [state_at(layer, unit, x) for unit in every[:switching]]
                above = [passed_on(layer, s, unit) for s, unit in zip(states, every)]
                finer.append((left, right, above + [z for z, in every[switching:]],
                              pattern + tuple(states)))
        cells = finer
    maps = [tuple(functions) for _, _, functions, _ in cells]
    joined = [here for here, before in zip(maps, [None] + maps) if here != before]
    return len({pattern for _, _, _, pattern in cells}), len(joined), len(set(maps))


def random_layers(rng, inputs=1):
    def number():
        return Fraction(rng.randint(-3, 3), rng.choice([1, 1, 2, 3]))

    layers, width = [], inputs
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(["linear", "relu", "leaky_relu", "abs", "clip", "clip"] + 4 * ["maxout"])
        count, rank = rng.randint(1, 4), rng.randint(2, 5) if name == "maxout" else 1
        carry = 0 if name == "linear" else rng.choice([0, 0, 1, 2])
        rows = [[number() for _ in range(width + 1)] for _ in range(count * rank + carry)]
        for row in rows[1:]:
            if rng.random() < 0.2:
                row[:] = rng.choice(rows)  # equal pieces, and a piece that is carried
            elif rng.random() < 0.2:
                row[:-1] = rng.choice(rows)[:-1]
        layer = {"weight": [row[:-1] for row in rows], "bias": [row[-1] for row in rows],
                 "activation": name}
        if name == "maxout":
            layer["rank"] = rank
        if carry:
            layer["carry"] = carry
        if layer["activation"] == "leaky_relu":
            layer["slope"] = Fraction(rng.randint(-2, 2), 3)
        if layer["activation"] == "clip":
            layer["low"] = number()
            layer["high"] = layer["low"] + Fraction(rng.randint(1, 4), 2)
        layers.append(layer)
        width = count + carry
    layers.append({"weight": [[Fraction(rng.randint(-1, 1)) for _ in range(width)]
                              for _ in range(rng.randint(1, 2))], "activation": "linear"})
    layers[-1]["bias"] = [number() for _ in layers[-1]["weight"]]
    return layers


def text(layers):
    return json.dumps({"input": 1, "layers": layers}, default=str)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


def main():
    crease, check = sys.argv[1:3]
    seed, count = (int(x) for x in (sys.argv[3:5] + ["1", "200" if os.environ.get("CREASE_LONG") else "8"][len(sys.argv) - 3:]))
    rng, failed = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as here:
        net, cert = os.path.join(here, "net.json"), os.path.join(here, "net.cert")
        for _ in range(count):
            layers = random_layers(rng)
            with open(net, "w", encoding="ascii") as file:
                file.write(text(layers))
            found = [run(crease, "count", "--quiet", *engine, net) for engine in ENGINES]
            found.append(run(crease, "certify", "--quiet", net, "-o", cert))
            expected, *classes = (str(n) for n in sweep(layers))
            by_definition = [run(crease, "count", "--quiet", *d, net) for d in DEFINITIONS]
            verdict = run(check, net, cert)
            if (found != [expected] * 4 or by_definition != classes
                    or verdict != f"VERIFIED {expected} regions"):
                failed += 1
                print(text(layers), "swept", expected, classes, "counted", found, by_definition,
                      "checked", verdict)
    print(f"sweep: {count} networks, {failed} failures")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
