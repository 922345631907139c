#!/usr/bin/env python3
"""Pictures of crease plot, read back: creases, areas, marks and messages.

    pictures.py CREASE

The creases of known arrangements are computed here in exact fractions and compared with all lines of
the SVG, coordinate by coordinate."""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from fractions import Fraction as F
from pathlib import Path

CREASE = str(Path(sys.argv[1]).resolve())
DATA = Path(__file__).resolve().parents[2] / "data"
LAYER_COLORS = {"rgb(0%,44.7%,69.8%)": 0, "rgb(83.5%,36.9%,0%)": 1}
GREYS = {"rgb(25%,25%,25%)": 0, "rgb(45%,45%,45%)": 1}
NEAR = 1 / 128  # of a point: the files have multiples of 1/256


def crease(*arguments, code=0):
    run = subprocess.run([CREASE, *map(str, arguments)], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    assert run.returncode == code, (arguments, run.returncode, run.stderr)
    return run.stdout if code == 0 else run.stderr


def plot(*arguments, to=None, code=0):
    return crease("plot", "--quiet", "-o", to or "out.svg", *arguments, code=code)


def write_network(path, rows, weights=None, inputs=2, deeper=()):
    layers = [{"weight": [[str(x) for x in row[:-1]] for row in rows], "bias": [str(row[-1]) for row in rows],
               "activation": "relu"}, *deeper]
    width = len(layers[-1]["bias"])
    layers.append({"weight": weights or [["1"] * width], "bias": ["0"] * len(weights or [0]),
                   "activation": "linear"})
    path = Path(path)
    path.write_text(json.dumps({"input": inputs, "layers": layers}), encoding="ascii")
    return path


# ---- The SVG ----

class Picture:
    """Paths, as (style, list of lists of corners), and the frame, in points of the page."""

    def __init__(self, path):
        self.text = Path(path).read_text(encoding="utf-8")
        body = self.text[self.text.index("</defs>"):] if "</defs>" in self.text else self.text
        self.paths = []
        for style, d in re.findall(r'<path style="([^"]*)" d="([^"]*)"', body):
            fields = dict(field.strip().split(":", 1) for field in style.split(";") if field)
            parts = [[tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", part)]
                     for part in re.findall(r"M[^M]*", d)]
            self.paths.append((fields, [part for part in parts if len(part) > 1]))
        frames = [parts[0] for fields, parts in self.paths
                  if fields["fill"] == "none" and fields.get("stroke-width") == "0.8" and
                  fields["stroke"] == "rgb(0%,0%,0%)" and len(parts[0]) == 4]
        self.frames = [(frame[0], frame[2]) for frame in frames]

    def to_page(self, x, y, box, frame=0):
        (left, top), (right, bottom) = self.frames[frame]
        return (left + float((x - box[0]) / (box[1] - box[0])) * (right - left),
                bottom - float((y - box[2]) / (box[3] - box[2])) * (bottom - top))

    def inside(self, part):
        """Drawn in a frame, and not in a legend?"""
        return any(left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1
                   for (left, top), (right, bottom) in self.frames for x, y in part[:1])

    def creases(self, colors=LAYER_COLORS):
        found = {}
        for fields, parts in self.paths:
            if fields["fill"] == "none" and fields["stroke"] in colors:
                found.setdefault(colors[fields["stroke"]], []).extend(filter(self.inside, parts))
        return found

    def areas(self):
        """The area of all that is filled with each colour."""
        total = {}
        for fields, parts in self.paths:
            if fields["fill"] != "none" and "stroke" in fields and fields["stroke"] == "none":
                for part in filter(self.inside, parts):
                    area = sum(a[0] * b[1] - a[1] * b[0]
                               for a, b in zip(part, part[1:] + part[:1])) / 2
                    total[fields["fill"]] = total.get(fields["fill"], 0) + abs(area)
        return total


# ---- Arrangements of lines ----

def meets(row, box):
    """Where the line row.(x, y, 1) = 0 is in the box: two ends, sorted; None if it is not."""
    a, b, c = row
    ends = set()
    for x in box[:2]:
        if b and box[2] <= -(a * x + c) / b <= box[3]:
            ends.add((x, -(a * x + c) / b))
    for y in box[2:]:
        if a and box[0] <= -(b * y + c) / a <= box[1]:
            ends.add((-(b * y + c) / a, y))
    return sorted(ends) if len(ends) == 2 else None


def edges(rows, box):
    """The edges of the arrangement in the box, for each line."""
    all_edges = []
    for i, row in enumerate(rows):
        line = meets(row, box)
        points = set(line or ())
        for k, other in enumerate(rows):
            determinant = row[0] * other[1] - row[1] * other[0]
            if k == i or not determinant or not line:
                continue
            point = ((row[1] * other[2] - other[1] * row[2]) / determinant,
                     (other[0] * row[2] - row[0] * other[2]) / determinant)
            if box[0] < point[0] < box[1] and box[2] < point[1] < box[3]:
                points.add(point)
        points = sorted(points)
        all_edges.extend(zip(points, points[1:]))
    return all_edges


def compare(picture, expected, box, found, frame=0):
    """Each edge is drawn once, at its place, and nothing else is drawn."""
    found = [sorted(part[:2]) for part in found]
    assert len(found) == len(expected), (len(found), len(expected))
    for edge in expected:
        place = sorted(picture.to_page(x, y, box, frame) for x, y in edge)
        fits = [part for part in found
                if all(abs(a - b) < NEAR for p, q in zip(part, place) for a, b in zip(p, q))]
        assert len(fits) == 1, (edge, place, found)
        found.remove(fits[0])


THREE = [[F(1), F(0), F(-1, 3)], [F(0), F(-1), F(1, 7)], [F(2), F(2), F(-1)]]


def check_arrangement():
    for rows, box in ((THREE, (-1, 1, -1, 1)), (THREE, (0, F(1, 2), F(-1, 5), F(3, 10))),
                      (THREE + [[F(1, 3), F(-5), F(2)], [F(7), F(1), F(1, 11)]], (-2, 2, -1, 3))):
        net = write_network("lines.json", rows)
        limits = f"{F(box[0])}:{F(box[1])},{F(box[2])}:{F(box[3])}"
        count = int(plot(net, f"--box={limits}"))
        expected = edges(rows, box)
        assert count == int(crease("count", "--quiet", "--engine=walk", f"--box={limits}", net))
        picture = Picture("out.svg")
        compare(picture, expected, box, picture.creases()[0])
        # All files are the same, whatever the number of threads.
        plot(net, f"--box={limits}", "--threads=3", to="again.svg")
        assert Path("again.svg").read_bytes() == Path("out.svg").read_bytes()
        # Euler: regions = edges inside + edges at the border - vertices + 1.
        crossings = {p for edge in expected for p in edge}
        border = {p for p in crossings if p[0] in box[:2] or p[1] in box[2:]}
        corners = {(x, y) for x in box[:2] for y in box[2:]}
        assert count == len(expected) + len(border | corners) - len(crossings | corners) + 1


def check_layers():
    """The second layer is the line x + y = 1/4 where both are positive, and bends at the axes."""
    net = write_network("deep.json", [[F(1), F(0), F(0)], [F(0), F(1), F(0)]], deeper=[
        {"weight": [["1", "1"]], "bias": ["-1/4"], "activation": "relu"}])
    assert int(plot(net, "--box=-1:1")) == 7
    picture = Picture("out.svg")
    box = (-1, 1, -1, 1)
    quarter = F(1, 4)
    compare(picture, [((0, quarter), (quarter, 0)), ((-1, quarter), (0, quarter)),
                      ((quarter, -1), (quarter, 0))], box, picture.creases()[1])
    compare(picture, [((-1, 0), (0, 0)), ((0, 0), (quarter, 0)), ((quarter, 0), (1, 0)),
                      ((0, -1), (0, 0)), ((0, 0), (0, quarter)), ((0, quarter), (0, 1))],
            box, picture.creases()[0])


def check_several():
    one = write_network("one.json", THREE)
    two = write_network("two.json", THREE[:2])
    assert plot(one, two, "--box=-1:1").split() == ["7", "4"]
    picture = Picture("out.svg")
    assert len(picture.frames) == 2
    sizes = {tuple(round(b - a, 6) for a, b in zip(*frame)) for frame in picture.frames}
    assert len(sizes) == 1
    found = picture.creases()[0]
    middle = (picture.frames[0][1][0] + picture.frames[1][0][0]) / 2
    box = (-1, 1, -1, 1)
    compare(picture, edges(THREE, box), box, [p for p in found if p[0][0] < middle], 0)
    compare(picture, edges(THREE[:2], box), box, [p for p in found if p[0][0] > middle], 1)


# ---- Graphs ----

def check_graph():
    """f = relu(x - 1/3) + 2 relu(-x) - 1, and a second layer relu(f); both outputs."""
    net = write_network("graph.json", [[F(1), F(-1, 3)], [F(-1), F(0)]], [["1", "0"], ["0", "2"]],
                        inputs=1, deeper=[{"weight": [["1", "2"], ["0", "0"]], "bias": ["-1", "1"],
                                           "activation": "relu"}])
    assert int(plot(net, "--box=-1:3")) == 5
    picture = Picture("out.svg")
    (left, top), (right, bottom) = picture.frames[0]
    found = picture.creases()
    for layer, places in ((0, [F(0), F(1, 3)]), (1, [F(-1, 2), F(4, 3)])):
        lines = sorted(part[:2] for part in found[layer] if len(part) == 2)
        assert len(lines) == len(places), (layer, lines)
        for line, x in zip(lines, places):
            page = left + float((x + 1) / 4) * (right - left)
            assert all(abs(end[0] - page) < NEAR for end in line), (layer, line, page)
            assert {end[1] for end in line} == {top, bottom}
    # relu(f) runs from 1 at -1 down to 0 at -1/2, is 0 up to 4/3, and rises to 5/3 at 3.
    curves = [part for fields, parts in picture.paths
              if fields["fill"] == "none" and fields.get("stroke-width") == "1.2"
              for part in parts if picture.inside(part)]
    # Cairo leaves out points within a straight line.
    values = [(-1, F(1)), (F(-1, 2), 0), (F(4, 3), 0), (3, F(5, 3))]
    assert [len(curve) for curve in curves] == [4, 2], curves
    scale = (curves[0][0][1] - curves[0][1][1])
    for (x, y), place in zip(values, curves[0]):
        page = left + float((x + 1) / F(4)) * (right - left)
        assert abs(place[0] - page) < NEAR
        assert abs(place[1] - (curves[0][1][1] + float(y) * scale)) < 2 * NEAR, (x, y, place)
    crease("plot", "-o", "out.svg", net)
    # A slice of one direction is a graph, too.
    space = write_network("space.json", [[F(1), F(0), F(0), F(-1)]], inputs=3)
    Path("line.json").write_text('{"origin": [0, 0, 0], "directions": [[4, 0, 1]]}', encoding="ascii")
    assert int(plot(space, "--slice=line.json", "--box=0:1")) == 2
    picture = Picture("out.svg")
    (left, _), (right, _) = picture.frames[0]
    (line,) = [part for part in picture.creases()[0] if len(part) == 2]
    assert abs(line[0][0] - (left + 0.25 * (right - left))) < NEAR


# ---- Colours ----

def shares(picture):
    (left, top), (right, bottom) = picture.frames[0]
    return sorted(area / (right - left) / (bottom - top) for area in picture.areas().values())


def close(found, wanted):
    assert len(found) == len(wanted), (found, wanted)
    assert all(abs(a - float(b)) < 1e-4 for a, b in zip(found, wanted)), (found, wanted)


def check_colors():
    # x > 0, y > 1/2 in -1:1: quarters of 3/8, 3/8, 1/8 and 1/8.
    rows = [[F(1), F(0), F(0)], [F(0), F(1), F(-1, 2)]]
    net = write_network("corner.json", rows, [["1", "2"]])
    for color, wanted in (("active", [F(1, 8), F(3, 8), F(1, 2)]), ("layer", [F(1, 2), F(1, 2)]),
                          ("map", [F(1, 8), F(1, 8), F(3, 8), F(3, 8)]),
                          ("volume", [F(1, 4), F(3, 4)])):
        plot(net, "--box=-1:1", f"--color={color}")
        areas = shares(Picture("out.svg"))
        # The legend's scale lies outside of the frame.
        close(areas, wanted)
    # Outputs x+ - 1/3: the boundary is a line of its own, within a region.
    net = write_network("class.json", [[F(1), F(0), F(0)]], [["1"]])
    text = net.read_text(encoding="ascii").replace('"bias": ["0"], "activation": "linear"',
                                                   '"bias": ["-1/3"], "activation": "linear"')
    net.write_text(text, encoding="ascii")
    plot(net, "--box=-1:1", "--color=class")
    picture = Picture("out.svg")
    close(shares(picture), [F(1, 3), F(2, 3)])
    bold = [part for fields, parts in picture.paths if fields.get("stroke-width") == "2.2"
            for part in parts if picture.inside(part)]
    compare(picture, [((F(1, 3), -1), (F(1, 3), 1))], (-1, 1, -1, 1), bold)
    # Three classes |x|, y and 1/2 by maxima of outputs; the areas are those of polygons.
    net = write_network("three.json", [[F(1), F(0), F(0)], [F(-1), F(0), F(0)], [F(0), F(1), F(2)]],
                        [["1", "1", "0"], ["0", "0", "1"], ["0", "0", "0"]])
    text = net.read_text(encoding="ascii").replace('"bias": ["0", "0", "0"], "activation": "linear"',
                                                   '"bias": ["0", "-2", "1/2"], "activation": "linear"')
    net.write_text(text, encoding="ascii")
    plot(net, "--box=-1:1", "--color=class")
    # 1/2 is largest where |x| < 1/2, y < 1/2: 3/2; y where y > 1/2, |x|: 1/2 + 1/4; of 4.
    close(shares(Picture("out.svg")), sorted([F(3, 8), F(3, 16), F(7, 16)]))
    # Along a crease: the output is |x| - |x| to the left of 0 and 1 or -1 times x to the right.
    net = write_network("along.json", [[F(1), F(0), F(0)]], [["1"]])
    plot(net, "--box=-1:1", "--color=class")
    bold = [part for fields, parts in Picture("out.svg").paths
            if fields.get("stroke-width") == "2.2" for part in parts if picture.inside(part)]
    compare(picture, [((0, -1), (0, 1))], (-1, 1, -1, 1), bold)


# ---- Folds ----

def check_fold():
    """|x| and |y| fold a square around 0 onto one image; another window, onto four."""
    rows = [[F(1), F(0), F(0)], [F(-1), F(0), F(0)], [F(0), F(1), F(0)], [F(0), F(-1), F(0)]]
    net = write_network("fold.json", rows, deeper=[
        {"weight": [["1", "1", "0", "0"], ["0", "0", "1", "1"]], "bias": ["0", "0"],
         "activation": "relu"}])
    for box, kinds, sides in (((-1, 1, -1, 1), 1, {1}), ((-1, 2, -1, 2), 4, {1, 2})):
        assert plot(net, "--fold", f"--box={box[0]}:{box[1]}") == "4\n"
        picture = Picture("out.svg")
        assert len(picture.frames) == 4  # two layers, cells and images of each
        (left, top), (right, bottom) = picture.frames[0]
        cells, images = [], []
        for fields, parts in picture.paths:
            if fields["fill"].startswith("rgb") and picture.inside(parts[0]):
                x, y = parts[0][0]
                if y <= bottom + 1:
                    (cells if x <= right + 1 else images).append((fields["fill"], parts[0]))
        assert len(cells) == len(images) == 4
        middle = picture.to_page(F(0), F(0), box)
        for _, part in cells:
            assert any(abs(p[0] - middle[0]) + abs(p[1] - middle[1]) < NEAR for p in part)
        assert len({fill for fill, _ in cells}) == 1  # all shared, or all alone
        assert len({tuple(sorted(part[:4])) for _, part in images}) == kinds
        # Images are rectangles at 0 with these sides; the frame has 6 % more on each side.
        (left, top), (right, bottom) = picture.frames[1]
        unit = (right - left) / 1.12 / max(sides)
        for _, part in images:
            xs, ys = zip(*part)
            assert abs(min(xs) - (left + 0.06 * max(sides) * unit)) < 0.02
            for span in (max(xs) - min(xs), max(ys) - min(ys)):
                assert any(abs(span - side * unit) < 0.02 for side in sides), (span, unit)
    # Any number of threads finds the same picture.  Only cells with an image of their own are grey.
    texts = set()
    for threads in (1, 2, 2, 2, 3, 3):
        crease("plot", "-o", "out.svg", "--fold", "--box=0:1", f"--threads={threads}",
               DATA / "fold-2d-4-4-4.json")
        texts.add(Path("out.svg").read_text())
    assert len(texts) == 1
    fills = {fields["fill"] for fields, _ in Picture("out.svg").paths if fields["fill"].startswith("rgb(")}
    greys = {fill for fill in fills if len(set(fill[4:-1].split(","))) == 1}
    assert greys <= {"rgb(0%,0%,0%)", "rgb(100%,100%,100%)", "rgb(95%,95%,95%)"}, greys
    # Of intervals, only the ends matter: x on both triangles of a square.
    crease("plot", "-o", "out.svg", "--fold", "--box=0:1", write_network(
        "triangles.json", [[F(1), F(-1), F(0)], [F(1), F(0), F(9)]], [["0", "1"]]))
    fills = [fields["fill"] for fields, parts in Picture("out.svg").paths
             if fields["fill"].startswith("rgb") and Picture("out.svg").inside(parts[0])]
    assert len(set(fills)) == 1 and len(fills) == 4 and "rgb(95%,95%,95%)" not in fills, fills


# ---- Slices and data ----

def write_array(path, rows):
    columns = len(rows[0])
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(rows)}, {columns}), }}"
    header = header.ljust(117) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for row in rows:
            file.write(struct.pack(f"<{columns}d", *row))
    return path


