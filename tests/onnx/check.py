#!/usr/bin/env python3
"""check.py: ONNX models in many forms, put to crease and to evaluate.py.

What crease reads is evaluated exactly at some points and compared with an exact evaluation of the
graph, node by node. Chains of layers must give the digest of the same layers in JSON; what cannot be
read must be refused with the node's name. READ_MANY and CREASE name the programs, GRAPHS is how many
random graphs there are, SEED which."""
import os
import random
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
import evaluate  # noqa: E402
import graphs  # noqa: E402
import many  # noqa: E402  (evaluate.py has added its folder)

GRAPHS = int(os.environ.get("GRAPHS", "400"))
SEED = int(os.environ.get("SEED", "1"))
POINTS = 3
failures, checks = [], 0


def check(good, text):
    global checks
    checks += 1
    if not good:
        failures.append(text)


def point(p, inputs):
    """As in tests/support/evaluate.h."""
    return [Fraction(((j + 1) * 7919 + (p + 1) * (j + 3) * 104729) % 2001 - 1000, 256)
            for j in range(inputs)]


def parts(line):
    """Digest, inputs and outputs at the points, from a line of read_many."""
    head, *values = line.split(";")
    digest, inputs = head.split()
    return digest, int(inputs), [[Fraction(v) for v in row.split()] for row in values]


def read_all(models):
    return many.ask([(f"{name}.onnx", data, {"points": POINTS}) for name, data in models])


# ---- Random graphs ----

def random_graphs():
    built = []
    for k in range(GRAPHS):
        rng = random.Random(f"{SEED} {k}")
        built.append((f"graph{k}", graphs.random_graph(rng, rng.randint(1, 12)).bytes()))
    read = 0
    for (name, data), (line, message) in zip(built, read_all(built)):
        if line is None:
            allowed = ("hidden units", "comparisons", "at most 64", "smaller", "begins in the pads",
                       "does not depend", "of no elements")
            check(any(words in message for words in allowed), f"{name}: {message}")
            continue
        read += 1
        _, inputs, values = parts(line)
        model = evaluate.Model(data)
        check(inputs == model.size, f"{name}: {inputs} inputs")
        for p in range(POINTS):
            try:
                check(values[p] == model.at(point(p, inputs)), f"{name}: another value at point {p}")
            except evaluate.Refused as error:
                check(False, f"{name}: not to be evaluated: {error}")
    check(read > 0.9 * GRAPHS, f"only {read} of {GRAPHS} graphs are read")
    print(f"check.py: {read} of {GRAPHS} random graphs read and evaluated")


random_graphs()
print(f"check.py: {checks} checks, {len(failures)} failed")
for text in failures[:20]:
    print("FAILED:", text, file=sys.stderr)
sys.exit(bool(failures))
