#!/usr/bin/env python3
"""fuzz_onnx.py: damaged ONNX models, put to crease and to evaluate.py.

No model may crash the reader, and what crease reads must have the values that evaluate.py computes
from the same bytes. READ_MANY names the program, best built with sanitizers; CREASE_FUZZ_MUTANTS is
how many models there are, CREASE_FUZZ_SEED which."""
import copy
import os
import random
import sys

sys.dont_write_bytecode = True
import cases  # noqa: E402
import evaluate  # noqa: E402
import forms  # noqa: E402
import graphs  # noqa: E402
import many  # noqa: E402  (tensors.py has added its folder)
import wire  # noqa: E402
from fuzz import damage  # noqa: E402
from points import parts, point  # noqa: E402

MUTANTS = int(os.environ.get("CREASE_FUZZ_MUTANTS", "3000"))
SEED = int(os.environ.get("CREASE_FUZZ_SEED", "1"))
BATCH, POINTS = 500, 2
INTEGERS = (0, 1, -1, 2, -2, 3, 7, 31, 64, 65, 4096, 4097, 1 << 24, (1 << 24) + 1, 1 << 31, -(1 << 31), 1 << 32,
            (1 << 63) - 1, -(1 << 63))
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-45, 3.4028234663852886e38, float("inf"), float("-inf"), float("nan"))
WORDS = ("", "x", "min", "axis", "axes", "perm", "pads", "alpha", "to", "auto_pad", "value", "value_int",
         "SAME_LOWER", "ai.onnx", "training_mode", "keepdims")


def places(content, kind, found):
    """All (message, field, type) of a decoded message, at any depth."""
    for name, field in wire.SCHEMA[kind].values():
        bare = field.lstrip("*+")
        found.append((content, name, field))
        if bare in wire.SCHEMA:
            for inner in content.get(name, []) if field[0] == "*" else [content[name]] if name in content else []:
                if bare != "Opaque":
                    places(inner, bare, found)
    return found


def another(rng, bare, old, all_of_kind):
    if bare in ("int", "short"):
        return rng.choice(INTEGERS + ((old + 1, old - 1) if isinstance(old, int) else ()))
    if bare in ("float", "double"):
        return rng.choice(FLOATS) if rng.random() < 0.5 else rng.uniform(-2, 2)
    if bare in ("str", "bytes"):
        word = rng.choice(all_of_kind + [rng.choice(WORDS)])
        if isinstance(word, str) != (bare == "str"):
            word = word.encode() if bare == "bytes" else word.decode(errors="ignore")
        return word
    return b"" if bare == "Opaque" else wire.decode(bare, b"")


def change(rng, content):
    """One field somewhere gets another value, goes or comes."""
    found = places(content, "Model", [])
    present = [p for p in found if p[0].get(p[1])]
    message, name, field = rng.choice(present if rng.random() < 0.9 else found)
    bare = field.lstrip("*+")
    same = [m[n] for m, n, f in found if f == field and f[0] not in "*+" and n in m]
    if bare in ("str", "bytes"):
        same = [v for m, n, f in present if f.lstrip("*") == bare for v in (m[n] if f[0] == "*" else [m[n]])]
    if field[0] not in "*+":
        if name in message and rng.random() < 0.3:
            del message[name]
        else:
            message[name] = copy.deepcopy(rng.choice(same)) if bare in wire.SCHEMA and same else another(
                rng, bare, message.get(name), same)
        return
    values, way = message[name], rng.randrange(4)
    at = rng.randrange(len(values)) if values else 0
    if way == 0 and values:
        del values[at]
    elif way == 1 and values:
        values.insert(rng.randrange(len(values) + 1), copy.deepcopy(values[at]))
    elif way == 2 and len(values) > 1:
        other = rng.randrange(len(values))
        values[at], values[other] = values[other], values[at]
    elif values and bare not in wire.SCHEMA:
        values[at] = another(rng, bare, values[at], same)
    elif bare not in wire.SCHEMA:
        values.append(another(rng, bare, 0, same))


def seeds():
    built = [form()[0].bytes() for form in cases.LAYERS] + [form().bytes() for form in cases.VALUES]
    built += [data for _, data in forms.forms()]
    for k in range(60):
        rng = random.Random(f"{SEED} base {k}")
        built.append(graphs.random_graph(rng, rng.randint(1, 4), 12).bytes())
    return built


def mutant(rng, bases):
    data = rng.choice(bases)
    if rng.random() < 0.3:
        return damage(rng, data)
    content = wire.decode("Model", data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        change(rng, content)
    return wire.encode("Model", content)


def agree(data, line):
    """Whether evaluate.py gives what crease read; a reason if not."""
    _, inputs, values = parts(line)
    try:
        model = evaluate.Model(data)
        if model.size != inputs:
            return f"{inputs} inputs, {model.size} expected"
        for p in range(POINTS):
            if model.at(point(p, inputs)) != values[p]:
                return f"another value at point {p}"
    except (ValueError, KeyError) as error:  # Refused among them
        return f"read by crease alone: {error!r}"
    return None


def main():
    bases, read, wrong = seeds(), 0, 0
    for begin in range(0, MUTANTS, BATCH):
        mutants = [mutant(random.Random(f"{SEED} {k}"), bases) for k in range(begin, min(begin + BATCH, MUTANTS))]
        lines = many.ask([(f"m{begin + k}.onnx", data, {"points": POINTS, "batch": "all"}) for k, data in enumerate(mutants)])
        for k, (data, (line, _)) in enumerate(zip(mutants, lines)):
            why = line and agree(data, line)
            read += line is not None
            if why:
                wrong += 1
                print(f"FAILED: mutant {begin + k}: {why}\n{data[:3000]!r}", file=sys.stderr)
    print(f"fuzz_onnx.py: {MUTANTS} models, {read} read, {wrong} failed")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
