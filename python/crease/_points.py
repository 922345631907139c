"""Lists of points for the library."""
from __future__ import annotations

import ctypes
from array import array
from typing import Any

from ._errors import InputError
from ._library import Message, check, library
from ._values import is_path, path_bytes


def _doubles(values: Any, inputs: int) -> array[float]:
    """All numbers of the points, one after the other."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    if hasattr(values, "reshape") and hasattr(values, "astype"):
        flat = values.reshape(-1, inputs) if values.size % inputs == 0 else values
        doubles = flat.astype("f8")
        if flat is values or not (doubles == flat).all():
            raise InputError(f"points: expected rows of {inputs} finite binary64 numbers")
        return array("d", doubles.tobytes())
    numbers = array("d")
    try:
        for point in values:
            if len(point) != inputs:
                raise InputError(f"points: {len(point)} numbers, the network has {inputs} inputs")
            for number in point:
                numbers.append(number)
                if numbers[-1] != number == number:  # NaN is left to the library
                    raise InputError(f"points: {number} is no binary64 number")
    except TypeError as error:
        raise InputError(f"points: {error}") from None
    return numbers


class Points:
    """Points of the library, from a path, an array or rows of numbers; freed with the object."""

    def __init__(self, values: Any, inputs: int) -> None:
        self.handle, message = ctypes.c_void_p(), Message()
        end = (ctypes.byref(self.handle), ctypes.byref(message))
        if is_path(values):
            status = library().crease_points_read(path_bytes("points", values), inputs, *end)
        else:
            numbers = _doubles(values, inputs)
            status = library().crease_points_new(numbers.buffer_info()[0], len(numbers) // inputs,
                                                 inputs, *end)
        check(status, message)

    def __len__(self) -> int:
        return int(library().crease_points_count(self.handle))

    def __del__(self) -> None:
        if self.handle:
            library().crease_points_free(self.handle)
