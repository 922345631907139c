"""Models that must be refused, and how to make them."""
import os
import sys

sys.dont_write_bytecode = True
import wire  # noqa: E402
from graphs import Graph, attribute, tensor  # noqa: E402
from tensors import DOUBLE, FLOAT, HALF, INT64  # noqa: E402


def chain(shape, *steps, **options):
    """Nodes one behind another: (operator, more inputs as constants, attributes); no evaluation."""
    g = Graph(shape, **options)
    x = "x"
    for k, (op, constants, attributes) in enumerate(steps):
        names = []
        for c in constants:
            if isinstance(c, dict):
                g.initializers.append({**c, "name": f"c{k}_{len(names)}"})
                names.append(f"c{k}_{len(names)}")
            else:
                names.append(c)
        g.nodes.append({"input": [x, *names], "output": [f"y{k}"], "op_type": op, "name": f"node{k}",
                        "attribute": [attribute(a, v) for a, v in attributes.items()]})
        x = f"y{k}"
    g.outputs.append(g.info(x, shape))
    return g


def integers(*values):
    return tensor(INT64, (len(values),), values)


def reals(shape, *values, kind=FLOAT):
    return tensor(kind, shape, values)


def with_model(change, g=None):
    model = (g or chain((1, 2), ("Relu", (), {}))).model()
    change(model)
    return wire.encode("Model", model)


def weight(message, **options):
    """x times this tensor."""
    return chain((1, 2), ("MatMul", (message,), {}), **options).bytes()


def nested(depth):
    """Graphs in attributes of nodes, without end."""
    data = wire.encode("Graph", {"node": [], "name": "inner"})
    for _ in range(depth):
        data = wire.encode("Graph", {"node": [{"input": [], "output": ["y"], "op_type": "If", "attribute": [
            {"name": "then", "tail": wire.with_length(6, data)}]}], "name": "g"})
    return wire.with_length(7, data)


def second_output():
    """MaxPool's second output."""
    g = chain((1, 1, 4), ("MaxPool", (), {"kernel_shape": [2]}))
    g.nodes[0]["output"].append("indices")
    g.outputs.append(g.info("indices", (1, 1, 3), INT64))
    return g.bytes()


