#!/usr/bin/env python3
"""fuzz_net.py NET...: damaged networks, put to crease, to crease-check and to net.py.

The checker must never read another network than crease did: all readers that accept a file name
the same digest, and what crease refuses, the checker refuses. (But for comments that are not
UTF-8: the checker does not look into them.) A program that refuses does so with status 2 and one
line. CREASE and CREASE_CHECK name the programs, MUTANTS how many files there are, SEED which."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from net import Net

CREASE = os.environ.get("CREASE", "build/crease")
CHECK = os.environ.get("CREASE_CHECK", "build/crease-check")
MUTANTS = int(os.environ.get("MUTANTS", "300"))
SEED = int(os.environ.get("SEED", "1"))
SHOW = 400  # characters of a mutant in a report

# Where readers may differ: the edges of binary64, ties, spellings of exact numbers, other types.
UNQUOTED = ("0 -0 -0.0 1e308 -1e308 1.7976931348623157e308 1.7976931348623158e308 1e309 1e-400 "
            "1e-323 4.9406564584124654e-324 2.4703282292062327e-324 2.4703282292062328e-324 "
            "2.2250738585072011e-308 9007199254740993 9007199254740992.9999 18446744073709551617 "
            "9223372036854775808 1E+5 1e05 0e9 0.1 1.0 100e-2 -1 3 NaN Infinity 1. .5 +1 01 0x10 - 1e "
            "1e+ 1.e2 true null [] [1] {} {\"a\":1} \"\" \"relu\" "
            "0.1000000000000000055511151231257827021181583404541015625").split() + \
    ["1" + "0" * 309, "1" + "0" * 308, "0." + "0" * 400 + "1", "1e99999999999999999999"]
QUOTED = ("1/3 -1/3 +2/4 1/0 0/5 1/-3 1/+3 01/03 1./2 .1/2 1/2. 1/2e3 0x1p-1074 0x1.8p-3 0X.8P+3 0x 0x. "
          "0x1p 0x1p+ 0x1.p2 0xg 0x1/3 -0x1 -0 1e5000 1e5001 1e-5000 1e-5001 1e+05 1E2 1. .5 . + - "
          "+-1 --1 e5 1e inf nan infinity 1_0 1,5 0x1p5001 0x1p-5000 1e00000000000000000005 1e0x5 "
          "\\u0031 1\\u0000 \\u0661 \\ud83d\\ude00 \\n1 1\\t 0.1 1e-400 1e308 1e309 9007199254740993 1p3 "
          "0b1 1e2.0 1/3/3 \\/ 1\\/3 \\u0030x1P\\u002d2").split() + [
    " 1", "1 ", "- 1", "1 /3", "9" * 400, "0" * 19999 + "1", "0" * 20000 + "1", "é", "\x7f"]
KEYS = ("input layers weight bias activation comment relu linear Input weight2 \\u0077eight rel\\u0075 "
        "bias\\u0000 relu\\u0000").split()
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[\[\]{},:]|\s+|[^\s]')
NUMBER = re.compile(rb'-?[0-9][0-9.eE+-]*|"[-+0-9./xpeE]+"')


def spell(rng):
    text = rng.choice(UNQUOTED) if rng.random() < 0.5 else '"%s"' % rng.choice(QUOTED)
    return text.encode()


def numbers(rng, data):
    """One to three numbers spelled in another way, half of the time with nothing else changed."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.choice(list(NUMBER.finditer(data)) or [None])
        if place:
            data = data[:place.start()] + spell(rng) + data[place.end():]
    return data


def tokens(rng, data):
    """A token dropped, doubled, exchanged with another one, or replaced by a key."""
    parts = TOKEN.findall(data)
    i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
    way = rng.randrange(5)
    if way == 0:
        del parts[i]
    elif way == 1:
        parts.insert(i, parts[i])
    elif way == 2:
        parts[i], parts[j] = parts[j], parts[i]
    elif way == 3:
        parts.insert(i, rng.choice((b" ", b"\n\t", b"\r", b"\v", b"\xc2\xa0", b"\0", b"/**/", b"#")))
    else:
        words = [k for k, part in enumerate(parts) if part[:1] == b'"'] or [i]
        parts[rng.choice(words)] = ('"%s"' % rng.choice(KEYS)).encode()
    return b"".join(parts)


