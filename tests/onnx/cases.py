"""Models made by hand: chains of layers in many forms, and models that show how layers are made."""
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
import graphs  # noqa: E402
from tensors import DOUBLE, FLOAT, HALF, INT32, INT64  # noqa: E402
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
