#!/usr/bin/env python3
"""crease.regions, region_batches and region_at against the command line.

    module.py CREASE LIBRARY

With NumPy where it is installed, and without it."""
import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from fractions import Fraction
from pathlib import Path

crease_path, library = (os.path.abspath(path) for path in sys.argv[1:3])
sys.dont_write_bytecode = True
os.environ["CREASE_LIBRARY"] = library
root = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "python"))
import crease  # noqa: E402
from crease import _regions  # noqa: E402

MOONS = root / "data" / "moons-2-16-16-2.json"
LINES = [([[1, 0], [0, 1], [1, 1]], [0, 0, Fraction(-1, 3)]), ([[1, 2, 3], [0, 1, 0]], [5, 6])]


def lines(*arguments):
    run = subprocess.run([crease_path, "regions", "--with=facets,neighbours,map", *arguments],
                         stdout=subprocess.PIPE, check=True)
    return {bytes(sum(line["pattern"], [])): line
            for line in map(json.loads, run.stdout.splitlines())}


def nested(array):
    return array.tolist()


def inequality(row, point):
    return sum(a * x for a, x in zip(row, point)) + row[-1]


def same_as(region, line):
    """Facets come in the same order."""
    assert region.pattern == bytes(sum(line["pattern"], []))
    assert all(inequality(facet.row, region.point) > 0 for facet in region.facets)
    assert nested(region.A) == line["A"] and nested(region.b) == line["b"]
    assert region.bounded == line["bounded"] and len(region.facets) == len(line["facets"])
    for facet, known in zip(region.facets, line["facets"]):
        assert nested(facet.row) == known["row"]
        assert (facet.kind == "unit") == ("unit" in known)
        if facet.kind == "unit":
            assert facet.neighbour == bytes(sum(known["neighbour"], []))
            assert facet.neighbour[facet.number] != region.pattern[facet.number]
        else:
            assert facet.number == known["input"] and facet.kind == known["box"]
            assert facet.neighbour is None
    assert region.neighbours == [f.neighbour for f in region.facets if f.kind == "unit"]


def all_regions():
    known = lines("--box=-1:1", str(MOONS))
    assert len(known) == crease.count(MOONS, box="-1:1").regions
    met = set()
    for region in crease.regions(MOONS, box="-1:1", threads=2):
        same_as(region, known[region.pattern])
        met.add(region.pattern)
    assert met == set(known)
    for region in crease.regions(LINES):
        x, y = region.point[0], region.point[1]
        for i in range(2):
            value = sum(w * max(0, a * x + b * y + c) for w, (a, b), c in
                        zip(LINES[1][0][i], LINES[0][0], map(float, LINES[0][1]))) + LINES[1][1][i]
            map_value = region.A[i, 0] * x + region.A[i, 1] * y + region.b[i]
            assert abs(value - map_value) < 1e-9


def largest(region):
    """The output that is the largest at the region's point."""
    value = [sum(a * x for a, x in zip(row, region.point)) + b
             for row, b in zip(nested(region.A), region.b)]
    assert len(value) < 2 or abs(value[0] - value[1]) > 1e-9
    return value.index(max(value))


def shapes():
    fields = "vertices,center,inradius,class,volume,facets,neighbours,map"
    run = subprocess.run([crease_path, "regions", f"--with={fields}", "--box=-1:1", str(MOONS)],
                         stdout=subprocess.PIPE, check=True)
    known = {bytes(sum(line["pattern"], [])): line
             for line in map(json.loads, run.stdout.splitlines())}
    for region in crease.regions(MOONS, box="-1:1", fields=fields):
        line = known[region.pattern]
        assert region.label == line["class"] and region.volume == line["volume"]
        assert nested(region.vertices) == line["vertices"] and len(line["vertices"]) > 2
        assert nested(region.center) == line["center"] and region.inradius == line["inradius"]
    # What was not asked for is found when it is.
    for i, region in enumerate(crease.regions(MOONS, box="-1:1", fields="map")):
        line = known.pop(region.pattern)
        if i % 50 == 0:
            assert nested(region.A) == line["A"] and region.label == largest(region)
            assert nested(region.vertices) == line["vertices"] and region.volume == line["volume"]
            assert nested(region.A) == line["A"] and region.bounded
            assert sorted(map(list, region.neighbours)) == sorted(
                sum(facet["neighbour"], []) for facet in line["facets"] if "neighbour" in facet)
    assert not known
    finite = [region for region in crease.regions(LINES, fields=fields)
              if math.isfinite(region.inradius)]
    assert len(finite) == 1  # a triangle with two sides of 1/3
    assert abs(finite[0].inradius - (2 - math.sqrt(2)) / 6) < 1e-9
    assert len(nested(finite[0].vertices)) == 3


