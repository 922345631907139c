"""Regions of networks with two inputs as polygons, and pictures of them."""
from __future__ import annotations

import ctypes
import os
import re
import tempfile
import zlib
from typing import Any, Iterator

from ._count import Count, _options
from ._errors import InputError, Stopped
from ._library import Message, Options, Picture as _Settings, Pictured, Polygons as _View, Result
from ._library import library, value_of
from ._network import Network, network_of
from ._regions import _array, _row
from ._run import Run
from ._scope import Domain, scope_of
from ._values import check_free, is_path


class Polygons:
    """Regions as polygons: arrays of NumPy (memoryviews without NumPy). Iteration gives the corners
    of each region, an array of x and y, counterclockwise.

      pattern      states of the units, a row for each region
      begin        region r has the corners corner[begin[r]], ..., corner[begin[r + 1] - 1]
      corner       x and y, exact fractions truncated to doubles
      layer, unit  of a unit that changes on the edge from each corner to the next; -1 at the border
      first        1 in one of the two regions that share the edge, and at the border
      A, b         the outputs are A x + b, with map=True"""

    def __init__(self, view: Any, map: bool) -> None:
        r, corners, outputs = view.regions, view.corners, view.outputs

        def take(place: Any, code: str, *shape: int) -> Any:
            count = 1 if code == "B" else 8
            for side in shape:
                count *= side
            return _array(ctypes.string_at(place, count), code, *shape)

        self.pattern = take(view.pattern, "B", r, view.units)
        self.begin = take(view.begin, "q", r + 1)
        self.corner = take(view.corner, "d", corners, 2)
        self.layer = take(view.layer, "q", corners)
        self.unit = take(view.unit, "q", corners)
        self.first = take(view.first, "B", corners)
        self.A = self.b = None
        if map:
            rows = ctypes.string_at(view.map, r * outputs * 24)
            starts = range(0, len(rows), 24)
            self.A = _array(b"".join(rows[i:i + 16] for i in starts), "d", r, outputs, 2)
            self.b = _array(b"".join(rows[i + 16:i + 24] for i in starts), "d", r, outputs)

    def __len__(self) -> int:
        return len(self.begin) - 1

    def __iter__(self) -> Iterator[Any]:
        for r in range(len(self)):
            begin, end = int(self.begin[r]), int(self.begin[r + 1])
            if isinstance(self.corner, memoryview):
                yield [tuple(_row(self.corner, i, "d", 2)) for i in range(begin, end)]
            else:
                yield self.corner[begin:end]


def _limits(threads: int, limit_regions: Any, limit_seconds: Any, limit_memory: Any) -> Options:
    return _options("activation", "auto", "auto", "auto", "auto", threads, 0, None, limit_regions,
                    limit_seconds, limit_memory, None, 1)


def polygons(network: Any, box: Any, *, slice: Any = None, map: bool = False,
             input_shape: Any = None, activation: str | None = None, threads: int = 0,
             limit_regions: int | None = None, limit_seconds: float | None = None,
             limit_memory: int | None = None) -> Polygons:
    """The regions of a network with two inputs, or of a slice of two directions, in a box, sorted by
    their patterns. They fill the box.

    map: also the affine map of each region. The other arguments are those of count."""
    own, place = scope_of(network_of(network, input_shape, activation), box, None, slice)
    options = _limits(threads, limit_regions, limit_seconds, limit_memory)
    found = ctypes.POINTER(_View)()
    result = Run(own._handle, place.handle, options, None).of(
        "polygons_find", Run.OPTIONS, map, ctypes.byref(found))
    try:
        if not result.complete:
            raise Stopped(Count._of(result, None))
        return Polygons(found.contents, map)
    finally:
        library().crease_polygons_free(found)


def _is_picture(path: bytes) -> bool:
    with open(path, "rb") as file:
        head = file.read(8)
    return head.startswith((b"<?xml", b"<svg", b"%PDF-", b"\x89PNG"))


def _is_mesh(path: bytes) -> bool:
    with open(path, "rb") as file:
        head = file.read(10)
    return head.startswith((b"ply\n", b"# crease: "))


def _named(network: Any, name: str | None) -> str:
    if name is not None:
        return name
    return os.path.splitext(os.path.basename(os.fsdecode(network)))[0] if is_path(network) else ""


