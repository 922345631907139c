"""Layers of arrays, of a state_dict, and of a chain of torch modules."""
from __future__ import annotations

import ctypes
from typing import Any, Iterable

from ._errors import InputError, warn
from ._library import Message, Shape, library, value_of
from ._values import exact

_PARAMETERS = {"leaky_relu": 1, "clip": 2, "maxout": 1}


def _numbers(values: Any, dimensions: int) -> tuple[list[Any], tuple[int, int]]:
    """The numbers of a matrix or a vector (numpy, torch, lists) one after the other, and its
    shape."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().double()
    values = values.tolist() if hasattr(values, "tolist") else values
    try:
        rows = [list(row) for row in values] if dimensions == 2 else [list(values)]
    except TypeError:
        raise InputError("expected a matrix and a vector") from None
    if any(len(row) != len(rows[0]) for row in rows):
        raise InputError("the rows of a matrix differ in length")
    return [x for row in rows for x in row], (len(rows), len(rows[0]) if rows else 0)


class Layer:
    """A layer: its arrays and its activation, "relu", "leaky_relu:SLOPE", "clip:LOW:HIGH" or
    "maxout:RANK" with exact numbers."""

    def __init__(self, place: int, weight: Any, bias: Any, activation: str) -> None:
        self.place = place
        try:
            self.weight, self.shape = _numbers(weight, 2)
            self.bias = [0] * self.shape[0] if bias is None else _numbers(bias, 1)[0]
        except InputError as error:
            raise InputError(f"layers[{place}]: {error}") from None
        if len(self.bias) != self.shape[0]:
            raise InputError(f"layers[{place}]: {self.shape[0]} rows and {len(self.bias)} biases")
        self.activation = activation

    def _describe(self) -> Shape:
        if not isinstance(self.activation, str):
            raise InputError(f"activation: {self.activation!r} is not a name")
        name, *parameters = self.activation.split(":")
        if name == "hard_tanh" and not parameters:
            name, parameters = "clip", ["-1", "1"]
        kind = value_of("activation", name)
        wanted = _PARAMETERS.get(name, 0)
        if len(parameters) != wanted:
            raise InputError(f"activation: {self.activation!r}: {name} has {wanted} parameters")
        rank = 0
        if name == "maxout":
            if not parameters[0].isdecimal():
                raise InputError(f"activation: {self.activation!r}: the rank is a whole number")
            rank, parameters = int(parameters[0]), []
        return Shape(kind, *self.shape, rank, 0,
                     (ctypes.c_char_p * 2)(*(text.encode() for text in parameters)))

    def add(self, network: ctypes.c_void_p, message: Message) -> int:
        """Adds the layer to a network of the library; the status."""
        arrays: tuple[list[Any], ...] = (self.weight, self.bias)
        floats = all(isinstance(x, float) for array in arrays for x in array)
        try:
            shape = self._describe()
            if not floats:
                arrays = tuple([exact(x).encode() for x in array] for array in arrays)
        except InputError as error:
            raise InputError(f"layers[{self.place}]: {error}") from None
        kind = ctypes.c_double if floats else ctypes.c_char_p
        add = (library().crease_network_add_layer if floats
               else library().crease_network_add_layer_text)
        numbers = ((kind * len(array))(*array) for array in arrays)
        return int(add(network, ctypes.byref(shape), *numbers, ctypes.byref(message)))


def _from_state(state: Any) -> list[tuple[Any, Any]]:
    """The pairs (W, b) of a state_dict: P.weight and P.bias, in the order of the weights."""
    weights = [name for name in state if name.rpartition(".")[2] == "weight"]
    biases = {name: name[:-len("weight")] + "bias" for name in weights}
    for name in state:
        if name not in weights and name not in biases.values():
            raise InputError(f"{name}: neither a weight nor the bias of one")
    return [(state[name], state.get(biases[name])) for name in weights]


def _activations(text: str | None, hidden: int) -> list[str]:
    """One for each hidden layer from "relu" or "relu,abs"."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"activation: {text!r} is not a name")
    names = (text or "relu").split(",")
    names = names * hidden if len(names) == 1 else names
    if len(names) != hidden:
        raise InputError(f"activation: {len(names)} for {hidden} hidden layers")
    return names


