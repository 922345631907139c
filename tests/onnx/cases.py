"""Models made by hand: chains of layers in many forms, models that show how layers are made, and models
that must be refused."""
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
import graphs  # noqa: E402
import wire  # noqa: E402
from evaluate import DOUBLE, FLOAT, HALF, INT32, INT64  # noqa: E402
from graphs import Graph, attribute, tensor  # noqa: E402


def flat(rows):
    return [v for row in rows for v in row]


def columns(rows):
    return [list(row) for row in zip(*rows)]


# ---- One MLP in many forms: layers are (weight rows, bias) ----

def gemm(g, x, weight, bias):
    return g.node("Gemm", (x, g.constant((len(weight), len(weight[0])), flat(weight)),
                           g.constant((len(weight),), bias)), transB=1)


def gemm_plain(g, x, weight, bias):
    w = columns(weight)
    return g.node("Gemm", (x, g.constant((len(w), len(w[0])), flat(w)), g.constant((1, len(bias)), bias)))


def gemm_scaled(g, x, weight, bias):
    """alpha and beta undone by the numbers."""
    w = [[2 * v for v in row] for row in columns(weight)]
    return g.node("Gemm", (x, g.constant((len(w), len(w[0])), flat(w)),
                           g.constant((len(bias),), [v / 4 for v in bias])), alpha=0.5, beta=4.0)


def gemm_turned(g, x, weight, bias):
    x = g.node("Transpose", (x,), perm=[1, 0])
    return g.node("Gemm", (x, g.constant((len(weight), len(weight[0])), flat(weight)),
                           g.constant((len(bias),), bias)), transA=1, transB=1)


def matmul_add(g, x, weight, bias):
    w = columns(weight)
    x = g.node("MatMul", (x, g.constant((len(w), len(w[0])), flat(w))))
    return g.node("Add", (g.constant((len(bias),), bias), x))


def matmul_left(g, x, weight, bias):
    x = g.node("Transpose", (x,))
    x = g.node("MatMul", (g.constant((len(weight), len(weight[0])), flat(weight)), x))
    x = g.node("Sub", (x, g.constant((len(bias), 1), [-v for v in bias])))
    return g.node("Transpose", (x,))


def convolution(g, x, weight, bias):
    """A kernel of one element on as many channels as there are inputs."""
    x = g.node("Reshape", (x, g.integers([0, -1, 1])))
    x = g.node("Conv", (x, g.constant((len(weight), len(weight[0]), 1), flat(weight)),
                        g.constant((len(bias),), bias)))
    return g.node("Flatten", (x,))


def long_convolution(g, x, weight, bias):
    """A kernel as long as the input."""
    x = g.node("Unsqueeze", (x, g.integers([1])))
    x = g.node("Conv", (x, g.constant((len(weight), 1, len(weight[0])), flat(weight)),
                        g.constant((len(bias),), bias)))
    return g.node("Squeeze", (x, g.integers([2])))


def halves(g, x, weight, bias):
    """Weights computed in the graph."""
    w = columns(weight)
    first, second = (g.constant((len(part), len(part[0])), [3 * v for v in flat(part)])
                     for part in (w[:1], w[1:])) if len(w) > 1 else (None, None)
    whole = g.node("Concat", (first, second), axis=0) if first else \
        g.constant((1, len(w[0])), [3 * v for v in w[0]])
    x = g.node("MatMul", (x, g.node("Div", (whole, g.constant((), [3])))))
    return g.node("Sum", (x, g.constant((len(bias),), bias)))


def normalised(g, x, weight, bias):
    """BatchNormalization with deviation 2, folded exactly."""
    x = gemm(g, x, weight, [0] * len(bias))
    n = len(bias)
    return g.node("BatchNormalization", (
        x, g.constant((n,), [2] * n), g.constant((n,), [b + 1 for b in bias]),
        g.constant((n,), [1] * n), g.constant((n,), [3.75] * n)), epsilon=0.25)


def relu(g, x):
    return g.node("Relu", (x,))


def max_zero(g, x):
    return g.node("Max", (x, g.constant((), [0])))


def zero_max(g, x):
    return g.node("Max", (g.constant((1, 1), [0]), x))