def flip(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 4))):
        data[rng.randrange(len(data))] = rng.choice((rng.randrange(256), rng.randrange(32, 127),
                                                     ord(rng.choice("0123456789.-e"))))
    return bytes(data)


def cut(rng, data):
    i, j = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return rng.choice((data[:i], data[:i] + data[j:], data[:j] + data[i:], data + data[i:j]))


def row(rng, data):
    """A whole list, or a pair of an object, left out or doubled."""
    place = rng.choice(list(re.finditer(rb'\[[^\[\]]*\],?\s*|"\w+": *"?\w+"?,?\s*', data)) or [None])
    if place is None:
        return data
    return data[:place.start()] + place.group() * rng.choice((0, 2)) + data[place.end():]


def nest(rng, data):
    deep = rng.choice((3, 7, 3000, 100000))
    pair = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    i = rng.choice([m.end() for m in re.finditer(rb"[:,\[]", data)] or [0])
    return data[:i] + pair[0] * deep + rng.choice((b"", b"1")) + pair[1] * deep + data[i:]


def mutant(rng, seeds):
    data = rng.choice(seeds)
    way = rng.choices((numbers, tokens, flip, cut, row, nest), (50, 15, 15, 8, 8, 4))[0]
    data = way(rng, data)
    if rng.random() < 0.05:
        other = rng.choice(seeds)
        data = data[:rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)):]
    return way.__name__, data


def crease(path):
    """(digest or None, complaint or None)"""
    run = subprocess.run([CREASE, "info", "--json", path], capture_output=True, timeout=60,
                         stdin=subprocess.DEVNULL)
    if run.returncode == 0:
        return json.loads(run.stdout)["digest"], None
    bad = run.returncode != 2 or run.stderr.count(b"\n") != 1 or run.stdout
    return None, bad and f"crease: status {run.returncode}, {run.stderr[-SHOW:]!r}"


def checker(path, stub):
    """The same of crease-check, which names the digest as it rejects a certificate of another."""
    run = subprocess.run([CHECK, path, stub], capture_output=True, timeout=60,
                         stdin=subprocess.DEVNULL)
    found = re.search(rb"REJECTED: the certificate is for the network 0{64}, this is ([0-9a-f]{64})$",
                      run.stderr.strip())
    if run.returncode == 1 and found:
        return found.group(1).decode(), None
    bad = run.returncode != 2 or run.stderr.count(b"\n") != 1 or run.stdout
    return None, bad and f"crease-check: status {run.returncode}, {run.stderr[-SHOW:]!r}"


def python(data):
    try:
        return Net(data.decode("utf-8")).digest.hex()
    except (ValueError, RecursionError):
        return None


def judge(case, folder, stub):
    number, (way, data) = case
    path = os.path.join(folder, f"{number}.json")
    with open(path, "wb") as file:
        file.write(data)
    (first, bad1), (second, bad2) = crease(path), checker(path, stub)
    third = python(data)
    os.remove(path)
    problems = [bad for bad in (bad1, bad2) if bad]
    if len({first, second, third} - {None}) > 1 or (second and not first):
        problems.append(f"digests: crease {first}, crease-check {second}, net.py {third}")
    return number, way, data, (first, second, third), problems


def main():
    seeds = []
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            seeds.append(file.read())
    rng = random.Random(SEED)
    cases = list(enumerate(mutant(rng, seeds) for _ in range(MUTANTS)))
    counts = {}
    failed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        stub = os.path.join(folder, "stub")
        with open(stub, "wb") as file:
            file.write(b"creasect\1" + bytes(7 + 32))
        for number, way, data, seen, problems in pool.map(lambda c: judge(c, folder, stub), cases):
            key = "".join("ay"[0] if s else "-" for s in seen)
            counts[key] = counts.get(key, 0) + 1
            if os.environ.get("VERBOSE") and key not in ("aaa", "---"):
                print(key, number, way)
            failed += bool(problems)
            for problem in problems:
                print(f"FAILED: mutant {number} ({way}, SEED={SEED}): {problem}\n    {data[:SHOW]!r}",
                      file=sys.stderr)
    print(counts)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
