#!/usr/bin/env python3
"""The files of crease regions and the numbers of crease stats, read here in exact fractions.

    files.py CREASE [SEED [COUNT]]

Random networks with all activations: the lines are distinct and as many as crease count counts; the
network, evaluated here at the exact point of each, has its pattern and the values of its map there;
the point satisfies the facets; vertices and inradius are those of brute force; the graph is
symmetric and connected and says what the neighbours in the lines say; arrays, sorted lines and any
number of threads give the same regions. Runs that are stopped or killed leave no file."""
import csv
import json
import math
import signal
import struct
import subprocess
import sys
import time
import zipfile
from fractions import Fraction

sys.dont_write_bytecode = True
from reference import affine, evaluate, find_inradius, find_vertices, key  # noqa: E402
from shared import (CREASE, DATA, check_each, check_random, crease, crease_in,  # noqa: E402
                    random_layers)


def read_lines(path):
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file]


def read_arrays(path):
    """The arrays of an .npz file as flat tuples, with their shapes."""
    kinds = {"|u1": ("B", 1), "<i8": ("q", 8), ">i8": ("q", 8), "<f8": ("d", 8), ">f8": ("d", 8)}
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            data = archive.read(name)
            assert data[:8] == b"\x93NUMPY\x01\x00"
            length = struct.unpack("<H", data[8:10])[0]
            assert (10 + length) % 64 == 0
            header = eval(data[10:10 + length], {"__builtins__": {}})  # noqa: S307
            letter, size = kinds[header["descr"]]
            order = ">" if header["descr"][0] == ">" else "<"
            count = 1
            for side in header["shape"]:
                count *= side
            assert len(data) == 10 + length + count * size
            arrays[name[:-4]] = (struct.unpack(f"{order}{count}{letter}", data[10 + length:]),
                                 header["shape"])
    return arrays


def rows(array):
    flat, shape = array
    width = 1
    for side in shape[1:]:
        width *= side
    return [tuple(flat[i * width:(i + 1) * width]) for i in range(shape[0])]


def check_shape(line):
    n = len(line["point"])
    facets = [[Fraction(a) for a in facet["row"]] for facet in line["facets"]]
    vertices = [tuple(map(Fraction, x)) for x in line["vertices"]]
    assert vertices == find_vertices(facets, n), (line, vertices)
    bound = find_inradius(facets, n)
    assert (bound is None) == (line["inradius"] is None) == (line["center"] is None)
    if bound is None:
        return
    radius, center = Fraction(line["inradius"]), [Fraction(t) for t in line["center"]]
    assert radius > 0 and bound <= radius * (1 + Fraction(2, 10**9)), (line, bound)
    for row in facets:
        assert affine(row, center) ** 2 >= radius ** 2 * sum(a * a for a in row[:n])
        assert affine(row, center) > 0


def check_lines(layers, lines, box):
    for line in lines:
        x = [Fraction(t) for t in line["point"]]
        pattern, y = evaluate(layers, x)
        assert pattern == line["pattern"], (pattern, line["pattern"])
        assert y == [affine(a + [b], x) for a, b in zip(line["A"], line["b"])]
        assert line["class"] == (y.index(max(y)) if len(y) > 1 else int(y[0] > 0))
        for facet in line["facets"]:
            assert affine(facet["row"], x) > 0
        assert (line["volume"] is not None) == line["bounded"]
        assert not line["bounded"] or Fraction(line["volume"]) > 0
    if box:
        low, high = map(Fraction, box[1].split(":"))
        inputs = len(lines[0]["point"])
        assert sum(Fraction(line["volume"]) for line in lines) == (high - low) ** inputs


