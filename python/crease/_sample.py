"""Regions drawn at random."""
from __future__ import annotations

import ctypes
import math
from typing import Any, Callable, Iterator

from ._count import _options
from ._errors import InputError
from ._library import BATCH_VISIT, SampleResult, library, name_of
from ._network import network_of
from ._points import Points
from ._regions import Batch, Region, _mask
from ._run import Run
from ._scope import scope_of
from ._values import exact, whole

_BY = ("region", "volume", "data")
_WEIGHT = 512  # CREASE_WITH_WEIGHT
_SIZE = 1024


class Sample:
    """Regions that were drawn, with the properties weight, draws and group, which doc/estimate.md
    explains; iteration gives them, and batches has them as arrays.

    total is the sum of the weights; by region it estimates the number of regions, with
    standard_error, which is None if not known. all: these are all regions, each once. stopped: by
    which limit, or None."""

    def __init__(self, batches: list[Batch], by: str, result: SampleResult) -> None:
        self.batches, self.by = batches, by
        self.total, self.all, self.complete = result.total, result.all, result.complete
        self.standard_error = result.standard_error if result.standard_error >= 0 else None
        self.stopped = name_of("stop", result.stopped) if result.stopped else None
        self.dimension, self.threads = result.dimension, result.threads
        self.seconds = result.seconds

    def __len__(self) -> int:
        return sum(len(batch) for batch in self.batches)

    def __iter__(self) -> Iterator[Region]:
        return (region for batch in self.batches for region in batch)

    def mean(self, value: Callable[[Region], float]) -> tuple[float, float | None]:
        """The weighted mean of a number that regions have, and its standard error (None if it is
        not known): sample.mean(lambda region: len(region.facets)). It estimates the mean over all
        regions, or by volume and data the mean over the points."""
        rows = [(region.weight, region.draws, region.group, float(value(region)))
                for region in self]
        weight = sum(row[0] for row in rows)
        if not rows:
            raise InputError("mean: no region was drawn")
        mean = sum(row[0] * row[3] for row in rows) / weight
        if self.all:
            return mean, 0.0
        if self.by == "region":
            groups = 1 + max(row[2] for row in rows)
            rest = [0.0] * groups
            for own, _, group, number in rows:
                rest[group] += own * (number - mean)
            squares = sum(x * x for x in rest) * groups
            return mean, math.sqrt(squares / (groups - 1)) / weight if groups > 1 else None
        draws = sum(row[1] for row in rows)
        squares = sum(row[1] * (row[3] - mean) ** 2 for row in rows)
        return mean, math.sqrt(squares / draws / (draws - 1)) if draws > 1 else None

    def __repr__(self) -> str:
        return f"<{len(self)} regions by {self.by}>"


def sample(network: Any, n: int = 1000, box: Any = None, *, by: str | None = None,
           resample: bool = False, points: Any = None, radius: Any = None, fields: Any = "",
           domain: Any = None, slice: Any = None, vnnlib: Any = None, part: int | None = None,
           input_shape: Any = None, activation: str | None = None, lp: str = "auto",
           cell: str = "auto", threads: int = 0, seed: int = 0,
           limit_seconds: float | None = None, limit_memory: int | None = None,
           progress: Any = None, progress_seconds: float = 0.5) -> Sample:
    """Draws regions at random, where there are too many to list.

    by: "region" (about n leaves of the cell tree, or exactly n with resample), "volume" (the
    regions of n uniform points of the box) or "data" (the regions of points, or with a radius those
    of n points around them). points: an array whose rows are points, rows of numbers, or the path
    of a .npy, .npz or CSV file; they stand for by="data". fields: as for region_batches. The other
    arguments are those of count; progress is about the regions that were drawn and then looked at.
    A limit leaves a sample that is not complete."""
    by = by if by is not None else "region" if points is None else "data"
    if by not in _BY:
        raise InputError(f"by: {by!r} is not one of {', '.join(_BY)}")
    if (by == "data") != (points is not None):
        raise InputError("points: they go with by=\"data\"")
    options = _options("activation", "auto", lp, cell, "auto", threads, seed, None, None,
                       limit_seconds, limit_memory, None, progress_seconds)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    listed = None if points is None else Points(points, own.inputs)
    text = None if radius is None else radius if isinstance(radius, str) else exact(radius)
    found: list[Batch] = []
    trouble: list[BaseException] = []

    def visit(_: Any, view: Any) -> bool:
        try:
            found.append(Batch(view.contents))
        except BaseException as error:  # an exception cannot pass through C
            trouble.append(error)
        return not trouble

    result = Run(own._handle, place.handle, options, None).sample(
        _BY.index(by), whole("n", n, 1, 2**40), resample, None if listed is None else listed.handle,
        None if text is None else text.encode(), _mask(fields) | _WEIGHT, _SIZE,
        BATCH_VISIT(visit), progress)
    if trouble:
        raise trouble[0]
    return Sample(found, by, result)