def batches():
    sizes = [len(batch) for batch in crease.region_batches(MOONS, size=100, threads=1)]
    assert sum(sizes) == 648 and set(sizes[:-1]) == {100}
    batch = next(iter(crease.region_batches(MOONS, fields="map")))
    assert batch.A is not None and batch.facet_begin is None and batch.neighbour is None
    assert [region.pattern for region in batch] == [bytes(row) for row in nested(batch.pattern)]


def graphs(hidden):
    known = lines("--box=-1:1", str(MOONS))
    graph = crease.graph(MOONS, box="-1:1", threads=2)
    assert {graph.state(r) for r in range(len(graph))} == set(known)
    for r in range(len(graph)):
        begin, end = graph.indptr[r], graph.indptr[r + 1]
        beyond = [bytes(sum(facet["neighbour"], [])) for facet in known[graph.state(r)]["facets"]
                  if "neighbour" in facet]
        assert [graph.state(k) for k in graph.indices[begin:end]] == beyond
        for k, unit in zip(graph.indices[begin:end], graph.unit[begin:end]):
            assert graph.pattern[r, unit] != graph.pattern[k, unit]
    try:
        crease.graph(MOONS, limit_regions=10, threads=1)
    except crease.Stopped as stopped:
        assert stopped.regions == 10
    else:
        raise AssertionError("not stopped")
    for module, check in (("scipy", as_matrix), ("networkx", as_networkx)):
        if _regions._numpy() is not None and importlib.util.find_spec(module) is not None:
            check(graph)
        elif not hidden:
            print(f"not run: graphs for {module}, which is not installed")


def as_matrix(graph):
    from scipy.sparse import csgraph
    matrix = graph.sparse()
    assert matrix.shape == (len(graph), len(graph)) and (matrix != matrix.T).nnz == 0
    assert csgraph.connected_components(matrix)[0] == 1
    reach = csgraph.shortest_path(matrix, unweighted=True).max(axis=1)
    stats = crease.stats(MOONS, box="-1:1", graph=True)
    assert stats.radius[0] <= reach.min() <= stats.radius[1]
    assert stats.diameter[0] <= reach.max() <= stats.diameter[1]


def as_networkx(graph):
    import networkx
    own = graph.to_networkx()
    assert len(own) == len(graph) and 2 * own.number_of_edges() == len(graph.indices)
    assert networkx.is_connected(own)
    assert {data["pattern"] for _, data in own.nodes(data=True)} == {
        graph.state(r) for r in range(len(graph))}
    for a, b, data in own.edges(data=True):
        assert graph.pattern[a, data["unit"]] != graph.pattern[b, data["unit"]]


