#!/usr/bin/env python3
"""crease boundary against pieces that are found here in exact fractions.

    boundary.py CREASE [SEED [COUNT]]

Random networks with one and two inputs and all activations, where outputs are often equal on whole
regions and boundaries lie on facets; polytopes and fans in more dimensions, with known numbers; the
network of Tseran and Montufar (On the Expected Complexity of Maxout Networks, 2021), whose program
finds 216 regions and 30 pieces."""
import json
import math
import random
import sys
from collections import Counter
from fractions import Fraction

sys.dont_write_bytecode = True
from exact import fractions, minus, sweep, through, value, write  # noqa: E402
from shared import DATA, check_each, check_random, crease, random_layers, refused  # noqa: E402
from sweep import middle  # noqa: E402


def outputs_of(functions, level):
    """One function for each class."""
    if len(functions) > 1:
        return functions
    return [[Fraction(0)] * (len(functions[0]) - 1) + [level], functions[0]]


def class_at(functions, x, d):
    """The class of x + e d for small e > 0."""
    values = [(value(f, x), sum(a * t for a, t in zip(f, d))) for f in functions]
    return values.index(max(values))


# ---- One input ----

def pieces_on_line(layers, level):
    end = Fraction(10**6)
    cells = sweep(layers, [Fraction(0)], [Fraction(1)], -end, end)
    classes = []
    for low, high, functions, _ in cells:
        own = outputs_of([list(f) for f in functions], level)
        cuts = {(g[1] - f[1]) / (f[0] - g[0]) for f in own for g in own if f[0] != g[0]}
        ends = [low, *sorted(t for t in cuts if low < t < high), high]
        classes += [class_at(own, [middle(a, b)], [0]) for a, b in zip(ends, ends[1:])]
    return Counter(tuple(sorted(pair)) for pair in zip(classes, classes[1:]) if pair[0] != pair[1])


# ---- Two inputs ----

def on_line(row):
    """A point and a direction of the line row[0] x + row[1] y + row[2] = 0."""
    a, b, c = row
    return [-a * c / (a * a + b * b), -b * c / (a * a + b * b)], [-b, a]


def along_line(functions, p, d):
    """The functions of t at p + t d, as pairs (slope, level)."""
    return [(sum(a * t for a, t in zip(f, d)), value(f, p)) for f in functions]


def interval(facets, p, d):
    """The t with p + t d in the interior, if they are an interval."""
    low, high = Fraction(-10**9), Fraction(10**9)
    for slope, level in along_line(facets, p, d):
        if slope == 0:
            if level <= 0:
                return None
        elif slope > 0:
            low = max(low, -level / slope)
        else:
            high = min(high, -level / slope)
    return (low, high) if low < high else None


def runs(row, span, here, there):
    """The pairs of classes on the sides of a line, where row is above 0 (here) and below (there):
    one for each run of t with one pair, with its line and its ends."""
    scale = row[0] or row[1]
    line = tuple(a / scale for a in row)
    p, d = on_line(row)
    own = [along_line(functions, p, d) for functions in (here, there)]
    cuts = {(g[1] - f[1]) / (f[0] - g[0]) for side in own for f in side for g in side
            if f[0] != g[0]}
    ends = [span[0], *sorted(t for t in cuts if span[0] < t < span[1]), span[1]]
    found = []
    for a, b in zip(ends, ends[1:]):
        x = [s + middle(a, b) * t for s, t in zip(p, d)]
        pair = (class_at(here, x, row[:2]), class_at(there, x, [-row[0], -row[1]]))
        if not found or found[-1][0] != pair:
            found.append((pair, a, b))
        else:
            found[-1] = (pair, found[-1][1], b)
    return [(tuple(sorted(pair)), line, [tuple(s + t * e for s, e in zip(p, d)) for t in ends])
            for pair, *ends in found if pair[0] != pair[1]]


def joined(pieces, ridge):
    """From pieces as pairs, hyperplanes and vertices: the numbers of those that are left when pieces
    of one pair and hyperplane that share so many vertices are joined; and of hyperplanes."""
    planes, left = {}, Counter()
    for pair, plane, vertices in pieces:
        own = [set(vertices)]
        for other in planes.setdefault((pair, plane), []).copy():
            if any(len(set(vertices) & v) >= ridge for v in other):
                planes[pair, plane].remove(other)
                own += other
        planes[pair, plane].append(own)
    for (pair, _), components in planes.items():
        left[pair] += len(components)
    return left, Counter(pair for pair, _ in planes)


