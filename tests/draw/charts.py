#!/usr/bin/env python3
"""Charts of crease compare and crease stats, read back: marks, lines, bars and steps.

    charts.py CREASE

Places of marks are compared with counts and bounds, heights of bars with numbers of regions."""
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CREASE = str(Path(sys.argv[1]).resolve())
DATA = Path(__file__).resolve().parents[2] / "data"
STRONG = ["rgb(0%,44.7%,69.8%)", "rgb(83.5%,36.9%,0%)", "rgb(0%,62%,45.1%)"]
PALE = "rgb(68%,82.304%,90.336%)"


def crease(*arguments, code=0):
    run = subprocess.run([CREASE, *map(str, arguments)], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, errors="replace")
    assert run.returncode == code, (arguments, run.returncode, run.stderr)
    return run.stdout if code == 0 else run.stderr


class Chart:
    """Paths, as (style, list of lists of corners), and the two axes of every panel."""

    def __init__(self, path="out.svg"):
        text = Path(path).read_text(encoding="utf-8")
        self.paths = []
        for style, d in re.findall(r'<path style="([^"]*)" d="([^"]*)"', text[text.index("</defs>"):]):
            fields = dict(field.strip().split(":", 1) for field in style.split(";") if field)
            parts = [[tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", part)]
                     for part in re.findall(r"M[^M]*", d)]
            self.paths.append((fields, [part for part in parts if len(part) > 1]))
        self.axes = [parts[0] for fields, parts in self.paths
                     if fields.get("stroke-width") == "0.8" and len(parts[0]) == 3]

    def inside(self, place, panel=0):
        (left, top), (_, bottom), (right, _) = self.axes[panel]
        return left - 1 <= place[0] <= right + 1 and top - 1 <= place[1] <= bottom + 1

    def marks(self, color):
        """The centres of marks in the panel that are filled with the colour."""
        found = []
        for fields, parts in self.paths:
            for part in parts if fields["fill"] == color else []:
                xs, ys = zip(*part)
                if self.inside(part[0]):
                    found.append(((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2))
        return sorted(found)

    def lines(self, dash=None, color=None):
        """The lines in the panel with these dashes or with this colour."""
        return [part for fields, parts in self.paths for part in parts
                if fields["fill"] == "none" and fields.get("stroke-dasharray") == dash
                and (color is None or fields.get("stroke") == color)
                and (dash or fields.get("stroke-width") in ("1.2", "1.5")) and self.inside(part[0])]

    def ticks(self):
        """Where the horizontal axis has ticks."""
        (_, _), (_, bottom), _ = self.axes[0]
        return sorted(part[0][0] for fields, parts in self.paths for part in parts
                      if fields.get("stroke-width") == "0.6" and len(part) == 2
                      and abs(part[0][1] - bottom) < 0.01 and part[0][0] == part[1][0])


def in_line(places, values):
    """Is some affine map with a positive slope from the values to the places?"""
    (a, b), (p, q) = (values[0], values[-1]), (places[0], places[-1])
    slope = (q - p) / (b - a)
    return slope > 0 and all(abs(p + slope * (v - a) - place) < 0.05 for v, place in zip(values, places))


def check_compare():
    """Folds in one dimension. Upper bounds of 9, 25, 64; one layer of 8, 8, 9 units has 9, 9, 10."""
    names = []
    for widths in ("8", "4,4", "3,3,3"):
        names.append(f"fold-{widths}.json")
        crease("make", "fold", "--inputs", "1", "--widths", widths, "-o", names[-1])
    crease("compare", "--plot=out.svg", "--series=folds", names[0], names[2], names[1])
    chart = Chart()
    counts = [int(crease("count", "--quiet", name)) for name in names]
    upper, single = chart.lines("5,4"), chart.lines("3,2.5")
    marks = chart.marks(STRONG[0])
    assert len(marks) == 3 and len(upper) == len(single) == 1
    assert in_line([x for x, _ in marks], [1, 2, 3])
    # One scale for the three of them: heights grow upwards.
    places = upper[0] + single[0] + marks
    values = [math.log10(n) for n in (9, 25, 64, 9, 9, 10, *counts)]
    order = sorted(range(9), key=lambda i: values[i])
    assert in_line([-places[i][1] for i in order], [values[i] for i in order])
    # The ticks are at 1, 2 and 3, and the points are joined.
    ticks = chart.ticks()
    assert len(ticks) == 3 and all(abs(t - x) < 0.05 for t, (x, _) in zip(ticks, marks))
    assert any(len(line) == 3 for line in chart.lines(color=STRONG[0]))
    # Numbers in the names, and widths.
    steps = [Path(f"step{n}.json") for n in (0, 10, 200)]
    for step in steps:
        step.write_bytes(Path(names[1]).read_bytes())
    crease("compare", "--plot=out.svg", *steps)
    assert in_line([x for x, _ in Chart().marks(STRONG[0])], [0, 10, 200])
    crease("compare", "--plot=out.svg", "--x=units", *names)
    assert len({x for x, _ in Chart().marks(STRONG[0])}) == 2
    # Two series at one place stand side by side, and are not joined.
    crease("compare", "--plot=out.svg", "--x=depth", "--series=a", names[0], names[0], "--series=b",
           names[0], names[0], names[2])
    chart = Chart()
    assert chart.marks(STRONG[1])[0][0] > chart.marks(STRONG[0])[0][0]
    assert not chart.lines(color=STRONG[0]) and not chart.lines(color=STRONG[1])
    # A stopped count is a triangle that is not filled.
    crease("compare", "--plot=out.svg", "--engine=walk", "--limit-regions=2", names[1], code=3)
    chart = Chart()
    assert not chart.marks(STRONG[0])
    assert [len(set(line)) for line in chart.lines(color=STRONG[0])] == [3]


def bars(chart, panel):
    """The heights of bars by their places, the latter as shares of a bar's width."""
    (_, _), (_, bottom), _ = chart.axes[panel]
    return {(x0, x1): bottom - top for fields, parts in chart.paths if fields["fill"] == PALE
            for part in parts if chart.inside(part[0], panel)
            for x0, x1, top in [(min(x for x, _ in part), max(x for x, _ in part),
                                 min(y for _, y in part))]}


def check_stats():
    arguments = ["stats", "--json", "--volumes", "--box=-1:1", DATA / "moons-2-16-16-2.json"]
    stats = json.loads(crease(*arguments, "--plot=out.svg"))
    chart = Chart()
    wanted = [dict(enumerate(stats[name])) for name in ("facets", "neighbours", "active")]
    wanted.append({stats["volumes"]["exponent"] + k: n
                   for k, n in enumerate(stats["volumes"]["regions"])})
    assert len(chart.axes) == 4
    for panel, counts in enumerate(wanted):
        found = bars(chart, panel)
        counts = {k: n for k, n in counts.items() if n}
        places, (first, last) = sorted(found), (min(counts), max(counts))
        width = (places[-1][1] - places[0][0]) / (last - first + 1)
        assert len(found) == len(counts)
        scale = max(found.values()) / max(counts.values())
        for place, (k, n) in zip(places, sorted(counts.items())):
            assert abs(place[0] - (places[0][0] + width * (k - first))) < 0.05, (panel, k)
            assert abs(place[1] - place[0] - width) < 0.05
            assert abs(found[place] - scale * n) < 0.05, (panel, k, n)
    # Of several networks, shares as steps.
    paths = [DATA / name for name in ("moons-2-16-16-2.json", "max-min-2d.json")]
    both = json.loads(crease("stats", "--json", "--plot=out.svg", *paths))["networks"]
    chart = Chart()
    (_, _), (_, bottom), _ = chart.axes[0]
    heights = []
    for own, color in zip(both, STRONG):
        (line,) = (line for line in chart.lines(color=color) if len(line) > 2)
        shares = [n / own["regions"] for n in own["facets"]]
        heights.append((bottom - min(y for _, y in line)) / max(shares))
    assert len(chart.axes) == 2 and abs(heights[0] - heights[1]) < 0.2, heights
    Path("out.svg").unlink()
    assert "no picture" in crease("stats", "--limit-regions=3", "--plot=out.svg", paths[0], code=3)
    Path("notes.svg").write_text("keep me\n", encoding="ascii")
    for to, word in (("notes.svg", "--force"), ("out.jpg", ".svg"), ("none/out.svg", "none/out.svg")):
        message = crease("stats", f"--plot={to}", paths[0], code=2)
        assert word in message and message.count("\n") == 1, message
    assert not Path("out.svg").exists()
    name = os.fsdecode(b"caf\xe9.json")
    Path(name).write_bytes(paths[1].read_bytes())
    crease("plot", "--box=-1:1", "-o", "out.svg", name)
    crease("stats", "--plot=out.pdf", name)
    assert Path("out.pdf").read_bytes().startswith(b"%PDF-")


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        run = subprocess.run([CREASE, "stats", "--plot=out.svg", DATA / "abs-1d.json"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if "cairo" in run.stderr:
            print("not run: charts, there is no cairo")
            return
        check_compare()
        check_stats()


main()
