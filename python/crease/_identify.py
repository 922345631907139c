"""Identification: which cells the layers map onto one image."""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ._count import _options
from ._library import library, name_of
from ._network import network_of
from ._run import Run
from ._scope import scope_of


@dataclass(frozen=True)
class Border:
    """The border into a layer, numbered from 0 as everywhere: its cells, how many different images
    they have, the cells of the largest class, and for every size of a class how many there are."""

    layer: int
    cells: int
    images: int
    largest: int
    sizes: dict[int, int]


@dataclass(frozen=True)
class Identification:
    """doc/merging.md says what an image is. regions is None unless complete."""

    borders: list[Border]
    regions: int | None
    complete: bool
    stopped: str | None
    dimension: int
    threads: int
    seconds: float

    @classmethod
    def _of(cls, found: Any) -> Identification:
        borders = []
        for own in found.border[:found.borders]:
            sizes = {int(size.cells): size.images for size in own.size[:own.sizes]}
            borders.append(Border(own.layer, int(own.cells), own.images, int(own.largest), sizes))
        return cls(borders, int(found.regions) if found.complete else None, found.complete,
                   name_of("stop", found.stopped) if found.stopped else None, found.dimension,
                   found.threads, found.seconds)

    def as_dict(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


def identify(network: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
             vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
             activation: str | None = None, merge: str = "auto", threads: int = 0,
             limit_seconds: float | None = None, limit_memory: int | None = None,
             progress: Any = None, progress_seconds: float = 0.5) -> Identification:
    """Finds the cells at the border into each layer and the classes of those with one image.

    network, box and the other places, threads, the limits and progress: as for count. merge="off" searches
    every cell, and not one of each class; the result is the same."""
    options = _options("activation", "auto", "auto", "auto", merge, threads, 0, None, None,
                       limit_seconds, limit_memory, None, progress_seconds)
    whole_network = network_of(network, input_shape, activation)
    own, place = scope_of(whole_network, box, domain, slice, vnnlib, part)
    found = Run(own._handle, place.handle, options, None).identification(progress)
    try:
        return Identification._of(found.contents)
    finally:
        library().crease_identification_free(found)
