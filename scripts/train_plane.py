#!/usr/bin/python3
"""Trains small networks on a function of the plane, and keeps them on the way.

    train_plane.py --widths 12,12 [--seed N] [--steps 0,100,2000] [--wave DATA.npy] --output PREFIX

The function is sin(4 x) sin(4 y) on a grid over [-1, 1]^2.  With --wave it is 1 above a wave and -1
below, at random points, which are written with their classes 1 and 0.  The loss is the mean square,
the method Adam on all points at once.  The network after n steps goes to PREFIXn.json, its weights
rounded to binary32.  Seeds are fixed: the same library versions on the same kind of machine write
the same files.  Needs numpy alone (Debian: python3-numpy).
"""

import argparse
import os
import pathlib

# The order of sums depends on the number of threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402

from network_file import network_text  # noqa: E402

GRID = 21
RATE = 0.01


def numbers(text):
    return [int(part) for part in text.split(",")]


def grid():
    axis = np.linspace(-1, 1, GRID)
    x = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return x, np.prod(np.sin(4 * x), axis=1, keepdims=True)


def wave(path, count=160):
    random = np.random.Generator(np.random.PCG64(0))
    x = random.uniform(-1, 1, (count, 2))
    above = x[:, 1] > 0.55 * np.sin(3.5 * x[:, 0])
    np.save(path, np.column_stack([x, above]))
    return x, np.where(above, 1.0, -1.0)[:, None]


def start(sizes, seed):
    """He's initialisation, with biases so that the first kinks lie inside the square."""
    random = np.random.Generator(np.random.PCG64(seed))
    return [
        [random.normal(0, np.sqrt(2 / n), (m, n)), random.uniform(-0.5, 0.5, m)]
        for n, m in zip(sizes, sizes[1:])
    ]


def gradient(layers, x, y):
    """The mean square loss and its derivatives, shaped as the layers are."""
    values = [x]
    for number, (weight, bias) in enumerate(layers, 1):
        z = values[-1] @ weight.T + bias
        values.append(z if number == len(layers) else np.maximum(z, 0))
    error = values[-1] - y
    slope = 2 * error / len(x)
    result = []
    for (weight, _), value in zip(reversed(layers), reversed(values[:-1])):
        result.append([slope.T @ value, slope.sum(axis=0)])
        slope = (slope @ weight) * (value > 0)
    return np.mean(error**2), result[::-1]


def train(layers, x, y, steps, keep):
    first = [[np.zeros_like(a) for a in layer] for layer in layers]
    second = [[np.zeros_like(a) for a in layer] for layer in layers]
    for step in range(max(steps) + 1):
        loss, slopes = gradient(layers, x, y)
        if step in steps:
            keep(step, layers, loss)
        for layer, slope, one, two in zip(layers, slopes, first, second):
            for i in range(2):
                one[i] += 0.1 * (slope[i] - one[i])
                two[i] += 0.001 * (slope[i] ** 2 - two[i])
                mean = one[i] / (1 - 0.9 ** (step + 1))
                square = two[i] / (1 - 0.999 ** (step + 1))
                layer[i] -= RATE * mean / (np.sqrt(square) + 1e-8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--widths", type=numbers, required=True, help="of the hidden layers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=numbers, default=[2000], help="after which to keep the network")
    parser.add_argument("--wave", metavar="DATA.npy", help="learn the side of a wave, and write the points")
    parser.add_argument("--output", required=True, help="path that the names of the files begin with")
    options = parser.parse_args()
    x, y = wave(options.wave) if options.wave else grid()
    what = "the side of a wave" if options.wave else "sin(4 x) sin(4 y)"

    def keep(step, layers, loss):
        rounded = [(weight.astype(np.float32), bias.astype(np.float32)) for weight, bias in layers]
        comment = (
            "Trained for %d steps on %s over [-1, 1]^2, %d points, seed %d, numpy %s, mean square loss %.4g; "
            "weights rounded to binary32." % (step, what, len(x), options.seed, np.__version__, loss)
        )
        path = pathlib.Path("%s%d.json" % (options.output, step))
        path.write_text(network_text(rounded, comment))

    train(start([2] + options.widths + [1], options.seed), x, y, options.steps, keep)


if __name__ == "__main__":
    main()
