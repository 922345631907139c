#!/usr/bin/python3
"""Counts of trained networks over the best bounds (README.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402

KEYS = ["inputs", "depth", "width", "seed"]
COLUMNS = ["digest", "loss", "regions", "upper", "upper_name", "lower", "lower_name", "one_layer",
           "over_upper", "over_lower"]


def target(inputs, count=400):
    """Random points of the box [-1, 1]^n, and the product of sin(4 x) over their coordinates."""
    x = learn.generator(0).uniform(-1, 1, (count, inputs))
    return x, learn.np.prod(learn.np.sin(4 * x), axis=1, keepdims=True)


def run(inputs, depth, width, seed, path):
    x, y = target(inputs)
    layers = learn.start([inputs] + depth * [width] + [1], seed, shift=0.5)
    learn.train(layers, x, y, 500, learn.square)
    loss = float(learn.np.mean((learn.outputs(layers, x)[-1] - y) ** 2))
    file = learn.save("%s.json" % path, layers, "A product of sines, seed %d (experiments/bounds)." % seed)
    counted = common.report("count", file)
    regions = counted["regions"]
    of_widths = common.bounds(",".join(map(str, [inputs] + depth * [width])))
    upper, lower = common.best_bounds(of_widths)
    one_layer = common.bounds("%d,%d" % (inputs, depth * width))["zaslavsky"]["value"]

    def name(value):
        if value is None:
            return ""
        return next(key for key, bound in of_widths.items()
                    if bound["kind"] in ("upper", "exact", "lower") and int(bound["value"]) == value)

    return (counted["network"]["digest"], loss, regions, upper, name(upper),
            "" if lower is None else lower, name(lower), one_layer, regions / upper,
            "" if lower is None else regions / lower)


def case(inputs, depth, width, seed):
    return common.Case((inputs, depth, width, seed),
                       lambda path: run(inputs, depth, width, seed, path), seed > 1)


CASES = [
    case(inputs, depth, width, seed)
    for seed in range(1, 8)
    for inputs in (2, 3)
    for depth in (1, 2, 3, 4)
    for width in (4, 8, 12, 16)
]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
