"""The regions around points."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import _library
from ._count import _options
from ._library import library, name_of, value_of
from ._network import network_of
from ._points import Points
from ._regions import _numpy
from ._run import Run
from ._scope import scope_of
from ._values import exact, positive


@dataclass(frozen=True)
class Ball:
    """The ball around one point.

    regions: a lower bound if not complete. linf and l2: how far the point is from the nearest facet
    of its region, in all of R^n; linf_exact and l2_squared are exact, and linf_unit and l2_unit are
    the layer and the number in it of the unit that changes there. None: the region is all of R^n
    (the distance is infinite), or the run was stopped before (NaN)."""

    regions: int
    complete: bool
    linf: float
    l2: float
    linf_exact: Fraction | None
    l2_squared: Fraction | None
    linf_unit: tuple[int, int] | None
    l2_unit: tuple[int, int] | None

    @classmethod
    def _of(cls, ball: _library.Ball) -> Ball:
        known = ball.linf_text is not None
        return cls(ball.regions, ball.complete, ball.linf, ball.l2,
                   Fraction(ball.linf_text.decode()) if known else None,
                   Fraction(ball.l2_squared_text.decode()) if known else None,
                   (ball.linf_layer, ball.linf_unit) if known else None,
                   (ball.l2_layer, ball.l2_unit) if known else None)


@dataclass(frozen=True)
class Margin:
    """The class of a point, and proved bounds on its distance from other classes. label is None if
    the run was stopped before; high is infinite if no other class was found."""

    label: int | None
    low: float
    high: float
    complete: bool


@dataclass(frozen=True)
class Around:
    """The balls around all points, and with margin= the margins, in the points' order. stopped: by
    which limit, or None."""

    balls: list[Ball]
    margins: list[Margin] | None
    complete: bool
    stopped: str | None
    threads: int
    seconds: float

    def _column(self, name: str) -> Any:
        values = [getattr(ball, name) for ball in self.balls]
        numpy = _numpy()
        return values if numpy is None else numpy.array(values)

    @property
    def regions(self) -> Any:
        """The number of each ball, as an array of NumPy where it is installed, else a list."""
        return self._column("regions")

    @property
    def linf(self) -> Any:
        return self._column("linf")

    @property
    def l2(self) -> Any:
        return self._column("l2")

    def __len__(self) -> int:
        return len(self.balls)


def around(network: Any, points: Any, radius: Any, box: Any = None, *, norm: str = "linf",
           domain: Any = None, slice: Any = None, vnnlib: Any = None, part: int | None = None,
           input_shape: Any = None, activation: str | None = None, definition: str = "activation",
           engine: str = "auto", cell: str = "auto", threads: int = 0,
           margin: float | None = None, limit_regions: int | None = None,
           limit_seconds: float | None = None,
           limit_memory: int | None = None, progress: Any = None,
           progress_seconds: float = 0.5) -> Around:
    """Counts the regions in the ball around each point, with proof, and measures how far the point
    is from the nearest facet of its region.

    points: an array whose rows are points, rows of numbers, or the path of a .npy, .npz or CSV
    file. radius: a number, or exact text such as "1/10". norm: "linf" or "l1". limit_regions holds
    for each ball. margin: how far at most to look for another class. The other arguments are those
    of count."""
    options = _options(definition, engine, "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, progress_seconds)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    listed = Points(points, own.inputs)
    balls = (_library.Ball * len(listed))()
    text = radius if isinstance(radius, str) else exact(radius)
    run, by_norm = Run(own._handle, place.handle, options, None), value_of("norm", norm)
    most = None if margin is None else positive("margin", margin)
    result = run.of("around", listed.handle, text.encode(), by_norm, Run.OPTIONS, balls,
                    progress=progress)
    found, margins = [Ball._of(ball) for ball in balls], None
    library().crease_balls_clear(balls, len(found))
    complete, stopped, seconds = result.complete, result.stopped, result.seconds
    if most is not None:
        if options.limit_seconds > 0:  # one limit for both
            options.limit_seconds = max(options.limit_seconds - seconds, 1e-9)
        bounds = (_library.Margin * len(listed))()
        result = run.of("margins", listed.handle, most, by_norm, Run.OPTIONS, bounds,
                        progress=progress)
        unknown = ctypes.c_size_t(-1).value
        margins = [Margin(m.label if m.label != unknown else None, m.low, m.high, m.complete)
                   for m in bounds]
        complete, stopped = complete and result.complete, stopped or result.stopped
        seconds += result.seconds
    return Around(found, margins, complete, name_of("stop", stopped) if stopped else None,
                  result.threads, seconds)
