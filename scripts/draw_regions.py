#!/usr/bin/env python3
"""Draws the linear regions of a ReLU network with two inputs in a square, as SVG.

    draw_regions.py NETWORK.json OUT.svg [--box LO:HI]

Prints how many regions there are.  The plane is subdivided in exact fractions, without crease.
Standard library only."""
import argparse
import hashlib
from fractions import Fraction

from make_literature import read, regions

SIDE = 480


def color(pattern):
    """A pale colour that depends on the pattern alone."""
    shades = hashlib.sha256(repr(pattern).encode()).digest()[:3]
    return "#" + "".join(f"{150 + 100 * shade // 255:02x}" for shade in shades)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("network")
    parser.add_argument("picture")
    parser.add_argument("--box", default="-2:2", help="of both inputs (default: -2:2)")
    options = parser.parse_args()
    low, high = (Fraction(end) for end in options.box.split(":"))
    square = [[x, y, Fraction(1)] for x, y in ((low, low), (high, low), (high, high), (low, high))]
    found = regions(read(options.network), [square])
    scale = SIDE / (high - low)
    with open(options.picture, "w", encoding="ascii") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" '
                   f'width="{SIDE}" height="{SIDE}" stroke="#444" stroke-width="0.5" '
                   'stroke-linejoin="round">\n')
        for pattern, (corners,) in found.items():
            points = " ".join(f"{float((x / w - low) * scale):.1f},{float((high - y / w) * scale):.1f}"
                              for x, y, w in corners)
            file.write(f'<polygon fill="{color(pattern)}" points="{points}"/>\n')
        file.write("</svg>\n")
    print(len(found), "regions")


main()
