#!/usr/bin/env python3
"""Lists of regions with a checkpoint, stopped and killed at random moments.

    kept.py CREASE [SEED [COUNT]]

However often a run is stopped, and with whatever threads it goes on, the file in the end has the
regions of a run that was never stopped, each once: as lines, sorted lines, arrays and graphs. Until
then there is no file. A checkpoint that is damaged or of another list is refused, and so are files of
regions that are not as the checkpoint says."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
from files import check_graph, read_arrays, read_lines, rows  # noqa: E402
from reference import key  # noqa: E402
from shared import (CREASE, DATA, LONG, check_each, crease, crease_in, random_layers,  # noqa: E402
                    refused, seed_and_count)

MOONS = DATA / "moons-2-16-16-2.json"


def kill_after_saves(run, state, saves):
    """Not before the checkpoint was replaced so often, if the run lasts so long."""
    seen = set()
    while len(seen) < saves and run.poll() is None:
        try:
            seen.add(state.stat().st_ino)
        except FileNotFoundError:
            pass
    run.kill()


def regions_in(path):
    return len(read_lines(path)) if path.suffix == ".jsonl" else read_arrays(path)["pattern"][1][0]


def run_until(rng, state, count, files, options):
    """Runs that are stopped at random moments, as often as it takes."""
    for attempt in range(100):
        how = rng.choice(["seconds", "regions", "TERM", "KILL", "SAVES", "SAVES", "SAVES"])
        if attempt > (25 if LONG else 2):
            how = "no"
        before = [path.exists() for path in files]
        limit = {"seconds": [f"--limit-seconds={rng.uniform(0.01, 0.04)}"],
                 "regions": [f"--limit-regions={rng.randint(1, 300)}"]}.get(how, [])
        run = subprocess.Popen(
            [CREASE, "regions", "--quiet", f"--threads={rng.choice([1, 2, 3])}",
             f"--checkpoint-every={rng.choice(['1ms', '3ms'])}", *limit, *map(str, options)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if how == "SAVES":
            kill_after_saves(run, state, rng.randint(2, 5))
        elif how in ("TERM", "KILL"):
            time.sleep(rng.uniform(0.01, 0.05))
            run.send_signal(getattr(signal, "SIG" + how))
        error = run.communicate()[1]
        if run.returncode == 0:
            return attempt
        # A signal may come before it is caught.
        assert run.returncode in {"seconds": (3,), "regions": (3,), "TERM": (75, -15),
                                  "KILL": (-9,), "SAVES": (-9,)}.get(how, ()), (how, error)
        # It may be killed at the very end; a later run leaves what is there.
        assert run.returncode == -9 or [path.exists() for path in files] == before, how
        assert not files[-1].exists() or regions_in(files[-1]) == count
    raise AssertionError("it does not end")


def make_network(rng, directory):
    """A network with enough regions to be stopped in."""
    while True:
        inputs = rng.randint(1, 3)
        path = directory / "net.json"
        path.write_text(json.dumps({"input": inputs, "layers": random_layers(rng, inputs)},
                                   default=str))
        box = rng.choice([[], ["--box=-1:1"]])
        count = int(crease("count", "--quiet", *box, path))
        if 30 < count < 3000:
            return path, box, count


def region_rows(arrays):
    """Of each region, by its pattern, all that the arrays say."""
    begin, vertices = arrays["facet_begin"][0], arrays["vertex_begin"][0]
    facets = list(zip(rows(arrays["facet_kind"]), rows(arrays["facet_number"]),
                      rows(arrays["facet_row"]), rows(arrays["neighbour"])))
    A, b, vertex = rows(arrays["A"]), rows(arrays["b"]), rows(arrays["vertex"])
    return sorted((pattern, sorted(facets[begin[r]:begin[r + 1]]), A[r], b[r],
                   arrays["bounded"][0][r], vertex[vertices[r]:vertices[r + 1]])
                  for r, pattern in enumerate(rows(arrays["pattern"])))


def edges(path):
    """The graph as patterns and units: it does not depend on the order."""
    graph = read_arrays(path)
    begin, to, unit = (graph[name][0] for name in ("indptr", "indices", "unit"))
    pattern = rows(graph["pattern"])
    return sorted((pattern[r], pattern[to[e]], unit[e])
                  for r in range(len(pattern)) for e in range(begin[r], begin[r + 1]))


def check_list(rng, directory, path, box, count, form):
    """form: lines, sorted, arrays or graph."""
    state, graph = directory / "state", directory / "graph.npz"
    out = directory / ("out.npz" if form == "arrays" else "out.jsonl")
    whole = directory / ("whole.npz" if form == "arrays" else "whole.jsonl")
    options = {"lines": ["--with=facets,map,center", "--exact"], "sorted": ["--sorted", "--with=facets,inradius"],
               "arrays": ["--with=neighbours,map,vertices"], "graph": []}[form]
    options += [*box, path]
    graphs = form == "graph" or rng.random() < 0.5
    if graphs:
        options += ["--graph", graph]
    files = [graph] * graphs + [out] * (form != "graph")
    kept = ["--checkpoint", state, *options]
    stops = run_until(rng, state, count, files, kept + ([] if form == "graph" else ["-o", out]))
    edges_found = edges(graph) if graphs else None
    if form != "graph":
        if form == "sorted" and graphs:
            check_graph(read_lines_with(out, path, box), graph)
        crease("regions", "--quiet", "-o", whole, *options)
        if form == "sorted":
            assert [line["pattern"] for line in read_lines(out)] == \
                [line["pattern"] for line in read_lines(whole)]
        if form == "arrays":
            found = region_rows(read_arrays(out))
            assert len(found) == count and found == region_rows(read_arrays(whole))
        else:
            found = [shape(line) for line in read_lines(out)]
            assert len(found) == count
            assert sorted(found) == sorted(map(shape, read_lines(whole)))
    if graphs:
        crease("regions", "--quiet", "--graph", graph, *box, path)
        assert edges_found == edges(graph)
    for file in (*files, whole, state, *records(state)):
        file.unlink(missing_ok=True)
    return stops


def read_lines_with(out, path, box):
    """The same regions in the same order, with their neighbours."""
    lines = {str(line["pattern"]): line for line in map(json.loads, crease(
        "regions", "--with=neighbours", *box, path).splitlines())}
    return [lines[str(line["pattern"])] for line in read_lines(out)]


def shape(line):
    """What does not depend on the way to the region: points do, and the order of facets."""
    return (key(line["pattern"]), line["bounded"], sorted(map(str, line["facets"])),
            str(line.get("A")), str(line.get("b")))


def records(state):
    return [state.with_name(f"{state.name}.records-{i}") for i in (0, 1)]


def check_refusals(directory):
    state, out, copy = (directory / name for name in ("state", "out.jsonl", "copy"))
    stopped = ["regions", "--limit-regions=300", "--threads=2", "--checkpoint-every=1ms",
               "--checkpoint", state, "-o", out, MOONS]
    crease(*stopped, code=3)
    assert not out.exists()
    for file in (state, *records(state)):
        shutil.copy(file, directory / ("copy" + file.name[len("state"):]))
    kept = ["--checkpoint", copy, "-o", out]
    assert "another network" in refused("regions", *kept, DATA / "abs-1d.json")
    assert "another domain" in refused("regions", *kept, "--box=-1:1", MOONS)
    for other in (["--with=map"], ["--exact"], ["--sorted"], ["--graph", directory / "g.npz"]):
        assert "other contents (lines:point" in refused("regions", *kept, *other, MOONS)
    assert "other contents" in refused("regions", "--checkpoint", copy, "-o", directory / "out.npz", MOONS)
    assert "not a crease-checkpoint" in crease("count", "--checkpoint", copy, MOONS, code=2)
    count = directory / "count"
    crease("count", "--checkpoint", count, MOONS)
    assert "not a crease-list" in refused("regions", "--checkpoint", count, "-o", out, MOONS)
    for file in (copy, *records(copy)):
        whole = file.read_bytes()
        at = len(whole) * 2 // 3
        # The second file may have nothing yet that the checkpoint refers to.
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:], b"", None):
            file.unlink()
            if damaged is None and file == copy:
                continue  # a new list
            if damaged is not None:
                file.write_bytes(damaged)
            line = refused("regions", *kept, MOONS)
            assert file.name in line, line
            assert not file.exists() if damaged is None else file.read_bytes() == damaged, file
        file.write_bytes(whole)
    # What follows the part that the checkpoint refers to is of no state.
    for file in records(copy):
        file.write_bytes(file.read_bytes() + b"half a group")
    moved = directory / "moved"
    crease("regions", "--quiet", "--resume", copy, "--checkpoint", moved, "-o", out, MOONS)
    assert len({str(line["pattern"]) for line in read_lines(out)}) == len(read_lines(out)) == 648
    # A complete list gives its file again.
    first = out.read_bytes()
    out.unlink()
    crease("regions", "--quiet", "--resume", moved, "-o", out, MOONS)
    assert out.read_bytes() == first
    records(moved)[0].write_bytes(b"my diary")
    moved.unlink()
    assert "not replaced" in refused("regions", "--checkpoint", moved, "-o", out, MOONS)
    assert records(moved)[0].read_bytes() == b"my diary"
    assert "standard output" in refused("regions", "--checkpoint", state, MOONS)
    assert "standard output" in refused("regions", "--checkpoint", state, "-o", "-", MOONS)
    assert "one network" in refused("regions", "--checkpoint", state, "-o", out, MOONS, MOONS)
    assert "--at" in refused("regions", "--checkpoint", state, "--at=0,0", MOONS)


def check_full(directory):
    """A limit on the size of files stands for a full disk: the list goes on when there is room."""
    for name in ("full.jsonl", "full.npz"):
        state, out = directory / "full", directory / name
        kept = ["regions", "--checkpoint", state, "--checkpoint-every=1ms", "--with=facets", "-o", out,
                MOONS]
        assert "File too large" in crease_in(2**16, *kept)
        assert state.exists() and not out.exists()
        assert crease(*kept, "--quiet") == "648\n"
        for file in (state, *records(state)):
            file.unlink()


def check_two_at_once(directory):
    """Two runs that write to the same files: one of them is refused."""
    iris, state = DATA / "iris-4-16-16-3.json", directory / "both"
    both = ["--checkpoint", state, "-o", directory / "both.jsonl", "--with=volume", "--box=-1:1", iris]
    run = subprocess.Popen([CREASE, "regions", *map(str, both)], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE)
    while not state.exists():
        assert run.poll() is None
        time.sleep(0.001)
    assert "another run" in refused("regions", *both)
    run.send_signal(signal.SIGTERM)
    run.communicate()
    assert run.returncode == 75


def check_single(directory):
    """A network with one region, which is not found twice."""
    path, state, out = (directory / name for name in ("one.json", "one", "one.jsonl"))
    path.write_text('{"input": 2, "layers": [{"weight": [[1, 2]], "bias": [3], "activation": "linear"}]}')
    for _ in range(2):
        crease("regions", "--quiet", "--checkpoint", state, "-o", out, path)
        assert len(read_lines(out)) == 1
        out.unlink()


def main():
    seed, count = seed_and_count(1, 60)
    rng = random.Random(seed)
    stops = 0
    try:
        check_each(check_refusals, check_full, check_two_at_once, check_single)
        # In memory, where files are on disk at once: then there are many checkpoints.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=memory) as name:
            directory = Path(name)
            for i in range(count):
                path, box, regions = make_network(rng, directory) if i else (MOONS, [], 648)
                for form in ("lines", "sorted", "arrays", "graph"):
                    stops += check_list(rng, directory, path, box, regions, form)
    except BaseException:
        print(f"seed {seed}", file=sys.stderr)
        raise
    print(f"kept lists: {stops} stops (seed {seed})")


main()
