#!/usr/bin/python3
"""Draws a plane through three images before and after training, for doc/experiments.md.

    picture.py [FILE.svg]      default: data/figures/experiment-planes.svg
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
import learn  # noqa: E402
import run  # noqa: E402

WIDTHS, STEPS = [16, 16], (0, 500)


def main():
    to = sys.argv[1] if len(sys.argv) > 1 else common.ROOT / "data" / "figures" / "experiment-planes.svg"
    x, y = learn.fashion(2000)
    files = []
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        for step in STEPS:
            layers = learn.start([784] + WIDTHS + [10], 1)
            learn.train(layers, x, y, step, learn.cross_entropy, rate=0.002, batch=100, seed=1)
            files.append(learn.save(place / ("after %d steps.json" % step), layers, ""))
        where = run.slice_of(place / "slice.json", x[:3])
        common.crease("plot", "--force", "--slice=%s" % where, "--box=-1:2", "--color=layer", "-o", to, *files)
    print(to)


if __name__ == "__main__":
    main()
