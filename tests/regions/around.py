#!/usr/bin/env python3
"""crease count --around against counts in boxes and half-spaces and distances in exact fractions.

    around.py CREASE [SEED [COUNT]]

Random networks with all activations, points in files of all formats, balls of both norms, within
domains. Runs that are stopped say so, and bad files are refused in one line."""
import json
import math
import struct
import subprocess
import sys
import zipfile
from fractions import Fraction

sys.dont_write_bytecode = True
from exact import fractions, through, value, write  # noqa: E402
from shared import CREASE, DATA, check_each, check_random, crease, random_layers, refused  # noqa: E402


def npy(points, fortran=False):
    """An array of NumPy."""
    n, k = len(points), len(points[0])
    order = [points[i][j] for j in range(k) for i in range(n)] if fortran else sum(points, [])
    header = str({"descr": "<f8", "fortran_order": fortran, "shape": (n, k)})
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() +
            struct.pack(f"<{n * k}d", *order))


def write_points(rng, directory, points):
    """As one of the formats; only text has fractions."""
    doubles = all(float(x) == x for point in points for x in point)
    kind = rng.choice(["csv", "npy", "npz"] if doubles else ["csv"])
    path = directory / f"points.{kind}"
    numbers = [[float(x) for x in point] for point in points]
    if kind == "csv":
        lines = [",".join(map(str, point)) for point in points]
        if rng.random() < 0.5:
            lines.insert(0, ", ".join(f"x{j}" for j in range(len(points[0]))))
        path.write_text(rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"]))
    elif kind == "npy":
        path.write_bytes(npy(numbers, rng.random() < 0.5))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("points.npy", npy(numbers))
            if rng.random() < 0.5:
                archive.writestr("labels.npy", npy([[1.0]]))
    return path


def distances(layers, x):
    """From x to the nearest hyperplane of a unit: l-infinity, and the square of l2."""
    linf, square = [], []
    for _, _, _, borders in through(layers, x)[0]:
        for f in borders:
            if any(f[:-1]):
                linf.append(abs(value(f, x)) / sum(map(abs, f[:-1])))
                square.append(value(f, x)**2 / sum(a * a for a in f[:-1]))
    return (min(linf), min(square)) if linf else (None, None)


def within(directory, net, halves, box, *command):
    """What the command prints of a box and half-spaces (a, b): a.x <= b; None without interior."""
    path = directory / "ball.json"
    domain = {"A": [list(map(str, a)) for a, _ in halves], "b": [str(b) for _, b in halves]}
    if any(low >= high for low, high in box):
        return None
    domain["box"] = [[str(low), str(high)] for low, high in box]
    path.write_text(json.dumps(domain))
    run = subprocess.run([CREASE, *command, f"--domain={path}", str(net)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode == 2 and "no interior" in run.stderr:
        return None
    assert run.returncode == 0, run.stderr
    return run.stdout


def count_in(directory, net, halves, box):
    return int(within(directory, net, halves, box, "count", "--quiet") or 0)


def classes_in(directory, net, halves, box):
    """The classes that have parts there."""
    found = within(directory, net, halves, box, "boundary", "--json")
    return {i for i, n in enumerate(json.loads(found)["parts_by_class"]) if n} if found else set()


def check_margin(directory, net, layers, x, margin, most, norm, domain_box, halves):
    """Only the class of the point is nearer than low; another one is not further than high."""
    y = [value(f, x) for f in through(layers, x)[1]]
    y = y if len(y) > 1 else [Fraction(0), *y]
    assert margin["complete"] and y[margin["class"]] == max(y), (x, y, margin)
    low, high = Fraction(margin["low"]), margin["high"]
    if low:
        box, own = ball(x, low, norm, domain_box, halves)
        assert classes_in(directory, net, own, box) <= {margin["class"]}, (x, margin)
    if high is None:
        assert low == most
        return
    little = Fraction(1, 10**9)  # a part at the distance high has interior in a larger ball
    box, own = ball(x, Fraction(high) * (1 + little) or little, norm, domain_box, halves)
    assert classes_in(directory, net, own, box) - {margin["class"]}, (x, margin)
    assert margin["low"] <= high <= math.nextafter(margin["low"], math.inf), margin


def ball(x, radius, norm, domain_box, halves):
    """The ball in the domain as a box and half-spaces."""
    n = len(x)
    box = [(t - radius, t + radius) for t in x]
    if domain_box:
        box = [(max(a, low), min(b, high)) for (a, b), (low, high) in zip(box, domain_box)]
    own = list(halves)
    for signs in range(2**n if norm == "l1" else 0):
        a = [1 if signs >> j & 1 else -1 for j in range(n)]
        own.append((a, radius + sum(s * t for s, t in zip(a, x))))
    return box, own


def check_network(rng, directory):
    inputs = rng.randint(1, 3)
    layers = random_layers(rng, inputs)
    net = directory / "net.json"
    write(net, inputs, layers)
    exact = fractions(layers)
    denominator = rng.choice([1, 2, 8, 3])
    points = [[Fraction(rng.randint(-9, 9), denominator) for _ in range(inputs)] for _ in range(4)]
    radius, norm = Fraction(rng.randint(1, 8), rng.choice([1, 2, 4, 7])), rng.choice(["linf", "l1"])
    box, halves, place = None, [], []
    if rng.random() < 0.6:
        box = [(Fraction(-1), Fraction(3, 2))] * inputs
        place = ["--box=-1:3/2"]
    if rng.random() < 0.4:
        halves = [([rng.randint(-2, 2) for _ in range(inputs - 1)] + [1], Fraction(1, 2))]
        path = directory / "domain.json"
        path.write_text(json.dumps({"A": [a for a, _ in halves], "b": [str(b) for _, b in halves],
                                    **({"box": [["-1", "3/2"]] * inputs} if box else {})}))
        place = [f"--domain={path}"]
    arguments = ["--around", write_points(rng, directory, points), f"--radius={radius}",
                 f"--norm={norm}", *place, net]
    result = json.loads(crease("count", "--json", "--exact", "--margin=5",
                               rng.choice(["-t1", "-t3", "-t8"]), *arguments))
    plain = json.loads(crease("count", "--json", *arguments))
    rows = crease("count", "--csv", "--exact", *arguments).splitlines()
    assert result["complete"] and len(result["balls"]) == len(points) == len(rows) - 1
    for x, row, rounded, line in zip(points, result["balls"], plain["balls"], rows[1:]):
        ball_box, ball_halves = ball(x, radius, norm, box, halves)
        check_margin(directory, net, exact, x, row["margin"], 5, norm, box, halves)
        assert row["complete"] and row["regions"] == count_in(directory, net, ball_halves, ball_box)
        linf, square = distances(exact, x)
        cells = line.split(",")
        assert int(cells[1]) == row["regions"] and cells[2] == "1"
        if linf is None:
            assert row["linf"] is row["l2_squared"] is None and cells[3] == "inf"
            continue
        assert Fraction(row["linf"]) == Fraction(cells[3]) == linf, (x, row, linf)
        assert Fraction(row["l2_squared"]) == Fraction(cells[4]) == square
        assert abs(rounded["linf"] - linf) <= linf / 2**50
        assert abs(Fraction(rounded["l2"])**2 - square) <= square / 2**49
        for name, measure in (("linf_unit", "linf"), ("l2_unit", "l2")):
            unit = [own[3] for own in through(exact, x)[0] if list(own[:2]) == row[name]][0]
            found = [abs(value(f, x)) / sum(map(abs, f[:-1])) if measure == "linf" else
                     value(f, x)**2 / sum(a * a for a in f[:-1]) for f in unit if any(f[:-1])]
            assert min(found) == (linf if measure == "linf" else square)


def check_wide(rng, directory):
    """More inputs than a ball of l1 has facets for. A map that takes each of them to +-c times one of a
    few, c at most 1 and somewhere 1, takes the ball onto that of the few: so both meet as many
    regions, and classes are as far."""
    few, many = rng.randint(1, 3), rng.randint(11, 13)
    layers = random_layers(rng, few)
    parts = [i % few for i in range(many)]
    factors = [rng.choice([1, -1] if i < few else [1, 0, Fraction(1, 2), Fraction(-2, 3)])
               for i in range(many)]
    wide = [dict(layers[0]), *layers[1:]]
    wide[0]["weight"] = [[c * Fraction(row[j]) for j, c in zip(parts, factors)]
                         for row in layers[0]["weight"]]
    found = []
    points = [[Fraction(rng.randint(-4, 4), 4) for _ in range(many)] for _ in range(2)]
    short = [[sum(c * t for j, c, t in zip(parts, factors, x) if j == k) for k in range(few)]
             for x in points]
    radius = rng.choice(["1/2", "2", "7/3"])
    for inputs, own, places in ((few, layers, short), (many, wide, points)):
        net, path = directory / "net.json", directory / "points.csv"
        write(net, inputs, own)
        path.write_text("\n".join(",".join(map(str, x)) for x in places))
        found.append(json.loads(crease("count", "--json", "--norm=l1", f"--radius={radius}",
                                       "--margin=3", "--around", path, net))["balls"])
    for a, b in zip(*found):
        assert a["complete"] and b["complete"] and a["regions"] == b["regions"], (points, radius, a, b)
        if a["margin"]["high"] == 0:  # on a boundary, whose sides may be taken in another order
            b["margin"]["class"] = a["margin"]["class"]
        assert a["margin"] == b["margin"], (points, a, b)


def check_stops(directory):
    iris, path = DATA / "iris-4-16-16-3.json", directory / "points.csv"
    path.write_text("5.1,3.5,1.4,0.2\n" * 40)
    stopped = json.loads(crease("count", "--json", "--limit-regions=3", "--around", path,
                                "--radius=1", iris, code=3))
    assert not stopped["complete"] and not any(row["complete"] for row in stopped["balls"])
    assert all(3 <= row["regions"] < 100 and row["linf"] > 0 for row in stopped["balls"])
    short = json.loads(crease("count", "--json", "--limit-regions=3", "--margin=7", "--around",
                              path, "--radius=1e-9", iris, code=3))
    assert short["balls"][0]["complete"] and not short["balls"][0]["margin"]["complete"]
    text = crease("count", "--limit-regions=3", "--margin=7", "--around", path, "--radius=1e-9",
                  iris, code=3)
    assert "margins    0 are complete" in text and ", stopped\n" in text
    # A busy machine may take this long to read the network.
    cut = json.loads(crease("count", "--json", "--limit-seconds=0.2", "--margin=9", "--around", path,
                            "--radius=50", "-t1", iris, code=3)).get("balls")
    assert not cut or cut[-1]["margin"] == {"class": None, "low": 0, "high": None, "complete": False}


def check_refusals(directory):
    iris, path = DATA / "iris-4-16-16-3.json", directory / "points.csv"
    good = npy([[1.0, 2.0, 3.0, 4.0]])
    for content, part in (
            (b"1,2,3,4\n1,2,3\n", "line 2: 3 numbers"), (b"1,2,3,4\n1,2,x,4\n", "line 2, column 3"),
            (b"1,2,3,4,5\n", "line 1: 5 numbers"), (b"a,b,c,d\n", "no points"),
            (b"a,b,c,d\ne,f,g,h\n", "line 2, column 1"), (b"1,2,1/0,4\n", "line 1, column 3"),
            (npy([[1.0, 2.0]]), "2 numbers a point"), (good[:-1], "do not fill"),
            (npy([[1.0, 2.0, 3.0, float("nan")]]), "point 0, input 3"),
            (good.replace(b"<f8", b"<c8"), "c8"), (good[:20], "header"),
            (b"PK\x03\x04", "zip"), (b"", "empty")):
        path.write_bytes(content)
        message = refused("count", "--around", path, "--radius=1", iris)
        assert part in message, (content, message)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", good)
        archive.writestr("b.npy", good)
    assert "points" in crease("count", "--around", path, "--radius=1", iris, code=2)
    path.write_bytes(good)
    for arguments, part in ((["--radius=0"], "radius"), (["--radius=x"], "radius"), ([], "radius"),
                            (["--radius=1", "--norm=l3"], "l3"),
                            (["--radius=1", "--checkpoint=c"], "checkpoint")):
        assert part in crease("count", "--around", path, *arguments, iris, code=2)
    assert "has an effect only with" in crease("count", "--radius=1", iris, code=2)
    wide, many = directory / "wide.json", ",".join(["1"] * 11)
    write(wide, 11, [{"weight": [[1] * 11], "bias": [0], "activation": "linear"}])
    path.write_text(many)
    assert "activation" in crease("count", "--around", path, "--radius=1", "--norm=l1",
                                  "--definition=affine", wide, code=2)
    # No unit: no facet anywhere.
    alone = json.loads(crease("count", "--json", "--around", path, "--radius=1", wide))
    assert alone["balls"][0]["regions"] == 1 and alone["balls"][0]["l2"] is None


check_random(6, check_network)
check_random(2, check_wide, many=75)
check_each(check_stops, check_refusals)
