#!/usr/bin/python3
"""Regions against depth at equal units: folding and random networks (README.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

KEYS = ["network", "inputs", "widths", "seed"]
COLUMNS = ["digest", "units", "parameters", "regions_box", "regions", "predicted", "one_layer", "classes"]


def classes(file):
    """Of each border between layers: cells, images, and the cells of the largest class."""
    found = common.report("identify", "--box=0:1", file)
    return "; ".join("{cells} {images} {largest}".format(**border) for border in found["borders"])


def run(family, inputs, widths, seed, path):
    file = "%s.json" % path
    more = ["--seed=%d" % seed] if family == "random" else []
    common.crease("make", family, "--force", "--inputs=%d" % inputs, "--widths=" + widths, "-o", file, *more)
    box = common.report("count", "--box=0:1", file)
    everywhere = common.report("count", file)
    units = box["network"]["units"]
    one_layer = common.bounds("%d,%d" % (inputs, units))["zaslavsky"]["value"]
    name = {"fold": "montufar-2014", "serra": "serra-2018-lower"}.get(family)
    predicted = common.bounds("%d,%s" % (inputs, widths))[name]["value"] if name else ""
    return (box["network"]["digest"], units, box["network"]["parameters"], box["regions"],
            everywhere["regions"], predicted, one_layer, classes(file) if family == "fold" else "")


def case(family, inputs, widths, seed=0, full=False):
    return common.Case((family, inputs, widths, seed),
                       lambda path: run(family, inputs, widths, seed, path), full)


WIDTHS = [(2, ["24", "12,12", "8,8,8", "6,6,6,6", "4,4,4,4,4,4"]),
          (3, ["36", "18,18", "12,12,12", "9,9,9,9"]),
          (2, ["4,4,4,4,4,4,4,4,4,4", "8" + 19 * ",8"])]
CASES = [case("fold", inputs, widths) for inputs, listed in WIDTHS for widths in listed]
CASES += [case("serra", 2, widths) for widths in WIDTHS[0][1] if int(widths.split(",")[0]) >= 6]
CASES += [case("random", 2, widths, seed, seed > 5) for seed in range(1, 21) for widths in WIDTHS[0][1]]

if __name__ == "__main__":
    common.main(__file__, KEYS, COLUMNS, CASES)
