#!/usr/bin/python3
"""check_onnx.py: with python3-onnx: models of graphs.py are models to ONNX's own library too, its
writing of them is the same network to crease, and so is its external data."""
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx
from onnx import numpy_helper

sys.dont_write_bytecode = True
import cases  # noqa: E402
import tensors  # noqa: E402
import graphs  # noqa: E402
import many  # noqa: E402  (tensors.py has added its folder)

CREASE = os.environ.get("CREASE", "build/crease")
GRAPHS = int(os.environ.get("GRAPHS", "200"))
failures = []


def check(good, text):
    if not good:
        failures.append(text)
        print("FAILED:", text, file=sys.stderr)


def digest(path):
    run = subprocess.run([CREASE, "info", str(path)], capture_output=True, text=True, timeout=600)
    return run.stdout.split("digest")[-1].split()[0] if run.returncode == 0 else run.stderr


def shape_of(info):
    return tuple(d.dim_value for d in info.type.tensor_type.shape.dim)


def random_graphs():
    """Shapes as inferred by the library, from the inputs alone, are those of the evaluation here."""
    written, inferred = [], 0
    for k in range(GRAPHS):
        graph = graphs.random_graph(random.Random(f"library {k}"), 6)
        graph.inputs[0] = graph.info("x", graph.shape("x"))
        data = graph.bytes()
        model = onnx.load_model_from_string(data)
        if graph.opset <= onnx.defs.onnx_opset_version() and graph.kind != tensors.BRAIN:
            onnx.checker.check_model(model)
            for output in model.graph.output:
                output.type.tensor_type.ClearField("shape")
            done = onnx.shape_inference.infer_shapes(model, strict_mode=True)
            for output, own in zip(done.graph.output, graph.outputs):
                if output.type.tensor_type.HasField("shape") and all(shape_of(output)):
                    inferred += 1
                    check(shape_of(output) == tuple(d["dim_value"] for d in own["type"]["tensor_type"]["shape"]["dim"]),
                          f"graph {k}: another shape")
        written += [(f"graph{k}.onnx", data, {"batch": "all"}), (f"written{k}.onnx", model.SerializeToString(), {"batch": "all"})]
    lines = many.ask(written)
    for k in range(GRAPHS):
        check(lines[2 * k][0] is not None and lines[2 * k][0] == lines[2 * k + 1][0], f"graph {k}: {lines[2 * k]}")
    check(inferred > GRAPHS / 4, f"only {inferred} shapes inferred")


def external(folder):
    graph = cases.mlp([([[1, 2], [3, 4], [5, 6]], [7, 8, 9]), ([[1, 2, 3]], [4])],
                      lambda: cases.gemm, lambda: cases.relu, random.Random(1))
    plain = folder / "plain.onnx"
    plain.write_bytes(graph)
    for one_file in (False, True):
        model = onnx.load(str(plain))
        for constant in model.graph.initializer:
            if not constant.HasField("raw_data"):
                constant.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(constant), constant.name))
        path = folder / f"external{one_file}.onnx"
        onnx.save_model(model, str(path), save_as_external_data=True, all_tensors_to_one_file=one_file,
                        location="weights.bin" if one_file else None, size_threshold=0)
        check(path.stat().st_size < plain.stat().st_size + 600, "nothing is external")
        check(digest(path) == digest(plain), f"external data: {digest(path)}")


random_graphs()
with tempfile.TemporaryDirectory() as name:
    external(Path(name))
print(f"check_onnx.py: {GRAPHS} models, {len(failures)} failed")
sys.exit(bool(failures))