def check_graph(lines, path):
    graph = read_arrays(path)
    begin, to, unit = graph["indptr"][0], graph["indices"][0], graph["unit"][0]
    assert rows(graph["pattern"]) == [key(line["pattern"]) for line in lines]
    number = {key(line["pattern"]): i for i, line in enumerate(lines)}
    pairs = set()
    for i, line in enumerate(lines):
        own = to[begin[i]:begin[i + 1]]
        inner = [facet for facet in line["facets"] if "unit" in facet]
        assert list(own) == [number[key(facet["neighbour"])] for facet in inner]
        for k, u in zip(own, unit[begin[i]:begin[i + 1]]):
            assert key(lines[i]["pattern"])[u] != key(lines[k]["pattern"])[u]
            pairs.add((i, k))
    assert all((b, a) in pairs for a, b in pairs) and len(pairs) == len(to)
    reached, left = {0}, [0]
    while left:
        i = left.pop()
        fresh = set(to[begin[i]:begin[i + 1]]) - reached
        reached |= fresh
        left += fresh
    assert len(reached) == len(lines)


def check_arrays(lines, path):
    arrays = read_arrays(path)
    patterns = rows(arrays["pattern"])
    known = {key(line["pattern"]): line for line in lines}
    assert sorted(patterns) == sorted(known)
    begin, kind, number = (arrays["facet_" + name][0] for name in ("begin", "kind", "number"))
    inequality, beyond = rows(arrays["facet_row"]), rows(arrays["neighbour"])
    m = arrays["b"][1][1]
    for r, pattern in enumerate(patterns):
        line = known[pattern]
        assert bool(arrays["bounded"][0][r]) == line["bounded"]
        if arrays["inside"][0][r]:
            assert list(rows(arrays["point"])[r]) == line["point"]
        assert [list(rows(arrays["A"])[r][i * len(line["A"][0]):(i + 1) * len(line["A"][0])])
                for i in range(m)] == line["A"]
        assert list(rows(arrays["b"])[r]) == line["b"]
        first, last = arrays["vertex_begin"][0][r:r + 2]
        assert [list(x) for x in rows(arrays["vertex"])[first:last]] == line["vertices"]
        if line["center"]:
            assert arrays["inradius"][0][r] == line["inradius"]
            assert list(rows(arrays["center"])[r]) == line["center"]
        else:
            assert arrays["inradius"][0][r] == float("inf")
            assert all(math.isnan(t) for t in rows(arrays["center"])[r])
        assert arrays["class"][0][r] == line["class"]
        volume = arrays["volume"][0][r]
        assert volume == line["volume"] if line["bounded"] else volume == float("inf")
        assert begin[r + 1] - begin[r] == len(line["facets"])
        for i, facet in zip(range(begin[r], begin[r + 1]), line["facets"]):
            assert list(inequality[i]) == facet["row"]
            assert (kind[i] == 0) == ("unit" in facet)
            if kind[i] == 0:
                assert beyond[i] == key(facet["neighbour"])
                assert beyond[i][number[i]] != pattern[number[i]]
            else:
                assert number[i] == facet.get("input", facet.get("half_space"))


def below(A, value):
    """Is |A|^2 < value? value I - A' A is positive definite iff all its leading minors are."""
    n = len(A[0])
    rows = [[value * (i == j) - sum(row[i] * row[j] for row in A) for j in range(n)]
            for i in range(n)]
    for p in range(n):
        if rows[p][p] <= 0:
            return False
        for i in range(p + 1, n):
            factor = rows[i][p] / rows[p][p]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[p])]
    return True


def eccentricities(lines):
    number = {key(line["pattern"]): i for i, line in enumerate(lines)}
    beyond = [[number[key(facet["neighbour"])] for facet in line["facets"] if "neighbour" in facet]
              for line in lines]
    for start in range(len(lines)):
        distance, left = {start: 0}, [start]
        for i in left:
            for k in beyond[i]:
                if k not in distance:
                    distance[k] = distance[i] + 1
                    left.append(k)
        yield max(distance.values())


