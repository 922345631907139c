#!/usr/bin/env python3
"""merged.py NUMBER: certificates in which cells are like others, of random networks with layers that
fold, put to both checkers, as crease writes them and with damage. CREASE and CREASE_CHECK name the
programs, SEED the networks, MUTANTS how many damaged files per certificate."""
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from check import Reject, check
from domain import options, parse_domain
from net import Net
from nets import maxout, network, random_halves, relu

CREASE = os.environ.get("CREASE", "build/crease")
CHECK = os.environ.get("CREASE_CHECK", "build/crease-check")
SEED = int(os.environ.get("SEED", "1"))
MUTANTS = int(os.environ.get("MUTANTS", "8"))


def run(*command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=600,
                          check=False)


def even(rng, inputs):
    """f(x) = f(-x) after one layer."""
    rows = [[rng.randint(-2, 2) for _ in range(inputs)] for _ in range(rng.randint(1, 3))]
    rows = [row if any(row) else [1] * inputs for row in rows]
    first = relu([r for row in rows for r in (row, [-a for a in row])], [0] * (2 * len(rows)))
    layers, fan = [first], len(rows)
    for i in range(rng.randint(1, 3)):
        width = rng.randint(2, 4)
        weights = [[rng.randint(-2, 2) for _ in range(fan)] for _ in range(width)]
        if i == 0:
            weights = [[a for a in row for _ in range(2)] for row in weights]
        layers.append(relu(weights, [rng.randint(-2, 2) for _ in range(width)]))
        fan = width
    return network(*layers)


def fold(rng, inputs):
    """Layers that fold the unit box onto itself, p times in each direction, then lines: h = p x -
    2 p max(x - 1/p, 0) + 2 p max(x - 2/p, 0) - ..."""
    p = rng.randint(2, 3)
    each = [p * (1 if k == 0 else 2 * (-1) ** k) for k in range(p)]
    maps = [[int(a == j) for a in range(inputs)] for j in range(inputs)]
    layers = []
    for _ in range(rng.randint(1, 4)):
        layers.append(relu([row for row in maps for _ in range(p)],
                           [f"-{k}/{p}" for _ in maps for k in range(p)]))
        maps = [[c * int(a == j) for a in range(inputs) for c in each] for j in range(inputs)]
    lines = [[rng.randint(-2, 2) for _ in range(inputs)] for _ in range(5)]
    last = [[sum(c * row[k] for c, row in zip(line, maps)) for k in range(p * inputs)]
            for line in lines]
    return network(*layers, relu(last, [rng.randint(-2, 2) for _ in range(5)]))


def many(rng, _):
    """Two inputs of 8 or 9 are folded twice, the others passed on, then lines."""
    inputs = rng.randint(8, 9)
    rows = [[(j, 1)] for j in range(inputs)]  # what is passed on, as units and factors
    layers, fan = [], inputs
    for _ in range(2):
        weights, bias, after = [], [], []
        for j, row in enumerate(rows):
            after.append([(len(weights), 2), (len(weights) + 1, -4)] if j < 2
                         else [(len(weights), 1)])
            for b in (0, "-1/2")[:len(after[-1])]:
                weights.append([sum(f for k, f in row if k == i) for i in range(fan)])
                bias.append(b)
        layers.append(relu(weights, bias))
        rows, fan = after, len(weights)
    last = [[sum(f * c for row, c in zip(rows, line) for k, f in row if k == i)
             for i in range(fan)]
            for line in ([rng.randint(-2, 2) for _ in rows] for _ in range(4))]
    return network(*layers, relu(last, [f"{rng.randint(-7, 7)}/4" for _ in last]))


def pieces(rng, inputs):
    """|x| or a wave as maxout of rank 2 or 3, several times."""
    layers = []
    for _ in range(rng.randint(2, 3)):
        rank = rng.choice((2, 3))
        slopes = ([-1, 1], [-2, 0, 2])[rank - 2]
        bias = ([rng.choice((0, 1)), 0], [-1, 0, -1])[rank - 2]
        layers.append(maxout(rank, [[s * int(a == j) for a in range(inputs)]
                                    for j in range(inputs) for s in slopes], bias * inputs))
    last = [[rng.randint(-2, 2) for _ in range(inputs)] for _ in range(7)]
    return network(*layers, relu(last, [f"{rng.randint(-7, 7)}/4" for _ in range(7)]))