def refused():
    """(name, bytes, what the message says)"""
    def one(name, says, *steps, shape=(1, 2), **options):
        cases.append((name, chain(shape, *steps, **options).bytes(), says))
    cases, two = [], (1, 2)
    image = {"shape": (1, 1, 4, 4)}
    one("unknown", r'node 0, "node0" \(Gelu\): this operator is not read', ("Gelu", (), {}))
    one("curved", r"\(Erf\): of what depends on the input: it is not linear", ("Erf", (), {}))
    one("jump", r"\(Sign\): of what depends on the input: it jumps", ("Sign", (), {}))
    one("threshold", "alpha is 1: the function jumps", ("ThresholdedRelu", (), {}))
    one("where", "may jump", ("Greater", (reals((), 0),), {}), ("Where", ("x", reals((), 1)), {}), opset=13)
    one("mask times another", "may jump", ("Greater", (reals((), 1),), {}), ("Cast", (), {"to": FLOAT}),
        ("Mul", ("x",), {}))
    one("condition added", "of a condition", ("Greater", (reals((), 1),), {}), ("Cast", (), {"to": FLOAT}),
        ("Add", ("x",), {}))
    one("condition in integers", "from bool to int64", ("Less", (reals((), 1),), {}), ("Cast", (), {"to": INT64}))
    one("equal", "depend on the input", ("Equal", (reals((), 0),), {}))
    one("log of a negative", "no number of its type", ("Mul", (reals((), 0),), {}), ("Add", (reals((), -1),), {}),
        ("Log", (), {}))
    one("tile", "repeats has 0", ("Tile", (integers(1, 0),), {}))
    one("tile huge", "more than 4194304", ("Tile", (integers(1 << 20, 1 << 20),), {}))
    one("blocks", "do not divide", ("DepthToSpace", (), {"blocksize": 2}), **image)
    one("elements", "index 2 of 2", ("GatherElements", (tensor(INT64, (1, 1), [2]),), {"axis": 1}))
    one("nd", "index -3 of 2", ("GatherND", (tensor(INT64, (1, 2), [0, -3]),), {}))
    one("scatter twice", "updated twice", ("ScatterND", (tensor(INT64, (2, 2), [0, 1, 0, 1]), reals((2,), 1, 2)), {}))
    one("resize by lines", "mode is not nearest", ("Resize", ("", reals((2,), 1, 2)), {"mode": b"linear"}))
    one("resize huge", r"scale 1\.0+2e\+30 of dimension 1", ("Resize", ("", reals((2,), 1, 1e30)), {}))
    one("equation", "equation is not read", ("Einsum", (), {"equation": b"...i->i"}))
    one("equation sizes", "index j is of 2 and of 3", ("Einsum", (reals((3, 1), 1, 2, 3),), {"equation": b"ij,jk->ik"}))
    one("top", "5 of 2", ("TopK", (integers(5),), {}))
    one("top of many", "4 of 9 have more than 64 sums of 3", ("TopK", (integers(4),), {}), shape=(1, 9))
    if os.environ.get("CREASE_LONG"):  # takes seconds
        one("mask huge", "more than 1048576 hidden", ("Greater", (reals((2 ** 20, 1), *[1] * 2 ** 20),), {}),
            ("Where", ("x", "x"), {}))
    one("behind the end", "something else that depends", ("Softmax", (), {}), ("Add", ("x",), {}))
    one("nothing of the end", "by zero", ("Tanh", (), {}), ("Mul", (reals((), 0),), {}))
    one("second", r'node 1, "node1" \(Gelu\)', ("Relu", (), {}), ("Gelu", (), {}))
    one("if", r"\(If\)", ("If", (), {}))
    one("soft middle", r"node 1.*\(Relu\): behind a Softmax", ("Softmax", (), {}), ("Relu", (), {}))
    one("square", r"\(Mul\): both factors", ("Mul", ("x",), {}))
    one("matmul itself", "both factors", ("MatMul", ("x",), {}))
    one("divided by", r"\(Div\): the divisor depends", ("Div", ("x",), {}))
    one("divided by zero", "divides by zero", ("Div", (reals((2,), 1, 0),), {}))
    one("attribute", r"attribute beta is not read", ("Relu", (), {"beta": 1}))
    one("attribute of another version", "attribute ceil_mode is not read",
        ("Conv", (reals((1, 1, 1, 1), 1),), {"ceil_mode": 1}), **image)
    one("type of attribute", "attribute axis is of the wrong type", ("Flatten", (), {"axis": 1.0}))
    one("inputs", r"2 inputs, expected 1 to 1", ("Relu", ("x",), {}))
    one("missing inputs", r"1 inputs, expected 2", ("Add", (), {}))
    one("shapes", "the shapes do not go together", ("Add", (reals((3,), 1, 2, 3),), {}))
    one("gemm", "do not go together", ("Gemm", (reals((3, 1), 1, 2, 3),), {}))
    one("gemm C", "shape of C", ("Gemm", (reals((2, 1), 1, 2), reals((2, 1), 1, 2)), {}))
    one("infinite weight", 'element 1 is infinite', ("Add", (reals((2,), 1, float("inf")),), {}))
    one("nan", 'element 0 is NaN', ("Mul", (reals((2,), float("nan"), 1),), {}))
    one("types", "of the types float and double", ("Add", (reals((2,), 1, 2, kind=DOUBLE),), {}))
    one("reshape", "do not fit", ("Reshape", (integers(3, -1),), {}))
    one("reshape twice", "is -1", ("Reshape", (integers(-1, -1),), {}))
    one("reshape zero", "no dimension", ("Reshape", (integers(1, 2, 0),), {}))
    one("reshape negative", "is -7", ("Reshape", (integers(-7),), {}))
    one("reshape huge", "is 4611686018427387904", ("Reshape", (integers(1 << 62, 4),), {}))
    one("expand huge", "more than 4194304 elements", ("Expand", (integers(5000, 5000, 2),), {}))
    one("reshape by floats", "not a list of integers", ("Reshape", (reals((2,), 1, 2),), {}))
    one("flatten", "axis 3", ("Flatten", (), {"axis": 3}))
    one("squeeze", "is 2, not 1", ("Squeeze", (integers(1),), {}))
    one("squeeze twice", "twice", ("Squeeze", (integers(0, -2),), {}))
    one("perm", "twice", ("Transpose", (), {"perm": [0, 0]}))
    one("slice", "step 0", ("Slice", (integers(0), integers(1), integers(1), integers(0)), {}))
    one("slice empty", "no elements", ("Slice", (integers(1), integers(1), integers(1)), {}))
    one("gather", "index 2 of 2", ("Gather", (integers(2),), {"axis": 1}))
    one("split", "add up", ("Split", (integers(3),), {"axis": 1}))
    one("pad reflect", "pads of 0 and 1 in dimension 0, of size 1", ("Pad", (integers(0, 0, 1, 1),), {"mode": b"reflect"}))
    one("pad", "pads of -2", ("Pad", (integers(-2, 0, 0, 0),), {}))
    one("cast to integers", "from float to int64", ("Cast", (), {"to": INT64}))
    one("training", "in training mode", ("Dropout", ("", tensor(9, (), [1])), {}))
    one("clip nan", "not one number", ("Clip", (reals((), float("nan")),), {}))
    one("clip inf", "wrong side", ("Clip", (reals((), float("inf")),), {}))
    one("prelu", "slopes depend on the input", ("PRelu", ("x",), {}))
    one("leaky", "alpha is infinite", ("LeakyRelu", (), {"alpha": float("inf")}))
    one("norm", "no square root", ("BatchNormalization", (
        reals((2,), 1, 1), reals((2,), 0, 0), reals((2,), 0, 0), reals((2,), 1, -1)), {}))
    one("norm in training", "training mode", ("BatchNormalization", (
        reals((2,), 1, 1), reals((2,), 0, 0), reals((2,), 0, 0), reals((2,), 1, 1)), {"training_mode": 1}))
    one("conv channels", "groups", ("Conv", (reals((1, 2, 1, 1), 1, 1),), {}), **image)
    one("conv group", "groups", ("Conv", (reals((1, 1, 1, 1), 1),), {"group": 0}), **image)
    one("conv large", "larger than the input", ("Conv", (reals((1, 1, 5, 1), *[1] * 5),), {}), **image)
    one("conv strides", "strides has 0",
        ("Conv", (reals((1, 1, 1, 1), 1),), {"strides": [0, 1]}), **image)
    one("conv pads", "pads has -1",
        ("Conv", (reals((1, 1, 1, 1), 1),), {"pads": [0, 0, 0, -1]}), **image)
    one("conv both pads", "both pads", ("Conv", (reals((1, 1, 1, 1), 1),), {
        "pads": [1, 1, 1, 1], "auto_pad": b"VALID"}), **image)
    one("conv auto_pad", "not known", ("Conv", (reals((1, 1, 1, 1), 1),), {"auto_pad": b"SAME"}), **image)
    one("conv dims", "no dimensions behind", ("MaxPool", (), {"kernel_shape": [1]}))
    one("pool in the pads", "nothing but pads", ("MaxPool", (), {
        "kernel_shape": [1, 1], "pads": [1, 0, 0, 0]}), **image)
    one("pool of 81", "at most 64", ("MaxPool", (), {"kernel_shape": [9, 9]}), shape=(1, 1, 9, 9))
    one("pool ceil", "do not agree", ("AveragePool", (), {
        "kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1, "count_include_pad": 1}), **image)
    one("max of 65", "at most 64", ("ReduceMax", (), {}), shape=(1, 65))
    one("comparisons", "comparisons", ("ReduceMax", (), {"axes": [1]}), shape=(1, 64, 9))
    one("hidden", "more than 1048576 hidden", *[("Relu", (), {})] * 5, shape=(1, 250000))
    one("outputs", "more than 1048576 outputs", ("Concat", ("x", "x"), {"axis": 1}), shape=(1, 2 ** 19 + 1))
    one("doubling", "more than 4194304", *[("Concat", (f"y{k - 1}" if k else "x",), {"axis": 1})
                                            for k in range(40)])
    one("squaring", "65536 bits", ("Mul", (reals(two, 3, 3),), {}),
        *[("Mul", (reals(two, 3e38, 1e-38),), {}) for _ in range(1000)])
    one("old", "operators of version 5", ("Relu", (), {}), opset=5)
    one("old shapes", "broadcast is not 1", ("Add", (reals((1,), 1),), {}), opset=6)
    one("new", "operators of version 26", ("Relu", (), {}), opset=26)
    one("dynamic", "dimension 1 has no size", ("Relu", (), {}), dims=(1, "n"))
    one("dynamic vector", "dimension 0 has no size", ("Relu", (), {}), shape=(1,), dims=("n",))
    one("wide", "at most 1048576 inputs", ("Relu", (), {}), dims=(1, 2 ** 20 + 1))
    one("wide product", "more than 1048576 inputs", ("Relu", (), {}), dims=(1, 4096, 4096))
    one("integer input", "type int64, not floating", ("Relu", (), {}), kind=INT64)
    for name, message, says in (
            ("negative", {**reals((2, 1), 1, 2), "dims": [-2, 1]}, "dimension 0 is -2"),
            ("huge", {**reals((2, 1), 1, 2), "dims": [1 << 62, 4]}, "dimension 0 is 4611686018427387904"),
            ("overflow", {**reals((2, 1), 1, 2), "dims": [1 << 24, 1 << 24]}, "more than 16777216"),
            ("rank", {**reals((2, 1), 1, 2), "dims": [1] * 7 + [2, 1]}, "9 dimensions"),
            ("short", {**reals((2, 1), 1, 2), "dims": [3, 1]}, "8 bytes of data; the shape takes 12"),
            ("long", {**reals((2, 1), 1, 2), "dims": [1, 1]}, "8 bytes of data; the shape takes 4"),
            ("empty", {**reals((2, 0),)}, "no elements"),
            ("two places", {**reals((2, 1), 1, 2), "float_data": [1.0]}, "more than one place"),
            ("elsewhere", {"dims": [2, 1], "data_type": FLOAT, "double_data": [1.0, 2.0]}, "0 numbers in the place"),
            ("strings", {"dims": [2, 1], "data_type": 8, "string_data": [b"a", b"b"]}, "type string is not read"),
            ("float8", {"dims": [2, 1], "data_type": 17, "raw_data": b"ab"}, "type float8e4m3fn is not read"),
            ("segment", {**reals((2, 1), 1, 2), "segment": b""}, "segments"),
            ("no place", {"dims": [2, 1], "data_type": FLOAT, "data_location": 1}, "no location"),
            ("bool", {"dims": [1], "data_type": 9, "int32_data": [2]}, "neither 0 nor 1"),
            ("half", {"dims": [1], "data_type": HALF, "int32_data": [65536]}, "16 bits")):
        cases.append((f"tensor {name}", weight(message), f'tensor "c0_0": .*{says}' if "no elem" not in says else says))
    for key, value, says in (
            ("location", "/etc/hostname", "not a path inside"), ("location", "../a", "not a path inside"),
            ("location", "a/../../b", "not a path inside"), ("location", "..", "not a path inside"),
            ("location", "nowhere.bin", "No such file"), ("location", "", "not a path inside"),
            ("offset", "-1", "not a size"), ("length", "99999999999999999999", "not a size")):
        cases.append((f"external {key} {value}", weight({
            "dims": [2, 1], "data_type": FLOAT, "data_location": 1,
            "external_data": [{"key": key, "value": value}]}), says))
    for name, says, change in (
            ("undefined", 'node 0.*"nothing" is not made', lambda m: m["graph"]["node"][0].update(input=["nothing"])),
            ("cycle", "depends on its own output", lambda m: m["graph"]["node"][0].update(input=["y0"])),
            ("long cycle", "depends on its own output", lambda m: m["graph"].update(node=[
                {"input": ["z"], "output": ["y0"], "op_type": "Relu", "attribute": []},
                {"input": ["y0"], "output": ["z"], "op_type": "Relu", "attribute": []}])),
            ("twice", 'name "y0" is given to two', lambda m: m["graph"].update(node=m["graph"]["node"] * 2)),
            ("initializer twice", 'name "w" is given to two', lambda m: m["graph"].update(
                initializer=[tensor(FLOAT, (1,), [1], "w")] * 2)),
            ("output of an input", 'name "x" is given to two', lambda m: m["graph"]["node"][0].update(output=["x"])),
            ("no output", "no output", lambda m: m["graph"].update(output=[])),
            ("unknown output", 'output "q" is not made', lambda m: m["graph"]["output"][0].update(name="q")),
            ("constant output", "does not depend|no input", lambda m: m["graph"].update(
                initializer=[tensor(FLOAT, (1,), [1], "w")], output=[{"name": "w"}])),
            ("no input", "has no input", lambda m: m["graph"].update(
                input=[], initializer=[tensor(FLOAT, (1, 2), [1, 2], "x")])),
            ("no shape", "not a tensor of known shape", lambda m: m["graph"]["input"][0].update(
                type={"tensor_type": {"elem_type": 1}})),
            ("sequence", "not a tensor of known shape", lambda m: m["graph"]["input"][0].update(
                type={"sequence_type": b""})),
            ("no name", "has no name", lambda m: m["graph"]["input"][0].pop("name")),
            ("sparse", "sparse initializer 0 has no name", lambda m: m["graph"].update(sparse_initializer=[{}])),
            ("sparse indices", "not in order", lambda m: m["graph"].update(sparse_initializer=[{
                "values": reals((2,), 1, 2), "indices": integers(5, 4), "dims": [1, 2]}], initializer=[]) or
             m["graph"]["sparse_initializer"][0]["values"].update(name="w") or
             m["graph"]["node"][0].update(op_type="Add", input=["x", "w"])),
            ("sparse huge", "more than 4194304", lambda m: m["graph"].update(sparse_initializer=[{
                "values": reals((1,), 1), "indices": integers(0), "dims": [1 << 23, 1]}]) or
             m["graph"]["sparse_initializer"][0]["values"].update(name="w") or
             m["graph"]["node"][0].update(op_type="Add", input=["x", "w"])),
            ("endless calls", "more than 16 deep", lambda m: m.update(functions=[{
                "name": "Relu", "input": ["a"], "output": ["b"], "node": m["graph"]["node"]}])),
            ("call", "0 inputs and 1 outputs, called with 1 and 1", lambda m: m.update(functions=[{
                "name": "Relu", "input": [], "output": ["b"], "node": []}])),
            ("function's version", "operators of version 9, in a model of 13", lambda m: m.update(functions=[{
                "name": "Relu", "input": ["a"], "output": ["b"], "node": [], "opset_import": [{"version": 9}]}])),
            ("attribute not given", "attribute a is not given", lambda m: m.update(functions=[{
                "name": "Relu", "input": ["a"], "output": ["b"], "node": [{
                    "input": ["a"], "output": ["b"], "op_type": "LeakyRelu", "attribute": [
                        {"name": "alpha", "ref_attr_name": "a"}]}]}])),
            ("scaler", "scale: 3 numbers for 2 features", lambda m: m["graph"]["node"][0].update(
                op_type="Scaler", domain="ai.onnx.ml", attribute=[attribute("scale", [1.0, 2.0, 3.0])])),
            ("map", "only behind a Softmax", lambda m: m["graph"]["node"][0].update(
                op_type="ZipMap", domain="ai.onnx.ml")),
            ("no opset", "version of its operators", lambda m: m.update(opset_import=[])),
            ("two opsets", "two versions of the operators, 13 and 12", lambda m: m.update(
                opset_import=m["opset_import"] + [{"version": 12}])),
            ("domain", 'domain "com.example"', lambda m: m["graph"]["node"][0].update(domain="com.example")),
            ("no type", r"\(\): this operator", lambda m: m["graph"]["node"][0].pop("op_type")),
            ("function", "attribute of a function", lambda m: m["graph"]["node"][0].update(
                attribute=[{"name": "alpha", "ref_attr_name": "a"}])),
            ("attribute twice", "attribute alpha twice", lambda m: m["graph"]["node"][0].update(
                attribute=[attribute("alpha", 1.0)] * 2)),
            ("nameless attribute", "attribute 0 has no name", lambda m: m["graph"]["node"][0].update(
                attribute=[{"i": 1}])),
            ("two graphs", "a second value.*graph", lambda m: m.update(
                tail=wire.with_length(7, wire.encode("Graph", m["graph"])))),
            ("two types", "a second value", lambda m: m["graph"]["input"][0]["type"].update(
                tail=wire.with_length(4, b""))),
            ("zero byte", "a zero byte", lambda m: m["graph"]["node"][0].update(
                name=None, tail=wire.with_length(3, b"a\0b"))),
            ("group", "not the type of a field", lambda m: m.update(tail=b"\x0b")),
            ("wrong type", "wrong type in ir_version", lambda m: m.update(
                ir_version=None, tail=wire.with_length(1, b"1"))),
            ("cut", "the end is missing", lambda m: m.update(tail=b"\x42\x7f"))):
        cases.append((name, with_model(change), says))
    cases += [("empty", b"", "no graph"), ("text", b"graph {}", "not a good ONNX file"),
              ("second output", second_output(), "output 1 is needed, but not read"),
              ("deep", nested(2000), "nested too deep"), ("field 0", b"\0\0", "number of a field")]
    return cases
