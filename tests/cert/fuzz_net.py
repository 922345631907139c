#!/usr/bin/env python3
"""fuzz_net.py NET...: damaged networks, put to crease, crease-check and net.py.

The checker must not read another network than crease did: all that accept a file name the same
digest, and what crease or net.py refuses, the checker refuses. A program that refuses says so in
one line, with status 2. CREASE and CREASE_CHECK name the programs, MUTANTS how many files there
are, SEED which."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import nets
from net import Net

CREASE = os.environ.get("CREASE", "build/crease")
CHECK = os.environ.get("CREASE_CHECK", "build/crease-check")
MUTANTS = int(os.environ.get("MUTANTS", "300"))
SEED = int(os.environ.get("SEED", "1"))

# Where readers may differ: the edges of binary64, ties, spellings, other types.
PLAIN = ("0 -0 -0.0 1.0 3 -1 1E+5 1e05 0e9 100e-2 0.1 1e308 -1e308 1.7976931348623157e308 1e-400 "
         "1.7976931348623158e308 4.9406564584124654e-324 2.4703282292062327e-324 1e-323 "
         "2.4703282292062328e-324 2.2250738585072011e-308 9007199254740993 9007199254740992.9999 "
         "18446744073709551617 9223372036854775808 0.1000000000000000055511151231257827021181583404 "
         "1e309 NaN Infinity 1. .5 +1 01 0x10 - 1e 1e+ true null [] [1] {} {\"a\":1} \"relu\"").split() \
    + ["1" + "0" * 308, "1" + "0" * 309, "0." + "0" * 400 + "1", "1e" + "9" * 20]
QUOTED = ("1/3 -1/3 +2/4 0/5 01/03 1./2 0x1p-1074 0x1.8p-3 0X.8P+3 0x1.p2 -0x1 -0 1e5000 1e-5000 1e+05 1E2 "
          "1. .5 0x1p-5000 0.1 1e-400 1e308 1e309 9007199254740993 \\u0031 1\\/3 \\u0030x1P\\u002d2 "
          "1e00000000000000000005 1/0 1/-3 1/+3 .1/2 1/2. 1/2e3 0x 0x. 0x1p 0x1p+ 0xg 0x1/3 1e5001 "
          "1e-5001 0x1p5001 . + - +-1 --1 e5 1e inf nan 1_0 1,5 1e0x5 1\\u0000 \\u0661 1p3 0b1 1e2.0 "
          "1/3/3 \\ud83d\\ude00 1\\t").split() \
    + ["", " 1", "1 ", "1 /3", "é", "\x7f", "9" * 400, "0" * 19999 + "1", "0" * 20000 + "1"]
KEYS = ("input layers weight bias activation comment relu linear maxout rank carry Input "
        "\\u0077eight rel\\u0075 bias\\u0000 \\ud800 \\relu \\bias").split()
FAMILIES = [nets.HAND[name][0] for name in ("hats", "maxout-deep", "carried-clip", "all-carried")]
SPACE = (b" ", b"\n\t", b"\r", b"\v", b"\xc2\xa0", b"\xef\xbb\xbf", b"\0", b"/**/", b",")
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|\s+|.')
NUMBER = re.compile(rb'-?[0-9][0-9.eE+-]*|"[-+0-9./xpeE]+"')
ROW = re.compile(rb'\[[^\[\]]*\](,?)')
PAIR = re.compile(rb'"\w+": *(?:"?\w+"?|\[[^\[\]]*\])(,?)')


def swap(data, place, text):
    return data[:place.start()] + text + data[place.end():]


def spell(rng):
    return rng.choice(PLAIN) if rng.random() < 0.5 else f'"{rng.choice(QUOTED)}"'


def numbers(rng, data):
    """One to three numbers, mostly one, spelled in another way."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = swap(data, rng.choice(list(NUMBER.finditer(data))), spell(rng).encode())
    return data


def activation(rng, data):
    """Another activation, mostly with parameters of its own; units that carry."""
    name = rng.choice("leaky_relu leaky_relu abs clip clip hard_tanh identity linear maxout maxout maxout "
                      "relu tanh".split())
    keys = {"leaky_relu": ["slope"], "clip": ["low", "high"], "maxout": ["rank"]}.get(name, [])
    if rng.random() < 0.2:
        keys = rng.sample(("slope", "low", "high", "rank"), rng.randrange(4))
    if rng.random() < 0.3:
        keys = keys + ["carry"]
    values = {"rank": (2, 2, 2, 3, 4, 1, 64, 65, "2.0", '"2"'), "carry": (0, 1, 2, 3, 4, "-0.0", '"1"')}
    text = f'"{name}"' + "".join(
        f', "{key}": {rng.choice(values.get(key, (-1, 0, 1, 2)) + (spell(rng),))}' for key in keys)
    return swap(data, rng.choice(list(re.finditer(b'"(relu|linear|maxout)"', data))), text.encode())


