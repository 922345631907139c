#!/usr/bin/python3
"""Regions and decision boundaries of random maxout networks (README.md)."""

import math
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

KEYS = ["rank", "widths", "seed"]
COLUMNS = ["digest", "units", "regions", "pieces", "upper"]
BOX = "--box=-3:3"

# The mean square of the largest of k standard normal numbers: weights of variance 1 / (fan-in times
# this) keep the size of the values.
SQUARE = {2: 1.0, 3: 1 + math.sqrt(3) / (2 * math.pi), 4: 1 + math.sqrt(3) / math.pi, 5: 1.80002}


def layers(rank, widths, seed):
    source = random.Random(seed)
    made, fan = [], 2
    for width in widths + [2]:
        last = len(made) == len(widths)
        rows = width if last else width * rank
        spread = math.sqrt(1 / (fan * SQUARE[rank]))

        def draw(count, spread=spread):
            return [round(4096 * source.gauss(0, spread)) / 4096 for _ in range(count)]

        words = {"activation": "linear"} if last else {"activation": "maxout", "rank": rank}
        made.append(([draw(fan) for _ in range(rows)], draw(rows), words))
        fan = width
    return made


def run(rank, widths, seed, path):
    numbers = [int(width) for width in widths.split(",")]
    words = "Maxout units of rank %d, seed %d (experiments/maxout)." % (rank, seed)
    file = common.network("%s.json" % path, 2, layers(rank, numbers, seed), words)
    counted = common.report("count", BOX, file)
    boundary = common.report("boundary", BOX, file)
    assert counted["complete"] and boundary["complete"]
    upper, _ = common.best_bounds(common.bounds(file))
    return (counted["network"]["digest"], sum(numbers), counted["regions"], boundary["pieces"], upper)


def case(rank, widths, seed):
    return common.Case((rank, widths, seed), lambda path: run(rank, widths, seed, path), seed > 5)


SHAPES = [(2, "7,7,6")] + [(rank, "7,7,6") for rank in (3, 4, 5)]
SHAPES += [(2, widths) for widths in ("20", "10,10", "5,5,5,5", "14,14,12", "28,28,24")]
CASES = [case(rank, widths, seed) for seed in range(1, 31) for rank, widths in SHAPES]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