def _with_linear_end(layers: list[Layer]) -> list[Layer]:
    if not layers:
        raise InputError("a network without layers")
    if layers[-1].activation != "linear":  # its outputs, unchanged
        last = layers[-1]
        rank = int(last.activation[7:]) if last.activation[:7] == "maxout:" else 1
        width = last.shape[0] // max(rank, 1)
        unit = [[float(i == j) for j in range(width)] for i in range(width)]
        layers.append(Layer(len(layers), unit, [0.0] * width, "linear"))
    return layers


def layers_of(arrays: Any, activation: str | None) -> list[Layer]:
    """The layers of (W, b), (W, b, activation), ... or of a state_dict; the last one is linear."""
    if hasattr(arrays, "items"):
        if activation is None:
            warn("a state_dict names no activations: ReLU after every hidden layer, none after the "
                 "last; activation= says otherwise")
        arrays = _from_state(arrays)
    try:
        rows = [tuple(layer) for layer in arrays]
    except TypeError:
        raise InputError(f"a network of type {type(arrays).__name__}; expected a path, arrays, "
                         "a state_dict or a torch module") from None
    for place, row in enumerate(rows):
        if len(row) not in (2, 3):
            raise InputError(f"layers[{place}]: expected (W, b) or (W, b, activation)")
    if rows and len(rows[-1]) == 2:
        rows[-1] += ("linear",)
    unnamed = [place for place, row in enumerate(rows) if len(row) == 2]
    if activation is not None and len(unnamed) != len(rows) - 1:
        raise InputError("activation: the layers name theirs already")
    for place, name in zip(unnamed, _activations(activation, len(unnamed))):
        rows[place] += (name,)
    return _with_linear_end([Layer(place, *row) for place, row in enumerate(rows)])


def _leaves(model: Any) -> Iterable[Any]:
    from torch import nn
    for module in model:
        if type(module) is nn.Sequential and not _altered(module):
            yield from _leaves(module)
        else:
            yield module


def _altered(module: Any) -> bool:
    """Does it do something else than its class says?"""
    return bool(module._forward_hooks or module._forward_pre_hooks or "forward" in vars(module))


def chain_of(model: Any) -> list[Layer] | None:
    """The layers of a torch.nn.Sequential, nested or not, of Linear modules with activations
    between them; None for any other module."""
    from torch import nn
    if type(model) is not nn.Sequential or _altered(model):
        return None
    layers: list[Layer] = []
    for module in _leaves(model):
        kind = type(module)
        if _altered(module):
            return None
        if kind is nn.Linear:
            layers.append(Layer(len(layers), module.weight, module.bias, "linear"))
        elif kind is nn.Flatten and (layers or (module.start_dim, module.end_dim) == (1, -1)):
            continue
        elif kind in (nn.Identity, nn.Dropout):
            continue
        elif not layers or layers[-1].activation != "linear":
            return None
        elif kind is nn.ReLU:
            layers[-1].activation = "relu"
        elif kind is nn.LeakyReLU:
            layers[-1].activation = f"leaky_relu:{exact(float(module.negative_slope))}"
        elif kind in (nn.Hardtanh, nn.ReLU6):
            low, high = exact(float(module.min_val)), exact(float(module.max_val))
            layers[-1].activation = f"clip:{low}:{high}"
        else:
            return None
    return _with_linear_end(layers) if layers else None


def first_shape(model: Any) -> tuple[int, ...] | None:
    """The shape of one input of a torch.nn.Sequential that begins with a Linear module."""
    from torch import nn
    first = next(iter(_leaves(model)), None) if type(model) is nn.Sequential else None
    return (first.in_features,) if type(first) is nn.Linear else None
