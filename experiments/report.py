#!/usr/bin/python3
"""Writes the tables of doc/experiments.md from experiments/*/result.csv.

    report.py            writes them
    report.py --check    only says where the document differs; then the exit status is 1

A table stands between the lines "<!-- table: NAME -->" and "<!-- end -->", where NAME is that of a
function below.
"""

import argparse
import collections
import pathlib
import re
import statistics
import sys

import common

HOME = common.ROOT / "experiments"
DOCUMENT = common.ROOT / "doc" / "experiments.md"


def rows_of(name):
    return common.read(HOME / name / "result.csv")


def grouped(rows, *names):
    """The rows by what they have in these columns, in the order of the file."""
    groups = collections.OrderedDict()
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def numbers(rows, name):
    return [float(row[name]) for row in rows if row[name] != ""]


def figure(value):
    """A whole number with commas, others with three digits."""
    if value == "":
        return ""
    value = float(value)
    return "{:,.0f}".format(value) if value == int(value) or abs(value) >= 100 else "%.3g" % value


def mean(rows, name):
    values = numbers(rows, name)
    return figure(statistics.mean(values)) if values else ""


def span(values):
    """The least and the greatest."""
    low, high = figure(min(values)), figure(max(values))
    return low if low == high else "%s to %s" % (low, high)


def short(digits):
    """A whole number of any size; those of more than 12 digits rounded."""
    if len(digits) <= 12:
        return figure(digits)
    return "%.3f * 10^%d" % (int(digits[:4]) / 1000, len(digits) - 1)


def short_widths(text):
    widths = text.split(",")
    return text if len(widths) <= 4 else "%d x %s" % (len(widths), widths[0])


def table(titles, lines):
    """Columns of numbers are those whose title begins with a space."""
    marks = ["--:" if title.startswith(" ") else "---" for title in titles]
    text = ["| %s |" % " | ".join(title.strip() for title in titles), "|%s|" % "|".join(marks)]
    return "\n".join(text + ["| %s |" % " | ".join(map(str, line)) for line in lines])


def convolution():
    lines = []
    for (shape,), rows in grouped(rows_of("convolution"), "shape").items():
        first = rows[0]
        lines.append((shape, first["units"], figure(first["theorem"]), span(numbers(rows, "regions")),
                      figure(first["rank_bound"]), figure(first["lower"]), len(rows),
                      sum(row["certified"] == row["regions"] for row in rows)))
    return table(["input, filters", " units", " paper, at most", " crease", " rank bound",
                  " paper, at least", " networks", " certificates checked"], lines)


def gaussians():
    lines = []
    paper = {(r["inputs"], r["depth"], r["width"]): r for r in common.read(HOME / "gaussians" / "paper.csv")}
    for key, rows in grouped(rows_of("gaussians"), "inputs", "depth", "width").items():
        if key[2] != "16":
            continue
        said = paper.get(key, {})

        def pair(name, said=said, rows=rows):
            return "%s / %s" % (said[name], mean(rows, name)) if said.get(name) else mean(rows, name)

        diameter = ""
        if numbers(rows, "diameter_low"):
            diameter = "%s to %s" % (mean(rows, "diameter_low"), mean(rows, "diameter_high"))
        lines.append((*key, len(rows), said.get("regions", ""), span(numbers(rows, "regions")), mean(rows, "generic"),
                      pair("neighbours"), pair("bounded_share"), said.get("diameter", ""), diameter))
    return table([" inputs", " depth", " width", " networks", " regions, paper", " crease",
                  " generic", " neighbours, mean", " share bounded", " diameter, paper", " crease"], lines)


def folding():
    """Of each shape: the two constructions, and random networks."""
    lines = []
    for (inputs, widths), rows in grouped(rows_of("folding"), "inputs", "widths").items():
        by = {row["network"]: row for row in rows}
        chance = [row for row in rows if row["network"] == "random"]
        fold, serra = by["fold"], by.get("serra", {})
        share = float(fold["regions"]) / float(fold["parameters"])
        lines.append((inputs, short_widths(widths), short(fold["predicted"]), short(fold["regions_box"]),
                      short(fold["regions"]), short(serra.get("regions_box", "")),
                      span(numbers(chance, "regions")) if chance else "", fold["one_layer"], "%.3g" % share))
    return table([" inputs", "widths", " formula of 2014", " counted in the box", " in R^n",
                  " Serra et al. 2018, in the box", " random, in R^n", " one layer, at most",
                  " regions per parameter"], lines)


def identification():
    lines = []
    for row in rows_of("folding"):
        if row["network"] == "fold" and row["classes"]:
            borders = [part.split() for part in row["classes"].split("; ")]
            lines.append((row["inputs"], short_widths(row["widths"]),
                          ", ".join(short(border[0]) for border in borders[:6]) + (", ..." if len(borders) > 6 else ""),
                          span([int(border[1]) for border in borders])))
    return table([" inputs", "widths", "cells into layer 1, 2, ...", " images"], lines)


