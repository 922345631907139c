#!/usr/bin/python3
"""Regions of image classifiers with 22 units over all images (README.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["widths", "seed", "limit"]
COLUMNS = ["digest", "accuracy", "complete", "regions", "at_most", "upper", "with_weights", "seconds"]


def run(widths, seed, limit, path):
    x, y = learn.fashion(10000)
    sizes = [784] + [int(width) for width in widths.split(",")] + [10]
    layers = learn.start(sizes, seed)
    learn.train(layers, x, y, 1500, learn.cross_entropy, rate=0.003, batch=100, seed=seed)
    file = learn.save("%s.json" % path, layers, "Fashion-MNIST, seed %d (experiments/fashion)." % seed)
    found = common.long_count("fashion-" + path.name, "--box=0:1", "--limit-regions=%d" % limit, file)
    upper, _ = common.best_bounds(common.bounds("784," + widths))
    own, _ = common.best_bounds(common.bounds("--box=0:1", file))
    return (found["network"]["digest"], learn.share_right(layers, x, y), found["complete"],
            found["regions"], found["at_most"], upper, own, found["cpu"])


def case(first, seed, limit, full):
    widths = "%d,%d" % (first, 22 - first)
    return common.Case((widths, seed, limit), lambda path: run(widths, seed, limit, path), full)


CASES = [case(first, 1, 10000, False) for first in (4, 1, 3, 8, 11, 21)]
CASES += [case(first, 1, 300000, True) for first in range(1, 22)]
CASES += [case(first, 1, 5000000, True) for first in (10, 11, 12)]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
