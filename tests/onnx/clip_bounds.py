#!/usr/bin/env python3
"""clip_bounds.py: which bounds of Clip are none, and that it is said, by crease on the command line."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from graphs import Graph  # noqa: E402
from tensors import DOUBLE, FLOAT  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
FLOAT_MAX, DOUBLE_MAX, INF = 3.4028234663852886e38, sys.float_info.max, float("inf")
# Type, bounds, the layer that they make, how many notes.  What is largest in float32 is a number
# like others in float64.
CASES = [
    (FLOAT, -1, 1, "clip", 0), (FLOAT, 0, FLOAT_MAX, "relu", 1), (FLOAT, -FLOAT_MAX, 0, "relu", 1),
    (FLOAT, 0, INF, "relu", 0), (FLOAT, -INF, 0, "relu", 0), (FLOAT, -FLOAT_MAX, FLOAT_MAX, None, 2),
    (FLOAT, 0, 3.4028232635611926e38, "clip", 0), (FLOAT, -INF, INF, None, 0),
    (DOUBLE, 0, FLOAT_MAX, "clip", 0), (DOUBLE, -FLOAT_MAX, 0, "clip", 0), (DOUBLE, -FLOAT_MAX, FLOAT_MAX, "clip", 0),
    (DOUBLE, 0, DOUBLE_MAX, "relu", 1), (DOUBLE, -DOUBLE_MAX, 0, "relu", 1), (DOUBLE, -DOUBLE_MAX, INF, None, 1),
]


def model(kind, low, high, opset):
    g = Graph((1, 2), opset, kind)
    if opset < 11:
        g.output(g.node("Clip", ("x",), min=float(low), max=float(high)))
    else:
        g.output(g.node("Clip", ("x", g.constant((), [low], kind), g.constant((), [high], kind))))
    return g.bytes()


def main():
    failures, checks = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.onnx"
        for opset in (9, 13):
            for kind, low, high, layer, notes in CASES:
                if opset < 11 and kind == DOUBLE:
                    continue
                path.write_bytes(model(kind, low, high, opset))
                run = subprocess.run([CREASE, "info", str(path)], capture_output=True, text=True, timeout=600)
                switches = f"layers 2 {layer}" if layer else "layers 2 linear"
                good = run.returncode == 0 and switches in run.stdout and run.stderr.count("is no bound") == notes
                checks += 1
                if not good:
                    failures += 1
                    print("FAILED:", opset, kind, low, high, run.stdout, run.stderr, file=sys.stderr)
    print(f"clip_bounds.py: {checks} checks, {failures} failed")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
