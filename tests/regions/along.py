#!/usr/bin/env python3
"""crease count --along and --lines against a sweep of each segment in exact fractions.

    along.py CREASE [SEED [COUNT]]

Random networks with all activations, segments through hyperplanes and along them, within domains;
densities that are known; runs that are stopped."""
import json
import math
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from exact import fractions, sweep, write  # noqa: E402
from shared import DATA, check_each, check_random, crease, random_layers, refused  # noqa: E402


def merge(cells):
    """Breakpoints between different patterns."""
    found = []
    for (_, t, _, before), (_, _, _, after) in zip(cells, cells[1:]):
        changes = [[l, u, before[l, u], after[l, u]] for l, u in sorted(before)
                   if before[l, u] != after[l, u]]
        if changes:
            found.append((t, changes))
    return found


def clip(p, q, box):
    """The t for which the segment is in the box (one interval for all inputs)."""
    begin, end = Fraction(0), Fraction(1)
    for a, b in zip(p, q):
        low, high = box
        if a == b:
            if not low < a < high:
                return 0, 0
            continue
        first, last = sorted([(low - a) / (b - a), (high - a) / (b - a)])
        begin, end = max(begin, first), min(end, last)
    return (begin, end) if begin < end and p != q else (0, 0)


def check_network(rng, directory):
    inputs = rng.randint(1, 4)
    layers = random_layers(rng, inputs)
    net, path = directory / "net.json", directory / "points.csv"
    write(net, inputs, layers)
    exact = fractions(layers)
    points = [[Fraction(rng.randint(-6, 6), rng.choice([1, 2, 3])) for _ in range(inputs)]
              for _ in range(6)]
    path.write_text("\n".join(",".join(map(str, point)) for point in points))
    box, place = (Fraction(-100), Fraction(100)), []
    if rng.random() < 0.5:
        box, place = (Fraction(-2), Fraction(5, 2)), ["--box=-2:5/2"]
    arguments = ["--along", path, *place, net]
    found = json.loads(crease("count", "--json", "--exact", rng.choice(["-t1", "-t3"]), *arguments))
    rounded = json.loads(crease("count", "--json", *arguments))
    rows = [line.split(",") for line in crease("count", "--csv", "--exact", *arguments).splitlines()[1:]]
    assert found["complete"] and len(found["segments"]) == 5
    listed = []
    for i, (p, q, segment) in enumerate(zip(points, points[1:], found["segments"])):
        begin, end = clip(p, q, box)
        assert abs(segment["begin"] - begin) < 1e-15 and abs(segment["end"] - end) < 1e-15
        length = math.dist(p, q) * (end - begin)
        assert abs(segment["length"] - length) <= 1e-14 * length
        known = merge(sweep(exact, p, q, begin, end)) if end else []
        assert segment["regions"] == (len(known) + 1 if end else 0), (i, segment, known)
        assert [(Fraction(b["t"]), b["changes"]) for b in segment["breakpoints"]] == known
        for b, (t, _) in zip(rounded["segments"][i]["breakpoints"], known):
            assert abs(b["t"] - t) <= abs(t) / 2**52
        listed += [[str(i), "1", str(t), *map(str, change)] for t, changes in known
                   for change in changes]
    assert rows == listed
    check_lines(rng, arguments)


def check_lines(rng, arguments):
    """The numbers of --lines follow from its rows."""
    seed = f"--seed={rng.randint(0, 99)}"
    lines = json.loads(crease("count", "--json", "--lines=30", seed, "-t3", *arguments))
    again = json.loads(crease("count", "--json", "--lines=30", seed, "-t1", *arguments))
    assert lines["segments"] == again["segments"] and len(lines["segments"]) == 30
    used = [(s["regions"] - 1, s["length"]) for s in lines["segments"] if s["regions"]]
    assert lines["lines"] == len(used) and lines["crossings"] == sum(c for c, _ in used)
    if len(used) < 2:
        return
    density = lines["crossings"] / sum(l for _, l in used)
    squares = sum((c - density * l)**2 for c, l in used) * len(used) / (len(used) - 1)
    assert abs(lines["density"] - density) <= 1e-12 * max(density, 1)
    assert abs(lines["standard_error"] - math.sqrt(squares) / sum(l for _, l in used)) < 1e-9


def check_densities(directory):
    """|x| in one dimension: half of the random segments in [-1, 1], of length 2/3 on average, cross
    the boundary."""
    net, path = directory / "abs.json", directory / "points.csv"
    write(net, 1, [{"weight": [[1]], "bias": [0], "activation": "abs"},
                   {"weight": [[1]], "bias": [0], "activation": "linear"}])
    lines = json.loads(crease("count", "--json", "--lines=4000", "--box=-1:1", net))
    assert 0.005 < lines["standard_error"] < 0.02
    assert abs(lines["density"] - 0.75) < 5 * lines["standard_error"]
    other = json.loads(crease("count", "--json", "--lines=4000", "--box=-1:1", "--seed=1", net))
    assert other["density"] != lines["density"]
    path.write_text("-1\n1\n")
    sure = json.loads(crease("count", "--json", "--lines=50", "--along", path, net))
    assert sure["density"] == 0.5 and sure["standard_error"] == 0


def check_extremes(directory):
    """Lengths whose squares, or that themselves, are out of the range of doubles."""
    net, path = DATA / "max-min-2d.json", directory / "points.csv"
    for size in ("1e200", "1e-200", "1e400"):
        path.write_text(f"{size},{size}\n-{size},{size}\n-{size},-{size}\n{size},-{size}\n")
        unit = float(Fraction(size) * 2) if size != "1e400" else None
        found = json.loads(crease("count", "--json", "--along", path, net))["segments"]
        assert len(found) == 3 and all("breakpoints" in s for s in found)
        assert all(s["length"] is None if unit is None else abs(s["length"] / unit - 1) < 1e-14
                   for s in found)
        lines = json.loads(crease("count", "--json", "--lines=9", "--along", path, net))
        assert len(lines["segments"]) == 9 and lines["lines"] == 9 and lines["crossings"]
        assert lines["length"] is None if unit is None else lines["length"] > 8.9 * unit
        assert unit is None or lines["density"] > 0


def check_stops(directory):
    iris, path = DATA / "iris-4-16-16-3.json", directory / "points.csv"
    path.write_text("0,0,0,0\n7,7,7,7\n0,7,0,7\n")
    stopped = json.loads(crease("count", "--json", "--limit-regions=2", "--along", path, iris, code=3))
    assert not stopped["complete"] and "breakpoints" not in stopped["segments"][0]
    rows = crease("count", "--csv", "--limit-regions=2", "--along", path, iris, code=3).splitlines()
    assert rows[1:] == ["0,0,,,,,", "1,0,,,,,"]
    assert "stopped" in crease("count", "--limit-regions=2", "--along", path, iris, code=3)
    for arguments, part in ((["--along", path], "one alone"), (["--lines=3"], "box"),
                            (["--along", path, "--around", path, "--radius=1"], "--along"),
                            (["--along", path, "--gap=1"], "--gap"),
                            (["--along", path, "--engine=walk"], "walk")):
        path.write_text("0,0,0,0\n1,1,1,1\n" if part == "walk" else "0,0,0,0\n")
        message = refused("count", *arguments, iris)
        assert part in message, message


check_random(10, check_network)
check_each(check_densities, check_extremes, check_stops)
