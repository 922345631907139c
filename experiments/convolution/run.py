#!/usr/bin/python3
"""Regions of convolutional networks with random filters, with certificates (README.md)."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

KEYS = ["shape", "seed"]
COLUMNS = ["digest", "units", "regions", "certified", "theorem", "lower", "rank_bound", "certificate_bytes"]


LARGEST = 50000  # regions of a network that is certified


def full_rows(size, rows, columns, channels, weight):
    """The rows of one filter at each position; weight by its row, column and channel."""
    height, width = size
    for top in range(rows - height + 1):
        for left in range(columns - width + 1):
            row = [0] * (rows * columns * channels)
            for i in range(height):
                for j in range(width):
                    for c in range(channels):
                        at = ((top + i) * columns + left + j) * channels + c
                        row[at] = weight[(i * width + j) * channels + c]
            yield row


def filters(shape, seed):
    """The inputs and layers of a network with random whole weights."""
    source = random.Random(seed)
    sizes = [tuple(map(int, part.split("x"))) for part in shape.split(",")]
    (rows, columns, channels), *sizes = sizes
    layers, inputs = [], rows * columns * channels

    def draw(count):
        return [source.randint(-99, 99) for _ in range(count)]

    for height, width, count in sizes:
        weights = [draw(height * width * channels) for _ in range(count)]
        shift = draw(count)
        of_filter = [full_rows((height, width), rows, columns, channels, w) for w in weights]
        rows, columns, channels = rows - height + 1, columns - width + 1, count
        # By position, then by filter.
        matrix = [row for at_position in zip(*of_filter) for row in at_position]
        layers.append((matrix, shift * (rows * columns), {"activation": "relu"}))
    layers.append(([[1] * (rows * columns * channels)], [0], {"activation": "linear"}))
    return inputs, layers


def run(shape, seed, path):
    inputs, layers = filters(shape, seed)
    words = "Random filters, seed %d: %s (experiments/convolution)." % (seed, shape)
    file = common.network("%s.json" % path, inputs, layers, words)
    counted = common.report("count", file)
    certificate = pathlib.Path("%s.cert" % path)
    proved, size = ["", ""], ""
    if counted["regions"] <= LARGEST:
        common.report("certify", "--force", "-o", certificate, file)
        proved = common.output_of((common.CHECK, file, certificate)).split()
        size = certificate.stat().st_size
    of_shape, own = common.bounds(shape), common.bounds(file)
    stated = of_shape.get("xiong-2020-layer", of_shape["xiong-2020-upper"])["value"]
    lower = of_shape["xiong-2020-lower"]["value"] if "xiong-2020-lower" in of_shape else ""
    return (counted["network"]["digest"], counted["network"]["units"], counted["regions"],
            proved[1] if proved[0] == "VERIFIED" else "", stated, lower,
            own["serra-2018-rank"]["value"], size)


def case(shape, seed, full=False):
    return common.Case((shape, seed), lambda path: run(shape, seed, path), full)


ONE = ["3x3x1,2x2x%d" % channels for channels in (2, 3, 4, 1)]
TWO = ["3x3x1,2x2x%d,2x2x%d" % pair for pair in ((2, 2), (2, 5), (3, 3), (4, 4))]
CASES = [case(shape, seed, seed > 1) for seed in (1, 2, 3) for shape in ONE + TWO]
CASES += [case("4x4x1,3x3x3", 1), case("4x4x1,2x2x2", 1)]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
