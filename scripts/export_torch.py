#!/usr/bin/python3
"""Writes a PyTorch network as .onnx or .npz, for crease, and compares what crease reads with the module.

    export_torch.py MODEL.pt OUT.onnx --input=4        # a whole module, saved by torch.save(model)
    export_torch.py MODEL.pt OUT.onnx --input=1,28,28  # the shape of one input, without the batch
    export_torch.py MODEL.pt OUT.npz                   # a chain of Linear and ReLU, with a Linear at its end
    export_torch.py --example OUT.onnx                 # trains a small network first

An .onnx file says how the layers follow each other, and their activations; .npz holds weights and biases
alone, so only a module that crease reads from them as it is can be written. Then the module and what the
library of crease reads from the file are evaluated at random points; --no-verify leaves that out.
From Python: export(model, path, shape) and verify(model, path, shape).
Needs Debian's python3-torch. A file MODEL.pt is unpickled, which runs code that it may contain."""
import argparse
import copy
import os
import pickle
import sys
import warnings

try:
    import numpy as np
    import torch
    import torch.fx
    from torch import nn
except ImportError as absent:
    if __name__ != "__main__":
        raise
    sys.exit(f"export_torch.py: {absent}; {sys.executable} needs PyTorch and NumPy (Debian: python3-torch), "
             "or run this script with a Python that has them")

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import crease  # noqa: E402

NOTHING = (nn.Dropout, nn.Identity)  # in evaluation


def plain_layers(model):
    """The Linear modules of a chain Linear, ReLU, Linear, ..., Linear; ValueError for any other module."""
    def other(what):
        return ValueError(f"{what}: .npz holds only a chain of Linear and ReLU that ends in Linear; write .onnx")

    try:
        whole = nn.Sequential(model)  # a single Linear is then a node as well
        nodes = list(torch.fx.symbolic_trace(whole).graph.nodes)
    except Exception as error:  # whatever the module's own code makes of a tracer
        raise other(f"the module cannot be followed ({type(error).__name__})") from None
    linears, behind, last = [], None, nodes[0]
    for node in nodes[1:]:
        if node.op == "placeholder" or node.all_input_nodes != [last] or len(last.users) != 1:
            raise other(f"{node.name} is not in a chain")
        last = node
        if node.op == "output" and node.args == (node.all_input_nodes[0],):
            break
        module = whole.get_submodule(node.target) if node.op == "call_module" else None
        if type(module) in NOTHING:
            continue
        relu = type(module) is nn.ReLU or node.target in (torch.relu, nn.functional.relu, "relu")
        if type(module) is nn.Linear and behind != "linear" and module not in linears:
            linears.append(module)
        elif not (relu and behind == "linear"):
            raise other(f"{node.name} ({type(module).__name__ if module else node.target})")
        behind = "relu" if relu else "linear"
    if behind != "linear":
        raise other("the module does not end in Linear")
    return linears


def load(path):
    """The module in a file; ValueError says why it cannot be read."""
    try:
        return torch.load(path, map_location="cpu", weights_only=False)
    except (AttributeError, ImportError) as error:
        raise ValueError(f"{path}: {error}; its class must come from a module that Python finds (PYTHONPATH), or call "
                         "crease.write_onnx(model, path, shape) in the program that defines it") from None
    except (pickle.UnpicklingError, EOFError) as error:
        raise ValueError(f"{path}: not written by torch.save: {error}") from None


def export_npz(model, path):
    layers, arrays = plain_layers(model), {}
    for i, layer in enumerate(layers):
        bias = layer.bias if layer.bias is not None else torch.zeros(layer.out_features)
        arrays[f"{2 * i}.weight"] = layer.weight.detach().numpy()
        arrays[f"{2 * i}.bias"] = bias.detach().numpy()
    # Hooks and the like are seen by no tracer.
    chain = nn.Sequential(*[part for layer in layers for part in (layer, nn.ReLU())][:-1])
    points = torch.randn(50, layers[0].in_features, dtype=layers[0].weight.dtype)
    with torch.no_grad():
        bare = copy.deepcopy(chain)
        for module in bare.modules():
            module._forward_hooks.clear()
            module._forward_pre_hooks.clear()
        if not torch.allclose(model(points), bare(points), rtol=1e-3, atol=1e-5):
            raise ValueError("the module does something else than its Linear and ReLU; write .onnx")
    np.savez(path, **arrays)


def export(model, path, shape=None):
    """model: a module; shape: of one input, for .onnx."""
    if not isinstance(model, nn.Module):
        raise ValueError("no module: a state_dict says neither the order of layers nor what is between them; "
                         "load it into its module")
    model = model.eval().cpu()
    if path.endswith(".npz"):
        export_npz(model, path)
        return
    if shape is None:
        raise ValueError("the shape of one input is needed")
    crease.write_onnx(model, path, shape)


def verify(model, path, shape=None):
    """Compares the module and what crease reads from the file at random points. Returns a line that
    says how they agree; ValueError says where they do not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", crease.NetworkWarning)
            found = crease.verify(model, path, input_shape=shape)
    except crease.LibraryError as error:
        return f"not verified: {error}"
    except crease.Mismatch as error:
        raise ValueError(f"{path}: {error}") from None
    return f"verified: crease reads the function of the module, at {found.samples} random points" + \
        (f" up to the {found.end} at its end" if found.end else "")


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
    parser.add_argument("--verify", action=argparse.BooleanOptionalAction, default=True,
                        help="compare the module with what crease reads at random points")
    parser.add_argument("--example", action="store_true", help="train a small network and write it")
    options = parser.parse_args()
    if len(options.files) != (1 if options.example else 2):
        parser.error("expected " + ("OUT" if options.example else "MODEL.pt OUT"))
    path = options.files[-1]
    if not path.endswith((".onnx", ".npz")):
        parser.error(f"{path}: expected .onnx or .npz")
    try:
        shape = [int(size) for size in options.input.split(",")] if options.input else None
        model = example() if options.example else load(options.files[0])
        shape = (2,) if options.example else shape
        export(model, path, shape)
        if options.verify:
            print(verify(model, path, shape))
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"export_torch.py: {error}")


if __name__ == "__main__":
    main()
