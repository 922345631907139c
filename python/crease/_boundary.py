"""Decision boundaries."""
from __future__ import annotations

import math
from ctypes import byref, string_at
from dataclasses import dataclass
from typing import Any, Iterator

from . import _library
from ._count import Count, _options
from ._errors import Stopped
from ._library import library, name_of
from ._network import network_of
from ._regions import _array, _row
from ._run import Run
from ._scope import scope_of
from ._values import exact


@dataclass(frozen=True)
class Boundary:
    """The pieces of the decision boundary: doc/definitions.md says what they are.

    pieces: by the definition asked for; counts: by each definition that was established. between: {(i, j): pieces between the classes i < j}, without pairs that have none. parts: for
    each class, in how many activation regions it occurs. Lower bounds if not complete."""

    pieces: int
    definition: str
    counts: dict[str, int]
    between: dict[tuple[int, int], int]
    parts: list[int]
    complete: bool
    stopped: str | None
    threads: int
    seconds: float


@dataclass(frozen=True)
class Piece:
    """A piece of the boundary between two classes, the smaller one first.

    pattern and beyond: the patterns on the sides of the first and of the second class. row: n + 1
    numbers; row[:n] . x + row[n] is 0 on the piece and positive on the side of the first class.
    vertices: in the order around the piece, without the directions of an unbounded one; None with
    more than three inputs."""

    classes: tuple[int, int]
    pattern: bytes
    beyond: bytes
    row: Any
    vertices: Any


class Pieces:
    """All pieces as arrays of NumPy (memoryviews without NumPy), in the order of their patterns:
    classes, pattern, beyond, row, and the vertices vertex[vertex_begin[p]], ...,
    vertex[vertex_begin[p + 1] - 1] of piece p. Iteration gives a Piece for each."""

    def __init__(self, found: _library.PieceList) -> None:
        self._count, self._inputs, self._units = found.pieces, found.inputs, found.units

        def take(place: Any, code: str, *shape: int) -> Any:
            size = math.prod(shape) * (1 if code == "B" else 8)
            return _array(string_at(place, size), code, *shape)

        p, n, units = found.pieces, found.inputs, found.units
        self._patterns = string_at(found.pattern, p * units)
        self._beyond = string_at(found.beyond, p * units)
        self.classes = take(found.classes, "q", p, 2)
        self.pattern = _array(self._patterns, "B", p, units)
        self.beyond = _array(self._beyond, "B", p, units)
        self.row = take(found.row, "d", p, n + 1)
        self.vertex_begin: Any = None
        self.vertex: Any = None
        if found.vertex_begin:
            self.vertex_begin = take(found.vertex_begin, "q", p + 1)
            self.vertex = take(found.vertex, "d", found.vertices, n)

    def __len__(self) -> int:
        return int(self._count)

    def _vertices(self, p: int) -> Any:
        if self.vertex is None:
            return None
        begin, end = int(self.vertex_begin[p]), int(self.vertex_begin[p + 1])
        if isinstance(self.vertex, memoryview):
            return [tuple(_row(self.vertex, v, "d", self._inputs)) for v in range(begin, end)]
        return self.vertex[begin:end]

    def __iter__(self) -> Iterator[Piece]:
        for p in range(len(self)):
            at = slice(p * self._units, (p + 1) * self._units)
            first, second = _row(self.classes, p, "q", 2)
            yield Piece((int(first), int(second)), self._patterns[at], self._beyond[at],
                        _row(self.row, p, "d", self._inputs + 1), self._vertices(p))


def _level(level: Any) -> bytes | None:
    return None if level is None else (level if isinstance(level, str) else exact(level)).encode()


def boundary(network: Any, box: Any = None, *, level: Any = None, domain: Any = None,
             slice: Any = None, vnnlib: Any = None, part: int | None = None,
             input_shape: Any = None, activation: str | None = None,
             definition: str = "activation", cell: str = "auto", threads: int = 0,
             limit_regions: int | None = None, limit_seconds: float | None = None,
             limit_memory: int | None = None, progress: Any = None,
             progress_seconds: float = 0.5) -> Boundary:
    """Counts the pieces of the decision boundary, with proof.

    The class is the number of the largest output, or with one output whether it is greater than
    level (0): a number or exact text. The other arguments are those of count; limit_regions is one
    on parts."""
    options = _options(definition, "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, progress_seconds)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    found = _library.Boundary()
    result = Run(own._handle, place.handle, options, None).of(
        "boundary_count", _level(level), Run.OPTIONS, byref(found), progress=progress)
    k = found.classes
    between = {(i, j): found.between[i * k + j] for i in range(k) for j in range(i + 1, k)
               if found.between[i * k + j]}
    pieces, parts = found.pieces, found.parts[:k]
    counts = {str(name_of("definition", i)): n for i, n in enumerate(found.by_definition) if n}
    library().crease_boundary_clear(byref(found))
    return Boundary(pieces, definition, counts, between, parts, result.complete,
                    name_of("stop", result.stopped) if result.stopped else None, result.threads,
                    result.seconds)


def boundary_pieces(network: Any, box: Any = None, *, level: Any = None, domain: Any = None,
                    slice: Any = None, vnnlib: Any = None, part: int | None = None,
                    input_shape: Any = None, activation: str | None = None, cell: str = "auto",
                    threads: int = 0, limit_regions: int | None = None,
                    limit_seconds: float | None = None, limit_memory: int | None = None,
                    progress: Any = None, progress_seconds: float = 0.5) -> Pieces:
    """Lists the pieces of the decision boundary that boundary counts. The arguments are the same. If
    a limit stops the search, there is no list, and the exception Stopped."""
    options = _options("activation", "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, progress_seconds)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    found = _library.PieceList()
    result = Run(own._handle, place.handle, options, None).of(
        "boundary_list", _level(level), Run.OPTIONS, byref(found), progress=progress)
    try:
        if not result.complete:
            raise Stopped(Count._of(result, None))
        return Pieces(found)
    finally:
        library().crease_piece_list_free(byref(found))