def clip_low(g, x):
    return g.node("Clip", (x, g.constant((), [0])))


def min_minus(g, x):
    x = g.node("Min", (g.node("Neg", (x,)), g.constant((), [0])))
    return g.node("Neg", (x,))


def two_branches(g, x):
    """Two nodes of one layer."""
    size = g.shape(x)[1]
    parts = g.node("Split", (x, g.integers([1, size - 1])), 2, axis=1) if size > 1 else [x]
    return g.node("Concat", [relu(g, part) for part in parts], axis=1)


AFFINE = (gemm, gemm_plain, gemm_scaled, gemm_turned, matmul_add, matmul_left, convolution,
          long_convolution, halves, normalised)
SWITCH = (relu, max_zero, zero_max, clip_low, min_minus, two_branches)


def mlp(layers, affine, switch, rng, kind=FLOAT, dims=None):
    """The model of these layers; affine and switch give the form of each."""
    g = Graph((1, len(layers[0][0][0])), rng.choice((13, 17, 18, 21)), kind, rng, dims)
    x = "x"
    for weight, bias in layers[:-1]:
        x = switch()(g, affine()(g, x, weight, bias))
    g.output(affine()(g, x, *layers[-1]))
    return g.bytes()


def rows(layers):
    return [[[*map(Fraction, w), Fraction(b)] for w, b in zip(weight, bias)] for weight, bias in layers]


# ---- How layers are made: (name, model, the canonical text behind its first line) ----

def layer_text(head, lines):
    return head + "\n" + "".join(" ".join(str(Fraction(v)) for v in line) + "\n" for line in lines)


def residual():
    """x + W relu(V x): the inputs are carried."""
    g = Graph((1, 2))
    h = relu(g, gemm(g, "x", [[1, 2], [3, 4], [5, 6]], [7, 8, 9]))
    g.output(g.node("Add", ("x", gemm(g, h, [[1, -1, 2], [0, 1, 3]], [1, 0]))))
    return g, ("input 2\n" + layer_text("layer 5 relu carry 2", [
        [1, 2, 7], [3, 4, 8], [5, 6, 9], [1, 0, 0], [0, 1, 0]]) + layer_text(
            "layer 2 linear", [[1, -1, 2, 1, 0, 1], [0, 1, 3, 0, 1, 0]]))


def narrow():
    """The sum of all inputs is carried, rather than the inputs; its triple and 1 - its double with it."""
    g = Graph((1, 3))
    s = gemm(g, "x", [[1, 1, 1], [3, 3, 3], [-2, -2, -2]], [5, 0, 1])
    h = relu(g, gemm(g, "x", [[1, 0, 0]], [0]))
    g.output(g.node("Add", (s, h)))
    return g, "input 3\n" + layer_text("layer 2 relu carry 1", [[1, 0, 0, 0], [1, 1, 1, 0]]) + layer_text(
        "layer 3 linear", [[1, 1, 5], [1, 3, 0], [1, -2, 1]])


def two_kinds():
    """Two activations of one tensor: the first node's layer carries what the second needs."""
    g = Graph((1, 2))
    z = gemm(g, "x", [[1, 1], [1, -1]], [0, 1])
    a, r = g.node("Abs", (z,)), relu(g, z)
    g.output(g.node("Sub", (a, r)))
    return g, ("input 2\n" + layer_text("layer 4 abs carry 2", [[1, 1, 0], [1, -1, 1], [1, 0, 0], [0, 1, 0]]) +
               layer_text("layer 4 relu carry 2", [[0, 0, 1, 1, 0], [0, 0, 1, -1, 1], [1, 0, 0, 0, 0],
                                                   [0, 1, 0, 0, 0]]) +
               layer_text("layer 2 linear", [[-1, 0, 1, 0, 0], [0, -1, 0, 1, 0]]))


def pool():
    """The window that hangs over the end repeats its first element."""
    g = Graph((1, 1, 4))
    g.output(g.node("MaxPool", ("x",), kernel_shape=[3], strides=[2], pads=[0, 1]))
    return g, ("input 4\n" + layer_text("layer 2 maxout 3", [
        [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0],
        [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0]]) +
               layer_text("layer 2 linear", [[1, 0, 0], [0, 1, 0]]))