def tokens(rng, data):
    """A token dropped, doubled, exchanged for another one or a key; odd spaces."""
    all_of_it = list(TOKEN.finditer(data))
    place, other = rng.choice(all_of_it), rng.choice(all_of_it)
    word = rng.choice([token for token in all_of_it if token.group()[:1] == b'"'])
    return rng.choice((
        swap(data, place, place.group() * rng.choice((0, 2))),
        swap(data, place, other.group()),
        swap(data, place, rng.choice(SPACE) + place.group()),
        swap(data, word, f'"{rng.choice(KEYS)}"'.encode()),
        swap(data, word, f'"{rng.choice(KEYS)}"'.encode())))


def flip(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 4))):
        byte = rng.choice((rng.randrange(256), rng.randrange(32, 127), rng.choice(b"0123456789.-e")))
        data[rng.randrange(len(data))] = byte
    return bytes(data)


def cut(rng, data):
    i, j = sorted((rng.randrange(len(data)), rng.randrange(len(data))))
    return rng.choice((data[:i], data[:i] + data[j:], data[:j] + data[i:], data + data[i:j]))


def part(rng, data):
    """A row, or a pair of an object, left out or doubled."""
    place = rng.choice(list(rng.choice((ROW, PAIR)).finditer(data)))
    comma = b"" if place.group(1) else b","
    return swap(data, place, rng.choice((b"", place.group() + comma + place.group())))


def nest(rng, data):
    deep, pair = rng.choice((1, 3, 7, 3000, 100000)), rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return swap(data, rng.choice(list(NUMBER.finditer(data))), pair[0] * deep + b"1" + pair[1] * deep)


def mutant(rng, seeds):
    ways = (numbers, activation, tokens, flip, cut, part, nest)
    way, = rng.choices(ways, (50, 15, 14, 10, 4, 4, 3))
    return way(rng, rng.choice(seeds))


def ask(command, accepted, digest):
    """The digest that the pattern finds if the program accepts, else None; and what is wrong."""
    run = subprocess.run(command, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    found = re.search(digest, run.stdout + run.stderr)
    if run.returncode == accepted and found:
        return found.group(1).decode(), []
    good = run.returncode == 2 and not run.stdout and run.stderr.count(b"\n") == 1
    return None, [] if good else [f"{command[0]}: status {run.returncode}, {run.stderr[-300:]!r}"]


def judge(number, data, folder):
    path = folder / f"{number}.json"
    path.write_bytes(data)
    crease, wrong = ask([CREASE, "info", "--json", path], 0, rb'"digest": "([0-9a-f]{64})"')
    # A certificate of another network is rejected with the digests of both.
    check, more = ask([CHECK, path, folder / "stub"], 1, rb"the network 0{64}, this is ([0-9a-f]{64})\n$")
    path.unlink()
    try:
        python = Net(data.decode()).digest.hex()
    except (ValueError, RecursionError):
        python = None
    if len({crease, check, python} - {None}) > 1 or check and not (crease and python):
        more.append(f"digests: crease {crease}, crease-check {check}, net.py {python}")
    return wrong + more, bool(crease) + bool(check)


def main():
    rng, failed, accepted = random.Random(SEED), 0, [0, 0, 0]
    seeds = [Path(path).read_bytes() for path in sys.argv[1:]]
    seeds += [json.dumps(net).encode() for net in FAMILIES for _ in range(3)]
    mutants = [mutant(rng, seeds) for _ in range(MUTANTS)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        Path(folder, "stub").write_bytes(b"creasect\1" + bytes(7 + 32))
        tasks = [pool.submit(judge, i, data, Path(folder)) for i, data in enumerate(mutants)]
        for i, (data, task) in enumerate(zip(mutants, tasks)):
            problems, count = task.result()
            accepted[count] += 1
            failed += bool(problems)
            for problem in problems:
                print(f"FAILED: mutant {i}, SEED={SEED}: {problem}\n  {data[:2000]!r}", file=sys.stderr)
    print(f"fuzz_net: {MUTANTS} networks, {accepted[2]} accepted by both programs, {accepted[1]} by "
          f"one, {failed} failed")
    return 1 if failed or not accepted[2] else 0


if __name__ == "__main__":
    sys.exit(main())
