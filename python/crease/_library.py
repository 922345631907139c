"""libcrease through ctypes: its structs, its functions, and where it is."""
from __future__ import annotations

import ctypes
import ctypes.util
import functools
import itertools
import os
import subprocess
from ctypes import (POINTER, c_bool, c_char_p, c_double, c_int, c_int64, c_size_t, c_uint, c_uint8,
                    c_uint64, c_void_p)
from typing import Any, Iterator

from ._errors import InputError, LibraryError

_INTERNAL = 1  # CREASE_INTERNAL


class Progress(ctypes.Structure):
    _fields_ = [("regions", c_uint64), ("earlier", c_uint64), ("open", c_uint64),
                ("seconds", c_double), ("closed", c_double), ("memory", c_uint64),
                ("digits", c_char_p), ("rate", c_double)]


PROGRESS = ctypes.CFUNCTYPE(None, c_void_p, POINTER(Progress))


class Options(ctypes.Structure):
    _fields_ = [("engine", c_int), ("lp", c_int), ("cell", c_int), ("threads", c_int),
                ("seed", c_uint64), ("start", c_char_p), ("limit_regions", c_uint64),
                ("limit_seconds", c_double), ("limit_memory", c_uint64), ("gap", c_double),
                ("stop", POINTER(c_int)),
                ("progress", PROGRESS), ("progress_context", c_void_p),
                ("progress_interval", c_double), ("definition", c_int), ("merge", c_int)]


class Decisions(ctypes.Structure):
    _fields_ = [(name, c_uint64) for name in ("filter", "exact", "lp", "pool")] + [
        ("exact_seconds", c_double), ("proof_seconds", c_double)]


class Result(ctypes.Structure):
    _fields_ = [("regions", c_uint64), ("complete", c_bool), ("stopped", c_int), ("engine", c_int),
                ("lp", c_int), ("cell", c_int), ("cells", c_uint64), ("rays", c_uint64),
                ("refined", c_uint64), ("threads", c_int), ("dimension", c_size_t),
                ("seconds", c_double), ("earlier_seconds", c_double), ("store_bytes", c_uint64),
                ("definition", c_int), ("activation", c_uint64), ("open_connected", c_uint64),
                ("affine", c_uint64), ("certificate_bytes", c_uint64), ("decisions", Decisions),
                ("digits", ctypes.c_char * 1280), ("most", ctypes.c_char * 1280),
                ("merged", c_uint64 * 192)]


class Shape(ctypes.Structure):
    _fields_ = [("activation", c_int), ("rows", c_size_t), ("columns", c_size_t),
                ("rank", c_size_t), ("carry", c_size_t), ("parameter", c_char_p * 2)]


class ReadOptions(ctypes.Structure):
    _fields_ = [("weights", c_int), ("activation", c_char_p), ("layers", c_char_p),
                ("nnet_normalise", c_bool), ("transpose", c_bool), ("whole_batch", c_bool)]


class Bound(ctypes.Structure):
    _fields_ = [("id", c_char_p), ("name", c_char_p), ("year", c_int), ("theorem", c_char_p),
                ("kind", c_int), ("network", c_bool), ("source", c_int), ("formula", c_char_p),
                ("condition", c_char_p), ("reference", c_char_p), ("applies", c_bool),
                ("note", c_char_p), ("value", c_char_p), ("log10", c_double)]


PLANNED = ctypes.CFUNCTYPE(None, c_void_p, c_double, c_double)
REPLICATED = ctypes.CFUNCTYPE(None, c_void_p, c_size_t, c_size_t, c_double)


class Plan(ctypes.Structure):
    _fields_ = [("leaves", c_uint64), ("seconds", c_double), ("error", c_double),
                ("confidence", c_double), ("planned", PLANNED),
                ("replicated", REPLICATED), ("context", c_void_p)]


class Estimation(ctypes.Structure):
    _fields_ = [("estimate", c_double), ("standard_error", c_double), ("low", c_double),
                ("high", c_double), ("confidence", c_double), ("exact", c_bool),
                ("replicates", c_size_t), ("spread", c_double), ("leaves", c_uint64),
                ("largest_share", c_double), ("least", c_double), ("least_confidence", c_double),
                ("proved_lower", c_uint64), ("proved_upper", ctypes.c_char * 1280),
                ("complete", c_bool), ("stopped", c_int),
                ("dimension", c_size_t), ("threads", c_int), ("seconds", c_double)]


