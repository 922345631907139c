"""Statistics of all regions."""
from __future__ import annotations

import ctypes
import math
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from ._count import _options
from ._library import RegionStats, library, name_of
from ._network import network_of
from ._points import Points
from ._run import Run
from ._scope import scope_of

_PARTS = {"norms": 1, "maps": 2, "graph": 4, "volumes": 8}


@dataclass(frozen=True)
class LayerStats:
    """One layer that switches. regions_after: of the network that ends with it; active_sum: units
    in a state other than 0, summed over all regions; always, never: units that are active in all
    regions, and in none; constant: units with the same state in all regions."""

    layer: int
    units: int
    regions_after: int
    active_sum: int
    always: int
    never: int
    constant: int


@dataclass(frozen=True)
class Norm:
    """The largest norm of A over all regions, between low and high, and a point where it is.
    exact: the norm itself, if it is known as a fraction."""

    low: float
    high: float
    exact: Fraction | None
    point: list[float]


@dataclass(frozen=True)
class Stats:
    """Numbers of all regions, or if not complete of those that were visited.

    facets[k], neighbours[k], active[k]: how many regions have k facets, neighbours, active units.
    What was not asked for is None: norm_l1, norm_linf, norm_l2; maps, the number of different
    affine maps; radius and diameter of the graph, each as (low, high); of the bounded regions the
    least and the largest volume, and volumes[k], how many have one of 2^k or more and less than
    twice that; populations[k], how many regions have k of the data points, and points_outside. If not complete, maps, radius and
    diameter are None, and populations[0] is 0, as the regions of a layer may be."""

    regions: int
    complete: bool
    stopped: str | None
    bounded: int
    layers: list[LayerStats]
    facets: list[int]
    neighbours: list[int]
    active: list[int]
    norm_l1: Norm | None = None
    norm_linf: Norm | None = None
    norm_l2: Norm | None = None
    maps: int | None = None
    radius: tuple[int, int] | None = None
    diameter: tuple[int, int] | None = None
    least_volume: float | None = None
    largest_volume: float | None = None
    volumes: dict[int, int] | None = None
    populations: list[int] | None = None
    points_outside: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """All fields, for JSON: fractions are strings."""
        fields = asdict(self)
        for name in ("norm_l1", "norm_linf"):
            if fields[name]:
                fields[name]["exact"] = str(fields[name]["exact"])
        return fields


def _exact_norm(found: Any, inputs: int) -> Norm:
    value = Fraction(found.value.decode())
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    low = near if near <= value else math.nextafter(near, 0)
    high = near if near >= value else math.nextafter(near, math.inf)
    return Norm(low, high, value, found.point[:inputs])


def _parts_of(s: Any, complete: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if s.parts & _PARTS["norms"]:
        found["norm_l1"] = _exact_norm(s.from_l1, s.inputs)
        found["norm_linf"] = _exact_norm(s.from_linf, s.inputs)
        found["norm_l2"] = Norm(s.from_l2.low, s.from_l2.high, None,
                                s.from_l2.point[:s.inputs])
    if s.parts & _PARTS["maps"] and complete:
        found["maps"] = s.maps
    if s.parts & _PARTS["graph"] and complete:
        found["radius"] = (s.radius_low, s.radius_high)
        found["diameter"] = (s.diameter_low, s.diameter_high)
    if s.volume:
        found["least_volume"], found["largest_volume"] = s.least_volume, s.largest_volume
        found["volumes"] = {s.first_volume + k: n
                            for k, n in enumerate(s.volume[:s.volume_count]) if n}
    if s.populations:
        found["populations"] = s.populations[:s.most_points + 1]
        found["points_outside"] = s.points_outside
    return found


def stats(network: Any, box: Any = None, *, norms: bool = False, maps: bool = False,
          graph: bool = False, volumes: bool = False, data: Any = None, domain: Any = None, slice: Any = None,
          vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
          activation: str | None = None, cell: str = "auto", threads: int = 0,
          limit_regions: int | None = None, limit_seconds: float | None = None,
          limit_memory: int | None = None, progress: Any = None,
          progress_seconds: float = 0.5) -> Stats:
    """Visits all regions and stores none: how many have how many facets, active units and so on.

    norms, maps, graph, volumes: also the largest norms of the affine maps, the number of maps, the
    radius and the diameter of the graph, the volumes of the bounded regions. data: points, as for around, that are put into the regions. The
    other arguments are those of count."""
    options = _options("activation", "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, progress_seconds)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    parts = sum(_PARTS[name] for name, asked in
                (("norms", norms), ("maps", maps), ("graph", graph), ("volumes", volumes)) if asked)
    points = None if data is None else Points(data, own.inputs)
    found = RegionStats()
    result = Run(own._handle, place.handle, options, None).of(
        "regions_stats", Run.OPTIONS, parts, points.handle if points else None, ctypes.byref(found),
        progress=progress)
    try:
        layers = [LayerStats(k.layer, k.units, k.regions, k.active, k.always, k.never, k.constant)
                  for k in found.layer[:found.layers]]
        most = found.most_facets + 1
        return Stats(found.regions, result.complete,
                     name_of("stop", result.stopped) if result.stopped else None, found.bounded,
                     layers, found.facets[:most], found.neighbours[:most],
                     found.active[:found.units + 1], **_parts_of(found, result.complete))
    finally:
        library().crease_region_stats_free(ctypes.byref(found))
