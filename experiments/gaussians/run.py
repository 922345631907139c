#!/usr/bin/python3
"""Regions of classifiers of three Gaussians, over all of R^d (README.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["inputs", "depth", "width", "seed"]
COLUMNS = ["digest", "accuracy", "regions", "generic", "bounded_share", "facets", "neighbours",
           "diameter_low", "diameter_high", "seconds"]
LARGEST = 1000000  # regions of a graph that is kept in memory


def run(inputs, depth, width, seed, path):
    x, y = learn.gaussians(inputs, seed)
    layers = learn.start([inputs] + depth * [width] + [3], seed)
    learn.train(layers, x, y, 400, learn.cross_entropy)
    words = "Three Gaussians in R^%d, seed %d (experiments/gaussians)." % (inputs, seed)
    file = learn.save("%s.json" % path, layers, words)
    counted = common.long_count("gaussians-" + path.name, file)
    graph = ["--graph"] if counted["regions"] <= LARGEST else []
    found = common.report("stats", *graph, file)
    assert found["regions"] == counted["regions"] and found["complete"]
    generic = common.bounds(file)["zaslavsky"]["value"] if depth == 1 else ""
    diameter = found["diameter"] if graph else ["", ""]
    return (counted["network"]["digest"], learn.share_right(layers, x, y), found["regions"], generic,
            found["bounded"] / found["regions"], found["facets_mean"], found["neighbours_mean"],
            *diameter, found["cpu"])


def case(inputs, depth, width, seed):
    quick = seed == 1 and (inputs <= 3 or depth == 1)
    return common.Case((inputs, depth, width, seed),
                       lambda path: run(inputs, depth, width, seed, path), not quick)


CASES = [
    case(inputs, depth, width, seed)
    for inputs in (2, 3, 4, 5)
    for depth in (1, 2, 3, 4)
    for width in (4, 8, 16)
    for seed in (1, 2, 3)
    if seed == 1 or inputs < 5 or depth * width <= 32  # the largest once
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
