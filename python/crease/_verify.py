"""Is a network the function of a torch module?"""
from __future__ import annotations

import copy
import random
import struct
from dataclasses import dataclass
from typing import Any, Callable

from ._errors import InputError, Mismatch
from ._network import Network, is_module, network_of
from ._torch import evaluating, shape_of
from ._values import positive, whole


@dataclass(frozen=True)
class Verified:
    """Module and network agree: at how many points, up to which relative difference, and up to
    which function at the module's end that crease leaves out ("" if none), such as "softmax"."""

    samples: int
    difference: float
    end: str

    def __str__(self) -> str:
        end = f" up to the {self.end} at its end" if self.end else ""
        return (f"the network is the function of the module, at {self.samples} random points{end}; "
                f"largest relative difference {self.difference:.1e}")


def _points(inputs: int, samples: int, seed: int) -> list[list[float]]:
    """Normal points of sizes between 1/100 and 10, all binary32 numbers."""
    source, points = random.Random(seed), []
    for _ in range(samples):
        size = 10.0 ** source.uniform(-2, 1)
        point = [size * source.gauss(0, 1) for _ in range(inputs)]
        points.append(list(struct.unpack(f"{inputs}f", struct.pack(f"{inputs}f", *point))))
    return points


def _module_at(model: Any, points: list[list[float]], shape: tuple[int, ...]) -> Any:
    """A row for each point; in binary64 if the module can."""
    import torch
    first = next(iter(model.parameters()), torch.zeros(1))
    x = torch.tensor(points, dtype=torch.float64, device=first.device).reshape(-1, *shape)
    with torch.no_grad(), evaluating(model):
        try:
            y = copy.deepcopy(model).double()(x)
        except RuntimeError:
            y = model(x.to(first.dtype))
    return y.reshape(len(points), -1).double().cpu()


def _ends() -> dict[str, Callable[[Any], Any]]:
    """What crease leaves out at the end, since it changes no region."""
    import torch
    return {"": lambda y: y, "softmax": lambda y: torch.softmax(y, 1),
            "log_softmax": lambda y: torch.log_softmax(y, 1), "sigmoid": torch.sigmoid,
            "tanh": torch.tanh, "argmax": lambda y: y.argmax(1, keepdim=True).double()}


def verify(model: Any, network: Any, samples: int = 100, *, input_shape: Any = None, seed: int = 1,
           tolerance: float = 1e-3) -> Verified:
    """Evaluates a torch module, in binary64, and a network, exactly, at random points.

    network: a Network or what Network takes. input_shape: of one input, without the batch; by
    default a vector. Outputs agree if they differ by less than tolerance times the largest of them.
    Raises Mismatch, which says where they differ. Agreement at points is evidence, not a proof."""
    if not is_module(model):
        raise InputError(f"model: a torch.nn.Module, not {type(model).__name__}")
    import torch
    exact: Network = network_of(network)
    samples = whole("samples", samples, 1, 10**6)
    tolerance = positive("tolerance", tolerance)
    shape = (exact.inputs,) if input_shape is None else shape_of(input_shape)
    size = 1
    for width in shape:
        size *= width
    if size != exact.inputs:
        raise InputError(f"input_shape: {size} inputs, the network has {exact.inputs}")
    points = _points(exact.inputs, samples, whole("seed", seed, 0, 2**64))
    theirs = _module_at(model, points, shape)
    ours = torch.tensor([[float(y) for y in row] for row in exact.evaluate(points)],
                        dtype=torch.float64)
    for name, end in _ends().items():
        y = end(ours)
        if y.shape == theirs.shape:
            off = (y - theirs).abs().amax(1) / (1e-6 + theirs.abs().amax(1))
            if bool((off <= tolerance).all()):  # false for NaN
                return Verified(samples, float(off.max()), name)
    if theirs.shape != ours.shape:
        raise InputError(f"network: {ours.shape[1]} outputs, the module has {theirs.shape[1]}")
    off = (ours - theirs).abs().amax(1) / (1e-6 + theirs.abs().amax(1))
    worst = int(off.nan_to_num(nan=float("inf")).argmax())
    point, module, other = points[worst], theirs[worst].tolist(), ours[worst].tolist()
    raise Mismatch(f"the network is another function: at {point} it has {other}, the module "
                   f"{module}", point, module, other)