def statistics():
    points = [[0.5, 0.25], [-0.5, 0.75], [3, 0]]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "points.csv"
        path.write_text("".join(f"{x},{y}\n" for x, y in points))
        run = subprocess.run([crease_path, "stats", "--norms", "--maps", "--graph", "--json",
                              "--box=-1:1", "--threads=1", f"--data={path}", str(MOONS)],
                             stdout=subprocess.PIPE, check=True)
    known = json.loads(run.stdout)
    stats = crease.stats(MOONS, box="-1:1", norms=True, maps=True, graph=True, data=points,
                         threads=1)  # the bounds of the graph depend on the order
    assert stats.complete and stats.stopped is None
    for name in ("regions", "bounded", "facets", "neighbours", "active", "maps", "populations",
                 "points_outside"):
        assert getattr(stats, name) == known[name], name
    assert [stats.radius, stats.diameter] == [tuple(known["radius"]), tuple(known["diameter"])]
    for layer, line in zip(stats.layers, known["layers"]):
        assert abs(layer.active_sum / stats.regions - line.pop("active_mean")) < 1e-6
        assert all(getattr(layer, name) == value for name, value in line.items())
    for name in ("norm_l1", "norm_linf"):
        assert getattr(stats, name).exact == Fraction(known[name]["value"])
    assert [stats.norm_l2.low, stats.norm_l2.high] == [
        float(known["norm_l2"][name]) for name in ("low", "high")]
    assert all(abs(a - b) < 1e-6 for a, b in zip(stats.norm_l2.point, known["norm_l2"]["point"]))
    stopped = crease.stats(MOONS, limit_regions=10, norms=True, graph=True, threads=1)
    assert not stopped.complete and stopped.regions == 10 and stopped.stopped == "regions"
    assert stopped.radius is None and stopped.maps is None and stopped.as_dict()["regions"] == 10
    for norm in (Fraction(1, 3), Fraction(2, 3), Fraction(10) ** 400, Fraction(1, 10 ** 400)):
        found = crease.stats([([[norm]], [0]), ([[1]], [0])], norms=True)
        assert found.norm_l1.low < found.norm_l1.exact == norm < found.norm_l1.high
        assert Fraction(json.loads(json.dumps(found.as_dict()))["norm_l1"]["exact"]) == norm


def one():
    region = crease.region_at(LINES, [1, Fraction(1, 2)])
    assert region.pattern == b"\1\1\1" and nested(region.b) == [4, 6]
    assert nested(region.A) == [[4, 5], [0, 1]]
    known = lines("--box=-1:1", str(MOONS))
    for line in list(known.values())[:20]:
        same_as(crease.region_at(MOONS, line["point"], box="-1:1"), line)


def stops():
    try:
        found = 0
        for _ in crease.regions(MOONS, limit_regions=100, threads=1, fields=""):
            found += 1
    except crease.Stopped as stopped:
        assert stopped.regions == found == 100
    else:
        raise AssertionError("not stopped")
    rows = [[(i * j * j + 3 * i + j) % 17 - 8 for j in range(12)] for i in range(1, 61)]
    large = [(rows, [i * i % 11 - 5 for i in range(60)]), ([[1] * 60], [0])]
    for taken, _ in enumerate(crease.regions(large, fields="")):
        if taken == 10:
            break
    deadline = time.monotonic() + 60
    while threading.active_count() > 1:  # the break ends the search
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for call, part in ((lambda: crease.regions(MOONS, fields="colour"), "colour"),
                       (lambda: crease.region_at(MOONS, [1]), "point"),
                       (lambda: next(iter(crease.sample(MOONS, 5, fields=""))).A, "map")):
        try:
            call()
        except crease.InputError as error:
            assert part in str(error), error
        else:
            raise AssertionError(part)


def kept_lists():
    """A list that is stopped, more than once, gives all its regions in the end."""
    with tempfile.TemporaryDirectory() as directory:
        state = Path(directory) / "state"
        options = {"fields": "map", "checkpoint": state, "threads": 2}
        for limit in (100, 300):
            try:
                for _ in crease.regions(MOONS, limit_regions=limit, **options):
                    raise AssertionError("a list that is stopped has no regions yet")
            except crease.Stopped as stopped:
                assert limit <= stopped.regions < 648
        found = [region.pattern for region in crease.regions(MOONS, **options)]
        assert len(found) == 648 and set(found) == {r.pattern for r in crease.regions(MOONS)}
        for other in ({"fields": "facets"}, {"box": "-1:1"}):
            try:
                next(crease.regions(MOONS, **{**options, **other}))
            except crease.InputError as error:
                assert "state" in str(error)
            else:
                raise AssertionError(other)


def one_limit():
    """margin= has the time that the balls have left."""
    from crease import _run
    given, of = [], _run.Run.of

    def watched(run, function, *arguments, **named):
        given.append(run.options.limit_seconds)
        return of(run, function, *arguments, **named)

    _run.Run.of = watched
    try:
        assert crease.around(MOONS, [[0, 0]], 1, margin=1, limit_seconds=1e5).complete
    finally:
        _run.Run.of = of
    assert len(given) == 2 and 0 < given[1] < given[0] == 1e5