def two_clips():
    """Alike but for one bound: two layers."""
    g = Graph((1, 1))
    g.output(*(g.node("Clip", ("x", g.constant((), [0]), g.constant((), [high]))) for high in (1, 2)))
    return g, ("input 1\n" + layer_text("layer 2 clip 0 1 carry 1", [[1, 0], [1, 0]]) +
               layer_text("layer 2 clip 0 2 carry 1", [[0, 1, 0], [1, 0, 0]]) +
               layer_text("layer 2 linear", [[0, 1, 0], [1, 0, 0]]))


def bounds():
    """max(x, 1) and min(x, 2) as ReLU, then clip, leaky_relu, and min of two as minus maxout."""
    g = Graph((1, 2), 13, DOUBLE)
    x = g.node("Max", ("x", g.constant((2,), [1, -1])))
    x = g.node("Min", (g.constant((), [2]), x))
    x = g.node("Clip", (x, g.constant((), [-0.5]), g.constant((), [1.5])))
    x = g.node("LeakyRelu", (x,), alpha=0.125)
    x = g.node("ReduceMin", (x,), axes=[1])
    g.output(x)
    return g, ("input 2\n" + layer_text("layer 2 relu", [[1, 0, -1], [0, 1, 1]]) +
               layer_text("layer 2 relu", [[-1, 0, 1], [0, -1, 3]]) +
               layer_text("layer 2 clip -1/2 3/2", [[-1, 0, 2], [0, -1, 2]]) +
               layer_text("layer 2 leaky_relu 1/8", [[1, 0, 0], [0, 1, 0]]) +
               layer_text("layer 1 maxout 2", [[-1, 0, 0], [0, -1, 0]]) +
               layer_text("layer 1 linear", [[-1, 0]]))


def fused():
    """float32: 3 / sqrt(0.1 + 0.001), of which the root's inverse is a float, the rest exact; folded
    with the weights before it."""
    import struct

    def single(v):
        return struct.unpack("<f", struct.pack("<f", v))[0]
    g = Graph((1, 1))
    x = g.node("BatchNormalization", ("x", g.constant((1,), [3]), g.constant((1,), [0.1]),
                                      g.constant((1,), [0.7]), g.constant((1,), [0.1])), epsilon=0.001)
    g.output(relu(g, gemm(g, x, [[0.3]], [0])))
    inverse = single(1 / single(single(single(0.1) + single(0.001)) ** 0.5))
    scale = 3 * Fraction(inverse)
    weight = Fraction(single(0.3))
    return g, ("input 1\n" + layer_text("layer 1 relu", [[weight * scale, weight * (
        Fraction(single(0.1)) - Fraction(single(0.7)) * scale)]]) + layer_text("layer 1 linear", [[1, 0]]))


LAYERS = (residual, narrow, two_kinds, pool, two_clips, bounds, fused)


# ---- Models that are to be compared by values alone ----

def several():
    """Two inputs, of which one is not used, two outputs, one of them an input."""
    g = Graph((1, 2))
    g.input("unused", (2, 2))
    g.input("y", (2,))
    h = relu(g, g.node("Add", ("x", "y")))
    g.output(h, "y")
    return g


def shapes():
    """Arithmetic of shapes, as exporters write it."""
    g = Graph((1, 2, 3))
    size = g.node("Cast", (g.node("Shape", ("x",)),), to=INT64)
    a, b = g.node("Split", (g.node("Slice", (size, g.integers([1]), g.integers([3]))), g.integers([1, 1])), 2)
    both = g.node("Div", (g.node("Mul", (a, b)), g.node("Sub", (g.node("Add", (a, a)), a))))
    shape = g.node("Concat", (g.integers([1]), both, g.integers([-1])), axis=0)
    ones = g.node("ConstantOfShape", (g.integers([2]),), value=tensor(FLOAT, (1,), [0.5]))
    g.output(g.node("Add", (relu(g, g.node("Reshape", ("x", shape))), ones)))
    return g


