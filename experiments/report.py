#!/usr/bin/env python3
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

DOCUMENT = common.ROOT / "doc" / "experiments.md"


def rows_of(name):
    return common.read(common.ROOT / "experiments" / name / "result.csv")


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
    return "{:,.0f}".format(value) if value == int(value) or abs(value) >= 1000 else "%.3g" % value


def mean(rows, name):
    values = numbers(rows, name)
    return figure(statistics.mean(values)) if values else ""


def span(rows, name):
    """The least and the greatest value."""
    values = numbers(rows, name)
    low, high = figure(min(values)), figure(max(values))
    return low if low == high else "%s to %s" % (low, high)


def table(titles, lines):
    """Columns of numbers are those whose title begins with a space."""
    marks = ["--:" if title.startswith(" ") else "---" for title in titles]
    text = ["| %s |" % " | ".join(title.strip() for title in titles), "|%s|" % "|".join(marks)]
    return "\n".join(text + ["| %s |" % " | ".join(map(str, line)) for line in lines])


def convolution():
    lines = []
    for (shape,), rows in grouped(rows_of("convolution"), "shape").items():
        first = rows[0]
        lines.append((shape, first["units"], figure(first["theorem"]), span(rows, "regions"),
                      figure(first["rank_bound"]), figure(first["lower"]), len(rows),
                      sum(row["certified"] == row["regions"] for row in rows)))
    return table(["input, filters", " units", " paper, at most", " crease", " rank bound",
                  " paper, at least", " networks", " certificates checked"], lines)


TABLES = [convolution]


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
