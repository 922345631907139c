#!/usr/bin/env python3
"""scripts/crease.py against the command line and closed forms.

    test_module.py CREASE CHECK LIBRARY"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from fractions import Fraction

crease_path, check_path, library = (os.path.abspath(path) for path in sys.argv[1:4])
sys.dont_write_bytecode = True
os.environ["CREASE_LIBRARY"] = library
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(root, "scripts"))
import crease  # noqa: E402

checks = failures = 0


def equal(what, found, expected):
    global checks, failures
    checks += 1
    if found != expected:
        failures += 1
        print(f"FAILED: {what}: {found!r}, expected {expected!r}")


def refused(what, call, part):
    try:
        result = call()
    except crease.Error as error:
        equal(what, (part in str(error), "\n" in str(error)), (True, False))
    else:
        equal(what, result, "an error")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias


class ReLU:
    pass


class LeakyReLU:
    negative_slope = 0.25


class Softplus:
    pass


class Sequential(list):
    def modules(self):
        return iter(self)


def main():
    lines = [([[1, 0], [0, 1], [1, 1]], [0, 0, Fraction(-1, 3)]), ([[1, 1, 1]], [0])]
    equal("three lines", crease.count(lines).regions, 7)
    equal("the module's sums", repr(crease.count(lines)), "<7 regions>")
    equal("a box", crease.count(lines, box="0:1/10").regions, 1)
    equal("a pair", crease.count(lines, box=(0, 1)).regions, 2)
    equal("a pair for each", crease.count(lines, box=[(-1, 1), (Fraction(1, 2), 2)]).regions, 3)
    equal("the walk", crease.count(lines, engine="walk", threads=2).regions, 7)
    hat = [([[1], [1], [1]], [0, -1, -2]), ([[1, -2, 1]], [0])]
    equal("definitions", [crease.count(hat, definition=d).regions
                          for d in ("activation", "open-connected", "affine")], [4, 4, 3])
    equal("no readout", crease.count([lines[0] + ("relu",)]).regions, 7)
    equal("0.1 is the float", crease.count([([[1], [1]], [0.1, Fraction(1, 10)]), ([[1, 1]], [0])])
          .regions, 3)
    modules = Sequential([Linear([[1, 0], [0, 1]], [0, 0]), ReLU(), Linear([[1, -1]], None),
                          LeakyReLU(), Linear([[1]], [0])])
    equal("modules", crease.count(modules).regions, 5)
    state = {"0.weight": [[1, 0], [0, 1], [1, 1]], "0.bias": [0.0, 0.0, -0.25],
             "2.weight": [[1.0, 1.0, 1.0]]}
    equal("a state dict", crease.count(state).regions, 7)
    equal("its network", json.loads(crease.count(state).network)["layers"][1]["bias"], [0])
    refused("state dict", lambda: crease.count({"0.weight": [[1]], "0.scale": [1]}), "0.scale")
    for name in ("iris-4-16-16-3", "moons-2-16-16-2"):
        path = os.path.join(root, "data", name + ".json")
        with open(path, encoding="utf-8") as file:
            layers = [(x["weight"], x["bias"], x["activation"]) for x in json.load(file)["layers"]]
        result = crease.count(layers)
        equal(name, str(result.regions), run(crease_path, "count", "--quiet", path))
        with tempfile.TemporaryDirectory() as here:
            net, cert = os.path.join(here, "net.json"), os.path.join(here, "net.cert")
            result.certificate(cert, net)
            equal(f"{name}: certificate", run(check_path, net, cert),
                  f"VERIFIED {result.regions} regions")
            equal(f"{name}: digest", json.loads(run(crease_path, "info", "--json", net))["digest"],
                  json.loads(run(crease_path, "info", "--json", path))["digest"])
    refused("NaN", lambda: crease.count([([[float("nan")]], [0]), ([[1]], [0])]), "nan")
    nan = [([[1.0]], [0.0]), ([[1.0], [float("nan")]], [0.0, 0.0]), ([[1.0, 1.0]], [0.0])]
    refused("NaN among floats", lambda: crease.count(nan), "layers[1].weight, row 1, column 0: NaN")
    refused("columns", lambda: crease.count([([[1.0]], [0.0]), ([[1.0, 2.0]], [0.0])]),
            "layers[1].weight: 2 columns")
    refused("biases", lambda: crease.count([([[1]], [0, 0]), ([[1]], [0])]), "layers[0]")
    refused("activation", lambda: crease.count([([[1]], [0], "tanh")]), "tanh")
    refused("shapes", lambda: crease.count([([[1, 2], [3]], [0, 0]), ([[1, 1]], [0])]), "layers[0]")
    refused("text", lambda: crease.count([([["1"]], [0])]), "str")
    refused("engine", lambda: crease.count(lines, engine="fast"), "fast")
    refused("box", lambda: crease.count(lines, box="1:0"), "")
    refused("module", lambda: crease.count(Sequential([Linear([[1]], [0]), Softplus()])), "Softplus")
    refused("nothing", lambda: crease.count([]), "without layers")
    stopped = crease.count(big(), limit_regions=1000)
    equal("a limit", (stopped.complete, stopped.stopped, stopped.regions >= 1000),
          (False, "regions", True))
    interrupt()
    print(f"test_module: {checks} checks, {failures} failed")
    return failures > 0


def big():
    """Far more regions than can be counted here."""
    rows = [[(i * j * j + 3 * i + j) % 17 - 8 for j in range(12)] for i in range(1, 61)]
    return [(rows, [i * i % 11 - 5 for i in range(60)]), ([[1] * 60], [0])]


def interrupt():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), 2))
    timer.start()
    begin = time.monotonic()
    try:
        crease.count(big(), limit_seconds=60)
    except KeyboardInterrupt:
        equal("an interrupt takes effect", time.monotonic() - begin < 40, True)
    else:
        equal("an interrupt", "none", "KeyboardInterrupt")


sys.exit(main())
