"""Models of single operators and of what exporters write, to be compared by values alone."""
import sys

sys.dont_write_bytecode = True
import wire  # noqa: E402
from graphs import Graph, attribute, tensor  # noqa: E402
from tensors import BOOL, DOUBLE, FLOAT, HALF, INT8, INT64, UINT8  # noqa: E402

FORMS = []


def form(function):
    FORMS.append(function)
    return function


def one(shape, op, constants=(), outputs=1, opset=13, kind=FLOAT, **attributes):
    """x, its activation and the operator: (shape, values) or integers are constants."""
    g = Graph(shape, opset, kind)
    names = [("" if c is None else g.constant(*c) if isinstance(c, tuple) else g.integers(c)) for c in constants]
    out = g.node(op, (g.node("Relu", ("x",)), *names), outputs, **attributes)
    g.output(out[0] if outputs > 1 else out)
    return g


def operators():
    """(name, model) of what moves elements or adds them up."""
    image, space = (1, 4, 2, 2), (1, 1, 4, 4)
    w = [0.5, -1, 2, 3, -0.25, 1, 4, -2]
    yield "tile", one((1, 3), "Tile", [[2, 3]])
    yield "depth to space", one(image, "DepthToSpace", blocksize=2)
    yield "depth to space by rows", one(image, "DepthToSpace", blocksize=2, mode=b"CRD")
    yield "space to depth", one(space, "SpaceToDepth", blocksize=2)
    yield "gather elements", one((2, 3), "GatherElements", [((2, 2), [2, -1, 0, 1], INT64)], axis=1)
    yield "gather nd", one((2, 3), "GatherND", [((2, 1), [1, -2], INT64)])
    yield "gather nd in batches", one((2, 3), "GatherND", [((2, 1, 1), [2, 0], INT64)], batch_dims=1)
    yield "scatter nd", one((2, 3), "ScatterND", [((1, 2), [1, 2], INT64), ((1,), [7.5])])
    for mode in (b"edge", b"reflect", b"wrap"):
        yield f"pad {mode}", one((1, 1, 2, 4), "Pad", [[0, 0, 1, 2, 0, 0, 0, 3]], mode=mode, opset=19)
    for where in (b"half_pixel", b"pytorch_half_pixel", b"asymmetric", b"align_corners"):
        for how in (b"round_prefer_floor", b"round_prefer_ceil", b"floor", b"ceil"):
            yield f"resize {where} {how}", one((1, 1, 3, 4), "Resize", [None, None, [1, 1, 5, 2]], nearest_mode=how,
                                               coordinate_transformation_mode=where)
    yield "resize by scales", one((1, 1, 3, 2), "Resize", [None, ((4,), [1, 1, 0.7, 2.5])])
    yield "resize, old", one((1, 1, 3, 2), "Resize", [((4,), [1, 1, 2, 1.5])], opset=10)
    yield "upsample", one((1, 1, 3, 2), "Upsample", [((4,), [1, 1, 2, 3])], opset=9)
    yield "upsample, old", one((1, 1, 3, 2), "Upsample", opset=7, scales=[1.0, 1.0, 2.0, 1.5])
    yield "conv transpose", one((1, 2, 3), "ConvTranspose", [((2, 1, 4), w), ((2,), [1, -2])], group=2, strides=[2],
                                pads=[1, 0], output_padding=[1])
    yield "conv transpose in two dimensions", one((1, 1, 2, 3), "ConvTranspose", [((1, 2, 2, 2), w)], dilations=[2, 1])
    yield "einsum", one((2, 3), "Einsum", [((4, 3), w + w[:4])], equation=b"bi,oi->bo")
    yield "einsum without an arrow", one((2, 3), "Einsum", [((3, 2), w[:6])], equation=b"ij, jk")
    yield "einsum of one", one((3, 3), "Einsum", equation=b"ii->i")
    yield "reduce l1", one((2, 3), "ReduceL1", axes=[1])
    yield "reduce l1 of all", one((2, 3), "ReduceL1", [[1]], keepdims=0, opset=18)
    for k in (1, 2, 4):
        yield f"top {k}", one((2, 4), "TopK", [[k]], 2, axis=1)
    yield "bottom 2", one((3, 2), "TopK", [[2]], 2, axis=0, largest=0)
    yield "top, old", one((1, 3), "TopK", outputs=2, opset=9, k=2)
    yield "slopes", one((1, 2, 2), "PRelu", [((2, 1), [0.25, -1])])
    yield "thresholded", one((1, 3), "ThresholdedRelu", alpha=0.0)
    yield "bounds that are equal", one((1, 3), "Clip", [((), [1]), ((), [1])])
    yield "bounds the wrong way round", one((1, 3), "Clip", [((), [2]), ((), [-1])])
    yield "average up", one((1, 1, 3, 3), "AveragePool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1, opset=11)
    for kind in ("MaxPool", "AveragePool"):
        yield "in the pads", one((1, 1, 1, 3), kind, kernel_shape=[1, 2], pads=[0, 1, 0, 1], strides=[1, 2], ceil_mode=1)
    yield "max up", one((1, 1, 3, 3), "MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)


def masks():
    """ReLU by a comparison, in every form."""
    for op in ("Greater", "GreaterOrEqual", "Less", "LessOrEqual"):
        g = Graph((1, 3), 16)
        zero = g.constant((), [0])
        bound = g.constant((3,), [0.5, 0, -1])
        mask = g.node(op, ("x", zero))
        y = g.node("Mul", (g.node("Cast", (mask,), to=FLOAT), "x"))
        shifted = g.node(op, (bound, "x"))
        z = g.node("Where", (g.node("Not", (shifted,)), "x", bound))
        rest = g.node("Sub", (g.constant((), [1]), g.node("Cast", (mask,), to=FLOAT)))
        leaky = g.node("Add", (y, g.node("Mul", (g.node("Mul", ("x", g.constant((), [0.125]))), rest))))
        g.output(y, z, leaky, g.node("Relu", (g.node("Sub", (leaky, "x")),)))
        yield f"mask {op}", g


@form
def chosen_by_constants():
    g = Graph((1, 3))
    c = g.constant((3,), [1, 0, 1], BOOL)
    less = g.node("Less", (g.integers([1, 5, 2]), g.integers([2])))
    both = g.node("Where", (less, g.integers([3, 3, 3]), g.integers([1, 2, 3])))
    x = g.node("Where", (c, "x", g.constant((), [0.5])))
    g.output(g.node("Relu", (x,)), g.node("Add", (x, g.node("Cast", (both,), to=FLOAT))))
    return g


@form
def rounded():
    """Functions of constants, in both types; sums of constants are rounded before."""
    g = Graph((1, 3))
    c = g.constant((3,), [0.3, 1.7, 2.9])
    c = g.node("Add", (c, g.constant((), [0.1])))
    x = "x"
    for op in ("Sqrt", "Exp", "Log", "Reciprocal", "Floor", "Ceil", "Round", "Sign"):
        x = g.node("Add", (x, g.node("Mul", ("x", g.node(op, (c,))))))
    x = g.node("Mul", (x, g.node("Pow", (c, g.constant((), [3])))))
    g.output(x)
    return g


@form
def rounded_in_64_bits():
    g = Graph((1, 2), 13, DOUBLE)
    c = g.constant((2,), [0.3, 1.7])
    g.output(g.node("Mul", ("x", g.node("Div", (g.node("Sqrt", (c,)), g.node("Reciprocal", (c,)))))))
    return g


@form
def narrowed():
    """Casts round constants, and what depends on the input not at all."""
    g = Graph((1, 2), 13, DOUBLE)
    c = g.node("Cast", (g.constant((2,), [0.1, 0.3]),), to=FLOAT)
    x = g.node("Mul", (g.node("Cast", ("x",), to=FLOAT), c))
    half = g.node("Cast", (x,), to=HALF)
    g.output(g.node("Relu", (half,)))
    return g


@form
def quantised():
    """Weights of eight bits, with one scale or one for each column."""
    g = Graph((1, 2))
    w = g.constant((2, 3), [1, -3, 127, -128, 0, 5], INT8)
    v = g.constant((2, 3), [1, 3, 255, 128, 0, 5], UINT8)
    a = g.node("DequantizeLinear", (w, g.constant((), [0.1]), g.constant((), [3], INT8)))
    b = g.node("DequantizeLinear", (v, g.constant((3,), [0.5, 0.25, 0.1]), g.constant((3,), [128, 1, 0], UINT8)),
               axis=-1)
    g.output(g.node("MatMul", ("x", a)), g.node("MatMul", ("x", b)))
    return g


@form
def unsorted():
    g = one((1, 3), "Neg")
    g.nodes.reverse()
    return g


@form
def old_broadcast():
    """Version 6: axis and broadcast say how shapes go together."""
    g = Graph((1, 2, 3), 6)
    x = g.node("Add", ("x", g.constant((2,), [1, -1])), broadcast=1, axis=1)
    x = g.node("Mul", (x, g.constant((3,), [1, 2, 3])), broadcast=1)
    x = g.node("Sub", (x, g.constant((1, 2, 3), [1, 2, 3, 4, 5, 6])))
    g.output(g.node("Relu", (x,)))
    return g


@form
def sparse():
    g = Graph((1, 3))
    for name, index in (("by place", tensor(INT64, (2,), [1, 5])),
                        ("by dimension", tensor(INT64, (2, 2), [0, 1, 2, 1]))):
        g.sparse.append({"values": tensor(FLOAT, (2,), [2.0, -1.0], name), "indices": index, "dims": [3, 2]})
        g.nodes.append({"input": ["x", name], "output": ["y" + name], "op_type": "MatMul", "attribute": []})
        g.outputs.append(g.info("y" + name, (1, 2)))
    return g


@form
def called():
    """A function that calls another one twice and passes an attribute on."""
    g = Graph((1, 2), 17)
    inner = {"name": "Unit", "domain": "own", "input": ["a"], "output": ["b"], "attribute": ["slope"], "node": [
        {"input": ["a"], "output": ["t"], "op_type": "Neg", "attribute": []},
        {"input": ["t"], "output": ["b"], "op_type": "LeakyRelu",
         "attribute": [{"name": "alpha", "type": 1, "ref_attr_name": "slope"}]}],
             "opset_import": [{"domain": "", "version": 17}]}
    outer = {"name": "Twice", "domain": "own", "input": ["a", "w"], "output": ["t"], "node": [
        {"input": ["a"], "output": ["b"], "op_type": "Unit", "domain": "own", "attribute": [attribute("slope", 0.5)]},
        {"input": ["b", "w"], "output": ["c"], "op_type": "MatMul", "attribute": []},
        {"input": ["c"], "output": ["t"], "op_type": "Unit", "domain": "own", "attribute": [attribute("slope", 0.25)]}]}
    g.functions = [inner, outer]
    w = g.constant((2, 2), [1, 2, 3, -4])
    g.nodes.append({"input": ["x", w], "output": ["t"], "op_type": "Twice", "domain": "own", "attribute": []})
    g.outputs.append(g.info("t", (1, 2)))
    return g


@form
def pipeline():
    """As scikit-learn is exported: a scaler, a cast, logits; then labels and probabilities."""
    g = Graph((1, 3), 17, DOUBLE)
    g.nodes.append({"input": ["x"], "output": ["f"], "op_type": "Cast", "attribute": [attribute("to", FLOAT)]})
    g.nodes.append({"input": ["f"], "output": ["s"], "op_type": "Scaler", "domain": "ai.onnx.ml", "attribute": [
        attribute("offset", [0.5, 1.0, 2.0]), attribute("scale", [2.0])]})
    w = g.constant((3, 1), [1, -2, 3], FLOAT)
    c, unit = g.constant((2,), [0, 1], INT64), g.constant((1,), [1], FLOAT)
    for inputs, output, op, more in (
            (("s", w), "logit", "MatMul", {}), (("logit",), "p", "Sigmoid", {}), ((unit, "p"), "q", "Sub", {}),
            (("q", "p"), "both", "Concat", {"axis": 1}), (("both",), "k", "ArgMax", {"axis": 1})):
        g.nodes.append({"input": list(inputs), "output": [output], "op_type": op,
                        "attribute": [attribute(k, v) for k, v in more.items()]})
    g.nodes.append({"input": [c, "k"], "output": ["label"], "op_type": "ArrayFeatureExtractor",
                    "domain": "ai.onnx.ml", "attribute": []})
    g.nodes.append({"input": ["both"], "output": ["map"], "op_type": "ZipMap", "domain": "ai.onnx.ml", "attribute": [
        attribute("classlabels_int64s", [0, 1])]})
    g.outputs += [g.info("label", (1,), INT64), g.info("map", (1, 2), FLOAT)]
    return g


@form
def regression():
    g = Graph((1, 2), 17)
    g.nodes.append({"input": ["x"], "output": ["y"], "op_type": "LinearRegressor", "domain": "ai.onnx.ml",
                    "attribute": [attribute("coefficients", [1.0, 2.0, 3.0, 4.0]), attribute("targets", 2),
                                  attribute("intercepts", [0.5, -1.0])]})
    g.outputs.append(g.info("y", (1, 2)))
    return g


@form
def two_heads():
    """Two ends, and the logits of one of them: two outputs."""
    g = Graph((1, 2))
    a, b = g.node("Relu", ("x",)), g.node("Abs", ("x",))
    g.output(g.node("Softmax", (a,)), g.node("Sigmoid", (b,)), b)
    return g


@form
def scaled_end():
    g = Graph((1, 2))
    t = g.node("Tanh", (g.node("Relu", ("x",)),))
    g.nodes.append({"input": [t, g.constant((), [2])], "output": ["m"], "op_type": "Mul", "attribute": []})
    g.nodes.append({"input": ["m", g.constant((2,), [1, 2])], "output": ["a"], "op_type": "Add", "attribute": []})
    g.outputs.append(g.info("a", (1, 2)))
    return g


def forms():
    """(name, bytes)"""
    for name, graph in (*operators(), *masks(), *((f.__name__, f()) for f in FORMS)):
        yield name, graph.bytes()
    yield "said twice", wire.encode("Model", one((1, 2), "Neg").model(opset_import=2 * [{"version": 13}]))
