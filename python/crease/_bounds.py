"""Bounds from the literature."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ._errors import InputError
from ._library import Bound as _Bound
from ._library import Message, check, library, name_of
from ._network import network_of
from ._scope import scope_of
from ._values import whole


@dataclass(frozen=True)
class Bound:
    """One bound; doc/bounds.md lists them all.

    kind: "exact", "upper", "lower", "expectation" or "growth". network: it is of this network, not
    of its architecture. value: None if the bound does not apply, and note says why; otherwise an
    int or a Fraction, and log10 of it. source: where the formula was checked."""

    id: str
    name: str
    year: int
    theorem: str
    kind: str
    network: bool
    source: str
    formula: str
    condition: str
    reference: str
    applies: bool
    note: str
    value: int | Fraction | None
    log10: float | None

    @classmethod
    def _of(cls, bound: _Bound) -> Bound:
        def text(name: str) -> str:
            return (getattr(bound, name) or b"").decode()

        value: int | Fraction | None = None
        if bound.applies:
            exact = Fraction(text("value"))
            value = exact.numerator if exact.denominator == 1 else exact
        return cls(text("id"), text("name"), bound.year, text("theorem"),
                   name_of("bound_kind", bound.kind) or "", bound.network,
                   name_of("bound_source", bound.source) or "", text("formula"), text("condition"),
                   text("reference"), bound.applies, text("note"), value,
                   bound.log10 if bound.applies else None)


def _entry(entry: Any) -> str | None:
    """"16" of 16, "2x2x3/2" of (2, 2, 3, 2); None if it is something else."""
    if isinstance(entry, (list, tuple)) and len(entry) in (3, 4):
        numbers = [_entry(number) for number in entry]
        if all(number is not None and "x" not in number for number in numbers):
            return "x".join(map(str, numbers[:3])) + "".join("/%s" % n for n in numbers[3:])
    elif hasattr(entry, "__index__"):
        return str(whole("widths", entry, 0, 2**31))
    return None


def _widths(network: Any) -> bytes | None:
    """"2,16,16" of [2, 16, 16]; None if it is something else."""
    if isinstance(network, (list, tuple)) and network:
        entries = [_entry(entry) for entry in network]
        if None not in entries:
            return ",".join(map(str, entries)).encode()
    return None


def bounds(network: Any, box: Any = None, *, maxout: int = 0, input_shape: Any = None,
           activation: str | None = None) -> list[Bound]:
    """The bounds on the number of regions of a network, or of the widths [inputs, hidden, ...],
    of filters [(rows, columns, channels of the input), (those of a filter), ...], a stride behind.

    box: for the bounds that need weights and a box. maxout: as if its units were maxout units of
    that rank, weights unknown."""
    rank = whole("maxout", maxout, 0, 2**31)
    handle, message = ctypes.c_void_p(), Message()
    widths = _widths(network)
    if widths is not None:
        if box is not None or input_shape is not None or activation is not None:
            raise InputError("widths: without box, input_shape and activation")
        status = library().crease_bounds_widths(widths, rank, ctypes.byref(handle),
                                                ctypes.byref(message))
    else:
        own, domain = scope_of(network_of(network, input_shape, activation), box)
        status = library().crease_bounds_network(own._handle, domain.handle, rank,
                                                 ctypes.byref(handle), ctypes.byref(message))
    check(status, message)
    try:
        return [Bound._of(library().crease_bounds_get(handle, i).contents)
                for i in range(library().crease_bounds_count(handle))]
    finally:
        library().crease_bounds_free(handle)
