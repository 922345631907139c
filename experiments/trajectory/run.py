#!/usr/bin/python3
"""Transitions of units along a circle, by depth and variance of the weights (README.md)."""

import csv
import io
import math
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

KEYS = ["activation", "variance", "depth", "width", "seed"]
COLUMNS = ["digest", "transitions", "last_layer", "length_ratio"]
INPUTS, POINTS = 10, 64


def draw(source, spread, count):
    return [round(4096 * source.gauss(0, spread)) / 4096 for _ in range(count)]


def layers(activation, variance, depth, width, seed):
    """Weights normal with this variance over the fan-in, biases normal with deviation 0.1."""
    source = random.Random(seed)
    made, fan = [], INPUTS
    for number in range(depth + 1):
        last = number == depth
        rows, words = (1, "linear") if last else (width, activation)
        spread = math.sqrt(variance / fan)
        made.append(([draw(source, spread, fan) for _ in range(rows)], draw(source, 0.1, rows),
                     {"activation": words}))
        fan = rows
    return made


def circle():
    """Points of a circle of radius 1 in the plane of the first two inputs, the first one again."""
    angles = [2 * math.pi * k / POINTS for k in range(POINTS)]
    rest = [0] * (INPUTS - 2)
    points = [[round(4096 * f(a)) / 4096 for f in (math.cos, math.sin)] + rest for a in angles]
    return points + points[:1]


def image(made, x):
    """What the last hidden layer makes of the point, in floating point."""
    for weight, bias, words in made[:-1]:
        z = [sum(w * v for w, v in zip(row, x)) + b for row, b in zip(weight, bias)]
        x = [max(v, 0.0) if words["activation"] == "relu" else min(max(v, -1.0), 1.0) for v in z]
    return x


def length(points):
    return sum(math.dist(a, b) for a, b in zip(points, points[1:]))


def run(activation, variance, depth, width, seed, path):
    made = layers(activation, variance, depth, width, seed)
    words = "Variance %s, seed %d (experiments/trajectory)." % (variance, seed)
    file = common.network("%s.json" % path, INPUTS, made, words)
    points = circle()
    along = pathlib.Path("%s.csv" % path)
    with open(along, "w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(points)
    found = list(csv.DictReader(io.StringIO(common.crease("count", "--along=%s" % along, "--csv", file))))
    assert all(row["complete"] == "1" for row in found)
    changes = [row for row in found if row["layer"] != ""]
    ratio = length([image(made, x) for x in points]) / length(points)
    digest = common.report("info", file)["digest"]
    return digest, len(changes), sum(row["layer"] == str(depth - 1) for row in changes), ratio


def case(activation, variance, depth, width, seed):
    quick = seed == 1 and width == 16
    return common.Case((activation, variance, depth, width, seed),
                       lambda path: run(activation, variance, depth, width, seed, path), not quick)


CASES = [
    case(activation, variance, depth, width, seed)
    for width in (16, 32)
    for seed in (1, 2, 3)
    for activation, variances in (("hard_tanh", (1, 4, 16)), ("relu", (2,)))
    for variance in variances
    for depth in (1, 2, 3, 4, 6)
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