def casts():
    """From 16 to 32 to 64 bits, and a constant from integers."""
    g = Graph((1, 2), 13, HALF)
    x = g.node("Cast", (relu(g, "x"),), to=FLOAT)
    x = g.node("Cast", (x,), to=DOUBLE)
    c = g.node("Cast", (g.integers([3, -4]),), to=DOUBLE)
    g.output(g.node("Mul", (x, c)))
    return g


def lists():
    """Constants without tensors, an old file's attributes without types, and 0 left out."""
    g = Graph((1, 2))
    for name, value in (("value_floats", [0.5, 2.0]), ("value_float", 1.5)):
        g.nodes.append({"input": [], "output": [name], "op_type": "Constant",
                        "attribute": [attribute(name, value)]})
    g.nodes.append({"input": ["x", "value_floats"], "output": ["m"], "op_type": "Mul", "attribute": []})
    g.nodes.append({"input": ["m", "value_float"], "output": ["a"], "op_type": "Sub", "attribute": []})
    g.nodes.append({"input": ["a"], "output": ["f"], "op_type": "Flatten",
                    "attribute": [{"name": "axis", "i": 1}]})
    g.nodes.append({"input": ["f"], "output": ["r"], "op_type": "Relu", "attribute": []})
    g.nodes.append({"input": ["r"], "output": ["t"], "op_type": "Flatten",
                    "attribute": [{"name": "axis", "type": graphs.INT}]})
    g.outputs.append(g.info("t", (1, 2)))
    return g


def ended():
    g = Graph((1, 3))
    x = g.node("Softmax", (gemm(g, relu(g, "x"), [[1, 2, 3], [4, 5, 6]], [0, 1]),), axis=1)
    g.output(g.node("Reshape", (x, g.integers([2]))))
    return g


def unneeded():
    """What no output depends on may be anything."""
    g = Graph((1, 2))
    g.initializers.append(tensor(FLOAT, (2,), [1, float("nan")], "w"))
    g.nodes.append({"input": ["x", "w"], "output": ["lost"], "op_type": "Erf", "attribute": []})
    g.output(relu(g, "x"))
    return g


def unbounded():
    """Bounds that are none."""
    g = Graph((1, 2), 9)
    x = g.node("Clip", ("x",), min=-3.4028234663852886e38, max=3.4028234663852886e38)
    x = g.node("Clip", (x,), min=float("-inf"), max=2.0)
    g.output(g.node("Clip", (x,)))
    return g


def no_axes():
    """No axes: all of them, or none; and indices of 32 bits, from the end."""
    g = Graph((1, 4))
    g.initializers.append(tensor(INT32, (2,), [-1, -3], "index"))
    g.nodes.append({"input": ["x", "index"], "output": ["two"], "op_type": "Gather",
                    "attribute": [attribute("axis", 1)]})
    g.values["two"] = g.values["x"]
    a = g.node("ReduceSum", ("two",), noop_with_empty_axes=1)
    g.nodes.append({"input": [a], "output": ["sum"], "op_type": "ReduceSum", "attribute": []})
    g.outputs += [g.info(a, (1, 2)), g.info("sum", (1, 1))]
    return g


VALUES = (no_axes, several, shapes, casts, lists, ended, unneeded, unbounded)