def pieces_in_plane(net, box, level):
    lines = crease("regions", "--exact", "--with=facets,neighbours,map", *box, net).splitlines()
    regions = {}
    for line in map(json.loads, lines):
        functions = [[Fraction(a) for a in row] + [Fraction(b)]
                     for row, b in zip(line["A"], line["b"])]
        facets = [[Fraction(a) for a in facet["row"]] for facet in line["facets"]]
        regions[str(line["pattern"])] = (outputs_of(functions, level), facets,
                                         [str(f.get("neighbour")) for f in line["facets"]])
    pieces = []
    for name, (functions, facets, beyond) in regions.items():
        seen = set()
        for i, f in enumerate(functions):
            for g in functions[:i]:
                row = minus(f, g)
                if not any(row[:2]):
                    continue
                scale = abs(row[0] or row[1])
                row = [a / scale * (1 if (row[0] or row[1]) > 0 else -1) for a in row]
                span = interval(facets, *on_line(row))
                if span and tuple(row) not in seen:
                    seen.add(tuple(row))
                    pieces.extend(runs(row, span, functions, functions))
        for k, row in enumerate(facets):
            if beyond[k] in regions and beyond[k] < name:
                span = interval(facets[:k] + facets[k + 1:], *on_line(row))
                pieces.extend(runs(row, span, functions, regions[beyond[k]][0]))
    return pieces


def found_by(*arguments, definition="activation"):
    result = json.loads(crease("boundary", "--json", f"--definition={definition}", *arguments))
    assert result["complete"] and result["definition"] == definition
    assert result["counts"].get(definition, 0) == result["pieces"]
    pairs = {tuple(pair["classes"]): pair["pieces"] for pair in result["pairs"]}
    assert sum(pairs.values()) == result["pieces"]
    assert sum(result["parts_by_class"]) == result["parts"]
    return pairs


def check_network(rng, directory):
    inputs = rng.randint(1, 2)
    layers = random_layers(rng, inputs)
    last = layers[-1]
    for _ in range(rng.randint(0, 2)):
        last["weight"].append(rng.choice([last["weight"][0], [Fraction(rng.randint(-1, 1))
                                                              for _ in last["weight"][0]]]))
        last["bias"].append(rng.choice([last["bias"][0], Fraction(rng.randint(-1, 1))]))
    net = directory / "net.json"
    write(net, inputs, layers)
    level = rng.choice([Fraction(0), Fraction(1, 3), Fraction(-1)])
    asked = [f"--level={level}"] if len(last["bias"]) == 1 else []
    if inputs == 1:
        box, known = [], pieces_on_line(fractions(layers), level)
        others = known, known
    else:
        box = rng.choice([[], ["--box=-2:5/2"]])
        if int(crease("count", "--quiet", *box, net)) > 300:
            return
        pieces = pieces_in_plane(net, box, level)
        known, others = Counter(pair for pair, _, _ in pieces), joined(pieces, 1)
    for definition, expected in zip(("open-connected", "affine"), others):
        found = found_by(*asked, *box, rng.choice(["-t1", "-t3"]), net, definition=definition)
        assert found == expected, (definition, found, expected)
    for cell in ("auto", "lp", "rays"):
        found = found_by(*asked, *box, f"--cell={cell}", rng.choice(["-t1", "-t3"]), net)
        assert found == known, (cell, found, known)
    check_list(fractions(layers), level, known, *asked, *box, rng.choice(["-t1", "-t3"]), net)
    rows = [list(map(int, line.split(","))) for line in
            crease("boundary", "--csv", *asked, *box, net).splitlines()[1:]]
    assert {(i, j): n for i, j, n, complete in rows if n and complete} == known
    assert int(crease("boundary", "--quiet", *asked, *box, net)) == sum(known.values())