class ClassSize(ctypes.Structure):
    _fields_ = [("cells", c_char_p), ("images", c_uint64)]


class BorderImages(ctypes.Structure):
    _fields_ = [("layer", c_size_t), ("cells", c_char_p), ("images", c_uint64),
                ("largest", c_char_p), ("sizes", c_size_t), ("size", POINTER(ClassSize))]


class Identification(ctypes.Structure):
    _fields_ = [("borders", c_size_t), ("border", POINTER(BorderImages)), ("regions", c_char_p),
                ("complete", c_bool), ("stopped", c_int), ("dimension", c_size_t),
                ("threads", c_int), ("seconds", c_double)]


TROUBLE = ctypes.CFUNCTYPE(None, c_void_p, c_char_p)


class Checkpoint(ctypes.Structure):
    """The first fields; the rest stay as crease_checkpoint_default sets them."""
    _fields_ = [("write", c_char_p), ("resume", c_char_p), ("every", c_double),
                ("trouble", TROUBLE)]


class RegionBatch(ctypes.Structure):
    _fields_ = [(name, c_size_t)
                for name in ("regions", "inputs", "outputs", "units", "facets",
                             "vertices")] + [
        (name, c_void_p) for name in ("pattern", "point", "inside", "bounded", "facet_begin",
                                      "facet_kind", "facet_number", "facet_row", "neighbour", "A",
                                      "b", "volume", "vertex_begin", "vertex", "center",
                                      "inradius", "weight", "draws", "group", "label")]


class SamplePlan(ctypes.Structure):
    _fields_ = [("by", c_int), ("size", c_size_t), ("resample", c_bool), ("points", c_void_p),
                ("radius", c_char_p)]


class SampleResult(ctypes.Structure):
    _fields_ = [("regions", c_size_t), ("total", c_double), ("standard_error", c_double),
                ("all", c_bool), ("complete", c_bool), ("stopped", c_int),
                ("dimension", c_size_t), ("threads", c_int), ("seconds", c_double)]


class RegionGraph(ctypes.Structure):
    _fields_ = [(name, c_size_t) for name in ("regions", "edges", "units")] + [
        (name, c_void_p) for name in ("begin", "neighbour", "unit", "pattern")]


class LayerStats(ctypes.Structure):
    _fields_ = [("layer", c_size_t), ("units", c_size_t), ("regions", c_uint64),
                ("active", c_uint64), ("always", c_size_t), ("never", c_size_t),
                ("constant", c_size_t)]


class NormStats(ctypes.Structure):
    _fields_ = [("value", c_char_p), ("point", POINTER(c_double))]


class NormBounds(ctypes.Structure):
    _fields_ = [("low", c_double), ("high", c_double), ("point", POINTER(c_double))]


class RegionStats(ctypes.Structure):
    _fields_ = [("parts", c_uint), ("regions", c_uint64), ("bounded", c_uint64),
                ("inputs", c_size_t), ("units", c_size_t), ("layers", c_size_t),
                ("most_facets", c_size_t), ("layer", POINTER(LayerStats)),
                ("facets", POINTER(c_uint64)), ("neighbours", POINTER(c_uint64)),
                ("active", POINTER(c_uint64)), ("from_l1", NormStats), ("from_linf", NormStats),
                ("from_l2", NormBounds), ("maps", c_uint64), ("radius_low", c_size_t),
                ("radius_high", c_size_t), ("diameter_low", c_size_t),
                ("diameter_high", c_size_t), ("points", c_uint64), ("points_outside", c_uint64),
                ("most_points", c_size_t), ("populations", POINTER(c_uint64)),
                ("least_volume", c_double), ("largest_volume", c_double), ("first_volume", c_int),
                ("volume_count", c_size_t), ("volume", POINTER(c_uint64))]


class Ball(ctypes.Structure):
    _fields_ = [("regions", c_uint64), ("complete", c_bool), ("linf", c_double), ("l2", c_double),
                ("linf_text", c_char_p), ("l2_squared_text", c_char_p)] + [
        (name, c_size_t) for name in ("linf_layer", "linf_unit", "l2_layer", "l2_unit")]


class Margin(ctypes.Structure):
    _fields_ = [("label", c_size_t), ("low", c_double), ("high", c_double), ("complete", c_bool)]


class Change(ctypes.Structure):
    _fields_ = [("layer", c_size_t), ("unit", c_size_t), ("before", c_uint8), ("after", c_uint8)]


