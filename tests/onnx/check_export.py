#!/usr/bin/python3
"""check_export.py: scripts/export_torch.py in both formats: one network and its example, modules that
.npz cannot hold, and files that are not the module's."""
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import torch
from torch import nn

CREASE = os.environ.get("CREASE", "build/crease")
EXPORT = str(Path(__file__).resolve().parent.parent.parent / "scripts/export_torch.py")
sys.path.insert(0, str(Path(EXPORT).parent))
sys.dont_write_bytecode = True
import export_torch  # noqa: E402

failed = 0


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout, done.stderr


def check(good, text):
    global failed
    if not good:
        failed += 1
        print("FAILED:", text, file=sys.stderr)


def export(*words):
    """The script; without CREASE_LONG within this process, as PyTorch takes long to start."""
    words = [str(word) for word in words]
    if os.environ.get("CREASE_LONG"):
        return run(sys.executable, EXPORT, *words)
    out, error, code = io.StringIO(), io.StringIO(), 0
    kept, sys.argv = sys.argv, [EXPORT, *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            export_torch.main()
        except SystemExit as end:
            code = end.code
    sys.argv = kept
    return code, out.getvalue(), f"{error.getvalue()}{code}"


def digest(path):
    return run(CREASE, "info", path)[1].split("digest")[-1].split()


class Named(nn.Module):
    """fc1 to fc4, or the number of layers given, followed by what forward makes of them."""

    def __init__(self, forward, layers=4, width=4):
        super().__init__()
        self.way = forward
        for i in range(layers):
            setattr(self, f"fc{i + 1}", nn.Linear(width, width))

    def forward(self, x):
        return self.way(self, x)


class Shifted(nn.Linear):
    def forward(self, x):
        return super().forward(x) + 1


def residual(m, x):
    x = torch.relu(m.fc1(x))
    return m.fc4(torch.relu(x + m.fc3(torch.relu(m.fc2(x)))))


def repeated(m, x):
    return m.fc1(torch.relu(m.fc1(torch.relu(m.fc1(x)))))


def backwards(m, x):
    for layer in (m.fc4, m.fc3, m.fc2):
        x = nn.functional.relu(layer(x))
    return m.fc1(x)


def hooked():
    model = chain(nn.ReLU())
    model[0].register_forward_hook(lambda module, inputs, output: output + 1)
    return model


def chain(activation, *end):
    return nn.Sequential(nn.Linear(2, 6), activation, nn.Linear(6, 6), activation, nn.Linear(6, 2), *end)


def check_unreadable(folder):
    """A module whose class is not found, and files that are none."""
    sys.modules["gone"] = types.ModuleType("gone")
    gone = type("Gone", (nn.Linear,), {"__module__": "gone"})
    setattr(sys.modules["gone"], "Gone", gone)
    torch.save(gone(2, 2), folder / "gone.pt")
    del sys.modules["gone"]
    (folder / "text.pt").write_text("#!/bin/sh\n")
    (folder / "none.pt").touch()
    for file, words in (("gone.pt", "its class must come from a module that Python finds"),
                        ("text.pt", "not written by torch.save"), ("none.pt", "not written by torch.save")):
        code, _, error = export(folder / file, folder / "unread.onnx", "--input=2")
        check(code and words in error and "Traceback" not in error, f"{file}: {error}")


def check_npz(folder):
    """Only what crease reads from weights and biases as it is becomes .npz."""
    path = str(folder / "m.npz")
    bare = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Dropout(), nn.Linear(3, 1))
    for what, model in (("a chain", chain(nn.ReLU())), ("no bias", bare), ("one layer", nn.Linear(3, 2)),
                        ("backwards", Named(backwards)), ("nested", nn.Sequential(chain(nn.ReLU()), nn.Identity()))):
        try:
            export_torch.export(model, path)
            line = export_torch.verify(model, path)
        except ValueError as error:
            line = str(error)
        check(line.startswith("verified:"), f"{what}: {line}")
    os.remove(path)
    for what, model in (("LeakyReLU", chain(nn.LeakyReLU(0.1))), ("ReLU6", chain(nn.ReLU6())),
                        ("Hardtanh", chain(nn.Hardtanh())), ("Sigmoid", chain(nn.Sigmoid())),
                        ("ends in ReLU", chain(nn.ReLU(), nn.ReLU())), ("residual", Named(residual)),
                        ("three times", Named(repeated, 1)), ("no activation", nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))),
                        ("Softmax", chain(nn.ReLU(), nn.Softmax(1))), ("a branch", Named(lambda m, x: m.fc1(x) + x)),
                        ("BatchNorm", nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))),
                        ("a choice", Named(lambda m, x: m.fc1(x) if x.sum() > 0 else m.fc2(x))),
                        ("shifted", nn.Sequential(nn.Linear(2, 2), nn.ReLU(), Shifted(2, 2))), ("hooked", hooked()),
                        ("begins with ReLU", nn.Sequential(nn.ReLU(), nn.Linear(2, 2)))):
        try:
            export_torch.export(model, path)
            check(False, f"{what} becomes .npz")
        except ValueError as error:
            check("write .onnx" in str(error), f"{what}: {error}")
        check(not os.path.exists(path), f"{what} leaves a file")


