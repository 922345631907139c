#!/usr/bin/python3
"""check_torch.py: networks exported by PyTorch in several ways, put to crease.

The exact values of what crease reads must be those of PyTorch in 64 bits up to its rounding: the files
hold the same weights, in 32 bits or 64, and BatchNormalization is the same function up to one rounding.
Without CREASE_LONG for one opset."""
import os
import sys
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))
import many  # noqa: E402
import torch_models  # noqa: E402
from points import near, parts  # noqa: E402

POINTS = 3
UNFOLDED = ("mlp", "shift", "residual", "maxout", "cnn", "norm")


def files():
    for opset in (9, 11, 13, 16) if os.environ.get("CREASE_LONG") else (13,):
        for name, model, shape in torch_models.models():
            torch_models.settle(model)
            if name in ("clips", "maxout", "gates") and opset < 11:
                continue
            yield name, f"{name}-{opset}", torch_models.exported(model, shape, opset), model, shape
            if name in UNFOLDED:
                data = torch_models.exported(model, shape, opset, fold=False, preserve=True)
                yield name, f"{name}-{opset}-as-is", data, model, shape
            if opset == 13:
                yield name, f"{name}-double", torch_models.exported(model.double(), shape, 13), model, shape


def main():
    warnings.filterwarnings("ignore")
    made = list(files())
    lines = many.ask([(f"{title}.onnx", data, {"points": POINTS}) for _, title, data, _, _ in made])
    failed = 0
    for (name, title, _, model, shape), (line, message) in zip(made, lines):
        if line is None:
            failed += 1
            print(f"FAILED: {message}", file=sys.stderr)
            continue
        expected = torch_models.values(name, model, shape, POINTS)
        if not near(parts(line)[2], expected):
            failed += 1
            print(f"FAILED: {title}: {[[float(v) for v in row] for row in parts(line)[2]]}, "
                  f"expected {expected}", file=sys.stderr)
    print(f"check_torch.py: {len(made)} files, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