class Breakpoint(ctypes.Structure):
    _fields_ = [("t", c_double), ("t_text", c_char_p), ("changes", c_size_t),
                ("change", POINTER(Change))]


class LineSegment(ctypes.Structure):
    _fields_ = [("begin", c_double), ("end", c_double), ("length", c_double),
                ("regions", c_uint64), ("complete", c_bool), ("breakpoints", c_size_t),
                ("breakpoint", POINTER(Breakpoint))]


class LineStats(ctypes.Structure):
    _fields_ = [("lines", c_size_t), ("crossings", c_uint64), ("length", c_double),
                ("density", c_double), ("standard_error", c_double)]


class Boundary(ctypes.Structure):
    _fields_ = [("classes", c_size_t), ("pieces", c_uint64), ("between", POINTER(c_uint64)),
                ("parts", POINTER(c_uint64)), ("by_definition", c_uint64 * 3)]


class PieceList(ctypes.Structure):
    _fields_ = [(name, c_size_t) for name in ("pieces", "inputs", "units", "vertices")] + [
        (name, c_void_p)
        for name in ("classes", "pattern", "beyond", "row", "vertex_begin", "vertex")]


class Polygons(ctypes.Structure):
    _fields_ = [(name, c_size_t) for name in ("regions", "corners", "units", "outputs")] + [
        (name, c_void_p) for name in ("pattern", "begin", "corner", "map", "layer", "unit", "first")]


class Pictured(ctypes.Structure):
    _fields_ = [("network", c_void_p), ("name", c_char_p)]


class Picture(ctypes.Structure):
    _fields_ = [("color", c_int), ("boundary", c_bool), ("raster", c_bool),
                ("label", c_char_p * 2), ("points", c_size_t), ("point", POINTER(c_double)),
                ("group", POINTER(c_int64))]


BATCH_VISIT = ctypes.CFUNCTYPE(c_bool, c_void_p, POINTER(RegionBatch))


class Message(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char * 512)]


# In the order of crease_sizes; of the last one the library has more fields.
_STRUCTS = (Options, Result, Shape, ReadOptions, Progress, Bound, Plan, Estimation,
            Ball, Identification, LineSegment, Breakpoint, Boundary, SamplePlan, SampleResult,
            RegionGraph, RegionStats, Polygons, Pictured, Picture, Margin, PieceList,
            Checkpoint)
_NETWORK, _DOMAIN, _PROPERTY, _BOUNDS, _POINTS = (c_void_p,) * 5
_OUT, _ERROR = POINTER(c_void_p), POINTER(Message)
_NAMES = ("activation", "weights", "engine", "lp", "cell_kind", "merging", "definition", "norm",
          "color_by", "stop", "bound_kind", "bound_source")
