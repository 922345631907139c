#!/usr/bin/env python3
"""writer.py DIR LIST NUMBER: the certificates of crease, put to check.py.

LIST has lines "NAME BOX REGIONS DIGEST" of the networks DIR/NAME.json, BOX "-" for R^n, of which
10 NUMBER are taken; NUMBER more are drawn, with SEED. All engines and kinds of cells must find the
number of LIST, or that of prove.py, and show it; with 3 threads a file has the same bytes as with
one. CREASE and CREASE_CHECK name the programs; without the latter check.py stands alone."""
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
from check import Reject, check
from domain import options, parse_domain
from net import Net
from nets import random_halves, random_network
from prove import prove

CREASE = os.environ.get("CREASE", "build/crease")
CHECK = os.environ.get("CREASE_CHECK")
SEED = int(os.environ.get("SEED", "1"))
WAYS = (["--cell=rays"], ["--cell=lp"], ["--cell=lp", "--lp=glpk"], ["--engine=walk"])


def run(*command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=600,
                          check=False)


def shape(rng):
    """Inputs, then (units, rank) of a few layers that make few regions."""
    inputs = rng.choice((1, 2, 2, 3))
    while True:
        layers = [(rng.randint(1, 3), rng.choice((1, 2, 3, 3, 4, 5)))
                  for _ in range(rng.randint(1, 3))]
        patterns = 1
        for units, rank in layers:
            patterns *= units * max(rank - 1, 1) + 1
        if patterns <= (60 if inputs < 3 else 20):
            return (inputs, *layers)


def drawn(number):
    rng = random.Random(f"{SEED} {number}")
    network = random_network(rng, shape(rng))
    box = rng.choice(("-", "-1:1", "0:1", "-2:1/2", random_halves(rng, network["input"])))
    net = Net(json.dumps(network))
    return f"random-{SEED}-{number}", network, box, prove(
        net, parse_domain(box, net.inputs), seed=number)[0]


def problems(name, network, box, regions, path):
    """Lines that say what is wrong."""
    net = Net(json.dumps(network))
    domain, told = parse_domain(box, net.inputs), options(box, path)
    source, first, second = (path / f"{name}{suffix}" for suffix in (".json", ".1", ".3"))
    source.write_text(json.dumps(network), encoding="ascii")
    for way in WAYS:
        for threads, file in ((1, first), (3, second)):
            done = run(CREASE, "certify", "-q", *way, f"--threads={threads}", *told, source, "-o", file)
            if (done.returncode, done.stdout) != (0, b"%d\n" % regions):
                yield f"{way}, {threads} threads: code {done.returncode}, {done.stdout}, {done.stderr}"
                break
        else:
            try:
                found = check(net, domain, first.read_bytes())
            except Reject as problem:
                found = problem
            if found != regions:
                yield f"{way}: check.py: {found}"
            if first.read_bytes() != second.read_bytes():
                yield f"{way}: another file with 3 threads"
            other = run(CHECK, *told, source, first) if CHECK else None
            if other and (other.returncode, other.stdout) != (0, b"VERIFIED %d regions\n" % regions):
                yield f"{way}: {CHECK}: code {other.returncode}, {other.stderr}"


def main():
    folder, tasks = Path(sys.argv[1]), []
    for line in Path(sys.argv[2]).read_text(encoding="ascii").splitlines():
        name, box, regions, _ = line.split()
        network = json.loads((folder / f"{name}.json").read_text(encoding="ascii"))
        tasks.append((name, network, box, int(regions)))
    few = 10 * int(sys.argv[3])
    tasks = random.Random(SEED).sample(tasks, min(few, len(tasks)))
    tasks += [drawn(number) for number in range(int(sys.argv[3]))]
    failed = 0
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        paths = [Path(scratch, str(i)) for i in range(len(tasks))]
        for path in paths:
            path.mkdir()
        found = pool.map(lambda task, path: list(problems(*task, path)), tasks, paths)
        for (name, network, box, regions), lines in zip(tasks, found):
            failed += bool(lines)
            for line in lines:
                print(f"FAILED: {name}, {box}, {regions} regions: {line}\n    {json.dumps(network)[:2000]}",
                      file=sys.stderr)
    print(f"certificates of crease: {len(tasks)} networks, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
