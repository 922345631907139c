#!/usr/bin/env python3
"""Meshes of crease plot, read back: polyhedra that fill the box, as many as there are regions.

    solids.py CREASE [SEED [COUNT]]

Of every polyhedron, volume and vertices are those that crease regions finds in fractions; every
inner face is shared by two, and the layer of its unit is where their patterns begin to differ."""
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "search"))
from sweep import random_layers  # noqa: E402

CREASE = str(Path(sys.argv[1]).resolve())


def crease(*arguments, code=0):
    run = subprocess.run([CREASE, *map(str, arguments)], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    assert run.returncode == code, (arguments, run.returncode, run.stderr)
    return run.stdout if code == 0 else run.stderr


def read_ply(path):
    """The properties of vertices and faces by their names; lists as lists."""
    head, body = Path(path).read_text(encoding="ascii").split("end_header\n")
    elements, lines, found = [], iter(body.splitlines()), {}
    for words in map(str.split, head.splitlines()):
        if words[0] == "element":
            elements.append((words[1], int(words[2]), []))
        elif words[0] == "property":
            elements[-1][2].append((words[-1], words[1]))
    for name, count, properties in elements:
        found[name] = []
        for _ in range(count):
            numbers, row = iter(next(lines).split()), {}
            for own, kind in properties:
                if kind == "list":
                    row[own] = [int(next(numbers)) for _ in range(int(next(numbers)))]
                else:
                    row[own] = float(next(numbers)) if kind == "double" else int(next(numbers))
            assert next(numbers, None) is None
            found[name].append(row)
    assert next(lines, None) is None
    return found["vertex"], found["face"]


def read_obj(path):
    """Of each object: vertices with what follows them, and faces as lists of vertices."""
    objects, vertices = [], []
    for words in map(str.split, Path(path).read_text(encoding="ascii").splitlines()):
        if words[0] == "o":
            objects.append([])
        elif words[0] == "v":
            vertices.append(tuple(map(float, words[1:])))
        elif words[0] == "f":
            objects[-1].append([vertices[int(word) - 1] for word in words[1:]])
    return objects


def volume(faces):
    """Of a polyhedron, by pyramids over triangles; counterclockwise faces count positive."""
    tip, six = faces[0][0], Fraction(0)
    for face in faces:
        for b, c in zip(face[1:], face[2:]):
            u, v, w = ([Fraction(s) - Fraction(t) for s, t in zip(p, tip)] for p in (face[0], b, c))
            six += (u[0] * (v[1] * w[2] - v[2] * w[1]) - u[1] * (v[0] * w[2] - v[2] * w[0])
                    + u[2] * (v[0] * w[1] - v[1] * w[0]))
    return six / 6


def is_closed(faces):
    """Every edge belongs to two faces, which run through it in opposite directions."""
    edges = Counter(edge for face in faces for edge in zip(face, face[1:] + face[:1]))
    return all(n == 1 and edges[b, a] == 1 for (a, b), n in edges.items())


def check_network(rng):
    Path("net.json").write_text(json.dumps({"input": 3, "layers": random_layers(rng, 3)}, default=str),
                                encoding="ascii")
    box = rng.choice(["--box=-1:1", "--box=-2:3/2,0:1,-1/3:1"])
    if int(crease("count", "--quiet", box, "net.json")) > 150:
        return
    listed = crease("regions", "--sorted", "--exact", "--with=volume,vertices", box, "net.json")
    regions = list(map(json.loads, listed.splitlines()))
    color = rng.choice(["none", "layer", "active", "class", "map", "value", "volume"])
    plotted = [crease("plot", "--quiet", "--force", box, f"--color={color}", "-o", name, "net.json")
               for name in ("net.ply", "net.obj")]
    assert plotted == [f"{len(regions)}\n"] * 2
    vertices, faces = read_ply("net.ply")
    place = [tuple(v[x] for x in "xyz") for v in vertices]
    colors = [tuple(v[c] for c in ("red", "green", "blue") if c in v) for v in vertices]
    assert all(len(c) == (0 if color == "none" else 3) for c in colors)
    cells, border, active, seen = defaultdict(list), defaultdict(list), {}, 0
    for face in faces:
        own = face["vertex_indices"]
        cells[face["region"]].append([place[v] for v in own])
        border[frozenset(place[v] for v in own)].append(face)
        assert color == "none" or {colors[v] for v in own} == {
            tuple(face[c] for c in ("red", "green", "blue"))}
    assert sorted(cells) == list(range(len(regions)))
    for i, region in enumerate(regions):
        exact = [[Fraction(t) for t in x] for x in region["vertices"]]
        corners = sorted({corner for face in cells[i] for corner in face})
        assert len(corners) == len(exact) and is_closed(cells[i])
        assert all(abs(a - b) <= abs(b) / 2**52 for x, y in zip(corners, exact) for a, b in zip(x, y))
        # The vertices are truncated.
        assert abs(volume(cells[i]) - Fraction(region["volume"])) < 1e-12
        if color == "active":
            count = sum(state != 0 for layer in region["pattern"] for state in layer)
            assert active.setdefault(count, colors[seen]) == colors[seen]
        seen += len(exact)
    for shared in border.values():
        patterns = [regions[face["region"]]["pattern"] for face in shared]
        if len(shared) == 2:
            first = next(l for l, (p, q) in enumerate(zip(*patterns)) if p != q)
            switching = [l for l, layer in enumerate(json.loads(Path("net.json").read_text(
                encoding="ascii"))["layers"]) if layer["activation"] != "linear"]
            assert {face["layer"] for face in shared} == {switching[first]}
    objects = read_obj("net.obj")
    assert [[[corner[:3] for corner in face] for face in faces] for faces in objects] == [
        cells[i] for i in range(len(regions))]


def check_cube():
    """Two planes cut a cube into four boxes, of which one has these faces."""
    layers = [{"weight": [[1, 0, 0], [0, 0, 2]], "bias": ["-1/2", "-1/2"], "activation": "relu"},
              {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]
    Path("cube.json").write_text(json.dumps({"input": 3, "layers": layers}), encoding="ascii")
    crease("plot", "--quiet", "--box=0:1", "-o", "cube.obj", "cube.json")
    objects = read_obj("cube.obj")
    assert [volume(faces) for faces in objects] == [Fraction(1, 8), Fraction(3, 8)] * 2
    assert all(len(faces) == 6 and {len(face) for face in faces} == {4} for faces in objects)
    assert {corner for face in objects[0] for corner in face} == {
        (x, y, z) for x in (0, 0.5) for y in (0, 1) for z in (0, 0.25)}
    for arguments, word in ((["-o", "no.ply"], "--box"), (["--box=0:1", "--fold", "-o", "no.ply"], "--fold"),
                            (["--box=0:1", "--boundary", "-o", "no.obj"], "--boundary"),
                            (["--box=0:1", "-o", "no.ply", "cube.json"], "one network"),
                            (["--box=0:1", "-o", "none/no.ply"], "none/no.ply")):
        message = crease("plot", *arguments, "cube.json", code=2)
        assert word in message and message.count("\n") == 1, (arguments, message)
    Path("two.json").write_text('{"input": 2, "layers": [{"weight": [[1, 1]], "bias": [0], '
                                '"activation": "linear"}]}', encoding="ascii")
    assert "three" in crease("plot", "--box=0:1", "-o", "no.ply", "two.json", code=2)
    assert "limit" in crease("plot", "--box=0:1", "--limit-regions=2", "-o", "no.ply", "cube.json", code=3)
    assert not Path("no.ply").exists() and not Path("no.obj").exists()
    Path("notes.ply").write_text("keep me\n", encoding="ascii")
    assert "--force" in crease("plot", "--box=0:1", "-o", "notes.ply", "cube.json", code=2)
    for _ in range(2):
        crease("plot", "--box=0:1", "-o", "cube.ply", "cube.json")


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200 if os.environ.get("CREASE_LONG") else 5
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        check_cube()
        for i in range(count):
            try:
                check_network(random.Random(seed + i))
            except AssertionError:
                print(f"seed {seed + i}: {Path('net.json').read_text(encoding='ascii')}")
                raise


main()
