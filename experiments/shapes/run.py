#!/usr/bin/python3
"""Regions and their facets by the shape of a network, at equal units (README.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["kind", "inputs", "widths", "seed"]
COLUMNS = ["digest", "units", "parameters", "regions", "facets", "few_facets", "most_facets", "histogram"]


def run(kind, inputs, widths, seed, path):
    sizes = [inputs] + [int(width) for width in widths.split(",")] + [3]
    layers = learn.start(sizes, seed, shift=0.5)
    if kind == "trained":
        x, y = learn.gaussians(inputs, seed)
        learn.train(layers, x, y, 400, learn.cross_entropy)
    file = learn.save("%s.json" % path, layers, "%s, seed %d (experiments/shapes)." % (kind, seed))
    counted = common.report("info", file)
    found = common.report("stats", file)
    facets = found["facets"]
    most = max(k for k, count in enumerate(facets) if count)
    few = sum(facets[: inputs + 2])  # at most those of a simplex
    return (counted["digest"], counted["units"], counted["parameters"], found["regions"],
            found["facets_mean"], few, most, " ".join(map(str, facets)))


def case(kind, inputs, widths, seed):
    return common.Case((kind, inputs, widths, seed),
                       lambda path: run(kind, inputs, widths, seed, path), seed > 2)


SHAPES = ["24", "12,12", "8,8,8", "6,6,6,6", "3,3,3,3,3,3,3,3", "2,2,2,2,2,2,2,2,2,2,2,2"]
CASES = [
    case(kind, inputs, widths, seed)
    for seed in range(1, 11)
    for inputs in (2, 3)
    for kind in ("random", "trained")
    for widths in SHAPES
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
