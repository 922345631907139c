#!/usr/bin/env python3
"""check.py: ONNX models in many forms, put to crease and to evaluate.py.

What crease reads is evaluated exactly at some points and compared with an exact evaluation of the
graph, node by node. Chains of layers must give the digest of the same layers in JSON; what cannot be
read must be refused with the node's name. READ_MANY and CREASE name the programs, GRAPHS is how many
random graphs there are, SEED which."""
import hashlib
import json
import os
import random
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import cases  # noqa: E402  (before tests/cert, which has one too, is in the path)
import batches  # noqa: E402
import evaluate  # noqa: E402
import forms  # noqa: E402
import refused  # noqa: E402
import tensors  # noqa: E402
import graphs  # noqa: E402
import many  # noqa: E402  (tensors.py has added its folder)
import reading  # noqa: E402
from points import near, parts, point  # noqa: E402

GRAPHS = int(os.environ.get("GRAPHS", "400"))
SEED = int(os.environ.get("SEED", "1"))
POINTS = 3
failures, checks = [], 0


def check(good, text):
    global checks
    checks += 1
    if not good:
        failures.append(text)


def read_all(models):
    return many.ask([(f"{name}.onnx", data, {"points": POINTS, "batch": "all"}) for name, data in models])


def compare_values(name, data, line):
    _, inputs, values = parts(line)
    try:
        model = evaluate.Model(data)
        check(inputs == model.size, f"{name}: {inputs} inputs")
        for p in range(POINTS):
            check(values[p] == model.at(point(p, inputs)), f"{name}: another value at point {p}")
    except tensors.Refused as error:
        check(False, f"{name}: not to be evaluated: {error}")


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
        compare_values(name, data, line)
    check(read > 0.9 * GRAPHS, f"only {read} of {GRAPHS} graphs are read")
    print(f"check.py: {read} of {GRAPHS} random graphs read and evaluated")


# ---- The layers that come out ----

def random_layers(rng):
    widths = [rng.randint(1, 4) for _ in range(rng.randint(2, 4))]
    return [([[rng.randint(-64, 64) / 8 for _ in range(a)] for _ in range(b)],
             [rng.randint(-64, 64) / 8 for _ in range(b)]) for a, b in zip(widths, widths[1:])]


def same_layers():
    """Every form of every layer at least once, and mixed ones."""
    models, digests = [], []
    for k in range(80 if os.environ.get("CREASE_LONG") else 16):
        rng = random.Random(f"{SEED} layers {k}")
        layers = random_layers(rng)
        affine, switch = [(lambda form=form: form) for form in (
            cases.AFFINE[k % len(cases.AFFINE)], cases.SWITCH[k % len(cases.SWITCH)])]
        if k >= 40:
            affine, switch = (lambda: rng.choice(cases.AFFINE)), (lambda: rng.choice(cases.SWITCH))
        kind = rng.choice((tensors.FLOAT, tensors.DOUBLE))
        dims = rng.choice(((1, len(layers[0][0][0])), ("N", len(layers[0][0][0]))))
        models.append((f"layers{k}", cases.mlp(layers, affine, switch, rng, kind, dims)))
        rows = cases.rows(layers)
        digests.append(reading.digest([("relu", r) for r in rows[:-1]] + [("linear", rows[-1])]))
    for (name, _), digest, (line, message) in zip(models, digests, read_all(models)):
        check(line is not None and parts(line)[0] == digest, f"{name}: {message or 'another digest'}")


def made_by_hand():
    built = [(form.__name__, form()[0].bytes(), form()[1]) for form in cases.LAYERS]
    built += [(form.__name__, form().bytes(), None) for form in cases.VALUES]
    built += [(name, data, None) for name, data in forms.forms()]
    for (name, data, text), (line, message) in zip(built, read_all([b[:2] for b in built])):
        check(line is not None, f"{name}: {message}")
        if line is None:
            continue
        if text:
            digest = hashlib.sha256(("crease-network 1\n" + text).encode()).hexdigest()
            check(parts(line)[0] == digest, f"{name}: other layers")
        compare_values(name, data, line)


def of_torch():
    """Files that PyTorch wrote, and what it computed (torch_models.py)."""
    folder = Path(__file__).resolve().parent / "data"
    expected = json.loads((folder / "expected.json").read_text())
    models = [(name, (folder / f"{name}.onnx").read_bytes()) for name in expected]
    for (name, data), (line, message) in zip(models, read_all(models)):
        check(line is not None and near(parts(line)[2], expected[name]), f"{name}.onnx: {message or 'other values'}")
        if line is not None:
            compare_values(name, data, line)


def refusals():
    made = refused.refused()
    for (name, _, says), (line, message) in zip(made, read_all([m[:2] for m in made])):
        check(line is None and re.search(says, message), f"{name}: expected \"{says}\", got {line or message}")
    print(f"check.py: {len(made)} models to be refused")


def of_batches():
    """A batch is read as one sample, whose model has the same digest; what is no batch is refused."""
    made = list(batches.alike())
    for which in (0, 1):
        lines = many.ask([(f"{name}.onnx", models[which], {}) for name, *models in made])
        digests = [line for line, _ in lines] if which == 0 else digests
        for (name, *_), (line, message), digest in zip(made, lines, digests):
            check(line is not None and line == digest, f"{name}: {message or 'another digest'}")
    bad = list(batches.refused())
    for (name, _, says), (line, message) in zip(bad, many.ask([(f"{b[0]}.onnx", b[1], {}) for b in bad])):
        check(line is None and says in message, f"{name}: expected \"{says}\", got {line or message}")
    for (name, data, _), (line, message) in zip(bad, read_all([b[:2] for b in bad])):
        check(line is not None, f"{name}: {message}")
        if line is not None:
            compare_values(name, data, line)


random_graphs()
same_layers()
made_by_hand()
of_torch()
of_batches()
refusals()
print(f"check.py: {checks} checks, {len(failures)} failed")
for text in failures[:20]:
    print("FAILED:", text, file=sys.stderr)
sys.exit(bool(failures))