def around():
    one_limit()
    points = [[0.5, 0.25], [-1, 2]]
    found = crease.around(MOONS, points, Fraction(1, 10), norm="l1", box="-1:1")
    assert found.complete and found.stopped is None and len(found) == 2
    half = {"box": [["0.4", "0.6"], ["0.15", "0.35"]],
            "A": [[s, t] for s in (1, -1) for t in (1, -1)],
            "b": [Fraction(1, 10) + s * Fraction(1, 2) + t * Fraction(1, 4)
                  for s in (1, -1) for t in (1, -1)]}
    assert list(found.regions) == [crease.count(MOONS, domain=half).regions, 0]
    ball = found.balls[0]
    region = crease.region_at(MOONS, points[0])
    distances = [inequality(f.row, points[0])**2 / sum(a * a for a in list(f.row)[:-1])
                 for f in region.facets]
    assert abs(min(distances) - ball.l2_squared) < 1e-12 and ball.linf_exact <= ball.l2
    assert abs(float(found.l2[0])**2 - ball.l2_squared) < 1e-12
    numpy = _regions._numpy()
    if numpy is not None:
        same = crease.around(MOONS, numpy.array(points, dtype="f4"), "1/10", norm="l1", box="-1:1")
        assert same.balls == found.balls
    spread = crease.stats(MOONS, "-1:1", volumes=True)
    assert sum(spread.volumes.values()) == spread.bounded == spread.regions
    assert all(2.0**min(spread.volumes) <= v < 2.0**(max(spread.volumes) + 1)
               for v in (spread.least_volume, spread.largest_volume))
    margins = crease.around(MOONS, points, 1, margin=4).margins
    assert found.margins is None and all(m.complete for m in margins)
    assert all(0 < m.low <= m.high <= m.low + 2e-16 for m in margins)
    for most in (5e-324, 1e-322, 1.7e308):  # the ends of the range of doubles
        own, = crease.around(MOONS, points[:1], 1, margin=most).margins
        assert own.complete and (own.low == most or own.high < 1)
    alone = crease.around([([[1, 1]], [0])], [[1, 2]], 1)
    assert alone.balls[0].l2 == float("inf") and alone.balls[0].l2_squared is None
    short = crease.around(MOONS, [[0, 0]] * 3, 5, limit_regions=2, engine="walk")
    assert not short.complete and short.stopped == "regions"
    for points, part in (([[1]], "2 inputs"), ([[1, Fraction(1, 3)]], "binary64"),
                         ([[1, float("nan")]], "point 0"), ("/nowhere", "/nowhere")):
        try:
            crease.around(MOONS, points, 1)
        except crease.InputError as error:
            assert part in str(error), error
        else:
            raise AssertionError(part)


def along():
    points = [[-1, -1], [1, 0.5], [1, 0.5]]
    found = crease.along(MOONS, points)
    first, second = found.segments
    assert found.complete and second.regions == 0 and second.breakpoints == []
    cut = crease.count(MOONS, slice=([-1, -1], [[2, 1.5]]), box="0:1")
    assert first.regions == cut.regions == len(first.breakpoints) + 1
    places = [place.exact for place in first.breakpoints]
    assert places == sorted(set(places))
    for place in first.breakpoints:
        assert abs(place.t - place.exact) < 2**-52
        assert all(before != after for _, _, before, after in place.changes)
    lines = crease.lines(MOONS, 20, box="-1:1", seed=3)
    assert lines.complete and lines.lines == len(lines.segments) == 20
    assert lines.crossings == sum(s.regions - 1 for s in lines.segments)
    assert lines.standard_error > 0 and lines.density == lines.crossings / lines.length
    for call in (lambda: crease.lines(MOONS, 3), lambda: crease.along(MOONS, [[1, 2]])):
        try:
            call()
        except crease.InputError as error:
            assert "box" in str(error) or "one alone" in str(error)
        else:
            raise AssertionError("not refused")


