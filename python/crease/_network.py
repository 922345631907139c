"""Networks: from files, arrays and torch modules."""
from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
from fractions import Fraction
from typing import Any, Iterable, Sequence

from ._errors import InputError, warn
from ._exact import Exact
from ._layers import Layer, chain_of, first_shape, layers_of
from ._library import Message, ReadOptions, check, library, value_of
from ._torch import shape_of, write_onnx
from ._values import check_free, is_path, path_bytes


def is_module(source: Any) -> bool:
    """Is it a torch.nn.Module? Does not import torch."""
    nn = getattr(sys.modules.get("torch"), "nn", None)
    return nn is not None and isinstance(source, nn.Module)


class Network:
    """An exact network: every weight is a rational number.

    source is one of
      a path        a file of any format that crease reads: JSON, .onnx, .nnet, .npz, .safetensors,
                    also compressed
      arrays        a list of (W, b) or (W, b, activation), W with a row for each unit: NumPy
                    arrays, tensors or lists; floats, ints or Fractions. If no activation is named,
                    ReLU is between the layers
      a state_dict  of linear layers, in order
      a module      any torch.nn.Module, as it is in evaluation

    input_shape: of a module, the shape of one input, without the batch. Chains of Linear do
    without.
    activation: of arrays, of a state_dict and of files that name none: "relu", "abs", "linear",
    "hard_tanh", "leaky_relu:0.1", "clip:0:6", or one for each hidden layer with commas between.
    weights ("float32", "float64", "decimal"), layers ("fc1,fc2"), transpose, normalise and
    whole_batch are the options of the command line for files.

    What a file does not say is a NetworkWarning. A network does not change, and threads may share
    it."""

    def __init__(self, source: Any, *, input_shape: Any = None, activation: str | None = None,
                 weights: str = "auto", layers: str | None = None, transpose: bool = False,
                 normalise: bool = False, whole_batch: bool = False) -> None:
        self._handle = ctypes.c_void_p()
        self._weights = value_of("weights", weights)
        options = ReadOptions()
        library().crease_read_options_default(ctypes.byref(options))
        options.weights = self._weights
        options.activation = _option("activation", activation)
        options.layers = _option("layers", layers)
        options.transpose, options.nnet_normalise = bool(transpose), bool(normalise)
        options.whole_batch = bool(whole_batch)
        reading = {"weights": self._weights, "layers": layers, "transpose": transpose,
                   "normalise": normalise, "whole_batch": whole_batch}
        if input_shape is not None and not is_module(source):
            raise InputError("input_shape: for torch modules alone")
        if not is_path(source):
            for name, value in reading.items():
                if value:
                    raise InputError(f"{name}: for files alone")
        if is_path(source):
            self._read(path_bytes("network", source), options)
        elif is_module(source):
            if activation is not None:
                raise InputError("activation: the module has its own")
            self._read_module(source, input_shape)
        else:
            self._build(layers_of(source, activation))

    @classmethod
    def _from_handle(cls, handle: ctypes.c_void_p, weights: int) -> Network:
        network = cls.__new__(cls)
        network._handle, network._weights = handle, weights
        return network

    def _read(self, path: bytes, options: ReadOptions, name: str | None = None) -> None:
        message = Message()
        status = library().crease_network_read_with(path, ctypes.byref(options),
                                                    ctypes.byref(self._handle),
                                                    ctypes.byref(message))
        if name:
            message.text = message.text.replace(path, name.encode())
        check(status, message)
        if self.notes:
            warn(f"{name or os.fsdecode(path)}: {self.notes}")

    def _build(self, layers: list[Layer]) -> None:
        message = Message()
        check(library().crease_network_new(layers[0].shape[1], ctypes.byref(self._handle),
                                           ctypes.byref(message)), message)
        for layer in layers:
            check(layer.add(self._handle, message), message)

    def _read_module(self, model: Any, input_shape: Any) -> None:
        shape = None if input_shape is None else shape_of(input_shape)
        # Linear acts on the last dimension alone: a shape of more is left to torch.
        layers = chain_of(model) if shape is None or len(shape) == 1 else None
        if layers:
            if shape and shape[0] != layers[0].shape[1]:
                raise InputError(f"input_shape: {shape[0]} for {layers[0].shape[1]} inputs")
            self._build(layers)
            return
        if shape is None:
            shape = first_shape(model)
        if shape is None:
            raise InputError("input_shape: needed for this module: the shape of one input, without "
                             "the batch")
        options = ReadOptions()
        library().crease_read_options_default(ctypes.byref(options))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "module.onnx")
            try:
                write_onnx(model, path, shape)
            except Exception as error:  # whatever torch makes of the module
                text = (str(error).strip() or type(error).__name__).splitlines()[0]
                raise InputError(
                    f"{type(model).__name__}: torch cannot export it: {text}") from error
            self._read(os.fsencode(path), options, type(model).__name__)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            library().crease_network_free(self._handle)

    def __repr__(self) -> str:
        return f"<crease.Network {'-'.join(map(str, (self.inputs, *self.widths)))}>"

    def __reduce__(self) -> Any:
        return _from_json, (self.json(),)

    @property
    def inputs(self) -> int:
        return int(library().crease_network_inputs(self._handle))

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of units of each layer, the outputs at the end."""
        layers = library().crease_network_layers(self._handle)
        return tuple(library().crease_network_width(self._handle, i) for i in range(layers))

    @property
    def digest(self) -> str:
        """SHA-256 of the exact network, the same for every format."""
        text = ctypes.create_string_buffer(65)
        library().crease_network_digest(self._handle, text)
        return text.value.decode()

    @property
    def notes(self) -> str:
        """What was left out of a file, or may surprise; "" if nothing."""
        return str(library().crease_network_notes(self._handle).decode(errors="replace"))

    def write(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the network as JSON, every number exact, as crease-check reads it. A file that is
        no network in JSON is replaced only with force."""
        message = Message()
        name = check_free(path, "network in JSON", _is_json_network, force)
        check(library().crease_network_write(self._handle, name, ctypes.byref(message)), message)

    def json(self) -> str:
        """The text that write writes."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "network.json")
            self.write(path)
            with open(path, encoding="utf-8") as file:
                return file.read()

    def evaluate(self, points: Iterable[Sequence[Any]]) -> list[list[Fraction]]:
        """The outputs at each point, exactly."""
        exact = Exact(json.loads(self.json())["layers"])
        return [exact.at(point) for point in points]


def _option(name: str, value: Any) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"{name}: {value!r} is not text")
    return value.encode()


def _is_json_network(path: bytes) -> bool:
    handle, message = ctypes.c_void_p(), Message()
    with open(path, "rb") as file:
        text = file.read()
    status = library().crease_network_parse(text, len(text), path, ctypes.byref(handle),
                                            ctypes.byref(message))
    library().crease_network_free(handle)
    return int(status) == 0


def _from_json(text: str) -> Network:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "network.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return Network(path)


def network_of(source: Any, input_shape: Any = None, activation: str | None = None) -> Network:
    """source if it is a Network, otherwise the Network of it."""
    if not isinstance(source, Network):
        return Network(source, input_shape=input_shape, activation=activation)
    if input_shape is not None or activation is not None:
        raise InputError(f"{'activation' if input_shape is None else 'input_shape'}: "
                         "the Network is made already")
    return source