def populate(rng, layers, lines, box, path):
    """Writes points, none of them on a boundary; the number of points in each region that has
    some, and the number outside."""
    known = {key(line["pattern"]): line for line in lines}
    found, outside, written = {}, 0, []
    for _ in range(40):
        x = [Fraction(rng.randint(-3000, 3000), 1009) for _ in lines[0]["point"]]
        if box:
            low, high = map(Fraction, box[1].split(":"))
            if {low, high} & set(x):
                continue  # on the border
            if not all(low < t < high for t in x):
                outside += 1
                written.append(x)
                continue
        pattern = key(evaluate(layers, x)[0])
        if pattern in known and all(affine(f["row"], x) > 0 for f in known[pattern]["facets"]):
            found[pattern] = found.get(pattern, 0) + 1
            written.append(x)
    path.write_text("".join(",".join(map(str, x)) + "\n" for x in written) or "0\n")
    return list(found.values()), outside, bool(written)


def check_volumes(volumes, stats):
    """The exponent of a volume v is the largest k with 2^k <= v."""
    exponents = []
    for v in volumes:
        k = v.numerator.bit_length() - v.denominator.bit_length()
        exponents.append(k if v >= Fraction(2)**k else k - 1)
    if not volumes:
        assert "volumes" not in stats
        return
    found = stats["volumes"]
    assert found["exponent"] == min(exponents)
    assert found["regions"] == [exponents.count(k)
                                for k in range(min(exponents), max(exponents) + 1)]
    for name, v in (("least", min(volumes)), ("largest", max(volumes))):
        assert 0 <= v - Fraction(float(found[name])) <= v / 2**52


def check_parts(rng, layers, lines, box, path):
    """What stats finds on demand; lines: exact."""
    data = path.with_name("points.csv")
    found, outside, some = populate(rng, layers, lines, box, data)
    stats = json.loads(crease("stats", "--norms", "--maps", "--graph", "--volumes", "--json", *box,
                              path, *(["--data", data] if some else [])))
    check_volumes([Fraction(line["volume"]) for line in lines if line["bounded"]], stats)
    maps = [[[Fraction(a) for a in row] for row in line["A"]] for line in lines]
    assert stats["maps"] == len({str(line["A"]) + str(line["b"]) for line in lines})
    largest = max(max(sum(map(abs, column)) for column in zip(*A)) for A in maps)
    assert Fraction(stats["norm_l1"]["value"]) == largest
    largest = max(max(sum(map(abs, row)) for row in A) for A in maps)
    assert Fraction(stats["norm_linf"]["value"]) == largest
    low, high = (Fraction(float(stats["norm_l2"][name])) for name in ("low", "high"))
    assert low <= high <= low * (1 + Fraction(1, 10**9))
    above = Fraction(math.nextafter(float(high), math.inf))
    assert all(below(A, above ** 2) for A in maps)
    assert low == 0 or any(not below(A, low ** 2) for A in maps)
    reach = list(eccentricities(lines))
    assert stats["radius"][0] <= min(reach) <= stats["radius"][1]
    assert stats["diameter"][0] <= max(reach) <= stats["diameter"][1]
    if some:
        assert stats["points"] == sum(found) and stats["points_outside"] == outside
        assert stats["populations"][0] == len(lines) - len(found)
        assert all(found.count(i) == n for i, n in enumerate(stats["populations"]) if i)


def check_stats(layers, lines, box, path):
    """lines: exact."""
    stats = json.loads(crease("stats", "--json", *box, path))
    assert stats["complete"] and stats["regions"] == len(lines)
    assert stats["bounded"] == sum(line["bounded"] for line in lines)
    for name, values in (("facets", [len(line["facets"]) for line in lines]),
                         ("neighbours", [sum("unit" in facet for facet in line["facets"])
                                         for line in lines]),
                         ("active", [sum(s != 0 for s in key(line["pattern"])) for line in lines])):
        assert all(values.count(i) == n for i, n in enumerate(stats[name]))
        assert sum(stats[name]) == len(lines)
        assert abs(stats[name + "_mean"] - sum(values) / len(lines)) < 1e-6
    switching = [l for l, layer in enumerate(layers) if layer["activation"] != "linear"]
    assert [layer["layer"] for layer in stats["layers"]] == switching
    for k, layer in enumerate(stats["layers"]):
        columns = list(zip(*(line["pattern"][k] for line in lines)))
        assert layer["units"] == len(columns)
        assert layer["always"] == sum(all(column) for column in columns)
        assert layer["never"] == sum(not any(column) for column in columns)
        assert layer["constant"] == sum(len(set(column)) == 1 for column in columns)
        assert layer["regions_after"] == len({str(line["pattern"][:k + 1]) for line in lines})


