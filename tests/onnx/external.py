#!/usr/bin/env python3
"""external.py: weights in files beside the model, put to crease on the command line."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import refused  # noqa: E402
import graphs  # noqa: E402
from tensors import FLOAT  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
VALUES = [1.0, 2.0, -3.0, 0.5]
failures, checks = [], 0


def model(tensor):
    return refused.chain((1, 2), ("MatMul", (tensor,), {})).bytes()


def beside(**entries):
    return {"dims": [2, 2], "data_type": FLOAT, "data_location": 1,
            "external_data": [{"key": key, "value": str(value)} for key, value in entries.items()]}


def info(folder, tensor, path="net/model.onnx", cwd=None):
    """Exit code, digest, message."""
    (folder / "net/model.onnx").write_bytes(model(tensor))
    program = str(Path(CREASE).resolve())
    run = subprocess.run([program, "info", str(path if cwd else folder / path)], capture_output=True, text=True,
                         timeout=600, cwd=cwd)
    digest = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("digest")]
    return run.returncode, digest, run.stderr


def check(good, text):
    global checks
    checks += 1
    if not good:
        failures.append(text)
        print("FAILED:", text, file=sys.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "net/deep").mkdir(parents=True)
        raw = graphs.raw(FLOAT, VALUES)
        (folder / "net/w.bin").write_bytes(b"head" + raw + b"tail")
        (folder / "net/deep/w.bin").write_bytes(raw)
        (folder / "secret.bin").write_bytes(raw)
        (folder / "net/link.bin").symlink_to("../secret.bin")
        (folder / "net/way").symlink_to("..")
        (folder / "net/near.bin").symlink_to("deep/w.bin")
        os.mkfifo(folder / "net/pipe")
        _, inside, _ = info(folder, graphs.tensor(FLOAT, (2, 2), VALUES))
        for entries in ({"location": "w.bin", "offset": 4, "length": 16}, {"location": "deep/w.bin"},
                        {"location": "./deep/w.bin", "checksum": "ignored"}, {"location": "near.bin"},
                        {"location": "deep/w.bin", "offset": "0"}):
            code, digest, message = info(folder, beside(**entries))
            check(code == 0 and digest == inside, f"{entries}: {message or 'another digest'}")
        for path, cwd in (("model.onnx", folder / "net"), ("net/model.onnx", folder),
                          ("../net/model.onnx", folder / "net/deep/..")):
            code, digest, message = info(folder, beside(location="deep/w.bin"), path, cwd)
            check(code == 0 and digest == inside, f"{path} in {cwd}: {message or 'another digest'}")
        for entries, says in (
                ({"location": "w.bin"}, "24 bytes of data; the shape takes 16"),
                ({"location": "w.bin", "offset": 12}, "12 bytes of data; the shape takes 16"),
                ({"location": "w.bin", "offset": 4, "length": 12}, "12 bytes of data"),
                ({"location": "w.bin", "offset": 20, "length": 16}, "shorter than the model says"),
                ({"location": "w.bin", "offset": 1 << 62}, "shorter than the model says"),
                ({"location": "link.bin"}, "outside the model's folder"),
                ({"location": "way/secret.bin"}, "outside the model's folder"),
                ({"location": "../secret.bin"}, "not a path inside"),
                ({"location": str(folder / "net/deep/w.bin")}, "not a path inside"),
                ({"location": "deep"}, "not a regular file"), ({"location": "pipe"}, "not a regular file"),
                ({"location": "none.bin"}, "No such file"), ({"offset": 1}, "no location")):
            code, _, message = info(folder, beside(**entries))
            check(code == 2 and says in message, f"{entries}: expected \"{says}\", got {code} {message}")
        double = beside(location="deep/w.bin")
        double["external_data"] *= 2
        check("two values of location" in info(folder, double)[2], "a key twice")
    print(f"external.py: {checks} checks, {len(failures)} failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
