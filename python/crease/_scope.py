"""Where to count: a box, half-spaces, a slice, a part of a VNN-LIB property."""
from __future__ import annotations

import ctypes
import os
from typing import Any

from ._errors import InputError, warn
from ._library import Message, check, library
from ._network import Network
from ._values import box_text, check_free, is_path, json_bytes, path_bytes, whole


class Domain:
    """A domain of the library, freed with the object; without a handle all of R^n."""

    def __init__(self) -> None:
        self.handle = ctypes.c_void_p()

    def __del__(self) -> None:
        if self.handle:
            library().crease_domain_free(self.handle)

    def write(self, path: str | os.PathLike[str], inputs: int, *, force: bool = False) -> None:
        """inputs: how many the domain has. A file that is no such domain is replaced only with
        force."""
        message = Message()
        if not self.handle:
            raise InputError("domain: all of R^n; there is nothing to write")
        name = check_free(path, "domain of this network", lambda there: _is_domain(there, inputs),
                          force)
        check(library().crease_domain_write(self.handle, name, ctypes.byref(message)), message)


def _is_domain(path: bytes, inputs: int) -> bool:
    domain, message = Domain(), Message()
    return int(library().crease_domain_read_with(path, 0, inputs, ctypes.byref(domain.handle),
                                                 ctypes.byref(message))) == 0


def _sliced(network: Network, place: Any) -> Network:
    handle, message = ctypes.c_void_p(), Message()
    if is_path(place):
        status = library().crease_slice_read_with(
            path_bytes("slice", place), network._weights, network._handle, ctypes.byref(handle),
            ctypes.byref(message))
    else:
        if not isinstance(place, dict):
            try:
                origin, directions = place
            except (TypeError, ValueError):
                raise InputError("slice: expected a path, a dict or (origin, directions)") from None
            place = {"origin": origin, "directions": directions}
        text = json_bytes("slice", place)
        status = library().crease_slice_parse(text, len(text), b"slice", network._handle,
                                              ctypes.byref(handle), ctypes.byref(message))
    check(status, message)
    return Network._from_handle(handle, network._weights)


class Property:
    """A VNN-LIB property for a network, freed with the object."""

    def __init__(self, path: Any, network: Network) -> None:
        self.network = network
        self._handle, message = ctypes.c_void_p(), Message()
        check(library().crease_property_read(path_bytes("vnnlib", path), network.inputs,
                                             ctypes.byref(self._handle), ctypes.byref(message)),
              message)
        self.parts: int = library().crease_property_parts(self._handle)
        ignored = library().crease_property_ignored(self._handle)
        if ignored:
            warn(f"{os.fsdecode(path)}: inequalities with outputs are left out: {ignored}")

    def __del__(self) -> None:
        if self._handle:
            library().crease_property_free(self._handle)

    def part(self, index: int) -> tuple[Network, Domain]:
        """Part index, from 1 on: the network and the domain in it."""
        own, domain, message = ctypes.c_void_p(), Domain(), Message()
        check(library().crease_property_part(self._handle, index - 1, self.network._handle,
                                             ctypes.byref(own), ctypes.byref(domain.handle),
                                             ctypes.byref(message)), message)
        network = Network._from_handle(own, self.network._weights) if own else self.network
        return network, domain


def _the_part(path: Any, part: Any, network: Network) -> tuple[Network, Domain]:
    found = Property(path, network)
    if part is None and found.parts > 1:
        raise InputError(f"vnnlib: a property of {found.parts} parts: choose one with part=1, ..., "
                         "or count each with count_parts")
    return found.part(1 if part is None else whole("part", part, 1, found.parts))


def scope_of(network: Network, box: Any = None, domain: Any = None, slice: Any = None,
             vnnlib: Any = None, part: Any = None) -> tuple[Network, Domain]:
    """The network, restricted to the slice or to the inputs that a property leaves, and the domain.
    """
    given = [name for name, value in (("box", box), ("domain", domain), ("vnnlib", vnnlib))
             if value is not None]
    if len(given) > 1:
        raise InputError(f"{given[1]}: there is a {given[0]} already")
    if part is not None and vnnlib is None:
        raise InputError("part: of a property that vnnlib= names")
    if slice is not None:
        network = _sliced(network, slice)
    if vnnlib is not None:
        return _the_part(vnnlib, part, network)
    place, message, status = Domain(), Message(), 0
    handle, error = ctypes.byref(place.handle), ctypes.byref(message)
    if box is not None:
        status = library().crease_domain_box(box_text(box).encode(), network.inputs, handle, error)
    elif domain is not None and is_path(domain):
        status = library().crease_domain_read_with(path_bytes("domain", domain), network._weights,
                                                   network.inputs, handle, error)
    elif domain is not None:
        if not isinstance(domain, dict):
            raise InputError("domain: expected a path or a dict with A and b, or box")
        text = json_bytes("domain", domain)
        status = library().crease_domain_parse(text, len(text), b"domain", network.inputs, handle,
                                               error)
    check(status, message)
    return network, place
