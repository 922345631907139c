#!/usr/bin/python3
"""Writes a PyTorch network as .onnx or .npz, for crease, and compares what crease reads with the module.

    export_torch.py MODEL.pt OUT.onnx --input=4        # a whole module, saved by torch.save(model)
    export_torch.py MODEL.pt OUT.onnx --input=1,28,28  # the shape of one input, without the batch
    export_torch.py MODEL.pt OUT.npz                   # a chain of Linear and ReLU, with a Linear at its end
    export_torch.py --example OUT.onnx                 # trains a small network first

An .onnx file says how the layers follow each other, and their activations; .npz holds weights and biases
alone, so only a module that crease reads from them as it is can be written. Then the file is read by
crease (CREASE names it, or build/crease, or the one in PATH), and both are evaluated at random points;
--no-verify leaves that out. From Python: export(model, path, shape) and verify(model, path, shape).
Needs Debian's python3-torch. A file MODEL.pt is unpickled, which runs code that it may contain."""
import argparse
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
import torch.fx
from torch import nn

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
    sample = torch.zeros(1, *shape, dtype=next(model.parameters()).dtype)
    torch.onnx.export(model, sample, path, opset_version=13, input_names=["input"],
                      output_names=["output"], dynamic_axes={"input": {0: "batch"}})


# ---- Is the network that crease reads the module? ----

def find_crease():
    beside = Path(__file__).resolve().parent.parent / "build" / "crease"
    return os.environ.get("CREASE") or (str(beside) if beside.exists() else shutil.which("crease"))


def number(value):
    if isinstance(value, str):
        return float.fromhex(value) if "x" in value else float(Fraction(value))
    return float(value)


def evaluate(layers, x):
    """The layers of a JSON network at the rows of x, in binary64."""
    for layer in layers:
        weight = np.array([[number(w) for w in row] for row in layer["weight"]])
        z = x @ weight.T + np.array([number(b) for b in layer["bias"]])
        units = z.shape[1] - layer.get("carry", 0)
        z, carried = z[:, :units], z[:, units:]
        name = layer["activation"]
        if name == "relu":
            z = np.maximum(z, 0)
        elif name == "leaky_relu":
            z = np.where(z > 0, z, number(layer["slope"]) * z)
        elif name == "abs":
            z = np.abs(z)
        elif name == "clip":
            z = np.clip(z, number(layer["low"]), number(layer["high"]))
        elif name == "maxout":
            z = z.reshape(len(z), -1, layer["rank"]).max(axis=2)
        x = np.concatenate((z, carried), axis=1)
    return x


def module_at(model, points, shape):
    """In binary64 if the module can."""
    with torch.no_grad():
        try:
            y = copy.deepcopy(model).double()(torch.from_numpy(points).reshape(-1, *shape))
        except RuntimeError:
            y = model(torch.from_numpy(points).float().reshape(-1, *shape))
    return y.reshape(len(points), -1).double().numpy()


# What crease leaves out at the end, since it changes no region.
ENDS = {"": lambda y: y, "softmax": lambda y: torch.softmax(y, 1), "log_softmax": lambda y: torch.log_softmax(y, 1),
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "argmax": lambda y: y.argmax(1, keepdim=True).double()}


def verify(model, path, shape=None, samples=100):
    """Evaluates the module and what crease reads from the file at random points. Returns a line that
    says how they agree; ValueError says where they do not."""
    model = model.eval().cpu()
    crease = find_crease()
    if not crease:
        return "not verified: no crease, neither build/crease nor in PATH"
    with tempfile.TemporaryDirectory() as folder:
        exact = os.path.join(folder, "exact.json")
        run = subprocess.run([crease, "convert", path, exact], capture_output=True, text=True, check=False)
        if run.returncode:
            raise ValueError(run.stderr.strip())
        with open(exact) as file:
            layers = json.load(file)["layers"]
    inputs = len(layers[0]["weight"][0])
    points = np.random.default_rng(1).standard_normal((samples, inputs)) * \
        10.0 ** np.random.default_rng(2).uniform(-2, 1, (samples, 1))
    theirs, ours = module_at(model, points, shape or [inputs]), evaluate(layers, points)
    for name, end in ENDS.items():
        y = end(torch.from_numpy(ours)).numpy()
        if y.shape != theirs.shape:
            continue
        off = np.abs(y - theirs).max(axis=1) / (1e-6 + np.abs(theirs).max(axis=1))
        if not name:
            first, worst = y, int(np.argmax(off))
        if off.max() <= 1e-3:
            return f"verified: crease reads the function of the module, at {samples} random points" + \
                (f" up to the {name} at its end" if name else "")
    if theirs.shape != ours.shape:
        raise ValueError(f"{path}: crease reads {ours.shape[1]} outputs, the module has {theirs.shape[1]}")
    raise ValueError(f"{path}: crease reads another function: at {points[worst].tolist()} it has "
                     f"{first[worst].tolist()}, the module {theirs[worst].tolist()}")


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
        model = example() if options.example else torch.load(options.files[0], map_location="cpu")
        shape = (2,) if options.example else shape
        export(model, path, shape)
        if options.verify:
            print(verify(model, path, shape))
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"export_torch.py: {error}")


if __name__ == "__main__":
    main()
