"""Training with NumPy: chains of ReLU layers, by Adam.

Weights are in double precision while they are trained, and rounded to binary32 where they are
written. Seeds are fixed: the same version of NumPy on the same kind of machine makes the same
networks.
"""

import gzip
import os
import pathlib

# The order of sums depends on the number of threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402

import common  # noqa: E402


def generator(seed):
    return np.random.Generator(np.random.PCG64(seed))


def start(sizes, seed, gain=2.0, shift=0.1):
    """Weights normal with variance gain / fan-in (2 is He's), biases normal with this deviation."""
    random = generator(seed)
    return [
        [random.normal(0, np.sqrt(gain / n), (m, n)), random.normal(0, shift, m)]
        for n, m in zip(sizes, sizes[1:])
    ]


def outputs(layers, x):
    """The values of all layers, x first."""
    values = [x]
    for number, (weight, bias) in enumerate(layers, 1):
        z = values[-1] @ weight.T + bias
        values.append(z if number == len(layers) else np.maximum(z, 0))
    return values


def square(z, y):
    return 2 * (z - y) / len(z)


def cross_entropy(z, y):
    """y: the numbers of the classes."""
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(z)), y] -= 1
    return p / len(z)


def gradient(layers, x, y, slope_of):
    values = outputs(layers, x)
    slope = slope_of(values[-1], y)
    result = []
    for (weight, _), value in zip(reversed(layers), reversed(values[:-1])):
        result.append([slope.T @ value, slope.sum(axis=0)])
        slope = (slope @ weight) * (value > 0)
    return result[::-1]


def train(layers, x, y, steps, slope_of, rate=0.01, batch=None, seed=0, keep=None):
    """Changes the layers. batch None: all points at once. keep(step, layers) is called before each
    step and after the last one."""
    random = generator(seed)
    first = [[np.zeros_like(a) for a in layer] for layer in layers]
    second = [[np.zeros_like(a) for a in layer] for layer in layers]
    for step in range(steps + 1):
        if keep:
            keep(step, layers)
        if step == steps:
            break
        some = slice(None) if batch is None else random.integers(0, len(x), batch)
        slopes = gradient(layers, x[some], y[some], slope_of)
        for layer, slope, one, two in zip(layers, slopes, first, second):
            for i in range(2):
                one[i] += 0.1 * (slope[i] - one[i])
                two[i] += 0.001 * (slope[i] ** 2 - two[i])
                mean = one[i] / (1 - 0.9 ** (step + 1))
                power = two[i] / (1 - 0.999 ** (step + 1))
                layer[i] -= rate * mean / (np.sqrt(power) + 1e-8)


def gaussians(inputs, seed, count=200):
    """Points of three normal distributions with variance 1, and their classes."""
    random = generator(seed)
    means = random.normal(0, 2, (3, inputs))
    x = random.normal(0, 1, (3 * count, inputs)) + means.repeat(count, axis=0)
    return x, np.arange(3).repeat(count)


def fashion(count, kind="train"):
    """The first images of Fashion-MNIST (Debian: dataset-fashion-mnist), each pixel over 256, and
    their classes. kind: train or t10k."""
    place = pathlib.Path("/usr/share/datasets/fashion-mnist")
    try:
        with gzip.open(place / (kind + "-images-idx3-ubyte.gz")) as file:
            pixels = np.frombuffer(file.read(16 + 784 * count), np.uint8, offset=16)
        with gzip.open(place / (kind + "-labels-idx1-ubyte.gz")) as file:
            labels = np.frombuffer(file.read(8 + count), np.uint8, offset=8)
    except FileNotFoundError as error:
        raise common.Missing("no dataset-fashion-mnist") from error
    return pixels.reshape(count, 784) / 256, labels.astype(np.int64)


def share_right(layers, x, y):
    return float(np.mean(outputs(layers, x)[-1].argmax(axis=1) == y))


def save(path, layers, comment):
    """The network as JSON; returns its path."""
    listed = [
        (weight.astype(np.float32).tolist(), bias.astype(np.float32).tolist(),
         {"activation": "linear" if number == len(layers) else "relu"})
        for number, (weight, bias) in enumerate(layers, 1)
    ]
    return common.network(path, layers[0][0].shape[1], listed, comment)
