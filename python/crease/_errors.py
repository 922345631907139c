"""The exceptions of this package."""
from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._count import Count


class Error(Exception):
    """Whatever goes wrong here; the message is one line."""


class InputError(Error, ValueError):
    """A bad argument or a bad file. The message names it, and the place in it."""


class LibraryError(Error):
    """There is no libcrease, or one of another version, or it found a fault of its own."""


class Stopped(Error):
    """A count stopped before it was complete, where only a complete one will do.

    regions is a proved lower bound; count is the whole result."""

    def __init__(self, count: Count) -> None:
        super().__init__(count)
        self.count = count

    @property
    def regions(self) -> int:
        return self.count.regions

    def __str__(self) -> str:
        return (f"the count stopped early ({self.count.stopped}): "
                f"at least {self.count.regions} regions")


class Mismatch(Error):
    """A module and a network differ: point is an input, module and network are their
    outputs there."""

    def __init__(self, message: str, point: list[float], module: list[float],
                 network: list[float]) -> None:
        super().__init__(message, point, module, network)
        self.point, self.module, self.network = point, module, network

    def __str__(self) -> str:
        return str(self.args[0])


class NetworkWarning(UserWarning):
    """What a file does not say, or what was left out of it."""


def warn(text: str) -> None:
    """A NetworkWarning at the line that called this package."""
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__package__") == __package__:
        level, frame = level + 1, frame.f_back
    warnings.warn(text, NetworkWarning, stacklevel=level)