def quantised(rng, inputs):
    """Narrow layers with weights of few bits, and a wide one."""
    layers, fan = [], inputs
    for width in [rng.randint(2, 3) for _ in range(rng.randint(2, 3))] + [7]:
        bits = [f"{rng.randint(-3, 3)}/2" for _ in range(width)] if width == 7 \
            else [rng.randint(-1, 1) for _ in range(width)]
        layers.append(relu([[rng.randint(-1, 1) for _ in range(fan)] for _ in range(width)], bits))
        fan = width
    return network(*layers)


def drawn(number):
    rng = random.Random(f"{SEED} {number}")
    kind = many if number % 8 == 7 else (even, fold, pieces, quantised)[number % 4]
    inputs = rng.choice((1, 1, 2, 2, 3)) if kind is not quantised else rng.choice((1, 2))
    net = kind(rng, inputs)
    boxes = ("0:1",) if kind in (fold, many) else ("-1:1", "-2:3", "-", random_halves(rng, inputs))
    box = rng.choice(boxes)
    return kind.__name__, net, box


# ---- The file as a list of numbers ----

def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def numbers(data, start):
    """All varints from start on."""
    values, value, shift = [], 0, 0
    for byte in data[start:]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value = shift = 0
    return values


def damaged(rng, data):
    """One number changed, left out, doubled or exchanged, or another claim."""
    values = numbers(data, 112)
    i = rng.randrange(len(values))
    way = rng.randrange(5)
    if way == 0:
        values[i] ^= 1 << rng.randrange(6)
    elif way == 1:
        values[i] = max(0, values[i] + rng.choice((-2, -1, 1, 2, 16)))
    elif way == 2:
        del values[i]
    elif way == 3:
        values.insert(i, values[i])
    else:
        k = rng.randrange(len(values))
        values[i], values[k] = values[k], values[i]
    return data[:112] + b"".join(map(varint, values))


def verdict(net, domain, data, path, told):
    """The regions, or None if a checker rejects; both must agree."""
    path.write_bytes(data)
    done = run(CHECK, *told, str(path.parent / "net.json"), str(path))
    own = int(done.stdout.split()[1]) if done.returncode == 0 else None
    try:
        other = check(net, domain, data)
    except (Reject, RecursionError):
        other = None
    if own != other or done.returncode not in (0, 1):
        raise AssertionError(f"crease-check says {own} ({done.stderr[-200:]!r}), check.py {other}")
    return own


def trial(number, here):
    """How many LIKEs there were."""
    kind, network_, box = drawn(number)
    text = json.dumps(network_)
    (here / "net.json").write_text(text, encoding="ascii")
    net, told = Net(text), options(box, str(here))
    domain = parse_domain(box, net.inputs)
    path = here / "own.cert"
    plain = run(CREASE, "count", "-q", "--merge=off", *told, str(here / "net.json"))
    done = run(CREASE, "certify", "-q", "--merge=on", "--force", *told, str(here / "net.json"),
               "-o", str(path))
    if plain.returncode or done.returncode or plain.stdout != done.stdout:
        raise AssertionError(f"{kind}: count {plain.stdout!r} {plain.stderr!r}, certify "
                             f"{done.stdout!r} {done.stderr!r}")
    data = path.read_bytes()
    regions = int(plain.stdout)
    if verdict(net, domain, data, path, told) != regions:
        raise AssertionError(f"{kind}: the certificate is not accepted: " + str(
            run(CHECK, *told, str(here / "net.json"), str(path)).stderr))
    dump = run(CHECK, "--dump", str(path)).stdout.decode()
    likes = sum(line.split()[1] == "LIKE" for line in dump.splitlines()[5:])
    rng = random.Random(f"{SEED} {number} damage")
    for _ in range(MUTANTS):
        claim = verdict(net, domain, damaged(rng, data), path, told)
        if claim not in (None, regions):
            raise AssertionError(f"{kind}: a damaged certificate shows {claim}, not {regions}")
    return likes


def main():
    likes = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(sys.argv[1])):
            try:
                found = trial(number, Path(folder))
            except AssertionError as problem:
                kind, network_, box = drawn(number)
                print(f"FAILED: SEED={SEED}, network {number} ({kind}), {box}: {problem}\n"
                      f"{json.dumps(network_)}", file=sys.stderr)
                return 1
            kind = drawn(number)[0]
            likes[kind] = likes.get(kind, 0) + found
    print(f"merged certificates: {sys.argv[1]} networks, cells like others: {likes}")
    return 0 if any(likes.values()) or int(sys.argv[1]) < 8 else 1


if __name__ == "__main__":
    sys.exit(main())
