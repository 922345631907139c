#!/usr/bin/python3
"""Converts a feed-forward ONNX network of affine maps and ReLU to crease's JSON.

Needs Debian's python3-onnx. Reads Sub and Add of constants, Flatten, MatMul, Gemm without
scaling, and Relu, in one chain; anything else is an error. Numbers are the file's, exactly.
"""
import json
import sys
from fractions import Fraction

import onnx
from onnx import numpy_helper


def fail(text):
    sys.exit(f"onnx_to_json: {text}")


def exact(value):
    """A number as JSON can hold it: a float if it is one, a fraction otherwise."""
    value = Fraction(value)
    nearest = float(value)
    return nearest if Fraction(nearest) == value else str(value)


def constant(values, node, position):
    name = node.input[position]
    if name not in values:
        fail(f"node {node.name or node.output[0]} ({node.op_type}): {name} is not a constant")
    return numpy_helper.to_array(values[name])


def affine(weight, bias):
    return {"weight": weight, "bias": bias, "activation": "linear"}


def shift(layers, offset):
    """Adds a constant to the values of the last layer, or of the input."""
    if layers:
        last = layers[-1]
        last["bias"] = [b + o for b, o in zip(last["bias"], offset)]
    elif any(offset):
        size = len(offset)
        identity = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
        layers.append(affine(identity, offset))


def convert(model):
    values = {t.name: t for t in model.graph.initializer}
    layers, after_relu = [], False
    for node in model.graph.node:
        if node.op_type in ("Flatten", "Identity"):
            continue
        if node.op_type == "Relu":
            if not layers or after_relu:
                fail("Relu without an affine map before it")
            layers[-1]["activation"] = "relu"
            after_relu = True
        elif node.op_type in ("Sub", "Add"):
            side = 1 if node.input[1] in values else 0
            sign = -1 if node.op_type == "Sub" else 1
            if sign < 0 and side == 0:
                fail("Sub from a constant")
            offset = [sign * Fraction(float(x)) for x in constant(values, node, side).flatten()]
            if after_relu:
                fail(f"{node.op_type} behind Relu")
            shift(layers, offset)
        elif node.op_type in ("MatMul", "Gemm"):
            matrix = constant(values, node, 1)
            options = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if options.get("transA", 0) or options.get("alpha", 1) != 1 or options.get("beta", 1) != 1:
                fail("Gemm with transA, alpha or beta")
            rows = matrix if options.get("transB", 0) else matrix.T
            bias = [Fraction(0)] * len(rows)
            if len(node.input) > 2:
                bias = [Fraction(float(x)) for x in constant(values, node, 2).flatten()]
            layers.append(affine([[Fraction(float(x)) for x in row] for row in rows], bias))
            after_relu = False
        else:
            fail(f"node {node.name or node.output[0]}: operator {node.op_type} is not read")
    if not layers:
        fail("no layers")
    if after_relu:
        size = len(layers[-1]["bias"])
        shift_row = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
        layers.append(affine(shift_row, [Fraction(0)] * size))
    for layer in layers:
        layer["weight"] = [[exact(x) for x in row] for row in layer["weight"]]
        layer["bias"] = [exact(x) for x in layer["bias"]]
    return {"input": len(layers[0]["weight"][0]), "layers": layers}


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: onnx_to_json.py IN.onnx OUT.json")
    network = convert(onnx.load(sys.argv[1]))
    with open(sys.argv[2], "w", encoding="ascii") as out:
        json.dump(network, out)
        out.write("\n")


if __name__ == "__main__":
    main()
