#!/usr/bin/python3
"""Writes a PyTorch network as .onnx or .npz, for crease.

    export_torch.py MODEL.pt OUT.onnx --input=4        # a whole module, saved by torch.save(model)
    export_torch.py MODEL.pt OUT.onnx --input=1,28,28  # the shape of one input, without the batch
    export_torch.py STATE.pt OUT.npz                   # a module or a state_dict of dense layers
    export_torch.py --example OUT.onnx                 # trains a small network first

An .onnx file says the activations as well; .npz holds the weights and biases of a state_dict under
their names, and crease takes the hidden layers for ReLU unless --activation says otherwise. From
Python: export(model, path, shape). Needs Debian's python3-torch. A file MODEL.pt is unpickled, which
runs code that it may contain."""
import argparse
import sys

import numpy as np
import torch
from torch import nn


def export(model, path, shape=None):
    """model: a module or a state_dict; shape: of one input, for .onnx."""
    if path.endswith(".npz"):
        state = model.state_dict() if isinstance(model, nn.Module) else model
        np.savez(path, **{name: value.detach().cpu().numpy() for name, value in state.items()})
        return
    if not isinstance(model, nn.Module):
        raise ValueError("a state_dict does not say how the layers follow each other: write .npz")
    if shape is None:
        raise ValueError("the shape of one input is needed")
    model = model.eval().cpu()
    sample = torch.zeros(1, *shape, dtype=next(model.parameters()).dtype)
    torch.onnx.export(model, sample, path, opset_version=13, input_names=["input"],
                      output_names=["output"], dynamic_axes={"input": {0: "batch"}})


class Rings(nn.Module):
    """The example's network, with a residual block."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(2, 8), nn.ReLU())
        self.block = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 8))
        self.last = nn.Linear(8, 2)

    def forward(self, x):
        x = self.first(x)
        return self.last(x + self.block(x))


def example():
    """Trained to tell two noisy rings apart."""
    torch.manual_seed(1)
    angle, ring = 2 * np.pi * torch.rand(1000), torch.arange(1000) % 2
    radius = 0.5 + 0.5 * ring + 0.05 * torch.randn(1000)
    points = radius[:, None] * torch.stack((angle.cos(), angle.sin()), 1)
    model = Rings()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(points), ring).backward()
        optimizer.step()
    with torch.no_grad():
        right = (model.eval()(points).argmax(1) == ring).float().mean()
    print(f"trained: {100 * right:.1f} % of 1000 points right")
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--input", help="the shape of one input, for .onnx")
    parser.add_argument("--example", action="store_true", help="train a small network and write it")
    options = parser.parse_args()
    if len(options.files) != (1 if options.example else 2):
        parser.error("expected " + ("OUT" if options.example else "MODEL.pt OUT"))
    path = options.files[-1]
    if not path.endswith((".onnx", ".npz")):
        parser.error(f"{path}: expected .onnx or .npz")
    try:
        shape = [int(size) for size in options.input.split(",")] if options.input else None
        model = example() if options.example else torch.load(options.files[0], map_location="cpu")
        export(model, path, (2,) if options.example else shape)
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"export_torch.py: {error}")


if __name__ == "__main__":
    main()
