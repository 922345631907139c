#!/usr/bin/env python3
"""The Python package against the command line and closed forms.

    test_module.py CREASE CHECK LIBRARY"""
import io
import json
import math
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types
import warnings
from fractions import Fraction

crease_path, check_path, library = (os.path.abspath(path) for path in sys.argv[1:4])
sys.dont_write_bytecode = True
os.environ["CREASE_LIBRARY"] = library
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(root, "python"))
import crease  # noqa: E402
from crease import _library  # noqa: E402

checks = failures = 0
IRIS = os.path.join(root, "data", "iris-4-16-16-3.json")
LINES = [([[1, 0], [0, 1], [1, 1]], [0, 0, Fraction(-1, 3)]), ([[1, 1, 1]], [0])]  # in general position
CROSS = [([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]  # the axes of the plane


def equal(what, found, expected):
    global checks, failures
    checks += 1
    if found != expected:
        failures += 1
        print(f"FAILED: {what}: {found!r}, expected {expected!r}")


def refused(what, call, part, kind=crease.InputError):
    try:
        result = call()
    except crease.Error as error:
        equal(what, (type(error), part in str(error), "\n" in str(error)), (kind, True, False))
        if part not in str(error):
            print(error)
    else:
        equal(what, result, "an error")


def noted(what, call, part):
    """The value of call, which warns of part."""
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        result = call()
    equal(what, [(note.category, part in str(note.message), note.filename) for note in notes],
          [(crease.NetworkWarning, True, __file__)])
    return result


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def big():
    """Far more regions than can be counted here."""
    rows = [[(i * j * j + 3 * i + j) % 17 - 8 for j in range(12)] for i in range(1, 61)]
    return [(rows, [i * i % 11 - 5 for i in range(60)]), ([[1] * 60], [0])]


def arrays():
    equal("three lines", crease.count(LINES).regions, 7)
    equal("a box", crease.count(LINES, box="0:1/10").regions, 1)
    equal("a pair", crease.count(LINES, box=(0, 1)).regions, 2)
    equal("a pair for each", crease.count(LINES, box=[(-1, 1), (Fraction(1, 2), 2)]).regions, 3)
    equal("the walk", crease.count(LINES, engine="walk", threads=2, start=[1, 0.5]).regions, 7)
    equal("no readout", crease.count([LINES[0] + ("relu",)]).regions, 7)
    equal("0.1 is the float", crease.count([([[1], [1]], [0.1, Fraction(1, 10)]), ([[1, 1]], [0])])
          .regions, 3)
    state = {"0.weight": [[1, 0], [0, 1], [1, 1]], "0.bias": [0.0, 0.0, -0.25],
             "2.weight": [[1.0, 1.0, 1.0]]}
    found = noted("a state dict warns", lambda: crease.count(state), "ReLU after every hidden layer")
    equal("a state dict", found.regions, 7)
    equal("its network", json.loads(found.network)["layers"][1]["bias"], [0])
    refused("state dict", lambda: crease.count({"0.weight": [[1]], "0.scale": [1]}, activation="relu"),
            "0.scale")
    # x and a unit of it on a line: kinks per activation.
    line = [([[1]], [0]), ([[1]], [0])]
    for name, regions in (("relu", 2), ("abs", 2), ("clip:0:6", 3), ("hard_tanh", 3), ("linear", 1),
                          ("leaky_relu:1/10", 2)):
        equal(name, crease.count(line, activation=name).regions, regions)
    equal("maxout", crease.count([([[1], [0], [-1]], [0, 1, 0], "maxout:3")]).regions, 3)


def arrays_refused():
    refused("NaN", lambda: crease.count([([[math.nan]], [0]), ([[1]], [0])]), "nan")
    nan = [([[1.0]], [0.0]), ([[1.0], [math.nan]], [0.0, 0.0]), ([[1.0, 1.0]], [0.0])]
    refused("NaN among floats", lambda: crease.count(nan), "layers[1].weight, row 1, column 0: NaN")
    refused("columns", lambda: crease.count([([[1.0]], [0.0]), ([[1.0, 2.0]], [0.0])]),
            "layers[1].weight: 2 columns")
    refused("biases", lambda: crease.count([([[1]], [0, 0]), ([[1]], [0])]), "layers[0]")
    refused("activation", lambda: crease.count([([[1]], [0], "tanh")]), "tanh")
    refused("no slope", lambda: crease.count([([[1]], [0], "leaky_relu")]), "leaky_relu has 1")
    refused("two activations", lambda: crease.count(CROSS, activation="relu,abs"), "activation: 2 for 1")
    refused("shapes", lambda: crease.count([([[1, 2], [3]], [0, 0]), ([[1, 1]], [0])]), "layers[0]")
    refused("text", lambda: crease.count([([["1"]], [0])]), "str")
    refused("truth", lambda: crease.count([([[True]], [0])]), "bool")
    refused("nothing", lambda: crease.count([]), "without layers")
    refused("a number", lambda: crease.count(5), "type int")
    refused("one array", lambda: crease.count([([[1]],)]), "layers[0]: expected (W, b)")


def arguments_refused():
    """Each names the argument."""
    for name, values in (("box", ("", "1:0", "x", (1,), 7, (0, math.nan))),
                         ("threads", (2**40, -1, 2.5, True, "2", 1025)),
                         ("limit_seconds", (-1, 0, math.nan, math.inf, "1", True)),
                         ("limit_regions", (-1, 0, 1.5, 2**64)), ("limit_memory", (-1, "1G")),
                         ("seed", (-1, 2**64)), ("progress_seconds", (0, math.nan)),
                         ("engine", ("fast", None)), ("definition", ("affine ",)), ("lp", ("x",)),
                         ("cell", ("x",)), ("start", ("", [math.inf])), ("progress", (3, "x")),
                         ("checkpoint", ("", 7)), ("checkpoint_seconds", (5,)), ("domain", (7, {}, "")),
                         ("slice", (7, (1, 2, 3), "")), ("vnnlib", (7, "")), ("part", (1,)),
                         ("input_shape", ((2,),)), ("activation", (7,))):
        for value in values:
            refused(f"{name}={value!r}", lambda n=name, v=value: crease.count(CROSS, **{n: v}), name)
    for other in ({"engine": "walk"}, {"definition": "affine"}):
        refused(f"cells of {other}", lambda o=other: crease.count(CROSS, cell="lp", **o), "cell")
    for other in ({}, {"engine": "split"}):
        refused(f"start of {other}", lambda o=other: crease.count(CROSS, start=[0, 0], **o), "start")
    refused("two domains", lambda: crease.count(CROSS, box="0:1", domain={"box": [[0, 1], [0, 1]]}),
            "domain: there is a box already")
    refused("names are listed", lambda: crease.count(LINES, engine="fast"), "auto, walk, split")
    equal("a ValueError too", issubclass(crease.InputError, ValueError), True)


def library_found():
    with open(os.path.join(root, "include", "crease.h"), encoding="utf-8") as file:
        version = re.search('CREASE_VERSION "(.*)"', file.read())[1]
    equal("version", (crease.__version__, crease.library_version()), (version, version))

    def opened():
        raise AssertionError("looked for again")
    kept, _library._open = _library._open, opened
    equal("the library is looked for once", crease.count(CROSS).regions, 4)
    _library._open = kept
    structs = _library._STRUCTS
    for i in range(len(structs)):
        _library._STRUCTS = (*structs[:i], type("Other", (_library.ctypes.Structure,), {
            "_fields_": [("room", _library.ctypes.c_char * 4096)]}), *structs[i + 1:])
        refused(f"another struct {i}", _library.library.__wrapped__, "of another version",
                crease.LibraryError)
    _library._STRUCTS = structs
    os.environ["CREASE_LIBRARY"] = "/nowhere/libcrease.so"
    refused("a wrong CREASE_LIBRARY", _library.library.__wrapped__, "/nowhere/libcrease.so: not found",
            crease.LibraryError)
    os.environ["CREASE_LIBRARY"] = library


def files(here):
    for name in ("iris-4-16-16-3", "moons-2-16-16-2"):
        path = os.path.join(root, "data", name + ".json")
        with open(path, encoding="utf-8") as file:
            layers = [(x["weight"], x["bias"], x["activation"]) for x in json.load(file)["layers"]]
        result = crease.count(layers)
        equal(name, str(result.regions), run(crease_path, "count", "--quiet", path))
        equal(f"{name} by path", crease.count(path).regions, result.regions)
        net, cert = os.path.join(here, "net.json"), os.path.join(here, "net.cert")
        result.certificate(cert, net)
        equal(f"{name}: certificate", run(check_path, net, cert),
              f"VERIFIED {result.regions} regions")
        equal(f"{name}: digest", crease.Network(layers).digest,
              json.loads(run(crease_path, "info", "--json", path))["digest"])
    net = crease.Network(IRIS)
    equal("shape", (net.inputs, net.widths), (4, (16, 16, 3)))
    equal("a pickled network", pickle.loads(pickle.dumps(net)).digest, net.digest)
    equal("a Network", crease.count(net, box=(0, 1)).regions, crease.count(IRIS, box=(0, 1)).regions)
    refused("no file", lambda: crease.count(os.path.join(here, "none.json")), "none.json")
    refused("arguments of files", lambda: crease.Network(CROSS, transpose=True), "transpose")
    softmax = os.path.join(root, "tests", "onnx", "data", "softmax.onnx")
    if "built without" not in subprocess.run([crease_path, "info", softmax], capture_output=True,
                                             text=True, check=False).stderr:
        found = noted("a note", lambda: crease.count(softmax), "Softmax")
        equal("onnx", found.regions, 11)
    equal("values", crease.Network(LINES).evaluate([[1, 1], [Fraction(1, 9), 0.0], [-1, 5]]),
          [[2 + Fraction(5, 3)], [Fraction(1, 9)], [5 + Fraction(11, 3)]])


def places(here):
    """Domains, slices and properties."""
    half = {"A": [[-1, 0]], "b": [Fraction(-1, 3)]}  # x > 1/3
    equal("a half-plane", crease.count(CROSS, domain=half).regions, 2)
    path = os.path.join(here, "half.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"A": [[-1, 0]], "b": ["-1/3"]}')
    equal("from a file", crease.count(CROSS, domain=path).regions, 2)
    equal("a line across", crease.count(CROSS, slice=([0, 1], [[1, -1]])).regions, 3)
    equal("a line from a dict", crease.count(CROSS, slice={"origin": [1, 1], "directions": [[1, 0]]})
          .regions, 2)
    equal("a box on a line", crease.count(CROSS, slice=([0, 1], [[1, -1]]), box="1/4:1/2").regions, 1)
    one, two = os.path.join(here, "one.vnnlib"), os.path.join(here, "two.vnnlib")
    declared = "(declare-const X_0 Real)(declare-const X_1 Real)"
    with open(one, "w", encoding="utf-8") as file:
        file.write(declared + "(assert (>= X_0 1))")
    with open(two, "w", encoding="utf-8") as file:
        file.write(declared + "(assert (or (<= X_0 -1) (>= X_1 -2)))")
    equal("a property", crease.count(CROSS, vnnlib=one).regions, 2)
    refused("a property of two parts", lambda: crease.count(CROSS, vnnlib=two), "2 parts")
    refused("part", lambda: crease.count(CROSS, vnnlib=two, part=3), "part: 3 is not between 1 and 2")
    equal("a part", [crease.count(CROSS, vnnlib=two, part=i).regions for i in (1, 2)], [2, 4])
    equal("all parts", [found.regions for found in crease.count_parts(CROSS, two)], [2, 4])
    found = crease.count(CROSS, vnnlib=one)
    net, cert, domain = (os.path.join(here, "part." + end) for end in ("json", "cert", "domain"))
    found.certificate(cert, net, domain)
    equal("certificate of a part", run(check_path, "--domain=" + domain, net, cert),
          "VERIFIED 2 regions")


def results():
    hat = [([[1], [1], [1]], [0, -1, -2]), ([[1, -2, 1]], [0])]
    found = {name: crease.count(hat, definition=name) for name in ("activation", "open-connected",
                                                                   "affine")}
    equal("definitions", [found[name].regions for name in found], [4, 4, 3])
    equal("counts", (found["affine"].counts["affine"], found["affine"].counts["activation"],
                     found["open-connected"].counts["open-connected"]), (3, 4, 4))
    result = crease.count(IRIS)
    equal("int", int(result), int(run(crease_path, "count", "--quiet", IRIS)))
    equal("repr", repr(crease.count(LINES)), "<7 regions>")
    equal("decisions", result.decisions.filter > 1000, True)
    equal("a dict", json.loads(json.dumps(result.as_dict()))["decisions"]["filter"],
          result.decisions.filter)
    again = pickle.loads(pickle.dumps(result))
    equal("pickle", (again, again.as_dict()), (result, result.as_dict()))
    refused("no network in a pickle", lambda: again.network, "pickled", crease.Error)


def stops():
    stopped = crease.count(big(), limit_regions=1000)
    equal("a limit", (stopped.complete, stopped.stopped, stopped.regions >= 1000),
          (False, "regions", True))
    equal("its repr", repr(stopped), f"<{stopped.regions} regions or more>")
    refused("int of a bound", lambda: int(stopped), "at least", crease.Stopped)
    try:
        crease.count(big(), limit_regions=500, must_complete=True)
    except crease.Stopped as error:
        equal("Stopped", (error.regions >= 500, error.count.stopped), (True, "regions"))
        equal("Stopped is pickled", pickle.loads(pickle.dumps(error)).regions, error.regions)
    else:
        equal("Stopped", "no error", "Stopped")
    equal("must_complete", crease.count(CROSS, must_complete=True).regions, 4)
    with tempfile.TemporaryDirectory() as here:
        cert = os.path.join(here, "big.cert")
        refused("a certificate that stops", lambda: stopped.certificate(cert), "at least",
                crease.Stopped)
        equal("no certificate", os.path.exists(cert), False)


def progress():
    seen, threads = [], set()

    def show(now):
        seen.append(now)
        threads.add(threading.current_thread())
        if len(seen) == 3:
            raise RuntimeError("enough")
    begin = time.process_time()
    try:
        crease.count(big(), progress=show, progress_seconds=0.05, limit_seconds=60)
    except RuntimeError as error:
        equal("what progress raises", str(error), "enough")
    else:
        equal("what progress raises", "nothing", "RuntimeError")
    equal("it stops the count", (len(seen), time.process_time() - begin < 40), (3, True))
    equal("the caller's thread", threads, {threading.current_thread()})
    equal("progress grows", (seen[0].regions <= seen[-1].regions, seen[0].seconds < seen[-1].seconds), (True, True))
    kept, sys.stderr = sys.stderr, io.StringIO()
    sys.modules["tqdm.auto"] = None
    crease.count(big(), progress=True, progress_seconds=0.05, limit_seconds=0.5)
    text, sys.stderr = sys.stderr.getvalue(), kept
    equal("lines", bool(re.match(r"\d+ regions.* s\n", text)), True)
    bars = []

    class Bar:
        def __init__(self, **options):
            self.n, self.total, self.open, self.text = 0, options["total"], True, ""
            bars.append(self)

        def set_description_str(self, text, refresh):
            self.text = text

        def refresh(self):
            assert 0 <= self.n <= self.total

        def close(self):
            self.open = False
    sys.modules["tqdm.auto"] = types.SimpleNamespace(tqdm=Bar)
    crease.count(big(), progress=True, progress_seconds=0.05, limit_seconds=0.5)
    del sys.modules["tqdm.auto"]
    equal("a bar", [(bar.open, bar.text.endswith(" regions")) for bar in bars], [(False, True)])


def overwriting(here):
    """Only a file of the same kind is replaced, or any with force."""
    found = crease.count(CROSS, box=(-1, 1))
    mine, cert, net, domain = (os.path.join(here, name) for name in ("mine.txt", "own.cert", "own.json", "own.domain"))
    for _ in range(2):  # the second time they are there
        found.certificate(cert, net, domain)
        crease.Network(CROSS).write(net)
    for what, write in (("a certificate", lambda path, **how: found.certificate(path, **how)),
                        ("a network", lambda path, **how: crease.Network(CROSS).write(path, **how)),
                        ("a network beside it", lambda path, **how: found.certificate(cert, path, **how)),
                        ("a domain beside it", lambda path, **how: found.certificate(cert, net, path, **how))):
        with open(mine, "w", encoding="utf-8") as file:
            file.write("mine\n")
        refused(f"{what} over notes", lambda: write(mine), "force=True")
        with open(mine, encoding="utf-8") as file:
            equal(f"{what}: the notes stay", file.read(), "mine\n")
        write(mine, force=True)
        equal(f"{what} with force", os.path.getsize(mine) > 5, True)
    refused("a network over a certificate", lambda: crease.Network(CROSS).write(cert), "force=True")
    refused("a certificate over a network", lambda: found.certificate(net), "force=True")


def checkpoint(here):
    path = os.path.join(here, "state")
    wine = os.path.join(root, "data", "wine-13-10-10-3.json")
    first = crease.count(wine, checkpoint=path, limit_regions=2000)
    equal("stopped", (first.complete, os.path.exists(path)), (False, True))
    refused("another network", lambda: crease.count(IRIS, checkpoint=path), "state")
    second = crease.count(wine, checkpoint=path, checkpoint_seconds=10)
    equal("the rest", (str(second.regions), second.complete, second.earlier_seconds > 0),
          (run(crease_path, "count", "--quiet", wine), True, True))
    other = os.path.join(here, "notes.txt")
    with open(other, "w", encoding="utf-8") as file:
        file.write("mine\n")
    refused("another file", lambda: crease.count(IRIS, checkpoint=other), "notes.txt")
    with open(other, encoding="utf-8") as file:
        equal("it stays", file.read(), "mine\n")


def bounds():
    found = {bound.id: bound for bound in crease.bounds([2, 3])}
    equal("three lines", (found["zaslavsky"].value, found["zaslavsky"].kind), (7, "exact"))
    equal("a note", (found["montufar-2014"].value is None) == (not found["montufar-2014"].applies), True)
    of_network = {bound.id: bound.value for bound in crease.bounds(IRIS)}
    for bound in json.loads(run(crease_path, "bound", "--json", IRIS))["bounds"]:
        value = None if bound["value"] is None else Fraction(bound["value"])
        equal(bound["id"], of_network.get(bound["id"], "missing"), value)
    equal("maxout", "maxout-montufar-2022-layer" in {b.id for b in crease.bounds([2, 3], maxout=3)}, True)
    of_filters = {bound.id: bound.value for bound in crease.bounds([(3, 3, 1), (2, 2, 2)])}
    equal("filters", of_filters["xiong-2020-layer"], 256)
    of_filters = {bound.id: bound.value for bound in crease.bounds([(4, 1, 1), (2, 1, 3, 2)])}
    equal("filters with a stride", of_filters["xiong-2020-layer"], 49)
    refused("filters", lambda: crease.bounds([(3, 3, 1), (4, 2, 2)]), "filter")
    refused("widths", lambda: crease.bounds([2, -3]), "widths")
    refused("a box of widths", lambda: crease.bounds([2, 3], box="0:1"), "widths")


def estimates():
    few = crease.estimate(LINES, box="-1:1")
    equal("few are counted", (few.exact, few.estimate, few.low, few.high, few.proved_lower,
                               few.proved_upper), (True, 7.0, 7.0, 7.0, 7, 7))
    one = crease.estimate(big(), leaves=40, seed=5, threads=1)
    command = json.loads(run(crease_path, "estimate", "--json", "--leaves=200", "--seed=3", IRIS))
    iris = crease.estimate(IRIS, leaves=200, seed=3, threads=3)
    equal("as on the command line", [command[name] for name in ("replicates", "leaves", "exact")],
          [iris.replicates, iris.leaves, iris.exact])
    for name in ("estimate", "standard_error", "low", "high", "least", "largest_share"):
        equal(name, math.isclose(getattr(iris, name), command[name], rel_tol=1e-10), True)
    equal("proved", iris.proved_lower <= 25455 <= iris.proved_upper, True)
    equal("other seeds", one.estimate == crease.estimate(big(), leaves=40, seed=6).estimate, False)
    equal("for JSON", json.loads(json.dumps(one.as_dict()))["replicates"], 20)
    late = crease.estimate(big(), leaves=10**9, limit_seconds=0.3)
    equal("stopped", (late.complete, late.stopped, late.least), (False, "seconds", None))
    refused("two plans", lambda: crease.estimate(LINES, seconds=1, leaves=3), "only one")
    refused("confidence", lambda: crease.estimate(LINES, confidence=1), "confidence")
    refused("error", lambda: crease.estimate(LINES, error="5%"), "error")
    refused("leaves", lambda: crease.estimate(LINES, leaves=0), "leaves")


def estimate_checkpoint(here):
    path = os.path.join(here, "estimate")
    once = crease.estimate(IRIS, leaves=2000, seed=4)
    stopped = crease.estimate(IRIS, leaves=2000, seed=4, checkpoint=path, limit_seconds=1e-3)
    equal("stopped", (stopped.complete, os.path.exists(path)), (False, True))
    refused("another seed", lambda: crease.estimate(IRIS, leaves=2000, checkpoint=path), "--seed=4")
    again = crease.estimate(IRIS, leaves=2000, seed=4, checkpoint=path, checkpoint_seconds=10)
    equal("as if never stopped", (again.complete, again.estimate, again.spread),
          (True, once.estimate, once.spread))
    equal("from the last", crease.estimate(IRIS, leaves=2000, seed=4, checkpoint=path).estimate,
          once.estimate)
    refused("no file", lambda: crease.estimate(IRIS, checkpoint_seconds=3), "checkpoint")


def samples():
    every = {region.pattern for region in crease.regions(LINES, box="-1:1", fields="")}
    whole = crease.sample(LINES, box="-1:1", fields="facets")
    equal("all regions", (whole.all, whole.total, len(whole)), (True, 7.0, 7))
    equal("each once", {region.pattern for region in whole}, every)
    equal("their weights", {(r.weight, r.draws, r.group) for r in whole}, {(1.0, 1, 0)})
    equal("an exact mean", whole.mean(lambda region: 3), (3.0, 0.0))
    command = json.loads(run(crease_path, "sample", "--json", "-n", "100", "--seed=4",
                             "--mean=active", IRIS))
    iris = crease.sample(IRIS, 100, seed=4, threads=3)
    equal("as on the command line", (len(iris), math.isclose(iris.total, command["total"])),
          (command["drawn"], True))
    mean, error = iris.mean(lambda region: sum(state != 0 for state in region.pattern))
    known = command["means"]["active"]
    equal("its mean", math.isclose(mean, known["mean"]), True)
    equal("its error", math.isclose(error, known["standard_error"]), True)
    equal("resampled", sum(r.draws for r in crease.sample(IRIS, 50, resample=True)), 50)
    share = crease.sample(LINES, 2000, box="-1:1", by="volume")
    equal("shares", math.isclose(sum(r.weight for r in share), 1), True)
    mean, error = share.mean(lambda region: region.point[0] > 0)
    equal("a share", abs(mean - 0.5) < 0.5 and 0 < error < 0.03, True)
    data = crease.sample(LINES, points=[[0.5, 0.5], [0.5, 0.5], [-0.5, -0.25]])
    equal("points", [r.draws for r in data], [2, 1])
    equal("their regions", next(iter(data)).pattern, crease.region_at(LINES, [0.5, 0.5]).pattern)
    equal("near a point", len(crease.sample(LINES, 30, points=[[0.5, 0.5]], radius=1e-6)), 1)
    late = crease.sample(big(), 10**8, limit_seconds=0.3)
    equal("stopped", (late.complete, late.stopped), (False, "seconds"))
    refused("by", lambda: crease.sample(LINES, by="x"), "by")
    refused("no points", lambda: crease.sample(LINES, by="data"), "points")
    refused("no box", lambda: crease.sample(LINES, by="volume"), "box")


def identification():
    zigzag = os.path.join(root, "data", "zigzag-1d-n4-l3.json")
    found = crease.identify(zigzag, box=(0, 1))
    command = json.loads(run(crease_path, "identify", "--json", "--box=0:1", zigzag))
    equal("regions", (found.regions, found.complete, command["regions"]), (125, True, 125))
    for own, listed in zip(found.borders, command["borders"], strict=True):
        equal("a border", (own.layer, own.cells, own.images, own.largest),
              tuple(listed[name] for name in ("layer", "cells", "images", "largest")))
        equal("sizes", own.sizes, {size["cells"]: size["images"] for size in listed["sizes"]})
    equal("every cell", crease.identify(zigzag, box=(0, 1), merge="off", threads=2).borders,
          found.borders)
    equal("all of it is JSON", json.loads(json.dumps(found.as_dict()))["regions"], 125)
    iris = os.path.join(root, "data", "iris-4-16-16-3.json")
    for call in (lambda **o: crease.identify(iris, merge="off", **o), lambda **o: crease.stats(iris, **o),
                 lambda **o: crease.sample(iris, 300, fields="facets", **o)):
        seen = []
        call(progress=seen.append, progress_seconds=0.001)
        equal("progress of other calls", len(seen) > 0 and 0 < seen[-1].closed <= 1, True)
    refused("the merging", lambda: crease.identify(zigzag, merge="no"), "merge")


def interrupt():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), 2))
    timer.start()
    begin = time.process_time()
    try:
        crease.count(big(), limit_seconds=60)
    except KeyboardInterrupt:
        equal("an interrupt takes effect", time.process_time() - begin < 40, True)
    else:
        equal("an interrupt", "none", "KeyboardInterrupt")


def main():
    warnings.simplefilter("error")
    arrays()
    arrays_refused()
    arguments_refused()
    library_found()
    for test in (files, places, overwriting, checkpoint, estimate_checkpoint):
        with tempfile.TemporaryDirectory() as here:
            test(here)
    results()
    stops()
    progress()
    bounds()
    estimates()
    samples()
    identification()
    interrupt()
    print(f"test_module: {checks} checks, {failures} failed")
    return failures > 0


sys.exit(main())
