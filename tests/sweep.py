#!/usr/bin/env python3
"""Networks with one input and all activations, counted by a second method: the line is swept in
exact fractions, breakpoint by breakpoint. On a line the set of one pattern is an interval, so
different patterns are different regions.

    sweep.py CREASE CHECK [SEED [COUNT]]

CREASE counts with every engine and certifies, CHECK verifies."""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

ENGINES = [["--engine", "walk"], ["--cell", "rays"], ["--cell", "lp"]]


def thresholds(layer):
    return {"linear": [], "clip": [layer.get("low"), layer.get("high")]}.get(
        layer["activation"], [Fraction(0)])


def piece(layer, state, z):
    """The affine function (a, b) that the unit passes on."""
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


def sweep(layers):
    """The number of patterns that occur on intervals."""
    cells = [(None, None, [(Fraction(1), Fraction(0))], ())]
    for layer in layers:
        finer = []
        for low, high, below, pattern in cells:
            functions = [(sum(w * a for w, (a, _) in zip(row, below)),
                          sum(w * b for w, (_, b) in zip(row, below)) + bias)
                         for row, bias in zip(layer["weight"], layer["bias"])]
            points = {(t - b) / a for a, b in functions if a for t in thresholds(layer)}
            ends = [low, *sorted(x for x in points if (low is None or x > low)
                                 and (high is None or x < high)), high]
            for left, right in zip(ends, ends[1:]):
                x = middle(left, right)
                states = [sum(a * x + b > t for t in thresholds(layer)) for a, b in functions]
                finer.append((left, right, [piece(layer, s, z) for s, z in zip(states, functions)],
                              pattern + tuple(states)))
        cells = finer
    return len({pattern for _, _, _, pattern in cells})


def random_layers(rng):
    def number():
        return Fraction(rng.randint(-3, 3), rng.choice([1, 1, 2, 3]))

    layers, width = [], 1
    for _ in range(rng.randint(1, 4)):
        units = rng.randint(1, 4)
        layer = {"weight": [[number() for _ in range(width)] for _ in range(units)],
                 "bias": [number() for _ in range(units)],
                 "activation": rng.choice(["linear", "relu", "leaky_relu", "abs", "clip", "clip"])}
        if layer["activation"] == "leaky_relu":
            layer["slope"] = Fraction(rng.randint(-2, 2), 3)
        if layer["activation"] == "clip":
            layer["low"] = number()
            layer["high"] = layer["low"] + Fraction(rng.randint(1, 4), 2)
        layers.append(layer)
        width = units
    return layers


def text(layers):
    last = {"weight": [[1] * len(layers[-1]["bias"])], "bias": [0], "activation": "linear"}
    return json.dumps({"input": 1, "layers": layers + [last]}, default=str)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


def main():
    crease, check = sys.argv[1:3]
    seed, count = (int(x) for x in (sys.argv[3:5] + ["1", "60"][len(sys.argv) - 3:]))
    rng, failed = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as here:
        net, cert = os.path.join(here, "net.json"), os.path.join(here, "net.cert")
        for _ in range(count):
            layers = random_layers(rng)
            with open(net, "w", encoding="ascii") as file:
                file.write(text(layers))
            found = [run(crease, "count", "--quiet", *engine, net) for engine in ENGINES]
            found.append(run(crease, "certify", "--quiet", net, "-o", cert))
            expected = str(sweep(layers))
            verdict = run(check, net, cert)
            if found != [expected] * 4 or verdict != f"VERIFIED {expected} regions":
                failed += 1
                print(text(layers), "swept", expected, "counted", found, "checked", verdict)
    print(f"sweep: {count} networks, {failed} failures")
    return failed > 0


sys.exit(main())
