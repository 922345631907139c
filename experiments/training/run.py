#!/usr/bin/python3
"""Regions around training, test and random points, in training (README.md)."""

import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["data", "step", "seed"]
COLUMNS = ["digest", "train_accuracy", "test_accuracy", "around_train", "around_test", "around_random",
           "distance_train", "distance_test", "distance_random"]
POINTS, WIDTHS = 12, [32, 32]
RADIUS = {"gaussians": "0.3", "fashion": "0.01"}


def small(images):
    """Images of 7 x 7, the means of 4 x 4 pixels."""
    return images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49)


def data(kind, seed):
    """Training points, test points and their classes."""
    if kind == "fashion":
        x, y = learn.fashion(500)
        z, c = learn.fashion(1000, "t10k")
        return small(x), y, small(z), c
    x, y = learn.gaussians(6, seed)
    return x[::2], y[::2], x[1::2], y[1::2]


def around(file, points, radius, path):
    """The mean number of regions in a cube around the points, and the mean distance to a boundary."""
    where = path.with_suffix(".csv")
    where.write_text("\n".join(",".join(map(repr, x)) for x in points.tolist()) + "\n", encoding="utf-8")
    balls = common.report("count", "--around=%s" % where, "--radius=%s" % radius, file)["balls"]
    assert all(ball["complete"] for ball in balls)
    return [statistics.mean(ball[name] for ball in balls) for name in ("regions", "l2")]


def run(kind, step, seed, path):
    x, y, test, classes = data(kind, seed)
    layers = learn.start([x.shape[1]] + WIDTHS + [10], seed)
    learn.train(layers, x, y, step, learn.cross_entropy, rate=0.002, batch=100, seed=seed)
    file = learn.save("%s.json" % path, layers, "%s, step %d, seed %d (experiments/training)." % (kind, step, seed))
    chance = learn.generator(seed + 1000).uniform(x.min(axis=0), x.max(axis=0), (POINTS, x.shape[1]))
    counts, near = zip(*(around(file, points, RADIUS[kind], path) for points in (x[:POINTS], test[:POINTS], chance)))
    return (common.report("info", file)["digest"], learn.share_right(layers, x, y),
            learn.share_right(layers, test, classes), *counts, *near)


def case(kind, step, seed):
    quick = seed == 1 and step in (0, 100, 1000)
    return common.Case((kind, step, seed), lambda path: run(kind, step, seed, path), not quick)


STEPS = (0, 10, 30, 100, 300, 1000, 3000, 10000)
CASES = [
    case(kind, step, seed)
    for kind in ("gaussians", "fashion")
    for step in STEPS
    for seed in (1, 2, 3)
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
