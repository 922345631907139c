"""Modules of PyTorch as ONNX files."""
from __future__ import annotations

import contextlib
import inspect
from typing import Any, Iterator, Sequence

from ._errors import InputError
from ._values import whole


def shape_of(input_shape: Any) -> tuple[int, ...]:
    """The shape of one input as a tuple."""
    try:
        sizes = list(input_shape) if hasattr(input_shape, "__iter__") else [input_shape]
        return tuple(whole("input_shape", size, 1, 2**31) for size in sizes)
    except TypeError:
        raise InputError(f"input_shape: {input_shape!r} is not a shape") from None


@contextlib.contextmanager
def evaluating(model: Any) -> Iterator[Any]:
    """The module in evaluation, afterwards as it was."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield model
    finally:
        for module, training in modes:
            module.training = training


def write_onnx(model: Any, path: str, input_shape: Sequence[int]) -> None:
    """Writes the module, for inputs of that shape, a batch of any size before it. The module stays
    as it was."""
    import torch
    first = next(iter(model.parameters()), torch.zeros(1))
    sample = torch.zeros(1, *shape_of(input_shape), dtype=first.dtype, device=first.device)
    more: dict[str, Any] = {}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        more["dynamo"] = False  # the other exporter needs a package of its own
    with evaluating(model):
        torch.onnx.export(model, (sample,), path, opset_version=13, input_names=["input"],
                          output_names=["output"], dynamic_axes={"input": {0: "batch"}}, **more)
