#!/usr/bin/env python3
"""wide.py: wide networks in small files.

A convolutional network on a line is counted twice, with CREASE_LONG one of 7056 units. crease counts it on a slice. Here a
point moves along the line: at each stop all units are evaluated as a + b t in integers, and the next stop
is the nearest zero of one of them behind it. CREASE names the program."""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
import wire  # noqa: E402
from graphs import FLOAT, INT64, attribute, tensor  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
SIZE = 28 if os.environ.get("CREASE_LONG") else 10
LAYERS = ((8, 1, 1), (4, 8, 2))  # filters, channels below, stride; 3 x 3, padded by 1
UNIT = 64  # weights are multiples of 1 / UNIT
END = Fraction(1, 64)


def info(name, dims):
    return {"name": name, "type": {"tensor_type": {"elem_type": FLOAT, "shape": {
        "dim": [{"dim_value": d} for d in dims]}}}}


def model(graph):
    return wire.encode("Model", {"ir_version": 8, "opset_import": [{"version": 13}], "graph": graph})


def taps(size, channels, stride, weight):
    """For every output of a convolution: its bias's index, inputs and weights."""
    small = (size + stride - 1) // stride
    for f, kernel in enumerate(weight):
        for y in range(small):
            for x in range(small):
                yield f, [((c * size + v) * size + h, kernel[(c * 3 + i) * 3 + j])
                          for c in range(channels) for i in range(3) for j in range(3)
                          if 0 <= (v := y * stride + i - 1) < size and 0 <= (h := x * stride + j - 1) < size]


def network(rng):
    """The file, and its layers as lists of (bias, taps)."""
    nodes, tensors, layers, size, name = [], [], [], SIZE, "x"
    for k, (filters, channels, stride) in enumerate(LAYERS):
        weight = [[rng.randint(-32, 32) for _ in range(9 * channels)] for _ in range(filters)]
        bias = [rng.randint(-8, 8) for _ in range(filters)]
        tensors += [tensor(FLOAT, (filters, channels, 3, 3), [w / UNIT for row in weight for w in row], f"w{k}"),
                    tensor(FLOAT, (filters,), [b / UNIT for b in bias], f"b{k}")]
        nodes += [{"op_type": "Conv", "input": [name, f"w{k}", f"b{k}"], "output": [f"z{k}"],
                   "attribute": [attribute("strides", [stride] * 2), attribute("pads", [1] * 4)]},
                  {"op_type": "Relu", "input": [f"z{k}"], "output": [f"h{k}"]}]
        layers.append([(bias[f], list(t)) for f, t in taps(size, channels, stride, weight)])
        size, name = (size + stride - 1) // stride, f"h{k}"
    graph = {"name": "wide", "node": nodes, "initializer": tensors, "input": [info("x", (1, 1, SIZE, SIZE))],
             "output": [info(name, (1, LAYERS[-1][0], size, size))]}
    return model(graph), layers


def regions(layers, origin, direction):
    """On origin + t direction, 0 < t < END: the vectors (a, b) stand for a + b t, over UNIT^k."""
    at, states, count = Fraction(0), None, 0
    while at < END:
        a, b, scale, nearest, now = origin, direction, UNIT, END, []
        for layer in layers:
            values = [(bias * scale + sum(w * a[i] for i, w in tap), sum(w * b[i] for i, w in tap))
                      for bias, tap in layer]
            scale *= UNIT
            a, b = [], []
            for u, v in values:
                here = u * at.denominator + v * at.numerator
                on = here > 0 or (here == 0 and v > 0)
                if v and (turn := Fraction(-u, v)) > at:
                    nearest = min(nearest, turn)
                now.append(on)
                a.append(u if on else 0)
                b.append(v if on else 0)
        count += now != states
        at, states = nearest, now
    return count


def padded():
    """ReLU of the sum of 2.5 times four million copies of one input: a file of 250 bytes."""
    nodes = [("Pad", ["x", "p"], [attribute("mode", b"edge")]), ("Mul", ["Pad", "two"], []),
             ("ReduceSum", ["Mul"], []), ("Relu", ["ReduceSum"], [])]
    return model({"name": "padded", "node": [
        {"op_type": op, "input": inputs, "output": [op], "attribute": options} for op, inputs, options in nodes],
        "initializer": [tensor(INT64, (2,), [0, 3999999], "p"), tensor(FLOAT, (1,), [2.5], "two")],
        "input": [info("x", (1,))], "output": [info("Relu", (1,))]})


def check_padded(path):
    """Equal elements are kept once: reading takes little memory."""
    path.write_bytes(padded())
    with subprocess.Popen([CREASE, "count", "--quiet", str(path)], stdout=subprocess.PIPE) as process:
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    print(f"wide.py: four million equal elements take {used.ru_maxrss >> 10} MiB, {out.decode().strip()} regions")
    return out.strip() == b"2" and used.ru_maxrss < 512 << 10


def main():
    rng = random.Random(1)
    data, layers = network(rng)
    origin, direction = ([rng.randint(-UNIT, UNIT) for _ in range(SIZE * SIZE)] for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        path, line = Path(folder) / "wide.onnx", Path(folder) / "line.json"
        path.write_bytes(data)
        line.write_text(json.dumps({"origin": [v / UNIT for v in origin], "directions": [[v / UNIT for v in direction]]}))
        run = subprocess.run([CREASE, "count", "--quiet", f"--slice={line}", f"--box=0:{END}", str(path)],
                             capture_output=True, text=True, timeout=600)
        good = check_padded(path)
    expected = regions(layers, origin, direction)
    print(f"wide.py: {sum(map(len, layers))} units, {run.stdout.strip()}{run.stderr} regions, expected {expected}")
    return run.returncode or int(run.stdout) != expected or not good


if __name__ == "__main__":
    sys.exit(main())