# Results and arguments.
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "version": (c_char_p,),
    "options_default": (None, POINTER(Options)),
    "read_options_default": (None, POINTER(ReadOptions)),
    "checkpoint_default": (None, c_void_p),
    "network_new": (c_int, c_size_t, _OUT, _ERROR),
    "network_add_layer": (c_int, _NETWORK, POINTER(Shape), POINTER(c_double), POINTER(c_double),
                          _ERROR),
    "network_add_layer_text": (c_int, _NETWORK, POINTER(Shape), POINTER(c_char_p),
                               POINTER(c_char_p), _ERROR),
    "network_read_with": (c_int, c_char_p, POINTER(ReadOptions), _OUT, _ERROR),
    "network_parse": (c_int, c_char_p, c_size_t, c_char_p, _OUT, _ERROR),
    "network_write": (c_int, _NETWORK, c_char_p, _ERROR),
    "network_free": (None, _NETWORK),
    "network_origin": (c_char_p, _NETWORK),
    "network_notes": (c_char_p, _NETWORK),
    "network_inputs": (c_size_t, _NETWORK),
    "network_layers": (c_size_t, _NETWORK),
    "network_width": (c_size_t, _NETWORK, c_size_t),
    "network_digest": (None, _NETWORK, c_char_p),
    "domain_box": (c_int, c_char_p, c_size_t, _OUT, _ERROR),
    "domain_read_with": (c_int, c_char_p, c_int, c_size_t, _OUT, _ERROR),
    "domain_parse": (c_int, c_char_p, c_size_t, c_char_p, c_size_t, _OUT, _ERROR),
    "domain_write": (c_int, _DOMAIN, c_char_p, _ERROR),
    "domain_free": (None, _DOMAIN),
    "slice_read_with": (c_int, c_char_p, c_int, _NETWORK, _OUT, _ERROR),
    "slice_parse": (c_int, c_char_p, c_size_t, c_char_p, _NETWORK, _OUT, _ERROR),
    "property_read": (c_int, c_char_p, c_size_t, _OUT, _ERROR),
    "property_free": (None, _PROPERTY),
    "property_parts": (c_size_t, _PROPERTY),
    "property_ignored": (c_size_t, _PROPERTY),
    "property_part": (c_int, _PROPERTY, c_size_t, _NETWORK, _OUT, _OUT, _ERROR),
    "count": (c_int, _NETWORK, _DOMAIN, POINTER(Options), POINTER(Result), _ERROR),
    "count_resumable": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_void_p, POINTER(Result),
                        _ERROR),
    "certify": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_char_p, POINTER(Result), _ERROR),
    "region_batches": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_uint, c_size_t, BATCH_VISIT,
                       c_void_p, POINTER(Result), _ERROR),
    "regions_resumable": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_uint, c_void_p, BATCH_VISIT,
                          c_void_p, POINTER(Result), _ERROR),
    "region_batch_at": (c_int, _NETWORK, _DOMAIN, c_char_p, c_uint, BATCH_VISIT, c_void_p, _ERROR),
    "regions_graph": (c_int, _NETWORK, _DOMAIN, POINTER(Options), POINTER(RegionGraph),
                      POINTER(Result), _ERROR),
    "region_graph_free": (None, POINTER(RegionGraph)),
    "regions_stats": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_uint, _POINTS,
                      POINTER(RegionStats), POINTER(Result), _ERROR),
    "region_stats_free": (None, POINTER(RegionStats)),
    "polygons_find": (c_int, _NETWORK, _DOMAIN, POINTER(Options), c_bool,
                      POINTER(POINTER(Polygons)), POINTER(Result), _ERROR),
    "polygons_free": (None, POINTER(Polygons)),
    "picture_window": (c_int, POINTER(Pictured), c_size_t, POINTER(Picture), POINTER(Options),
                       _OUT, _ERROR),
    "picture_draw": (c_int, POINTER(Pictured), c_size_t, _DOMAIN, POINTER(Picture),
                     POINTER(Options), c_char_p, POINTER(Result), _ERROR),
    "picture_fold": (c_int, POINTER(Pictured), _DOMAIN, POINTER(Options), c_char_p,
                     POINTER(Result), _ERROR),
    "mesh_named": (c_bool, c_char_p),
    "mesh_write": (c_int, _NETWORK, _DOMAIN, c_int, POINTER(Options), c_char_p, POINTER(Result),
                   _ERROR),
    "points_read": (c_int, c_char_p, c_size_t, _OUT, _ERROR),
    "points_new": (c_int, c_void_p, c_size_t, c_size_t, _OUT, _ERROR),
    "points_count": (c_size_t, _POINTS),
    "points_free": (None, _POINTS),
    "around": (c_int, _NETWORK, _DOMAIN, _POINTS, c_char_p, c_int, POINTER(Options), POINTER(Ball),
               POINTER(Result), _ERROR),
    "margins": (c_int, _NETWORK, _DOMAIN, _POINTS, c_double, c_int, POINTER(Options),
                POINTER(Margin), POINTER(Result), _ERROR),
    "balls_clear": (None, POINTER(Ball), c_size_t),
    "along": (c_int, _NETWORK, _DOMAIN, _POINTS, POINTER(Options), POINTER(LineSegment),
              POINTER(Result), _ERROR),
    "lines": (c_int, _NETWORK, _DOMAIN, _POINTS, c_size_t, POINTER(Options), POINTER(LineSegment),
              POINTER(LineStats), POINTER(Result), _ERROR),
    "boundary_count": (c_int, _NETWORK, _DOMAIN, c_char_p, POINTER(Options), POINTER(Boundary),
                       POINTER(Result), _ERROR),
    "boundary_clear": (None, POINTER(Boundary)),
    "boundary_list": (c_int, _NETWORK, _DOMAIN, c_char_p, POINTER(Options), POINTER(PieceList),
                      POINTER(Result), _ERROR),
    "piece_list_free": (None, POINTER(PieceList)),
    "line_segments_clear": (None, POINTER(LineSegment), c_size_t),
    "sample_batches": (c_int, _NETWORK, _DOMAIN, POINTER(Options), POINTER(SamplePlan), c_uint,
                       c_size_t, BATCH_VISIT, c_void_p, POINTER(SampleResult), _ERROR),
    "estimate_plan_default": (None, POINTER(Plan)),
    "estimate": (c_int, _NETWORK, _DOMAIN, POINTER(Options), POINTER(Plan), POINTER(Estimation),
                 _ERROR),
    "identify": (c_int, _NETWORK, _DOMAIN, POINTER(Options),
                 POINTER(POINTER(Identification)), _ERROR),
    "identification_free": (None, POINTER(Identification)),
    "bounds_widths": (c_int, c_char_p, c_size_t, _OUT, _ERROR),
    "bounds_network": (c_int, _NETWORK, _DOMAIN, c_size_t, _OUT, _ERROR),
    "bounds_count": (c_size_t, _BOUNDS),
    "bounds_get": (POINTER(Bound), _BOUNDS, c_size_t),
    "bounds_free": (None, _BOUNDS),
    **{f"{what}_name": (c_char_p, c_int) for what in _NAMES},
    **{f"{what}_find": (c_bool, c_char_p, POINTER(c_int)) for what in _NAMES[:9]},
}