def pieces():
    """Where |x0| + |x1| is 1: four segments between the points of the axes."""
    diamond = [([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4), ([[1] * 4], [0])]
    found = crease.boundary_pieces(diamond, level=1)
    assert len(found) == len(list(found)) == 4
    corners = {(1, 0), (-1, 0), (0, 1), (0, -1)}
    segments = set()
    for piece in found:
        assert piece.classes == (0, 1) and piece.pattern == piece.beyond and len(piece.pattern) == 4
        ends = [tuple(map(float, v)) for v in piece.vertices]
        assert all(sum(a * t for a, t in zip(piece.row, (*v, 1))) == 0 for v in ends)
        assert sum(piece.row) != 0 and piece.row[2] > 0
        segments.add(frozenset(ends))
    assert len(segments) == 4 and set().union(*segments) == corners
    # The same line by line from the program.
    run = subprocess.run([crease_path, "boundary", "--box=-2:2", "-o", "-", str(MOONS)],
                         stdout=subprocess.PIPE, check=True)
    lines = sorted(map(json.loads, run.stdout.splitlines()), key=lambda line: str(line["pattern"]))
    own = [([int(s) for s in p.pattern], [int(s) for s in p.beyond], list(p.classes),
            [float(a) for a in p.row], [list(map(float, v)) for v in p.vertices])
           for p in crease.boundary_pieces(MOONS, "-2:2")]
    known = [(sum(line["pattern"], []), sum(line["beyond"], []), line["classes"], line["row"],
              line["vertices"]) for line in lines]
    assert sorted(own) == sorted(known)
    # x0 against x1 in a cube is a square; its corners stand in the order around it.
    cube = [([[1, 0, 0], [0, 1, 0]], [0, 0])]
    square = next(iter(crease.boundary_pieces(cube, "-1:1"))).vertices
    corners = [tuple(map(float, v)) for v in square]
    assert sorted(corners) == [(-1, -1, -1), (-1, -1, 1), (1, 1, -1), (1, 1, 1)]
    assert all(sum(map(abs, (a - b for a, b in zip(p, q)))) < 6
               for p, q in zip(corners, corners[1:] + corners[:1]))
    assert next(iter(crease.boundary_pieces([([[1, 0, 0, 0], [0, 1, 0, 0]], [0, 0])]))).vertices is None
    assert len(crease.boundary_pieces(diamond, level=-1)) == 0
    try:
        crease.boundary_pieces(MOONS, limit_regions=100)
    except crease.Stopped as error:
        assert error.regions >= 100
    else:
        raise AssertionError("no exception")


def boundary():
    found = crease.boundary(MOONS, box="-2:2", threads=2)
    assert found.complete and found.between == {(0, 1): found.pieces}
    run = subprocess.run([crease_path, "boundary", "--quiet", "--box=-2:2", str(MOONS)],
                         stdout=subprocess.PIPE, check=True)
    assert found.pieces == int(run.stdout) and len(found.parts) == 2
    diamond = [([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4), ([[1] * 4], [0])]
    assert crease.boundary(diamond, level=1).between == {(0, 1): 4}
    assert crease.boundary(diamond, level=Fraction(-1, 3)).between == {}
    assert not crease.boundary(MOONS, limit_regions=100).complete
    # |x0| that reaches the output with weight 0 divides the line x1 = 0.
    divided = [([[1, 0], [0, 1]], [0, 0], "abs"), ([[0, 1]], [-1])]
    found = crease.boundary(divided, definition="open-connected")
    assert found.pieces == 2 and found.counts == {"activation": 4, "open-connected": 2, "affine": 2}
    try:
        crease.boundary(MOONS, level=1)
    except crease.InputError as error:
        assert "level" in str(error)
    else:
        raise AssertionError("level")


def main():
    if _regions._numpy() is None:
        print("not run: arrays of NumPy, which is not installed")
    for without in (False, True):
        if without:
            _regions._numpy = lambda: None
        all_regions()
        shapes()
        graphs(without)
        statistics()
        batches()
        one()
        stops()
        kept_lists()
        around()
        along()
        boundary()
        pieces()


main()
