#!/usr/bin/python3
"""check_export.py: scripts/export_torch.py in both formats, by one network, and its example."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn

CREASE = os.environ.get("CREASE", "build/crease")
EXPORT = str(Path(__file__).resolve().parent.parent.parent / "scripts/export_torch.py")
failed = 0


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout, done.stderr


def check(good, text):
    global failed
    if not good:
        failed += 1
        print("FAILED:", text, file=sys.stderr)


def digest(path):
    return run(CREASE, "info", path)[1].split("digest")[-1].split()


torch.manual_seed(2)
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    model = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 2))
    torch.save(model, folder / "model.pt")
    torch.save(model.state_dict(), folder / "state.pt")
    for words in (("model.pt", "a.onnx", "--input=3"), ("model.pt", "b.npz"), ("state.pt", "c.npz")):
        code, _, error = run(sys.executable, EXPORT, folder / words[0], folder / words[1], *words[2:])
        check(code == 0, f"{words}: {error}")
        check(len(digest(folder / words[1])) == 1 and digest(folder / words[1]) == digest(folder / "a.onnx"),
              f"{words}: another network")
    for words in (("state.pt", "d.onnx", "--input=3"), ("model.pt", "d.onnx"), ("model.pt", "d.txt"),
                  ("none.pt", "d.npz")):
        code, _, _ = run(sys.executable, EXPORT, folder / words[0], folder / words[1], *words[2:])
        check(code != 0 and not (folder / words[1]).exists(), f"{words}: exit code {code}")
    code, out, error = run(sys.executable, EXPORT, "--example", folder / "rings.onnx")
    check(code == 0 and out.startswith("trained: "), f"example: {error}")
    counts = [run(CREASE, "count", "--quiet", f"--engine={engine}", folder / "rings.onnx")[1] for engine in
              ("split", "walk")]
    check(counts[0] == counts[1] and int(counts[0] or 0) > 20, f"regions of the example: {counts}")
print(f"check_export.py: {failed} failed")
sys.exit(bool(failed))
