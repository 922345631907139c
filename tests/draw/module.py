#!/usr/bin/env python3
"""Polygons and pictures of the Python package.

    module.py CREASE LIBCREASE"""
import os
import re
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
os.environ["CREASE_LIBRARY"] = str(Path(sys.argv[2]).resolve())
sys.path.insert(0, str(ROOT / "python"))
import crease  # noqa: E402
from crease import _regions  # noqa: E402

MOONS = ROOT / "data" / "moons-2-16-16-2.json"
CORNER = [([[1, 0], [0, 1]], [0, -0.5]), ([[1, 2]], [0])]


def area(corners):
    points = [(Fraction(float(x)), Fraction(float(y))) for x, y in corners]
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(points, points[1:] + points[:1])) / 2


def polygons():
    found = crease.polygons(MOONS, "-2:2")
    assert len(found) == crease.count(MOONS, "-2:2").regions == len(list(found))
    assert abs(float(sum(map(area, found))) - 16) < 1e-12 and found.A is None
    assert sum(found.first) < len(found.first) < 2 * sum(found.first)
    # Corners in binary: areas are exact.  1/8 + 3/8 + 1/8 + 3/8 of 4.
    found = crease.polygons(CORNER, "-1:1", map=True)
    assert sorted(map(area, found)) == [Fraction(1, 2), Fraction(1, 2), Fraction(3, 2),
                                        Fraction(3, 2)]
    patterns = [bytes(row) for row in found.pattern.tolist()]
    assert patterns == [b"\0\0", b"\0\1", b"\1\0", b"\1\1"]
    assert found.A.tolist() == [[[0, 0]], [[0, 2]], [[1, 0]], [[1, 2]]]
    assert found.b.tolist() == [[0], [-1], [0], [-1]]
    assert {(layer, unit) for layer, unit in zip(found.layer.tolist(), found.unit.tolist())} == {
        (-1, -1), (0, 0), (0, 1)}


def pictures():
    picture = crease.plot(MOONS, "-2:2", color="class", data=[[0, 0], [1, 1]], classes=[0, 1])
    assert picture.regions == [448] and picture._repr_svg_() == picture.svg
    assert picture.svg.startswith("<?xml") and picture.svg.rstrip().endswith("</svg>")
    names = set(re.findall(r' id="([^"]*)"', picture.svg))
    used = set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', picture.svg))
    assert {a or b for a, b in used} <= names
    again = crease.plot(CORNER, "-1:1")
    assert not names & set(re.findall(r' id="([^"]*)"', again.svg))
    assert crease.plot({"a": MOONS, "b": CORNER}, "-2:2").regions == [448, 4]
    assert crease.plot(CORNER).regions == [4]
    assert crease.plot(CORNER, "-1:1", fold=True).regions == [4]
    assert crease.plot(CORNER, "-1:1", slice=([0, 0], [[1, 1]])).regions == [3]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "out.pdf"
        picture.save(path)
        assert path.read_bytes().startswith(b"%PDF")
        other = Path(directory) / "notes.svg"
        other.write_text("notes", encoding="ascii")
        refused(lambda: picture.save(other), "force")
        picture.save(other, force=True)
        assert other.read_text(encoding="utf-8").startswith("<?xml")


def meshes():
    """Two planes divide a cube into four boxes."""
    cube = [([[1, 0, 0], [0, 1, 0]], [0, 0]), ([[1, 1]], [0])]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "cube.ply"
        assert crease.write_mesh(cube, path, "-1:1", color="volume") == 4
        lines = path.read_text(encoding="ascii").splitlines()
        assert lines[0] == "ply" and "element vertex 32" in lines and "element face 24" in lines
        path = Path(directory) / "cube.obj"
        assert crease.write_mesh(cube, path, "-1:1") == 4
        assert sum(line.startswith("o ") for line in path.read_text(encoding="ascii").splitlines()) == 4
        refused(lambda: crease.write_mesh(cube, Path(directory) / "cube.svg", "-1:1"), ".ply")
        refused(lambda: crease.write_mesh(MOONS, path, "-1:1"), "not three")
        path.unlink()
        refused(lambda: crease.write_mesh(cube, path, "-1:1", limit_regions=2), "at least",
                crease.Stopped)
        assert not path.exists()
        path.write_text("# creased notes\n", encoding="ascii")
        refused(lambda: crease.write_mesh(cube, path, "-1:1"), "force")
        assert crease.write_mesh(cube, path, "-1:1", force=True) == 4


def refused(call, word, kind=crease.InputError):
    try:
        call()
    except kind as error:
        assert word in str(error), error
    else:
        raise AssertionError("not refused")


def mistakes():
    space = [([[1, 1, 1]], [0]), ([[1]], [0])]
    refused(lambda: crease.plot(space), "three inputs")
    assert "<svg" in crease.plot(space, "-1:1").svg
    refused(lambda: crease.polygons(space, "-1:1"), "3 inputs")
    refused(lambda: crease.polygons(CORNER, None), "box")
    refused(lambda: crease.plot(CORNER, color="red"), "color")
    refused(lambda: crease.plot(CORNER, data=[[1]]), "two numbers")
    refused(lambda: crease.plot(CORNER, data=[[1, 1]], classes=[0, 1]), "classes")
    refused(lambda: crease.plot({}), "no network")
    refused(lambda: crease.plot(MOONS, "-2:2", limit_regions=9), "", crease.Stopped)


def main():
    if _regions._numpy() is None:
        print("not run: polygons as arrays of NumPy, which is not installed")
    drawn = True
    try:
        crease.plot(CORNER, "-1:1")
    except crease.InputError as error:
        assert "cairo" in str(error)
        print("not run: pictures, there is no cairo")
        drawn = False
    for without in (False, True):
        if without:
            _regions._numpy = lambda: None
        polygons()
        if drawn:
            pictures()
            mistakes()
        meshes()


main()