def _places() -> Iterator[str]:
    """Where libcrease may be, the first one first."""
    here = os.path.dirname(os.path.abspath(__file__))
    for path in (os.path.join(here, "..", "..", "build", "libcrease.so"),  # the source tree
                 # From PREFIX/lib/python3.11/dist-packages/crease.
                 os.path.join(here, "..", "..", "..", "libcrease.so")):
        if os.path.exists(path):
            yield os.path.normpath(path)
    yield "libcrease.so.0"  # the linker knows
    try:
        found = subprocess.run(["pkg-config", "--variable=libdir", "crease"], capture_output=True,
                               text=True, check=False).stdout.strip()
    except OSError:
        found = ""
    if found:
        yield os.path.join(found, "libcrease.so")


def _open() -> tuple[str, Any]:
    asked = os.environ.get("CREASE_LIBRARY")
    trouble = "not found"
    for path in [asked] if asked else _places():
        try:
            return path, ctypes.CDLL(path)
        except OSError as error:
            if os.path.exists(path):
                trouble = str(error)
    raise LibraryError(f"{asked or 'libcrease.so'}: {trouble}; run make or make install, "
                       "or set CREASE_LIBRARY")


@functools.lru_cache(maxsize=None)
def library() -> Any:
    """The library, loaded once and compared with the structs above."""
    path, loaded = _open()
    sizes = (c_size_t * len(_STRUCTS))()
    if not hasattr(loaded, "crease_sizes"):
        raise LibraryError(f"{path}: too old for this package")
    loaded.crease_sizes(sizes)
    own = [ctypes.sizeof(kind) for kind in _STRUCTS]
    if list(sizes)[:-1] != own[:-1] or sizes[-1] < own[-1]:
        raise LibraryError(f"{path}: of another version than this package")
    loaded.checkpoint_bytes = sizes[-1]
    for name, (result, *arguments) in _FUNCTIONS.items():
        try:
            function = getattr(loaded, "crease_" + name)
        except AttributeError:
            raise LibraryError(f"{path}: too old for this package, no crease_{name}") from None
        function.restype, function.argtypes = result, arguments
    return loaded


def library_version() -> str:
    """The version of libcrease."""
    return str(library().crease_version().decode())


def check(status: int, message: Message) -> None:
    """Raises what a status of the library says."""
    if status:
        text = message.text.decode(errors="replace") or "libcrease failed"
        raise (LibraryError if status == _INTERNAL else InputError)(text)


def name_of(what: str, value: int) -> str | None:
    """The name of a value of crease_WHAT; None if there is no such value."""
    name = getattr(library(), f"crease_{what}_name")(value)
    return None if name is None else str(name.decode())


def value_of(what: str, name: str, argument: str | None = None) -> int:
    """The value of a name of crease_WHAT; argument: what messages call it."""
    value = c_int()
    if not isinstance(name, str) or not getattr(library(), f"crease_{what}_find")(
            name.encode(), ctypes.byref(value)):
        found = (name_of(what, i) for i in itertools.count())
        names = itertools.takewhile(lambda known: known is not None, found)
        raise InputError(f"{argument or what}: {name!r} is not one of {', '.join(map(str, names))}")
    return value.value
