#!/usr/bin/python3
"""Regions on lines and planes through data points, by units, in training (README.md)."""

import json
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["data", "widths", "step", "seed"]
COLUMNS = ["digest", "units", "accuracy", "line", "line_over_units", "plane", "plane_over_half_square",
           "distance_times_units"]
LINES, PLANES, NEAR = 10, 4, 10


def data(kind, seed):
    """Points and their classes: images, or noise with classes at random, to be learnt by heart."""
    if kind == "fashion":
        return learn.fashion(2000)
    random = learn.generator(seed)
    return random.uniform(0, 1, (500, 20)), random.integers(0, 10, 500)


def slice_of(path, points):
    """The line or plane through two or three points, as a file."""
    first, *others = points.tolist()
    directions = [[b - a for a, b in zip(first, other)] for other in others]
    path.write_text(json.dumps({"origin": first, "directions": directions}), encoding="utf-8")
    return path


def regions(file, points, path):
    where = slice_of(path.with_suffix(".slice.json"), points)
    found = common.report("count", "--slice=%s" % where, file)
    assert found["complete"]
    return found["regions"]


def distances(file, points, path):
    """From each point to the nearest boundary, by the Euclidean norm."""
    where = path.with_suffix(".points.csv")
    where.write_text("\n".join(",".join(map(repr, x)) for x in points.tolist()) + "\n", encoding="utf-8")
    found = common.report("count", "--around=%s" % where, "--radius=1e-9", file)
    return [ball["l2"] for ball in found["balls"]]


def run(kind, widths, step, seed, path):
    x, y = data(kind, seed)
    sizes = [x.shape[1]] + [int(width) for width in widths.split(",")] + [10]
    layers = learn.start(sizes, seed)
    learn.train(layers, x, y, step, learn.cross_entropy, rate=0.002, batch=100, seed=seed)
    path = path.with_name(path.name.replace(",", "-"))
    file = learn.save("%s.json" % path, layers, "%s, step %d, seed %d (experiments/lines)." % (kind, step, seed))
    units = sum(sizes[1:-1])
    line = statistics.mean(regions(file, x[3 * k: 3 * k + 2], path) for k in range(LINES))
    plane = statistics.mean(regions(file, x[3 * k: 3 * k + 3], path) for k in range(PLANES))
    near = statistics.mean(distances(file, x[:NEAR], path))
    return (common.report("info", file)["digest"], units, learn.share_right(layers, x, y), line,
            line / units, plane, plane / (units**2 / 2), near * units)


def case(kind, widths, step, seed):
    quick = seed == 1 and widths in ("16,16", "32,32", "16,16,16,16") and step in (0, 500)
    return common.Case((kind, widths, step, seed), lambda path: run(kind, widths, step, seed, path),
                       not quick)


CASES = [
    case(kind, widths, step, seed)
    for kind in ("noise", "fashion")
    for widths in ("16,16", "32,32", "64,64", "16,16,16,16", "32,32,32,32")
    for step in (0, 50, 500, 2000)
    for seed in (1, 2)
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
