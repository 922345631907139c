#!/usr/bin/python3
"""The Python package with PyTorch: modules against arrays, state dicts, and what verify says.

    test_module_torch.py LIBRARY"""
import os
import sys
import warnings

import torch
from torch import nn

sys.dont_write_bytecode = True
os.environ["CREASE_LIBRARY"] = os.path.abspath(sys.argv[1])
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(root, "python"))
import crease  # noqa: E402

checks = failures = 0


def equal(what, found, expected):
    global checks, failures
    checks += 1
    if found != expected:
        failures += 1
        print(f"FAILED: {what}: {found!r}, expected {expected!r}")


def refused(what, call, part, kind=crease.InputError):
    try:
        result = call()
    except crease.Error as error:
        equal(what, (type(error), part in str(error), "\n" in str(error)), (kind, True, False))
        return error
    equal(what, result, "an error")
    return None


class Way(nn.Module):
    """Layers fc1 to fc4 and what forward makes of them."""

    def __init__(self, forward):
        super().__init__()
        self.way = forward
        for i in range(4):
            setattr(self, f"fc{i + 1}", nn.Linear(3, 3))

    def forward(self, x):
        return self.way(self, x)


def residual(m, x):
    x = torch.relu(m.fc1(x))
    return m.fc4(torch.relu(x + m.fc3(torch.relu(m.fc2(x)))))


def repeated(m, x):
    return m.fc1(torch.relu(m.fc1(torch.relu(m.fc1(x)))))


def chain(activation, *end):
    return nn.Sequential(nn.Linear(2, 6), activation, nn.Linear(6, 6), activation, nn.Linear(6, 2), *end)


def by_arrays(model, activation):
    """Of a chain, without a look at its activations."""
    layers = [(layer.weight, layer.bias) for layer in model.modules() if isinstance(layer, nn.Linear)]
    return crease.Network(layers, activation=activation)


def chains():
    relu = chain(nn.ReLU())
    equal("a chain", crease.Network(relu).digest, by_arrays(relu, "relu").digest)
    nested = nn.Sequential(nn.Flatten(), nn.Sequential(relu[0], relu[1]), nn.Dropout(),
                           nn.Sequential(nn.Sequential(*relu[2:]), nn.Identity()))
    equal("nested", crease.Network(nested).digest, by_arrays(relu, "relu").digest)
    for what, module, activation in (("LeakyReLU", nn.LeakyReLU(0.25), "leaky_relu:1/4"),
                                     ("ReLU6", nn.ReLU6(), "clip:0:6"),
                                     ("Hardtanh", nn.Hardtanh(-2, 0.5), "clip:-2:1/2")):
        model = chain(module)
        equal(what, crease.Network(model).digest, by_arrays(model, activation).digest)
    ends = chain(nn.ReLU(), nn.ReLU())
    identity = [(layer.weight, layer.bias) for layer in ends if isinstance(layer, nn.Linear)]
    identity.append((torch.eye(2), None))
    equal("ends in ReLU", crease.Network(ends).digest, crease.Network(identity).digest)
    half = chain(nn.ReLU()).to(torch.bfloat16)
    equal("bfloat16", crease.verify(half.float(), crease.Network(half)).difference < 1e-5, True)


def states():
    model = chain(nn.ReLU())
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        found = crease.Network(model.state_dict())
    equal("a state dict", found.digest, crease.Network(model).digest)
    equal("its warning", ["names no activations" in str(note.message) for note in notes], [True])
    leaky = chain(nn.LeakyReLU(0.25))
    equal("with an activation", crease.Network(leaky.state_dict(), activation="leaky_relu:1/4").digest,
          crease.Network(leaky).digest)


