"""Values of a network in exact arithmetic, without the library."""
from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Sequence


def _fraction(number: Any) -> Fraction:
    """A number of exact JSON, or of a point."""
    number = number.item() if hasattr(number, "item") else number
    if isinstance(number, str) and "x" in number:
        return Fraction(float.fromhex(number))
    return Fraction(number)


class Exact:
    """The layers of a JSON network. The weights of a layer are integers over one denominator,
    without the zeros: much faster than fractions."""

    def __init__(self, layers: list[dict[str, Any]]) -> None:
        self._layers = []
        for layer in layers:
            rows = [[_fraction(w) for w in row] + [_fraction(b)]
                    for row, b in zip(layer["weight"], layer["bias"])]
            scale = math.lcm(*(w.denominator for row in rows for w in row))
            sparse = [[(j, int(w * scale)) for j, w in enumerate(row) if w] for row in rows]
            self._layers.append((layer, scale, sparse))

    def at(self, point: Sequence[Any]) -> list[Fraction]:
        """The outputs at a point."""
        values = [_fraction(x) for x in point]
        for layer, scale, rows in self._layers:
            below = math.lcm(*(x.denominator for x in values))
            whole = [int(x * below) for x in values] + [below]
            values = [Fraction(sum(w * whole[j] for j, w in row), scale * below) for row in rows]
            switching = len(values) - layer.get("carry", 0)
            values = _activated(layer, values[:switching]) + values[switching:]
        return values


def _activated(layer: dict[str, Any], z: list[Fraction]) -> list[Fraction]:
    name = layer["activation"]
    if name == "linear":
        return z
    if name == "relu":
        return [max(x, Fraction(0)) for x in z]
    if name == "leaky_relu":
        slope = _fraction(layer["slope"])
        return [x if x > 0 else slope * x for x in z]
    if name == "abs":
        return [abs(x) for x in z]
    if name == "clip":
        low, high = _fraction(layer["low"]), _fraction(layer["high"])
        return [min(max(x, low), high) for x in z]
    assert name == "maxout"
    rank = layer["rank"]
    return [max(z[i:i + rank]) for i in range(0, len(z), rank)]