def check_list(layers, level, known, *arguments):
    """The pieces one by one: at a point in the middle of one, the two classes have equal outputs; on
    either side is the class and the pattern that the line says."""
    rows = list(map(json.loads, crease("boundary", "-o", "-", "--exact", *arguments).splitlines()))
    assert Counter(tuple(row["classes"]) for row in rows) == known
    assert len({str(row["pattern"]) + str(row["beyond"]) + str(row["classes"]) for row in rows}) == len(rows)
    switching = [l for l, layer in enumerate(layers) if layer["activation"] != "linear"]
    for row in rows:
        f = [Fraction(a) for a in row["row"]]
        vertices = [[Fraction(t) for t in v] for v in row["vertices"]]
        n = len(f) - 1
        assert all(value(f, v) == 0 for v in vertices)
        if len(vertices) < n:
            continue  # unbounded
        x = [sum(v[j] for v in vertices) / len(vertices) for j in range(n)]
        y = [value(g, x) for g in outputs_of(through(layers, x)[1], level)]
        assert [y[i] for i in row["classes"]] == [max(y)] * 2
        for side, name, at in ((1, "pattern", row["classes"][0]), (-1, "beyond", row["classes"][1])):
            near = [t + Fraction(side, 10**12) * a for t, a in zip(x, f)]
            units, outputs = through(layers, near)
            states = {(l, u): state for l, u, state, _ in units}
            for k, l in enumerate(switching):
                assert all(states[l, u] == s for u, s in enumerate(row[name][k])), (row, near)
            y = [value(g, near) for g in outputs_of(outputs, level)]
            assert y.index(max(y)) == at, (row, near, y)


def check_space(rng, directory):
    """Three inputs in a box: pieces are joined here if they have two vertices in common, from the list
    that crease writes. Outputs that ignore some units leave creases that change nothing."""
    layers = random_layers(rng, 3)
    for row in layers[-1]["weight"]:
        row[:] = [a if rng.random() < 0.6 else a - a for a in row]
    net = directory / "space.json"
    write(net, 3, layers)
    if int(crease("count", "--quiet", "--box=-1:1", net)) > 300:
        return
    pieces = []
    for row in map(json.loads, crease("boundary", "-o", "-", "--exact", "--box=-1:1", net).splitlines()):
        plane = [Fraction(a) for a in row["row"]]
        scale = next(a for a in plane if a)
        pieces.append((tuple(row["classes"]), tuple(a / scale for a in plane),
                       [tuple(map(Fraction, v)) for v in row["vertices"]]))
    for definition, expected in zip(("open-connected", "affine"), joined(pieces, 2)):
        found = found_by("--box=-1:1", rng.choice(["-t1", "-t3"]), net, definition=definition)
        assert found == expected, (definition, found, expected)


def check_joined(directory):
    """x_0 = max(0, 1 - |x_1|) has two parts in one hyperplane that do not meet, and two more pieces;
    |x_j| for the other inputs, and max(0, x_1 - 5), divide all of them but change nothing."""
    net = directory / "joined.json"
    for n in (2, 3, 4):
        # x_1, ..., x_(n-1), x_0 and their negatives.
        order = [*range(1, n), 0]
        first = {"weight": [[s * a for a in unit(n, j)] for s in (1, -1) for j in order],
                 "bias": [0] * (2 * n), "activation": "relu"}
        here, there = ([unit(2 * n, k + side) for k in range(n)] for side in (0, n))
        top = [-a - b for a, b in zip(here[0], there[0])]
        second = {"weight": [top, here[0], here[-1], there[-1]], "bias": [1, -5, 0, 0],
                  "activation": "relu"}
        write(net, n, [first, second, linear([[-1, 0, 1, -1]])])
        assert found_by(net) == {(0, 1): 5 * 2 ** (n - 2)}
        assert found_by(net, definition="open-connected") == {(0, 1): 4}
        assert found_by(net, definition="affine") == {(0, 1): 3}
        assert found_by("--box=-3/4:3/4", net, definition="open-connected") == {(0, 1): 2}


def linear(rows, bias=None):
    return {"weight": rows, "bias": bias or [0] * len(rows), "activation": "linear"}


def unit(n, j):
    return [int(i == j) for i in range(n)]


def check_known(directory):
    """|x_1| + ... + |x_n| = 1 has 2^n facets; the largest of k coordinates has a piece for each
    pair; of x and x + 0 the first is larger everywhere."""
    net = directory / "known.json"
    for n in (1, 2, 3, 5):
        hidden = {"weight": [unit(n, j) for j in range(n)], "bias": [0] * n, "activation": "abs"}
        write(net, n, [hidden, linear([[1] * n])])
        assert found_by("--level=1", net) == {(0, 1): 2**n}
        assert found_by("--level=0", net) == {}
        assert found_by("--level=-1", net) == {}
    for k in (2, 3, 5):
        write(net, k, [linear([unit(k, j) for j in range(k)])])
        assert found_by(net) == {(i, j): 1 for i in range(k) for j in range(i + 1, k)}
    write(net, 1, [linear([[1], [1]])])
    assert found_by(net) == {}