def check_verify(folder):
    """A file of another network is told from the module's; one that ends in a softmax is not."""
    path = str(folder / "m.onnx")
    for what, model, shape in (("softmax", chain(nn.ReLU(), nn.Softmax(1)), (2,)), ("leaky", chain(nn.LeakyReLU(0.3)), (2,)),
                               ("clip", chain(nn.ReLU6()), (2,)), ("residual", Named(residual), (4,)),
                               ("image", nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                                                       nn.Linear(2, 2)), (1, 4, 4))):
        export_torch.export(model, path, shape)
        try:
            line = export_torch.verify(model, path, shape)
        except ValueError as error:
            line = str(error)
        check(line.startswith("verified:") and ("softmax" in line) == (what == "softmax"), f"{what}: {line}")
    wrong = str(folder / "wrong.npz")
    for what, model in (("leaky", chain(nn.LeakyReLU(0.1))), ("ends in ReLU", chain(nn.ReLU(), nn.ReLU())),
                        ("residual", Named(residual))):
        np.savez(wrong, **{key: value.numpy() for key, value in model.state_dict().items()})
        try:
            check(False, f"{what}: {export_torch.verify(model, wrong)}")
        except ValueError as error:
            check("another function: at [" in str(error), f"{what}: {error}")


torch.manual_seed(2)
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    model = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 2))
    torch.save(model, folder / "model.pt")
    torch.save(model.state_dict(), folder / "state.pt")
    for words in (("model.pt", "a.onnx", "--input=3"), ("model.pt", "b.npz")):
        code, out, error = export(folder / words[0], folder / words[1], *words[2:])
        check(code == 0 and out.startswith("verified: "), f"{words}: {out} {error}")
        check(len(digest(folder / words[1])) == 1 and digest(folder / words[1]) == digest(folder / "a.onnx"),
              f"{words}: another network")
    for words in (("state.pt", "d.onnx", "--input=3"), ("model.pt", "d.onnx"), ("model.pt", "d.txt"),
                  ("none.pt", "d.npz"), ("state.pt", "d.npz")):
        code, _, _ = export(folder / words[0], folder / words[1], *words[2:])
        check(code != 0 and not (folder / words[1]).exists(), f"{words}: exit code {code}")
    code, out, error = run(sys.executable, EXPORT, "--example", folder / "rings.onnx")
    check(code == 0 and out.startswith("trained: "), f"example: {error}")
    counts = [run(CREASE, "count", "--quiet", f"--engine={engine}", folder / "rings.onnx")[1] for engine in
              ("split", "walk")]
    check_unreadable(folder)
    check_npz(folder)
    check_verify(folder)
    check(counts[0] == counts[1] and int(counts[0] or 0) > 20, f"regions of the example: {counts}")
print(f"check_export.py: {failed} failed")
sys.exit(bool(failed))