def modules():
    """Through ONNX: each is the function of the module, and the module stays as it was."""
    hooked = chain(nn.ReLU())
    hooked[0].register_forward_hook(lambda module, inputs, output: output + 1)
    normal = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))
    image = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2))
    rows = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(4, 1))
    for what, model, shape in (("residual", Way(residual), (3,)), ("repeated", Way(repeated), 3),
                               ("hooked", hooked, None), ("BatchNorm", normal, None),
                               ("image", image, (1, 3, 3)), ("rows", rows, (2, 2))):
        model.train()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        network = crease.Network(model, input_shape=shape)
        equal(f"{what}: trains", all(module.training for module in model.modules()), True)
        equal(f"{what}: values", all(torch.equal(before[name], value)
                                     for name, value in model.state_dict().items()), True)
        found = crease.verify(model, network, input_shape=shape)
        equal(f"{what}: verified", (found.samples, found.end, found.difference < 1e-5),
              (100, "", True))
        counted = crease.count(model, (-1, 1), input_shape=shape)
        equal(f"{what}: count", counted.regions, crease.count(network, (-1, 1)).regions)
    first = Way(repeated).fc1
    thrice = Way(repeated)
    thrice.fc1 = first
    unrolled = [(first.weight, first.bias)] * 3
    equal("a layer three times", crease.count(thrice, input_shape=3).regions,
          crease.count(unrolled).regions)


def regions():
    """The module and the map of each region agree at the point in it, and so does the class."""
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3)).double()
    largest, wrong, found = 0.0, 0, list(crease.regions(model, box="-3:3", fields="map,class"))
    for region in found:
        x = list(region.point)
        with torch.no_grad():
            there = model(torch.tensor([x], dtype=torch.float64))[0].tolist()
        own = [sum(a * t for a, t in zip(row, x)) + b
               for row, b in zip(region.A.tolist(), region.b.tolist())]
        largest = max([largest, *(abs(y - z) for y, z in zip(own, there))])
        wrong += there.index(max(there)) != region.label
    equal("values on the regions", (len(found) > 20, largest < 1e-12, wrong), (True, True, 0))


def modules_refused():
    refused("no shape", lambda: crease.count(Way(residual)), "input_shape")
    refused("another shape", lambda: crease.count(chain(nn.ReLU()), input_shape=3), "input_shape: 3 for 2")
    refused("a shape that does not fit", lambda: crease.count(Way(residual), input_shape=2),
            "torch cannot export it")
    refused("Sigmoid", lambda: crease.count(chain(nn.Sigmoid())), "Sigmoid")
    refused("activation", lambda: crease.count(chain(nn.ReLU()), activation="relu"), "activation")


def verified():
    model, leaky = chain(nn.ReLU()), chain(nn.LeakyReLU(0.1))
    found = crease.verify(model, crease.Network(model), samples=17)
    equal("samples", (found.samples, found.difference < 1e-9), (17, True))
    ends = nn.Sequential(*model, nn.Softmax(1))
    equal("an end", crease.verify(ends, crease.Network(model)).end, "softmax")
    wrong = crease.Network(leaky.state_dict(), activation="relu")
    error = refused("another function", lambda: crease.verify(leaky, wrong), "another function: at [",
                    crease.Mismatch)
    with torch.no_grad():
        there = leaky.double()(torch.tensor([error.point], dtype=torch.float64))[0].tolist()
    equal("the module there", all(abs(a - b) < 1e-9 for a, b in zip(there, error.module)), True)
    equal("the network there", [float(y) for y in wrong.evaluate([error.point])[0]], error.network)
    refused("outputs", lambda: crease.verify(nn.Linear(2, 3), crease.Network(model)), "2 outputs")
    refused("inputs", lambda: crease.verify(nn.Linear(2, 3), crease.Network(model), input_shape=3),
            "input_shape: 3 inputs")
    refused("no module", lambda: crease.verify([1], crease.Network(model)), "model")
    refused("no samples", lambda: crease.verify(model, crease.Network(model), 0), "samples")
    nan = nn.Sequential(nn.Linear(2, 2))
    nan.forward = lambda x: x / 0 * 0
    refused("NaN", lambda: crease.verify(nan, crease.Network([(torch.eye(2), None)])), "nan",
            crease.Mismatch)


torch.manual_seed(3)
warnings.simplefilter("error", crease.NetworkWarning)
for test in (chains, states, modules, regions, modules_refused, verified):
    test()
print(f"test_module_torch: {checks} checks, {failures} failed")
sys.exit(failures > 0)