# ---- Models that must be refused: (name, bytes, what the message says) ----

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
    def one(name, says, *steps, shape=(1, 2), **options):
        cases.append((name, chain(shape, *steps, **options).bytes(), says))
    cases, two = [], (1, 2)
    image = {"shape": (1, 1, 4, 4)}
    one("unknown", r'node 0, "node0" \(Erf\): this operator is not read', ("Erf", (), {}))
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
    one("types", "of the types 1 and 11", ("Add", (reals((2,), 1, 2, kind=DOUBLE),), {}))
    one("reshape", "do not fit", ("Reshape", (integers(3, -1),), {}))
    one("reshape twice", "is -1", ("Reshape", (integers(-1, -1),), {}))
    one("reshape zero", "no dimension", ("Reshape", (integers(1, 2, 0),), {}))
    one("reshape negative", "is -7", ("Reshape", (integers(-7),), {}))
    one("reshape huge", "is 4611686018427387904", ("Reshape", (integers(1 << 62, 4),), {}))
    one("expand huge", "more than 16777216 elements", ("Expand", (integers(5000, 5000, 2),), {}))
    one("reshape by floats", "not a list of integers", ("Reshape", (reals((2,), 1, 2),), {}))
    one("flatten", "axis 3", ("Flatten", (), {"axis": 3}))
    one("squeeze", "is 2, not 1", ("Squeeze", (integers(1),), {}))
    one("squeeze twice", "twice", ("Squeeze", (integers(0, -2),), {}))
    one("perm", "twice", ("Transpose", (), {"perm": [0, 0]}))
    one("slice", "step 0", ("Slice", (integers(0), integers(1), integers(1), integers(0)), {}))
    one("slice empty", "no elements", ("Slice", (integers(1), integers(1), integers(1)), {}))
    one("gather", "index 2 of 2", ("Gather", (integers(2),), {"axis": 1}))
    one("split", "add up", ("Split", (integers(3),), {"axis": 1}))
    one("pad reflect", "only with constants", ("Pad", (integers(0, 0, 1, 1),), {"mode": b"reflect"}))
    one("pad", "pads of -2", ("Pad", (integers(-2, 0, 0, 0),), {}))
    one("cast down", "which rounds", ("Cast", (), {"to": HALF}))
    one("cast to integers", "which rounds", ("Cast", (), {"to": INT64}))
    one("training", "in training mode", ("Dropout", ("", tensor(9, (), [1])), {}))
    one("clip", "min is not less", ("Clip", (reals((), 2), reals((), 1)), {}))
    one("clip nan", "not one number", ("Clip", (reals((), float("nan")),), {}))
    one("clip inf", "wrong side", ("Clip", (reals((), float("inf")),), {}))
    one("prelu", "one constant for all", ("PRelu", (reals((2,), 1, 2),), {}))
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
    one("pool ceil", "beyond the pads", ("AveragePool", (), {
        "kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}), **image)
    one("max of 65", "at most 64", ("ReduceMax", (), {}), shape=(1, 65))
    one("comparisons", "comparisons", ("ReduceMax", (), {"axes": [1]}), shape=(1, 64, 9))
    one("hidden", "more than 4096 hidden", *[("Relu", (), {})] * 5, shape=(1, 1000))
    one("outputs", "more than 4096 outputs", ("Concat", ("x", "x"), {"axis": 1}), shape=(1, 2049))
    one("doubling", "more than 16777216", *[("Concat", (f"y{k - 1}" if k else "x",), {"axis": 1})
                                            for k in range(40)])
    one("squaring", "65536 bits", ("Mul", (reals(two, 3, 3),), {}),
        *[("Mul", (reals(two, 3e38, 1e-38),), {}) for _ in range(1000)])
    one("old", "operators of version 6", ("Relu", (), {}), opset=6)
    one("new", "operators of version 26", ("Relu", (), {}), opset=26)
    one("dynamic", "dimension 1 has no size", ("Relu", (), {}), dims=(1, "n"))
    one("dynamic vector", "dimension 0 has no size", ("Relu", (), {}), shape=(1,), dims=("n",))
    one("wide", "at most 4096 inputs", ("Relu", (), {}), dims=(1, 4097))
    one("wide product", "more than 4096 inputs", ("Relu", (), {}), dims=(1, 4096, 4096))
    one("integer input", "type 7, not floating", ("Relu", (), {}), kind=INT64)
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
            ("strings", {"dims": [2, 1], "data_type": 8, "string_data": [b"a", b"b"]}, "type 8 is not read"),
            ("float8", {"dims": [2, 1], "data_type": 17, "raw_data": b"ab"}, "type 17 is not read"),
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
            ("cycle", "not made by anything before", lambda m: m["graph"]["node"][0].update(input=["y0"])),
            ("unsorted", 'node 0.*"z" is not made', lambda m: m["graph"].update(node=[
                {"input": ["z"], "output": ["y0"], "op_type": "Relu", "attribute": []},
                {"input": ["x"], "output": ["z"], "op_type": "Relu", "attribute": []}])),
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
            ("sparse", "sparse", lambda m: m["graph"].update(sparse_initializer=[b""])),
            ("no opset", "version of its operators", lambda m: m.update(opset_import=[])),
            ("two opsets", "two versions", lambda m: m.update(opset_import=m["opset_import"] * 2)),
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
