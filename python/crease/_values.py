"""Arguments from Python as exact text or as numbers of the library, or an InputError that names
them."""
from __future__ import annotations

import json
import math
import operator
import os
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ._errors import InputError


def exact(value: Any) -> str:
    """A number as text that means exactly it."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"a number is {value}")
        return value.hex()
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return str(value)
    raise InputError(
        f"a number of type {type(value).__name__}; expected a float, an int or a Fraction")


def whole(name: str, value: Any, low: int, high: int) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise InputError(f"{name}: {value!r} is not a whole number") from None
    if not low <= number <= high:
        raise InputError(f"{name}: {number} is not between {low} and {high}")
    return number


def limit(name: str, value: Any) -> int:
    """A limit on a number; None, which is 0 in the library: there is none."""
    return 0 if value is None else whole(name, value, 1, 2**64 - 1)


def positive(name: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 < number < math.inf:
        raise InputError(f"{name}: {value!r} is not a positive number")
    return number


def path_bytes(name: str, path: Any) -> bytes:
    try:
        encoded = os.fsencode(path)
    except TypeError:
        raise InputError(f"{name}: {path!r} is not a path") from None
    if not encoded or b"\0" in encoded:
        raise InputError(f"{name}: {path!r} is not a path")
    return encoded


def check_free(path: Any, kind: str, is_kind: Callable[[bytes], bool], force: bool) -> bytes:
    """The path, where there must be nothing, or a file of the kind that is to be written."""
    name = path_bytes("path", path)
    if not force and os.path.isfile(name) and os.path.getsize(name) and not is_kind(name):
        raise InputError(f"{os.fsdecode(name)}: is there and is no {kind}; force=True replaces it")
    return name


def is_path(value: Any) -> bool:
    return isinstance(value, (str, bytes, os.PathLike))


def point_text(name: str, values: Any) -> str:
    """Numbers with commas between; text stays as it is."""
    if isinstance(values, str):
        return values
    try:
        return ",".join(exact(x) for x in values)
    except (InputError, TypeError) as error:
        raise InputError(f"{name}: {error}") from None


def box_text(box: Any) -> str:
    """"LO:HI[,...]", (lo, hi) or a pair for each input, as text."""
    if isinstance(box, str):
        return box
    try:
        box = [box] if len(box) == 2 and not hasattr(box[0], "__len__") else box
        return ",".join(f"{exact(low)}:{exact(high)}" for low, high in box)
    except InputError as error:
        raise InputError(f"box: {error}") from None
    except (TypeError, ValueError):
        raise InputError('box: expected "LO:HI[,...]", (lo, hi) or a pair for each input') from None


def _plain(value: Any) -> Any:
    """For JSON: numbers as exact text, arrays as lists."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str) else exact(value)


def json_bytes(name: str, value: Any) -> bytes:
    """A dict of arrays as JSON in which every number is exact."""
    try:
        return json.dumps(_plain(value)).encode()
    except (InputError, TypeError) as error:
        raise InputError(f"{name}: {error}") from None