def marks(picture):
    """The centres of round marks in the frame: a circle begins at its right end."""
    found = []
    for fields, parts in picture.paths:
        if fields["fill"] == "rgb(0%,0%,0%)":
            for part in filter(picture.inside, parts):
                if len(part) > 4:
                    xs, ys = zip(*part)
                    found.append(((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2))
    return sorted(found)


def check_slices():
    # x, y, z = 3 u0, u1, u0 + u1: three lines of the plane.
    rows = [[F(1), F(0), F(0), F(-1)], [F(0), F(1), F(0), F(1, 4)], [F(0), F(0), F(1), F(-1, 2)]]
    net = write_network("space.json", rows, inputs=3)
    Path("slice.json").write_text('{"origin": [0, 0, 0], "directions": [[3, 0, 1], [0, 1, 1]]}',
                                  encoding="ascii")
    flat = [[F(3), F(0), F(-1)], [F(0), F(1), F(1, 4)], [F(1), F(1), F(-1, 2)]]
    box = (-1, 1, -1, 1)
    assert int(plot(net, "--slice=slice.json", "--box=-1:1")) == 7
    picture = Picture("out.svg")
    compare(picture, edges(flat, box), box, picture.creases()[0])
    # Of these points, the first and the third lie in the slice.
    data = write_array("points.npy", [[1.5, 0.25, 0.75], [1, 1, 1], [-0.75, 0.5, 0.25]])
    plot(net, "--slice=slice.json", "--box=-1:1", f"--data={data}")
    picture = Picture("out.svg")
    wanted = sorted(picture.to_page(*u, box) for u in ((F(1, 2), F(1, 4)), (F(-1, 4), F(1, 2))))
    found = marks(picture)
    assert len(found) == 2 and all(abs(a - b) < 0.02 for p, q in zip(found, wanted)
                                   for a, b in zip(p, q)), (found, wanted)
    # Through three points: 3, 4, 5 in the plane z = 0, lifted by one; distances are true.
    data = write_array("three.npy", [[9, 9, 9], [1, 1, 1], [1, 4, 1], [5, 1, 1]])
    plot(net, "--through=1,2,3", f"--data={data}", "--box=-2:6")
    picture = Picture("out.svg")
    box = (-2, 6, -2, 6)
    wanted = sorted(picture.to_page(*u, box) for u in ((0, 0), (3, 0), (0, 4)))
    found = marks(picture)
    assert len(found) == 3 and all(abs(a - b) < 0.02 for p, q in zip(found, wanted)
                                   for a, b in zip(p, q)), (found, wanted)
    # u0 = y - 1, u1 = x - 1: the creases x = 1 and y = -1/4.
    picture_edges = edges([[F(0), F(1), F(0)], [F(1), F(0), F(5, 4)]], box)
    compare(picture, picture_edges, box, picture.creases()[0])


def check_classes_of_data():
    data = write_array("classes.npy", [[0.5, 0.5, 0], [-0.5, 0.5, 1], [0.25, -0.5, 1]])
    net = write_network("lines.json", THREE)
    plot(net, "--box=-1:1", f"--data={data}")
    picture = Picture("out.svg")
    fills = [fields["fill"] for fields, parts in picture.paths
             if fields["fill"] in LAYER_COLORS and picture.inside(parts[0])]
    assert sorted(LAYER_COLORS[fill] for fill in fills) == [0, 1, 1], fills
    # Colours are for classes then, and creases are grey.
    compare(picture, edges(THREE, (-1, 1, -1, 1)), (-1, 1, -1, 1), picture.creases(GREYS)[0])


# ---- Three inputs ----

def check_cutaway():
    """Planes in a box: their lines on three sides, and in the hollow on three planes, where a part
    of the sides is hidden."""
    rows = [[F(1), F(0), F(0), F(-1, 3)], [F(2), F(2), F(1), F(-1)], [F(0), F(-1), F(3), F(1, 7)]]
    net = write_network("space.json", rows, inputs=3)
    box = [(F(-1), F(1)), (F(0), F(1)), (F(-1), F(2))]
    limits = ",".join(f"{low}:{high}" for low, high in box)
    count = int(plot(net, f"--box={limits}"))
    assert count == int(crease("count", "--quiet", f"--box={limits}", net))
    picture = Picture("out.svg")
    outline = next(parts[-1] for fields, parts in picture.paths
                   if fields.get("stroke-width") == "1.1" and len(parts[-1]) == 6)
    # Where 1, 1, 0 and its neighbours are, the last number upwards.
    near = outline[1]
    step = [tuple(a - b for a, b in zip(near, outline[2])), tuple(a - b for a, b in zip(near, outline[0])),
            tuple(a - b for a, b in zip(outline[3], outline[2]))]
    assert abs(step[0][0] + step[1][0]) < NEAR and abs(step[2][0]) < NEAR and step[2][1] < 0

    def page(x):
        t = [float((a - low) / (high - low)) for a, (low, high) in zip(x, box)]
        return tuple(near[i] + (t[0] - 1) * step[0][i] + (t[1] - 1) * step[1][i] + t[2] * step[2][i]
                     for i in (0, 1))

    expected = []
    middle = [(low + high) / 2 for low, high in box]
    for s in range(6):
        j, others = s % 3, [k for k in range(3) if k != s % 3]
        level = box[j][1] if s < 3 else middle[j]
        window = [(box[k][0] if s < 3 else middle[k], box[k][1]) for k in others]
        flat = [[*(row[k] for k in others), row[3] + level * row[j]] for row in rows]
        for edge in edges(flat, (*window[0], *window[1])):
            ends = []
            for point in edge:
                x = [level] * 3
                x[others[0]], x[others[1]] = point
                ends.append(page(x))
            expected.append(sorted(ends))
    found = [sorted(part[:2]) for fields, parts in picture.paths
             if fields["fill"] == "none" and fields["stroke"] in LAYER_COLORS for part in parts]
    legend = [part for part in found if part[0][1] == part[1][1] and part[0][0] > outline[2][0]]
    assert len(legend) == 1
    found.remove(legend[0])
    assert len(found) == len(expected)
    for edge in expected:
        fits = [part for part in found
                if all(abs(a - b) < 2 * NEAR for p, q in zip(part, edge) for a, b in zip(p, q))]
        assert len(fits) == 1, (edge, found)
        found.remove(fits[0])
    plot(net, net, f"--box={limits}", "--color=class")
    assert "color=volume" in plot(net, "--box=0:1", "--color=volume", code=2)
    assert "three inputs" in plot(net, code=2) and "--raster" in plot(net, "--raster", "--box=0:1", code=2)


# ---- Files and messages ----

def check_files():
    net = write_network("lines.json", THREE)
    plot(net, "--box=-1:1", to="out.pdf")
    pdf = Path("out.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-") and b"/FontFile" in pdf
    plot(net, "--box=-1:1", to="out.png")
    assert Path("out.png").read_bytes().startswith(b"\x89PNG")
    plot(net, "--box=-1:1", "--raster", to="raster.svg")
    plot(net, "--box=-1:1")
    assert "<image" in Path("raster.svg").read_text(encoding="utf-8")
    assert not Picture("raster.svg").creases().get(0) and Picture("out.svg").creases()[0]
    found = json.loads(crease("plot", "--json", "-o", "out.svg", "--box=-1:1,0:2", net, net))
    network = json.loads(crease("count", "--json", net))["network"]
    assert found == {"picture": "out.svg", "complete": True, "window": [[-1, 1], [0, 2]],
                     "networks": 2 * [{"network": network, "regions": int(crease(
                         "count", "--quiet", "--box=-1:1,0:2", net)), "complete": True, "stopped": ""}]}
    # Without a box, the window has what there is to see.
    crease("plot", "-o", "out.svg", net)
    assert len(Picture("out.svg").creases()[0]) == 9
    Path("out.svg").unlink()


def check_refused():
    net = write_network("lines.json", THREE)
    space = write_network("space.json", [[F(1)] * 4], inputs=3)
    deep = write_network("four.json", [[F(1)] * 5], inputs=4)
    line = write_network("line-net.json", [[F(1), F(0)]], inputs=1)
    big = write_network("big.json", [[F(10)**200, F(0), F(0)]], [["1"]])
    tall = write_network("tall.json", [[F(10)**400, F(0)]], inputs=1)
    Path("all.json").write_text('{"origin": [0, 0, 0], "directions": [[1, 0, 0], [0, 1, 0], '
                                '[0, 0, 1]]}', encoding="ascii")
    flat = write_array("flat.npy", [[0, 0, 0], [1, 1, 1], [3, 3, 3], [0, 0, 0]])
    half = write_array("half.npy", [[0, 0, 0.5]])
    Path("notes.svg").write_text("keep me, I am no picture\n", encoding="ascii")
    before = sorted(p.name for p in Path(".").iterdir())
    for arguments, word in (
            ((deep,), "4 inputs"), ((space,), "--box"), ((space, "--slice=all.json"), "--box"),
            ((line, "--color=class"), "graph"),
            ((net, "--box=1:1"), "1:1"), ((net, "--box=2:1"), "2:1"),
            ((net, "--box=0:1,0:1,0:1"), "2 inputs"), ((net, space), "3 inputs"),
            ((space, f"--data={flat}", "--through=0,1,2"), "one line"),
            ((space, f"--data={flat}", "--through=0,3,2"), "one line"),
            ((space, f"--data={flat}", "--through=0,1,9"), "no row 9"),
            ((space, f"--data={flat}", "--through=0,1"), "three numbers"),
            ((space, "--through=0,1,2"), "--data"), ((net, f"--data={half}"), "class"),
            ((net, "--data=lines.json"), "lines.json"), ((net, "--color=red"), "red"),
            ((net, "--boundary", "--color=class"), "boundary"),
            ((net, "--fold", "--color=class"), "--fold"), ((net, net, "--fold"), "one network"), (("none.json",), "none.json"),
            *(((which, f"--box={box}", *more), "cannot be drawn") for box, which, more in (
                ("1e300:2e300", net, ()), ("-1e400:1e400", net, ["--fold"]), ("0:1e-310", space, ()),
                (f"{10**18}:{10**18 + 1}", net, ()), ("0:1e-400", line, ()),
                ("-1:1", big, ["--color=value"]), ("-1:1", big, ["--fold"]), ("-1:1", tall, ())))):
        message = plot(*arguments, to="no.svg", code=2)
        assert word in message and len(message.splitlines()) == 1, (arguments, message)
    for to, word in (("no.jpg", ".svg"), ("-", "-"), ("none/no.svg", "none/no.svg"),
                     ("notes.svg", "--force"), ("lines.json", "lines.json")):
        message = plot(net, to=to, code=2)
        assert word in message, (to, message)
    message = plot(space, "--box=-1e400:1e400", to="no.ply", code=2)
    assert "cannot be drawn" in message
    message = plot(net, "--box=-1:1", "--limit-regions=3", to="no.svg", code=3)
    assert "no picture" in message
    run = subprocess.run([CREASE, "plot", "--json", "-o", "no.svg", "--box=-1:1", "--limit-regions=3", net],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    found = json.loads(run.stdout)
    assert run.returncode == 3 and found["picture"] is None and not found["complete"], run
    assert sorted(p.name for p in Path(".").iterdir()) == before
    plot(net, "--force", to="notes.svg")


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        net = write_network("lines.json", THREE)
        run = subprocess.run([CREASE, "plot", "--quiet", "-o", "out.svg", "--box=-1:1", str(net)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if "without cairo" in run.stderr or "libcairo2" in run.stderr:
            print("not run: pictures, there is no cairo")
            return
        for check in (check_arrangement, check_layers, check_several, check_graph, check_colors,
                      check_fold, check_slices, check_cutaway,
                      check_classes_of_data, check_files, check_refused):
            check()


main()
