#!/usr/bin/env python3
"""seeds.py DIRECTORY: networks as .npz, .safetensors, .nnet and .onnx for the fuzz targets of these names."""
import os
import random
import sys

sys.dont_write_bytecode = True
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "net"), os.path.join(here, "..", "onnx")]
import graphs  # noqa: E402
import writing  # noqa: E402

SEEDS = 12


def arrays(rng):
    """(name, kind, array) of weights and biases, and the network."""
    kind = rng.choice(("f2", "f4", "f8"))
    net = writing.random_net(rng, kind, most=3)
    names = writing.names_of(rng.choice(writing.STYLES), len(net))
    return kind, [entry for pair, two in zip(names, net) for entry in zip(pair, two)], net


def npz(rng):
    kind, entries, _ = arrays(rng)
    return writing.zipped([(name, writing.array(values, kind)) for name, values in entries],
                          rng.choice((0, 8)))


def safetensors(rng):
    kind, entries, _ = arrays(rng)
    rows = []
    for name, values in entries:
        table = isinstance(values[0], list)
        flat = [x for row in values for x in row] if table else values
        shape = (len(values), len(values[0])) if table else (len(values),)
        rows.append((name, kind.replace("f", "F").replace("2", "16").replace("4", "32").replace("8", "64"),
                     shape, writing.pack(flat, kind)))
    return writing.safetensors(rows)


def nnet(rng):
    return writing.nnet(arrays(rng)[2], repr)


def onnx(rng):
    return graphs.random_graph(rng, steps=4).bytes()


for make in (npz, safetensors, nnet, onnx):
    folder = os.path.join(sys.argv[1], make.__name__)
    os.makedirs(folder, exist_ok=True)
    for seed in range(SEEDS):
        with open(os.path.join(folder, f"{make.__name__}-{seed}"), "wb") as out:
            out.write(make(random.Random(seed)))
