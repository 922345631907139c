"""The regions along segments."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import _library
from ._count import _options
from ._errors import InputError
from ._library import library, name_of
from ._network import network_of
from ._points import Points
from ._run import Run
from ._scope import scope_of
from ._values import whole


@dataclass(frozen=True)
class Breakpoint:
    """The place p + t (q - p) of a segment from p to q, where units change: a tuple (layer, unit,
    state before, state after) for each."""

    t: float
    exact: Fraction
    changes: list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Segment:
    """The part begin < t < end of a segment that is in the domain, and its length by l2.

    regions: how many it runs through; a lower bound, without breakpoints, if not complete."""

    begin: float
    end: float
    length: float
    regions: int
    complete: bool
    breakpoints: list[Breakpoint]

    @classmethod
    def _of(cls, segment: _library.LineSegment) -> Segment:
        places = []
        for place in segment.breakpoint[:segment.breakpoints] if segment.breakpoints else []:
            changes = [(c.layer, c.unit, c.before, c.after)
                       for c in place.change[:place.changes]]
            places.append(Breakpoint(place.t, Fraction(place.t_text.decode()), changes))
        return cls(segment.begin, segment.end, segment.length, segment.regions, segment.complete,
                   places)


@dataclass(frozen=True)
class Along:
    """All segments in their order. stopped: by which limit, or None."""

    segments: list[Segment]
    complete: bool
    stopped: str | None
    threads: int
    seconds: float


@dataclass(frozen=True)
class Lines:
    """Random segments: crossings of boundaries on all of them, crossings per unit length, and the
    standard error of this density; None if it is not known. segments have no breakpoints."""

    lines: int
    crossings: int
    length: float
    density: float | None
    standard_error: float | None
    segments: list[Segment]
    complete: bool
    stopped: str | None
    threads: int
    seconds: float


def _follow(function: str, network: Any, points: Any, count: int, options: Any, place: dict[str, Any],
            progress: Any) -> tuple[list[Segment], _library.LineStats, tuple[Any, ...]]:
    shape, activation = place.pop("input_shape"), place.pop("activation")
    own, domain = scope_of(network_of(network, shape, activation), **place)
    listed = None if points is None else Points(points, own.inputs)
    handle = None if listed is None else listed.handle
    if listed is not None and not count and len(listed) < 2:
        raise InputError("points: one alone has no segment")
    segments = (_library.LineSegment * (count or len(listed or ()) - 1))()
    stats = _library.LineStats()
    run = Run(own._handle, domain.handle, options, None)
    if count:
        result = run.of(function, handle, count, Run.OPTIONS, segments, ctypes.byref(stats),
                        progress=progress)
    else:
        result = run.of(function, handle, Run.OPTIONS, segments, progress=progress)
    found = [Segment._of(segment) for segment in segments]
    library().crease_line_segments_clear(segments, len(found))
    stopped = name_of("stop", result.stopped) if result.stopped else None
    return found, stats, (result.complete, stopped, result.threads, result.seconds)


def along(network: Any, points: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
          vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
          activation: str | None = None, cell: str = "auto", threads: int = 0,
          limit_regions: int | None = None, limit_seconds: float | None = None,
          limit_memory: int | None = None, progress: Any = None,
          progress_seconds: float = 0.5) -> Along:
    """Follows the segments from each point to the next: where which units change, exactly.

    points: an array whose rows are points, rows of numbers, or the path of a .npy, .npz or CSV
    file. The other arguments are those of count."""
    options = _options("activation", "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, progress_seconds)
    place = {"box": box, "domain": domain, "slice": slice, "vnnlib": vnnlib, "part": part,
             "input_shape": input_shape, "activation": activation}
    found, _, end = _follow("along", network, points, 0, options, place, progress)
    return Along(found, *end)


def lines(network: Any, count: int, points: Any = None, box: Any = None, *, seed: int = 0,
          domain: Any = None, slice: Any = None, vnnlib: Any = None, part: int | None = None,
          input_shape: Any = None, activation: str | None = None, definition: str = "activation",
          threads: int = 0, limit_regions: int | None = None, limit_seconds: float | None = None,
          limit_memory: int | None = None, progress: Any = None,
          progress_seconds: float = 0.5) -> Lines:
    """How many boundaries random segments cross for each unit of length: `count` segments between
    two of the points, or without points between two points of the box."""
    options = _options(definition, "auto", "auto", "auto", "auto", threads, seed, None,
                       limit_regions, limit_seconds, limit_memory, None, progress_seconds)
    place = {"box": box, "domain": domain, "slice": slice, "vnnlib": vnnlib, "part": part,
             "input_shape": input_shape, "activation": activation}
    found, stats, end = _follow("lines", network, points, whole("count", count, 1, 10**7), options,
                                place, progress)
    return Lines(stats.lines, stats.crossings, stats.length, stats.density if stats.lines else None,
                 stats.standard_error if stats.standard_error >= 0 else None, found, *end)
