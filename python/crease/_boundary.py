"""Decision boundaries."""
from __future__ import annotations

from ctypes import byref
from dataclasses import dataclass
from typing import Any

from . import _library
from ._count import _options
from ._library import library, name_of
from ._network import network_of
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
    text = None if level is None else (level if isinstance(level, str) else exact(level)).encode()
    found = _library.Boundary()
    result = Run(own._handle, place.handle, options, None).of(
        "boundary_count", text, Run.OPTIONS, byref(found), progress=progress)
    k = found.classes
    between = {(i, j): found.between[i * k + j] for i in range(k) for j in range(i + 1, k)
               if found.between[i * k + j]}
    pieces, parts = found.pieces, found.parts[:k]
    counts = {str(name_of("definition", i)): n for i, n in enumerate(found.by_definition) if n}
    library().crease_boundary_clear(byref(found))
    return Boundary(pieces, definition, counts, between, parts, result.complete,
                    name_of("stop", result.stopped) if result.stopped else None, result.threads,
                    result.seconds)