def maxout():
    lines = []
    for (rank, widths), rows in grouped(rows_of("maxout"), "rank", "widths").items():
        lines.append((rank, widths, rows[0]["units"], len(rows), mean(rows, "regions"), span(numbers(rows, "regions")),
                      mean(rows, "pieces"), span(numbers(rows, "pieces")), figure(rows[0]["upper"])))
    return table([" rank", "widths", " units", " networks", " regions, mean", " range", " boundary pieces, mean",
                  " range", " upper bound"], lines)


def lines():
    found = []
    for (data, widths, step), rows in grouped(rows_of("lines"), "data", "widths", "step").items():
        found.append((data, widths, step, len(rows), mean(rows, "accuracy"), mean(rows, "line_over_units"),
                      mean(rows, "plane_over_half_square"), mean(rows, "distance_times_units")))
    return table(["data", "widths", " step", " networks", " accuracy", " on a line, over units",
                  " on a plane, over units^2 / 2", " distance times units"], found)


def trajectory():
    """A column for each variance."""
    groups = grouped(rows_of("trajectory"), "activation", "width", "depth", "variance")
    kinds = list(collections.OrderedDict.fromkeys((key[0], key[3]) for key in groups))
    found = []
    for width, depth in collections.OrderedDict.fromkeys((key[1], key[2]) for key in groups):
        line = [width, depth]
        for activation, variance in kinds:
            rows = groups.get((activation, width, depth, variance))
            line += [mean(rows, "transitions"), mean(rows, "length_ratio")] if rows else ["", ""]
        found.append(line)
    titles = [title for activation, variance in kinds
              for title in (" %s, %s: transitions" % (activation, variance), " length")]
    return table([" width", " depth"] + titles, found)


def shapes():
    found = []
    for (inputs, widths, kind), rows in grouped(rows_of("shapes"), "inputs", "widths", "kind").items():
        few = sum(numbers(rows, "few_facets")) / sum(numbers(rows, "regions"))
        found.append((inputs, short_widths(widths), kind, len(rows), rows[0]["parameters"], mean(rows, "regions"),
                      span(numbers(rows, "regions")), mean(rows, "facets"), "%.0f %%" % (100 * few),
                      span(numbers(rows, "most_facets"))))
    return table([" inputs", "widths", "", " networks", " parameters", " regions, mean", " range", " facets, mean",
                  " with at most inputs + 1 facets", " most facets"], found)


def fashion():
    found = []
    for (widths,), rows in grouped(rows_of("fashion"), "widths").items():
        row = max(rows, key=lambda some: int(some["limit"]))
        done = row["complete"] == "True"
        count = figure(row["regions"]) if done else "%s to %s" % (figure(row["regions"]), figure(row["at_most"]))
        found.append((widths, figure(row["accuracy"]), count, figure(row["with_weights"]), figure(row["upper"]),
                      figure(row["seconds"])))
    found.sort(key=lambda line: int(line[0].split(",")[0]))
    return table(["widths", " accuracy", " regions", " bound with weights", " bound of the widths", " seconds"], found)


def training():
    found = []
    for (data, step), rows in grouped(rows_of("training"), "data", "step").items():
        found.append([data, step, len(rows)] + [mean(rows, name) for name in (
            "train_accuracy", "test_accuracy", "around_train", "around_test", "around_random",
            "distance_train", "distance_test", "distance_random")])
    return table(["data", " step", " networks", " accuracy, training", " test", " regions around training points",
                  " test", " random", " distance, training", " test", " random"], found)


def bounds():
    found = []
    for (inputs, depth, width), rows in grouped(rows_of("bounds"), "inputs", "depth", "width").items():
        over_lower = numbers(rows, "over_lower")
        found.append((inputs, depth, width, len(rows), mean(rows, "regions"), span(numbers(rows, "regions")),
                      figure(rows[0]["upper"]), "%.2g" % statistics.mean(numbers(rows, "over_upper")),
                      figure(rows[0]["lower"]), "%.2g" % statistics.mean(over_lower) if over_lower else "",
                      figure(rows[0]["one_layer"])))
    return table([" inputs", " depth", " width", " networks", " regions, mean", " range", " upper bound", " count over it",
                  " lower bound", " count over it", " one layer, at most"], found)


TABLES = [convolution, gaussians, folding, identification, maxout, lines, trajectory, shapes, fashion, training, bounds]


def filled(text):
    """The document with all of its tables."""
    for function in TABLES:
        name = re.escape(function.__name__)
        pattern = r"(<!-- table: %s -->\n).*?(<!-- end -->)" % name
        if not re.search(pattern, text, re.DOTALL):
            raise SystemExit("%s: no table %s" % (DOCUMENT, function.__name__))
        made = function()
        text = re.sub(pattern, lambda m: m.group(1) + made + "\n" + m.group(2), text, flags=re.DOTALL)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = DOCUMENT.read_text(encoding="utf-8")
    wanted = filled(text)
    if not options.check:
        DOCUMENT.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        for old, new in zip(text.splitlines(), wanted.splitlines()):
            if old != new:
                print("doc/experiments.md: %s" % old)
                print("result.csv:         %s" % new)
        sys.exit(1)


if __name__ == "__main__":
    main()