def check_network(rng, directory):
    inputs = rng.randint(1, 3)
    layers = random_layers(rng, inputs)
    if rng.random() < 0.7:
        width = len(layers[-1]["weight"][0]) + 1
        rows = [[Fraction(rng.randint(-9, 9), 7) for _ in range(width)]
                for _ in range(rng.randint(1, 3))]
        layers[-1] = {"weight": [row[1:] for row in rows], "bias": [row[0] for row in rows],
                      "activation": "linear"}
    path = directory / "net.json"
    path.write_text(json.dumps({"input": inputs, "layers": layers}, default=str))
    box = rng.choice([[], ["--box", "-1:1"], ["--box", "-1/3:5/2"]])
    count = int(crease("count", "--quiet", *box, path))
    if count > 400:
        return
    everything = "--with=facets,neighbours,map,class,volume,vertices,center,inradius"
    exact, plain = directory / "exact.jsonl", directory / "plain.jsonl"
    ordered, arrays = directory / "ordered.jsonl", directory / "arrays.npz"
    graph = directory / "graph.npz"
    assert int(crease("regions", "--quiet", everything, "--exact", "-o", exact, "--graph", graph,
                      *box, path)) == count
    lines = read_lines(exact)
    assert len({key(line["pattern"]) for line in lines}) == len(lines) == count
    check_lines(layers, lines, box)
    for line in rng.sample(lines, min(len(lines), 25)):
        check_shape(line)
    check_stats(layers, lines, box, path)
    check_parts(rng, layers, lines, box, path)
    check_graph(lines, graph)
    crease("regions", everything, "--threads=3", "-o", plain, *box, path)
    crease("regions", everything, "--sorted", "--cell", rng.choice(["lp", "rays"]), "-o", ordered,
           "--graph", graph, *box, path)
    crease("regions", everything, "-o", arrays, *box, path)
    plain_lines = read_lines(plain)
    by_pattern = {key(line["pattern"]): line for line in plain_lines}
    assert len(by_pattern) == count
    for line in lines:
        same = by_pattern[key(line["pattern"])]
        assert same["bounded"] == line["bounded"] and len(same["facets"]) == len(line["facets"])
        assert len(same["vertices"]) == len(line["vertices"])
        for a, b in zip(sum(line["A"] + line["vertices"], []) + line["b"],
                        sum(same["A"] + same["vertices"], []) + same["b"]):
            assert abs(Fraction(a) - Fraction(b)) <= abs(Fraction(a)) / 2**52
    in_order = read_lines(ordered)
    assert sorted(by_pattern) == [key(line["pattern"]) for line in in_order]
    check_graph(in_order, graph)
    check_arrays(plain_lines, arrays)
    line = rng.choice(lines)
    found = json.loads(crease("regions", "--json", "--exact", "--at=" + ",".join(line["point"]),
                              *box, path))
    assert found["pattern"] == line["pattern"] and found["A"] == line["A"]
    assert sorted(map(str, found["facets"])) == sorted(map(str, line["facets"]))


