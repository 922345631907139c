#!/usr/bin/env python3
"""Affine slices of random networks with all activations, composed here in exact fractions.

    slices.py CREASE CHECK [SEED [COUNT]]

crease --slice must read the network that is composed here (its digest), and count what it counts with
a linear layer in front, and, on a line, what sweep.py finds. A certificate over a slice must be one
for the network composed here, and for the one that crease convert --slice writes."""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "search"))
from sweep import random_layers, sweep, units  # noqa: E402


def number(rng):
    return Fraction(rng.randint(-4, 4), rng.choice([1, 1, 2, 7]))


def random_slice(rng, inputs):
    size = rng.randint(1, 3)
    directions = [[number(rng) for _ in range(inputs)] for _ in range(size)]
    if size > 1 and rng.random() < 0.2:
        directions[-1] = [2 * t for t in directions[0]]
    return [number(rng) for _ in range(inputs)], directions


def in_front(layers, origin, directions):
    first = {"weight": [list(row) for row in zip(*directions)], "bias": origin,
             "activation": "linear"}
    return [first] + layers


def multiplied(layers, origin, directions):
    first = dict(layers[0])
    first["bias"] = [b + sum(w * x for w, x in zip(row, origin))
                     for row, b in zip(first["weight"], first["bias"])]
    first["weight"] = [[sum(w * x for w, x in zip(row, t)) for t in directions]
                       for row in first["weight"]]
    return [first] + layers[1:]


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        json.dump(value, file, default=str)
    return path


def network(path, inputs, layers):
    width = len(units(layers[-1], layers[-1]["bias"])[0])
    last = {"weight": [[1] * width], "bias": [0], "activation": "linear"}
    return write(path, {"input": inputs, "layers": layers + [last]})


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check_one(crease, checker, here, rng):
    """What went wrong, or None."""
    layers, inputs = random_layers(rng), rng.randint(1, 4)
    layers[0]["weight"] = [[number(rng) for _ in range(inputs)] for _ in layers[0]["weight"]]
    origin, directions = random_slice(rng, inputs)
    size = len(directions)
    whole = network(os.path.join(here, "whole.json"), inputs, layers)
    front = network(os.path.join(here, "front.json"), size, in_front(layers, origin, directions))
    once = network(os.path.join(here, "once.json"), size, multiplied(layers, origin, directions))
    plane = write(os.path.join(here, "slice.json"), {"origin": origin, "directions": directions})
    written, proof = os.path.join(here, "written.json"), os.path.join(here, "proof")

    def info(*arguments):
        return json.loads(run(crease, "info", "--json", *arguments))["digest"]

    run(crease, "convert", "--slice", plane, whole, written)
    digests = {info("--slice", plane, whole), info(once), info(written)}
    if len(digests) > 1:
        return f"digests {digests}"
    for box in ([], ["--box=-1:3/2"]):
        counts = {run(crease, "count", "--quiet", *box, "--slice", plane, whole),
                  run(crease, "count", "--quiet", *box, front),
                  run(crease, "count", "--quiet", "--engine", "walk", *box, "--slice", plane, whole)}
        if size == 1 and not box:
            counts.add(f"{sweep(in_front(layers, origin, directions))[0]}\n")
        if len(counts) > 1:
            return f"counts {counts}, {box}"
        run(crease, "certify", "--quiet", *box, "--slice", plane, "-o", proof, whole)
        verdicts = {run(checker, *box, once, proof), run(checker, *box, written, proof)}
        if verdicts != {f"VERIFIED {counts.pop().strip()} regions\n"}:
            return f"certificates {verdicts}, {box}"
    return None


def main():
    crease, checker = sys.argv[1:3]
    seed, count = (int(x) for x in (sys.argv[3:5] + ["1", "200" if os.environ.get("CREASE_LONG") else "8"][len(sys.argv) - 3:]))
    failed = 0
    with tempfile.TemporaryDirectory() as here:
        for i in range(count):
            try:
                problem = check_one(crease, checker, here, random.Random(1000 * seed + i))
            except subprocess.CalledProcessError as error:
                problem = f"{error.cmd}: {error.stderr}"
            if problem:
                failed += 1
                print(f"slice {i}: {problem}")
                for name in ("whole.json", "slice.json"):
                    with open(os.path.join(here, name), encoding="ascii") as file:
                        print(file.read())
    print(f"slices: {count} networks, {failed} wrong")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