class Picture:
    """A picture, which a notebook shows. svg: its text; regions: how many there are, proved, of each
    network."""

    def __init__(self, networks: list[tuple[str, Network]], window: Domain, settings: Any,
                 kept: Any, fold: bool, options: Options) -> None:
        self._networks, self._window, self._settings = networks, window, settings
        self._kept, self._fold, self._options = kept, fold, options
        self.regions: list[int] = []
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "picture.svg")
            self._draw(os.fsencode(path))
            with open(path, encoding="utf-8") as file:
                text = file.read()
        # Pictures on one page of a notebook share the names of their parts.
        mark = f"c{zlib.crc32(text.encode()):08x}-"
        self.svg = re.sub(r'(?<= id=")|(?<=href="#)|(?<=url\(#)', mark, text)

    def _list(self) -> Any:
        return (Pictured * len(self._networks))(
            *(Pictured(network._handle, name.encode()) for name, network in self._networks))

    def _draw(self, path: bytes) -> None:
        results, options = (Result * len(self._networks))(), ctypes.byref(self._options)

        def draw(message: Message) -> int:
            if self._fold:
                return int(library().crease_picture_fold(
                    self._list(), self._window.handle, options, path, results,
                    ctypes.byref(message)))
            return int(library().crease_picture_draw(
                self._list(), len(self._networks), self._window.handle,
                ctypes.byref(self._settings), options, path, results, ctypes.byref(message)))

        Run(None, self._window.handle, self._options, None).call(draw)
        for result in results:
            if not result.complete:
                raise Stopped(Count._of(result, None))
        self.regions = [int(result.digits) for result in results]

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes it as .svg, .pdf or .png. A file that is no picture is replaced only with force."""
        self._draw(check_free(path, "picture", _is_picture, force))

    def _repr_svg_(self) -> str:
        return self.svg


def _points(data: Any, classes: Any) -> tuple[Any, Any, int]:
    """Arrays of C, and how many points there are."""
    points = [] if data is None else [[float(x) for x in row] for row in data]
    if any(len(point) != 2 for point in points):
        raise InputError("data: expected two numbers for each point")
    flat = (ctypes.c_double * (2 * len(points)))(*(x for point in points for x in point))
    if classes is None:
        return flat, None, len(points)
    groups = [int(group) for group in classes]
    if len(groups) != len(points) or any(group < 0 for group in groups):
        raise InputError("classes: expected a whole number from 0 on for each point of data")
    return flat, (ctypes.c_int64 * len(groups))(*groups), len(points)


def plot(network: Any, box: Any = None, *, color: str = "none", boundary: bool | None = None,
         data: Any = None, classes: Any = None, fold: bool = False, raster: bool = False,
         slice: Any = None, name: str | None = None, input_shape: Any = None,
         activation: str | None = None, threads: int = 0, limit_regions: int | None = None,
         limit_seconds: float | None = None, limit_memory: int | None = None) -> Picture:
    """Draws the regions of a network with two or three inputs in a box, or the graph of one with one
    input.

    network: as in count, or a dict of names and networks, which are drawn side by side. box: None:
    where the creases or the data are, not with three inputs. color: "none", "layer", "active", "class", "map", "value" or
    "volume". boundary: draw the decision boundary; by default with color="class". data: two numbers
    for each point (on a slice, its coordinates there), and classes a number from 0 on. fold: the
    cells of each layer and their images. doc/pictures.md says more. A notebook shows the result;
    its save writes a file."""
    named = network.items() if isinstance(network, dict) else [(_named(network, name), network)]
    networks = [(str(own), scope_of(network_of(one, input_shape, activation), slice=slice)[0])
                for own, one in named]
    if not networks or (fold and len(networks) > 1):
        raise InputError("plot: fold draws one network" if networks else "plot: no network")
    if len({one.inputs for _, one in networks}) > 1:
        raise InputError("plot: the networks have different numbers of inputs")
    if networks[0][1].inputs not in (1, 2, 3):
        raise InputError(f"plot: {networks[0][1].inputs} inputs; a picture needs one, two or three, "
                         "or a slice")
    if networks[0][1].inputs == 3 and (box is None or fold or data is not None or raster):
        raise InputError("plot: three inputs: there must be a box, and no fold, data or raster")
    flat, groups, count = _points(data, classes)
    labels = ("u0", "u1") if slice is not None else ("x0", "x1")
    settings = _Settings(value_of("color_by", color, "color"),
                         color == "class" if boundary is None else boundary, raster,
                         (ctypes.c_char_p * 2)(*(label.encode() for label in labels)), count,
                         ctypes.cast(flat, ctypes.POINTER(ctypes.c_double)),
                         ctypes.cast(groups, ctypes.POINTER(ctypes.c_int64)) if groups else None)
    options = _limits(threads, limit_regions, limit_seconds, limit_memory)
    window = Domain()
    if box is not None:
        window = scope_of(networks[0][1], box)[1]
    else:
        handles = (Pictured * len(networks))(*(Pictured(one._handle, b"") for _, one in networks))
        Run(None, None, options, None).call(lambda message: int(library().crease_picture_window(
            handles, len(networks), ctypes.byref(settings), ctypes.byref(options),
            ctypes.byref(window.handle), ctypes.byref(message))))
    return Picture(networks, window, settings, (flat, groups), fold, options)


def write_mesh(network: Any, path: str | os.PathLike[str], box: Any, *, color: str = "none",
               slice: Any = None, input_shape: Any = None, activation: str | None = None,
               threads: int = 0, limit_regions: int | None = None,
               limit_seconds: float | None = None, limit_memory: int | None = None,
               force: bool = False) -> int:
    """Writes the regions of a network with three inputs in a box as polyhedra, to a file that ends in
    .ply or .obj. Returns how many there are.

    color: as in plot. A file that is no mesh is replaced only with force. The other arguments are
    those of count; if a limit stops it, there is no file, and the exception Stopped."""
    own, place = scope_of(network_of(network, input_shape, activation), box, None, slice)
    options = _limits(threads, limit_regions, limit_seconds, limit_memory)
    result = Run(own._handle, place.handle, options, None).of(
        "mesh_write", value_of("color_by", color, "color"), Run.OPTIONS,
        check_free(path, "mesh", _is_mesh, force))
    if not result.complete:
        raise Stopped(Count._of(result, None))
    return int(result.digits)