def check_join(directory):
    """The join of two squares, |x|, |y| <= 1 - t and |z|, |u| <= t: opposite corners of a square
    lie in four facets in R^5, but span no edge, which the box would cut. Here 0 is the largest of nine
    functions."""
    units = [[sign * (i == j) for j in range(4)] for i in range(4) for sign in (1, -1)]
    path = directory / "join.json"
    path.write_text(json.dumps({"input": 5, "layers": [
        {"weight": [[0] * 5] + [row + [1 if any(row[:2]) else -1] for row in units],
         "bias": [0] + 4 * [-1] + 4 * [0], "activation": "maxout", "rank": 9},
        {"weight": [[1]], "bias": [0], "activation": "linear"}]}))
    lines = [json.loads(line) for line in crease(
        "regions", "--exact", "--with=facets,vertices,center,inradius",
        "--box=-1/2:2,-2:2,-2:2,-2:2,-2:2", path).splitlines()]
    check_shape(next(line for line in lines if line["pattern"] == [[0]]))


def check_stops(directory):
    iris, out = DATA / "iris-4-16-16-3.json", directory / "out.jsonl"
    for name in ("out.jsonl", "out.npz"):
        crease("regions", "--limit-regions=1000", "-o", directory / name, "--graph",
               directory / "graph-of-stopped.npz", iris, code=3)
        # Files from here on are temporary ones.
        assert not list(directory.glob("out.*")) and not list(directory.glob("graph-of*"))
    taken = crease("regions", "--limit-regions=7", "--threads=1", iris, code=3)
    assert len(taken.splitlines()) == 7
    for name in ("out.jsonl", "out.npz"):
        run = subprocess.Popen([CREASE, "regions", "--with=facets,map", "-o", directory / name,
                                iris], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not list(directory.glob(name + ".unfinished-*")):
            assert run.poll() is None and time.monotonic() < deadline
            time.sleep(0.001)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert not (directory / name).exists() or run.returncode == 0
    out.write_text("my diary, which is long enough to be no list of regions at all, by far\n")
    crease("regions", "-o", out, iris, code=2)
    assert out.read_text().startswith("my diary")
    crease("regions", "-o", iris, "--force", iris, code=2)
    crease("regions", "--with=colour", iris, code=2)
    crease("regions", "--engine=walk", iris, code=2)


def check_series(_):
    """Of several networks, a line each with the numbers that each has alone."""
    paths = [DATA / "max-min-2d.json", DATA / "moons-2-16-16-2.json"]
    # The bounds of the graph depend on the order.
    options = ["--norms", "--maps", "--graph", "--box=-1:1", "--threads=1"]
    alone = [json.loads(crease("stats", "--json", *options, path)) for path in paths]
    together = json.loads(crease("stats", "--json", *options, *paths))
    assert together["complete"] and together["networks"] == alone
    names, *table = list(csv.reader(crease("stats", "--csv", *options, *paths).splitlines()))
    assert len(table) == 2
    for row, path, one in zip(table, paths, alone):
        row = dict(zip(names, row))
        assert row["file"] == str(path) and row["complete"] == "1"
        for name in ("regions", "bounded", "facets_mean", "neighbours_mean", "active_mean", "maps"):
            assert abs(float(row[name]) - one[name]) < 1e-6
        assert row["constant"] == str(sum(layer["constant"] for layer in one["layers"]))
        assert abs(float(row["norm_l1"]) - Fraction(one["norm_l1"]["value"])) < 1e-9
        assert row["norm_l2"] == one["norm_l2"]["high"]
    crease("stats", paths[0], DATA / "none.json", code=2)
    stopped = crease("stats", "--csv", "--limit-regions=9", "--threads=1", *paths, code=3)
    assert [row.split(",")[1:3] for row in stopped.splitlines()[1:]] == [["1", "5"], ["0", "9"]]


def check_large_norms(directory):
    """Norms whose numerators, or that themselves, are beyond the range of doubles."""
    for name, unit in (("near", "1" + "0" * 400 + "/3" + "0" * 400), ("large", "1e400")):
        path = directory / f"{name}.json"
        path.write_text(json.dumps({"input": 1, "layers": [
            {"weight": [[unit]], "bias": [0], "activation": "relu"},
            {"weight": [["1/7"]], "bias": [0], "activation": "linear"}]}))
    near, large = directory / "near.json", directory / "large.json"
    rows = csv.DictReader(crease("stats", "--norms", "--csv", near, large).splitlines())
    found = [[row["norm_l1"], row["norm_linf"]] for row in rows]
    assert all(abs(float(norm) * 21 - 1) < 1e-9 for norm in found[0]) and found[1] == ["inf", "inf"]
    assert "norm l1    0.0476190476" in crease("stats", "--norms", near)
    norm = json.loads(crease("stats", "--norms", "--json", large))["norm_l2"]
    assert float(norm["low"]) == sys.float_info.max and float(norm["high"]) == float("inf")


def untimed(found):
    return {name: value for name, value in found.items() if name not in ("seconds", "peak_rss_bytes")}


def check_several(directory):
    """Lists, balls and segments in several networks: what each has alone, with its name."""
    paths = [DATA / "max-min-2d.json", DATA / "moons-2-16-16-2.json"]
    data, out = directory / "points.csv", directory / "several.jsonl"
    data.write_text("0.1,0.2\n0.3,-0.4\n")
    together = crease("regions", "--sorted", "--with=facets", *paths).splitlines()
    assert together == [f'{{"file":"{path}",' + line[1:] for path in paths for line in
                        crease("regions", "--sorted", "--with=facets", path).splitlines()]
    for _ in range(2):  # the second time in place of the first file
        assert crease("regions", "--quiet", "-o", out, *paths).split() == ["5", "648"]
        lines = read_lines(out)
        assert len(lines) == 653 and len({str(line) for line in lines}) == 653
    out.unlink()
    crease("regions", "--quiet", "--limit-regions=9", "-o", out, *paths, code=3)
    crease("regions", "--quiet", "--limit-regions=9", "-o", out, *reversed(paths), code=3)
    crease("regions", "--quiet", "-o", out, paths[0], directory / "none.json", code=2)
    crease("regions", "--quiet", "-o", directory / "several.npz", *paths, code=2)
    crease("regions", "--quiet", "--graph", directory / "several.npz", *paths, code=2)
    assert not list(directory.glob("several*"))
    point = [json.loads(line) for line in
             crease("regions", "--json", "--at=1,3", *paths).splitlines()]
    assert [line["file"] for line in point] == list(map(str, paths))
    for arguments in (["--around", data, "--radius=1/5", "--margin=3"], ["--along", data],
                      ["--lines=5", "--box=-1:1"]):
        alone = [crease("count", "--csv", *arguments, path).splitlines() for path in paths]
        names, *rows = crease("count", "--csv", *arguments, *paths).splitlines()
        assert names == "file," + alone[0][0] and alone[0][0] == alone[1][0]
        assert rows == [f'"{path}",{row}' for path, (_, *own) in zip(paths, alone) for row in own]
        found = json.loads(crease("count", "--json", *arguments, *paths))
        alone = [json.loads(crease("count", "--json", *arguments, path)) for path in paths]
        assert found["complete"] and list(map(untimed, found["networks"])) == list(map(untimed, alone))
    crease("count", *paths, code=2)
    crease("count", "--around", data, "--radius=1", paths[0], DATA / "abs-1d.json", code=2)


def check_stopped_stats(directory):
    """Nothing is printed that the regions visited so far do not tell."""
    points = directory / "points.csv"
    points.write_text("0,0\n1,1\n")
    arguments = ["--maps", "--graph", "--data", points, "--limit-regions=9",
                 DATA / "moons-2-16-16-2.json"]
    stopped = json.loads(crease("stats", "--json", *arguments, code=3))
    assert not stopped["complete"] and stopped["stopped"] == "at the limit on regions"
    assert stopped["maps"] is stopped["radius"] is stopped["diameter"] is None
    assert [layer["regions_after"] for layer in stopped["layers"]] == [None, None]
    assert stopped["populations"] == [None, 2]
    rows = [row.split(",") for row in crease("stats", "--csv", *arguments, code=3).splitlines()]
    assert ["complete", "", "0"] in rows and ["populations", "1", "2"] in rows
    assert not {"regions_after", "maps", "radius_low"} & {row[0] for row in rows}
    assert not any(row[:2] == ["populations", "0"] for row in rows)
    names, row, _ = csv.reader(
        crease("stats", "--csv", *arguments, arguments[-1], code=3).splitlines())
    row = dict(zip(names, row))
    assert row["maps"] == row["radius"] == row["diameter"] == "" and row["populated"] == "2"


def check_left_early(directory):
    """A volume in ten dimensions takes too long to wait for; a region whose volume or vertices are left
    early is not in the list."""
    for arguments in (["regions", "--with=volume", "-o", "-"], ["stats", "--volumes", "--csv"],
                      ["regions", "--with=volume", "--quiet", "-o", directory / "left.npz"]):
        crease(*arguments, "--limit-seconds=0.1", "--box=-1:1", DATA / "diabetes-10-12-8-1.json", code=3)
    assert not list(directory.glob("left*"))
    listed = ["regions", "--with=volume,vertices,center,inradius", "-o", "-", "--box=2:4",
              DATA / "iris-4-16-16-3.json"]
    whole = set(crease(*listed).splitlines())
    for seconds in (0.01, 0.04, 0.08, 0.15):
        run = subprocess.run([CREASE, *map(str, listed), f"--limit-seconds={seconds}"], capture_output=True, text=True)
        lines = run.stdout.splitlines()
        assert run.returncode in (0, 3) and set(lines) <= whole and len(set(lines)) == len(lines)
        assert run.returncode or set(lines) == whole
        assert not run.returncode or not lines or f"after {len(lines)} regions" in run.stderr, run.stderr


def check_ties(directory):
    """Of equal outputs the first is the class; a single output of 0 is not positive."""
    net = directory / "tie.json"
    for rows, bias, label in (([[-1], [1], [1]], [-5, 0, 0], 1), ([[0]], [0], 0), ([[0]], [1], 1)):
        net.write_text(json.dumps({"input": 1, "layers": [
            {"weight": [[1]], "bias": [0], "activation": "relu"},
            {"weight": rows, "bias": bias, "activation": "linear"}]}))
        lines = crease("regions", "--with=class", net).splitlines()
        assert [json.loads(line)["class"] for line in lines] == [label, label]


def check_beyond_doubles(directory):
    """Numbers that no double is near to are fractions."""
    net = directory / "big.json"
    net.write_text(json.dumps({"input": 1, "layers": [
        {"weight": [["1e400"]], "bias": ["1e800"], "activation": "relu"},
        {"weight": [["1e300"]], "bias": [0], "activation": "linear"}]}))

    def strict(name):
        raise AssertionError(name)

    lines = crease("regions", "--with=facets,map,volume,vertices,center", "--box=-2e400:0", net)
    regions = [json.loads(line, parse_constant=strict) for line in lines.splitlines()]
    big = 10**400
    assert {region["vertices"][0][0] for region in regions} == {str(-2 * big), str(-big)}
    assert {region["volume"] for region in regions} == {str(big)}
    assert [region["A"] for region in regions if region["pattern"] == [[1]]] == [[[str(10**700)]]]
    assert [facet["row"] for region in regions for facet in region["facets"]
            if "unit" in facet and region["pattern"] == [[1]]] == [[str(big), str(big**2)]]
    piece = json.loads(crease("boundary", "-o", "-", "--level=1", net), parse_constant=strict)
    assert piece["row"][0] == str(-10**700)


def check_full(directory):
    """A limit on the size of files stands for a full disk."""
    for name in ("out.jsonl", "out.npz"):
        message = crease_in(2**17, "regions", "-o", directory / name, DATA / "iris-4-16-16-3.json")
        assert "File too large" in message, message
        assert not list(directory.iterdir())


def main():
    check_random(6, check_network)
    check_each(check_join)
    check_each(check_series, check_stops, check_stopped_stats, check_large_norms, check_several,
               check_beyond_doubles, check_ties, check_left_early)
    check_each(check_full)


if __name__ == "__main__":
    main()
