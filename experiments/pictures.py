#!/usr/bin/env python3
"""Draws the pictures of doc/experiments.md from experiments/*/result.csv, with gnuplot.

    pictures.py [DIRECTORY]      default: data/figures
"""

import pathlib
import statistics
import subprocess
import sys

import common
import report

SIZE = "set terminal svg size 640,420 enhanced font 'sans,12' background 'white'"


def means(rows, x, y):
    """Pairs of x and the mean of y, in the order of x."""
    groups = report.grouped([row for row in rows if row[y] != ""], x)
    return sorted((float(key[0]), statistics.mean(report.numbers(some, y))) for key, some in groups.items())


def draw(path, settings, curves):
    """curves: pairs of a title and a list of points."""
    script = [SIZE, "set output '%s'" % path, "set key below maxcols 2", "set grid"] + settings
    parts = []
    for number, (title, points) in enumerate(curves):
        script += ["$data%d << EOD" % number] + ["%g %g" % point for point in points] + ["EOD"]
        parts.append("$data%d with linespoints pointtype 7 pointsize 0.5 title '%s'" % (number, title))
    script.append("plot " + ", ".join(parts))
    subprocess.run(["gnuplot"], input="\n".join(script).encode(), check=True)
    print(path)


def trajectory(to):
    curves = []
    rows = [row for row in report.rows_of("trajectory") if row["width"] == "32"]
    for (activation, variance), some in report.grouped(rows, "activation", "variance").items():
        name = "%s, variance %s" % (activation.replace("_", " "), variance)
        curves.append((name, means(some, "depth", "transitions")))
    draw(to / "experiment-trajectory.svg",
         ["set logscale y", "set xlabel 'layers of 32 units'", "set ylabel 'transitions along the circle'"], curves)


def lines(to):
    curves = []
    for (data, widths), some in report.grouped(report.rows_of("lines"), "data", "widths").items():
        if widths in ("32,32", "16,16,16,16"):
            for column, what in (("line_over_units", "line / units"), ("plane_over_half_square", "plane / (units^2 / 2)")):
                curves.append(("%s, %s: %s" % (data, widths, what), [(x + 10, y) for x, y in means(some, "step", column)]))
    draw(to / "experiment-lines.svg",
         ["set logscale x", "set yrange [0:]", "set xlabel 'steps of training + 10'", "set ylabel 'regions, relative'"],
         curves)


def bounds(to):
    curves = []
    rows = [row for row in report.rows_of("bounds") if row["inputs"] == "2"]
    for (width,), some in report.grouped(rows, "width").items():
        curves.append(("upper, width %s" % width, means(some, "depth", "over_upper")))
        curves.append(("lower, width %s" % width, means(some, "depth", "over_lower")))
    draw(to / "experiment-bounds.svg",
         ["set logscale y", "set format y '10^{%L}'", "set xtics 1", "set xlabel 'layers'",
          "set ylabel 'count over the best bound'"], curves)


def main():
    to = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else common.ROOT / "data" / "figures"
    for function in (trajectory, lines, bounds):
        function(to)


if __name__ == "__main__":
    main()