class Generator:
    """numpy.random.seed(seed) and numpy.random.normal, as NumPy documents its legacy generator."""

    def __init__(self, seed):
        state = [seed]
        for i in range(1, 624):
            state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + i) % 2**32)
        self.uniform = random.Random()
        self.uniform.setstate((3, (*state, 624), None))
        self.kept = None

    def normal(self, scale):
        if self.kept is None:
            while True:
                a, b = 2 * self.uniform.random() - 1, 2 * self.uniform.random() - 1
                square = a * a + b * b
                if 0 < square < 1:
                    break
            factor = math.sqrt(-2 * math.log(square) / square)
            self.kept = factor * a
            return scale * factor * b
        first, self.kept = self.kept, None
        return scale * first


def check_published(directory):
    """Two inputs, hidden layers of 7, 7 and 6 maxout units of rank 2, two outputs, seed 123."""
    numbers, widths, layers = Generator(123), [2, 7, 7, 6, 2], []
    for l, (n, m) in enumerate(zip(widths, widths[1:])):
        rank = 2 if l < 3 else 1
        scale = math.sqrt((1 if l < 3 else 2) / n)
        weight = [[numbers.normal(scale) for _ in range(n)] for _ in range(m * rank)]
        bias = [numbers.normal(scale) for _ in range(m * rank)]
        layers.append({"weight": weight, "bias": bias,
                       "activation": "maxout" if l < 3 else "linear"})
        if l < 3:
            layers[-1]["rank"] = 2
    net = directory / "published.json"
    net.write_text(json.dumps({"input": 2, "layers": layers}))
    assert int(crease("count", "--quiet", "--box=-3:3", net)) == 216
    assert found_by("--box=-3:3", net) == {(0, 1): 30}


def check_series(_):
    """Of several networks, the numbers that each has alone."""
    paths = [DATA / "max-min-2d.json", DATA / "moons-2-16-16-2.json"]
    alone = [json.loads(crease("boundary", "--json", "--box=-1:1", path)) for path in paths]
    together = json.loads(crease("boundary", "--json", "--box=-1:1", *paths))
    for own in alone + together["networks"]:
        del own["seconds"]
    assert together["complete"] and together["networks"] == alone
    names, *rows = crease("boundary", "--csv", "--box=-1:1", *paths).splitlines()
    assert names == "file,complete,pieces,parts"
    assert rows == [f'"{p}",1,{own["pieces"]},{own["parts"]}' for p, own in zip(paths, alone)]
    text = crease("boundary", "--box=-1:1", *paths).splitlines()[1:]
    assert [row.split() for row in text] == [["yes", str(own["pieces"]), str(own["parts"]), str(p)]
                                             for p, own in zip(paths, alone)]
    stopped = crease("boundary", "--csv", "--limit-regions=9", "--threads=1", *paths, code=3)
    assert [row.split(",")[1] for row in stopped.splitlines()[1:]] == ["1", "0"]
    assert "one network" in crease("boundary", "-o", "none.jsonl", *paths, code=2)
    assert "none.json" in crease("boundary", paths[0], DATA / "none.json", code=2)


def check_stops(directory):
    iris, wide = DATA / "iris-4-16-16-3.json", directory / "wide.json"
    whole = found_by(iris)
    stopped = json.loads(crease("boundary", "--json", "--limit-regions=9000", iris, code=3))
    assert not stopped["complete"] and 0 < stopped["pieces"] < sum(whole.values())
    for pair in stopped["pairs"]:
        assert pair["pieces"] <= whole[tuple(pair["classes"])]
    path = directory / "pieces.jsonl"
    crease("boundary", "-o", path, "--limit-regions=9000", iris, code=3)
    assert not path.exists()
    crease("boundary", "--quiet", "-o", path, "--box=0:1", iris)
    assert len(path.read_text().splitlines()) == int(crease("boundary", "--quiet", "--box=0:1", iris))
    assert "at least" in crease("boundary", "--limit-regions=9000", iris, code=3)
    write(wide, 1, [linear([[1]] * 65)])
    for arguments, part in (([wide], "65 outputs"), (["--level=1", iris], "one output"),
                            (["--level=x", DATA / "abs-1d.json"], "level")):
        message = refused("boundary", *arguments)
        assert part in message, message


check_random(5, check_network, check_space)
check_each(check_known, check_joined, check_published, check_series, check_stops)
