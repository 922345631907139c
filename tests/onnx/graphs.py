"""ONNX models, written with wire.py: a builder, and random graphs."""
import math
import struct
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
import evaluate  # noqa: E402
import tensors  # noqa: E402
import wire  # noqa: E402
from tensors import BRAIN, DOUBLE, FLOAT, HALF, INT64, Tensor  # noqa: E402

INT, FLOATS, STRING, TENSOR, INTS = 2, 6, 3, 4, 7


def raw(kind, values):
    if kind == BRAIN:
        return b"".join(struct.pack("<f", v)[2:] for v in values)
    return struct.pack(f"<{len(values)}{tensors.FORMATS[kind]}", *values)


def tensor(kind, shape, values, name="", style="raw"):
    values = [float(v) for v in values] if kind in tensors.REAL else list(values)
    message = {"name": name, "dims": list(shape), "data_type": kind}
    if style == "raw":
        return {**message, "raw_data": raw(kind, values)}
    if kind in (HALF, BRAIN):
        bits = raw(kind, values)
        return {**message, "int32_data": list(struct.unpack(f"<{len(values)}H", bits))}
    place = {FLOAT: "float_data", DOUBLE: "double_data", INT64: "int64_data"}.get(kind, "int32_data")
    return {**message, place: values}


def attribute(name, value):
    if isinstance(value, dict):
        return {"name": name, "type": TENSOR, "t": value}
    if isinstance(value, int):
        return {"name": name, "type": INT, "i": value}
    if isinstance(value, (float, Fraction)):
        return {"name": name, "type": 1, "f": float(value)}
    if isinstance(value, bytes):
        return {"name": name, "type": STRING, "s": value}
    if value and isinstance(value[0], float):
        return {"name": name, "type": FLOATS, "floats": value}
    return {"name": name, "type": INTS, "ints": list(value)}


class Graph:
    """A model as it is built. Tensors are known by their names; values has one evaluation of each, at
    zero, for the shapes. With rng constants take any of the forms that they may have."""

    def __init__(self, shape, opset=13, kind=FLOAT, rng=None, dims=None):
        self.opset, self.kind, self.rng = opset, kind, rng
        self.nodes, self.initializers, self.values = [], [], {}
        self.inputs, self.outputs, self.sparse, self.functions = [], [], [], []
        self.input("x", shape, dims)

    def input(self, name, shape, dims=None):
        self.values[name] = Tensor(shape, [Fraction(0)] * math.prod(shape), self.kind)
        self.values[name].varies = True
        self.inputs.append(self.info(name, dims or shape))

    def info(self, name, dims, kind=None):
        sizes = [{"dim_value": d} if isinstance(d, int) else {"dim_param": d} if d else {} for d in dims]
        return {"name": name, "type": {"tensor_type": {"elem_type": kind or self.kind,
                                                       "shape": {"dim": sizes}}}}

    def fresh(self):
        return f"t{len(self.values)}"

    def pick(self, *choices):
        return self.rng.choice(choices) if self.rng else choices[0]

    def shape(self, name):
        return self.values[name].shape

    def constant(self, shape, values, kind=None, form=None):
        name, kind = self.fresh(), kind or self.kind
        message = tensor(kind, shape, values, name, self.pick("raw", "listed"))
        self.values[name] = tensors.read_tensor(message)
        form = form or self.pick("initializer", "initializer", "input", "node")
        if form == "node":
            self.nodes.append({"input": [], "output": [name], "op_type": "Constant",
                               "attribute": [attribute("value", message)]})
            return name
        self.initializers.append(message)
        if form == "input":
            self.inputs.append(self.info(name, shape, kind))
        return name

    def integers(self, values):
        values = list(values)
        return self.constant((len(values),), values, INT64)

    def node(self, op, inputs, outputs=1, **attributes):
        """Names of the outputs, or one name."""
        message = {"input": list(inputs), "op_type": op, "name": f"n{len(self.nodes)}",
                   "output": [f"{self.fresh()}_{k}" for k in range(outputs)],
                   "attribute": [attribute(k, v) for k, v in attributes.items()]}
        node = tensors.Node(wire.decode("Node", wire.encode("Node", message)), self.opset)
        try:
            out = tensors.OPERATORS[op](node, *(self.values[i] if i else None for i in inputs)) \
                if op not in evaluate.ENDS else self.values[inputs[0]]
        except (TypeError, IndexError, ZeroDivisionError) as error:
            raise tensors.Refused(repr(error)) from error
        out = out if isinstance(out, list) else [out]
        for value in out:
            value.varies = any(self.values[i].varies for i in inputs if i)
        if any(len(value.data) == 0 for value in out):
            raise tensors.Refused("empty")
        self.nodes.append(message)
        self.values.update(zip(message["output"], out))
        return message["output"][0] if outputs == 1 else message["output"]

    def output(self, *names):
        self.outputs += [self.info(name, self.shape(name)) for name in names]

    def model(self, **more):
        graph = {"node": self.nodes, "initializer": self.initializers, "input": self.inputs,
                 "output": self.outputs, "name": "g", "sparse_initializer": self.sparse}
        return {"ir_version": 4, "producer_name": "tests", "graph": graph, "functions": self.functions,
                "opset_import": [{"domain": "", "version": self.opset}], **more}

    def bytes(self):
        return wire.encode("Model", self.model())


# ---- Random graphs ----

class Maker:
    """Each method adds a node or two behind tensor x and gives the name of the result."""

    def __init__(self, rng, line=False):
        self.rng = rng
        self.opset = rng.choice((7, 8, 9, 10, 11, 12, 13, 13, 14, 17, 18, 21, 25))
        self.graph = Graph(*self.first(), self.opset,
                           rng.choice((FLOAT, FLOAT, FLOAT, DOUBLE, HALF, BRAIN)), rng)
        self.graph.inputs[0] = self.graph.info("x", self.dims)
        self.pool = ["x"]
        if line:
            self.on_a_line()

    def on_a_line(self):
        """A single input t, and x = t u + v."""
        shape, g = self.graph.shape("x"), self.graph
        g.inputs, g.values = [], {}
        g.input("t", (1, 1))
        x = g.node("Gemm", ("t", self.weights(1, math.prod(shape)), self.weights(math.prod(shape))))
        self.pool = [g.node("Reshape", (x, g.integers(shape)))]

    def first(self):
        shape = self.rng.choice(((1, 3), (1, 4), (2, 3), (5,), (1, 1, 4, 4), (1, 2, 3, 3), (1, 2, 6), (1, 1, 5, 4)))
        self.dims = list(shape)
        if shape[0] == 1 and len(shape) > 1:
            self.dims[0] = self.rng.choice((1, "batch", None, 0, -1))
        return (shape,)

    def numbers(self, count, low=-16, high=16):
        whole = self.rng.random() < 0.8 or self.graph.kind in (HALF, BRAIN)
        return [self.rng.randint(low, high) / 8 if whole else
                struct.unpack("<f", struct.pack("<f", self.rng.gauss(0, 1)))[0] for _ in range(count)]

    def weights(self, *shape):
        return self.graph.constant(shape, self.numbers(math.prod(shape)))

    def factor(self):
        return float(struct.unpack("<f", struct.pack("<f", self.rng.choice((1, 2, -1, 0.5, 0.1))))[0])

    def some(self, **choices):
        """Some of the attributes."""
        return {k: v for k, v in choices.items() if self.rng.random() < 0.6}

    def like(self, shape):
        """A shape that is broadcast to this one."""
        shape = [size if self.rng.random() < 0.7 else 1 for size in shape]
        cut = self.rng.randrange(len(shape) + 1) if self.rng.random() < 0.3 else 0
        return shape[cut:]

    # Affine.

    def gemm(self, x):
        rows, columns = self.graph.shape(x)
        flip, out = self.rng.random() < 0.5, self.rng.randint(1, 5)
        left = self.rng.random() < 0.3
        if left:
            other = self.weights(rows, out) if flip else self.weights(out, rows)
            inputs, shape, extra = (other, x), (out, columns), {"transA": int(flip)}
        else:
            other = self.weights(out, columns) if flip else self.weights(columns, out)
            inputs, shape, extra = (x, other), (rows, out), {"transB": int(flip)}
        if self.opset >= 11 and self.rng.random() < 0.3 or self.rng.random() < 0.2 and self.opset >= 11:
            return self.graph.node("Gemm", inputs, **extra, **self.some(alpha=self.factor()))
        return self.graph.node("Gemm", (*inputs, self.weights(*self.like(shape))), **extra,
                               **self.some(alpha=self.factor(), beta=self.factor()))

    def matmul(self, x):
        shape, out = self.graph.shape(x), self.rng.randint(1, 4)
        if self.rng.random() < 0.3 and len(shape) > 1:
            return self.graph.node("MatMul", (self.weights(out, shape[-2]), x))
        stack = self.like(shape[:-2])
        if self.rng.random() < 0.2:
            return self.graph.node("MatMul", (x, self.weights(shape[-1])))
        return self.graph.node("MatMul", (x, self.weights(*stack, shape[-1], out)))

    def with_constant(self, x):
        op = self.rng.choice(("Add", "Sub", "Mul", "Div", "Add"))
        shape = self.like(self.graph.shape(x))
        values = [v or 1.0 for v in self.numbers(math.prod(shape))]
        pair = [x, self.graph.constant(shape, values)]
        return self.graph.node(op, pair[::-1] if op != "Div" and self.rng.random() < 0.5 else pair)

    def with_another(self, x):
        y = self.rng.choice(self.pool)
        return self.graph.node(self.rng.choice(("Add", "Sub", "Sum")), (x, y))

    def neg(self, x):
        return self.graph.node("Neg", (x,))

    def reshape(self, x):
        count = math.prod(self.graph.shape(x))
        way = self.rng.randrange(5)
        if way == 0:
            return self.graph.node("Flatten", (x,), **self.some(axis=self.rng.randint(0, len(self.graph.shape(x)))))
        if way == 1:  # as torch writes x.view(x.size(0), -1)
            first = self.graph.node("Gather", (self.graph.node("Shape", (x,)), self.graph.constant((), [0], INT64)))
            axes = {"axes": [0]} if self.opset < 13 else {}
            first = self.graph.node("Unsqueeze", (first,) if axes else (first, self.graph.integers([0])), **axes)
            return self.graph.node("Reshape", (x, self.graph.node("Concat", (first, self.graph.integers([-1])), axis=0)))
        if way == 2:
            size = self.rng.choice([d for d in range(1, count + 1) if count % d == 0])
            return self.graph.node("Reshape", (x, self.graph.integers(self.rng.choice(
                ([size, -1], [-1, size], [1, size, count // size], [0, -1], [count])))))
        axes = [self.rng.randint(0, len(self.graph.shape(x)))]
        if way == 4:
            axes = [d for d, size in enumerate(self.graph.shape(x)) if size == 1][:1]
        op = "Squeeze" if way == 4 else "Unsqueeze"
        if self.opset < 13:
            return self.graph.node(op, (x,), axes=axes)
        return self.graph.node(op, (x, self.graph.integers(axes)))

    def transpose(self, x):
        order = list(range(len(self.graph.shape(x))))
        self.rng.shuffle(order)
        return self.graph.node("Transpose", (x,), **(self.some(perm=order) if order else {}))

    def slices(self, x):
        shape = self.graph.shape(x)
        axes = self.rng.sample(range(len(shape)), self.rng.randint(1, len(shape)))
        starts = [self.rng.randint(-shape[d], shape[d] - 1) for d in axes]
        if self.opset < 10:
            return self.graph.node("Slice", (x,), starts=starts, ends=[2 ** 31 - 1] * len(axes), axes=axes)
        steps = [self.rng.choice((1, 1, 2, -1, -2)) for _ in axes]
        ends = [self.rng.choice((2 ** 63 - 1, shape[d])) if step > 0 else -2 ** 63 + 1
                for d, step in zip(axes, steps)]
        lists = [self.graph.integers(v) for v in (starts, ends, axes, steps)]
        return self.graph.node("Slice", (x, *lists))

    def concat(self, x):
        parts = [x, self.rng.choice(self.pool), self.weights(*self.graph.shape(x))]
        self.rng.shuffle(parts)
        return self.graph.node("Concat", parts[:self.rng.randint(2, 3)],
                               axis=self.rng.randrange(len(self.graph.shape(x))))

    def split(self, x):
        axis = self.rng.randrange(len(self.graph.shape(x)))
        size = self.graph.shape(x)[axis]
        first = self.rng.randint(1, max(size - 1, 1))
        if self.opset < 13:
            names = self.graph.node("Split", (x,), 2, axis=axis, split=[first, size - first])
        elif self.opset >= 18 and self.rng.random() < 0.5:
            names = self.graph.node("Split", (x,), 2, axis=axis, num_outputs=2)
        else:
            names = self.graph.node("Split", (x, self.graph.integers([first, size - first])), 2, axis=axis)
        self.pool.append(names[0])
        return self.rng.choice(names)

    def gather(self, x):
        axis = self.rng.randrange(len(self.graph.shape(x)))
        size = self.graph.shape(x)[axis]
        shape = self.rng.choice(((), (2,), (1, 2)))
        index = [self.rng.randint(0 if self.opset < 11 else -size, size - 1) for _ in range(math.prod(shape))]
        return self.graph.node("Gather", (x, self.graph.constant(shape, index, INT64)), axis=axis)

    def pad(self, x):
        pads = [self.rng.choice((0, 0, 1, 2, -1)) for _ in range(2 * len(self.graph.shape(x)))]
        if self.opset < 11:
            return self.graph.node("Pad", (x,), pads=pads, **self.some(value=0.5))
        value = (self.graph.constant((), self.numbers(1)),) if self.rng.random() < 0.5 else ()
        return self.graph.node("Pad", (x, self.graph.integers(pads), *value))

    def expand(self, x):
        if self.opset < 8:
            raise tensors.Refused("version")
        shape = [size if size > 1 else self.rng.randint(1, 2) for size in self.graph.shape(x)]
        return self.graph.node("Expand", (x, self.graph.integers(shape)))

    def same(self, x):
        return self.graph.node(self.rng.choice(("Identity", "Dropout")), (x,))

    def window(self, x, names):
        sizes = self.graph.shape(x)[2:]
        kernel = [self.rng.randint(1, min(3, size)) for size in sizes]
        options = self.some(strides=[self.rng.randint(1, 2) for _ in sizes])
        way = self.rng.random()
        if way < 0.4:
            options["pads"] = [self.rng.randint(0, 1) for _ in 2 * sizes]
        elif way < 0.6:
            options["auto_pad"] = self.rng.choice((b"SAME_UPPER", b"SAME_LOWER", b"VALID"))
        if "dilations" in names:
            options.update(self.some(dilations=[self.rng.randint(1, 2) for _ in sizes]))
        return kernel, options

    def conv(self, x):
        channels = self.graph.shape(x)[1]
        group = self.rng.choice([g for g in range(1, channels + 1) if channels % g == 0])
        kernel, options = self.window(x, ("dilations",))
        out = group * self.rng.randint(1, 2)
        inputs = [x, self.weights(out, channels // group, *kernel)]
        if self.rng.random() < 0.6:
            inputs.append(self.weights(out))
        return self.graph.node("Conv", inputs, **options, **({"group": group} if group > 1 else {}),
                               **self.some(kernel_shape=kernel))

    def average(self, x):
        kernel, options = self.window(x, ())
        if self.rng.random() < 0.2:
            return self.graph.node("GlobalAveragePool", (x,))
        return self.graph.node("AveragePool", (x,), kernel_shape=kernel, **options,
                               **self.some(count_include_pad=1))

    def reduced(self, x, names):
        name, rank = self.rng.choice(names), len(self.graph.shape(x))
        axes = sorted(self.rng.sample(range(-rank, 0), self.rng.randint(1, rank)))
        keep = self.some(keepdims=self.rng.randint(0, 1))
        if self.rng.random() < 0.2:
            return self.graph.node(name, (x,), **keep)
        if self.opset < (13 if name == "ReduceSum" else 18):
            return self.graph.node(name, (x,), axes=[a % rank for a in axes], **keep)
        return self.graph.node(name, (x, self.graph.integers(axes)), **keep)

    def reduce(self, x):
        return self.reduced(x, ("ReduceSum", "ReduceMean"))

    def norm(self, x):
        channels = self.graph.shape(x)[1]
        if self.graph.kind in (HALF, BRAIN):
            raise tensors.Refused("half")
        constants = [self.weights(channels) for _ in range(3)]
        constants.append(self.graph.constant((channels,), [abs(v) for v in self.numbers(channels)]))
        return self.graph.node("BatchNormalization", (x, *constants), **self.some(
            epsilon=self.rng.choice((1e-3, 1e-5, 0.25)), momentum=0.9))

    def moved(self, x):
        """One of the rarer ways to move elements."""
        shape, rng, g = self.graph.shape(x), self.rng, self.graph
        rank = len(shape)
        axis = rng.randrange(rank)
        way = rng.choice(("Tile", "GatherElements", "GatherND", "ScatterND", "Pad", "Resize", "DepthToSpace", "SpaceToDepth"))
        if way == "Tile":
            return g.node("Tile", (x, g.integers([rng.choice((1, 1, 2)) for _ in shape])))
        if way == "GatherElements" and self.opset >= 11:
            index = [size if d == axis else rng.randint(1, size) for d, size in enumerate(shape)]
            values = [rng.randrange(-shape[axis], shape[axis]) for _ in range(math.prod(index))]
            return g.node(way, (x, g.constant(index, values, INT64)), axis=axis)
        if way in ("GatherND", "ScatterND") and self.opset >= 11:
            depth = rng.randint(1, rank)
            rows = {tuple(rng.randrange(size) for size in shape[:depth]) for _ in range(2)}
            index = g.constant((len(rows), depth), [k for row in rows for k in row], INT64)
            if way == "GatherND":
                return g.node(way, (x, index))
            return g.node(way, (x, index, self.weights(len(rows), *shape[depth:])))
        if way == "Pad" and self.opset >= 11:
            pads = [rng.randint(0, size - 1) % 3 for size in 2 * shape]
            return g.node("Pad", (x, g.integers(pads)), mode=rng.choice((b"edge", b"reflect")))
        if way == "Resize" and self.opset >= 13:
            sizes = [max(1, size + rng.randint(-1, 2)) for size in shape]
            return g.node("Resize", (x, "", "", g.integers(sizes)), **self.some(
                coordinate_transformation_mode=rng.choice((b"asymmetric", b"align_corners")),
                nearest_mode=rng.choice((b"floor", b"ceil", b"round_prefer_ceil"))))
        if "Depth" not in way:
            raise tensors.Refused("version")
        return g.node(way, (x,), blocksize=rng.choice((1, 2)))

    def einsum(self, x):
        rows, columns = self.graph.shape(x)
        if self.opset < 12:
            raise tensors.Refused("version")
        out = self.rng.randint(1, 3)
        return self.graph.node("Einsum", (x, self.weights(out, columns)), equation=self.rng.choice(
            (b"ab,cb->ac", b"ab,cb->ca", b"ab,cb", b"ab,cb->c")))

    def transposed(self, x):
        channels, sizes = self.graph.shape(x)[1], self.graph.shape(x)[2:]
        group = self.rng.choice([g for g in range(1, channels + 1) if channels % g == 0])
        inputs = [x, self.weights(channels, self.rng.randint(1, 2), *(self.rng.randint(1, 2) for _ in sizes))]
        return self.graph.node("ConvTranspose", inputs, **({"group": group} if group > 1 else {}), **self.some(
            strides=[self.rng.randint(1, 2) for _ in sizes], pads=[self.rng.randint(0, 1) for _ in 2 * sizes]))

    # What switches.

    def masked(self, x):
        """c x where x is on one side of 0 or a constant, something that meets it there elsewhere."""
        rng, g = self.rng, self.graph
        if self.opset < 9:
            raise tensors.Refused("version")
        bound = g.constant((), [rng.choice((0, 0, 0.5, -1))])
        op = rng.choice(("Greater", "Less") + ("GreaterOrEqual", "LessOrEqual") * (self.opset >= 12))
        mask = g.node(op, (x, bound) if rng.random() < 0.5 else (bound, x))
        shifted = g.node("Sub", (x, bound))
        if rng.random() < 0.5 and g.kind in (FLOAT, DOUBLE):
            return g.node("Mul", (shifted, g.node("Cast", (mask,), to=g.kind)))
        mask = g.node("Not", (mask,)) if rng.random() < 0.3 else mask
        other = rng.choice((bound, g.node("Add", (g.node("Mul", (shifted, self.weights(1))), bound))))
        return g.node("Where", (mask, other, x) if rng.random() < 0.5 else (mask, x, other))

    def slopes(self, x):
        shape = self.like(self.graph.shape(x))
        return self.graph.node("PRelu", (x, self.weights(*shape)))

    def sorted(self, x):
        shape = self.graph.shape(x)
        axis = self.rng.randrange(len(shape))
        k = self.rng.randint(1, min(3, shape[axis]))
        if self.opset < 10:
            return self.graph.node("TopK", (x,), 2, k=k, axis=axis)[0]
        return self.graph.node("TopK", (x, self.graph.integers([k])), 2, axis=axis, **(
            self.some(largest=self.rng.randint(0, 1)) if self.opset >= 11 else {}))[0]

    def lengths(self, x):
        return self.reduced(x, ("ReduceL1",))

    def unit(self, x):
        op = self.rng.choice(("Relu", "Relu", "Relu", "Abs", "LeakyRelu", "HardSigmoid"))
        options = {"LeakyRelu": self.some(alpha=self.factor()),
                   "HardSigmoid": self.some(alpha=self.factor(), beta=self.factor())}.get(op, {})
        return self.graph.node(op, (x,), **options)

    def prelu(self, x):
        shape = self.like(self.graph.shape(x))
        return self.graph.node("PRelu", (x, self.graph.constant(shape, [self.rng.choice((-1, 0.25, 2))] *
                                                                math.prod(shape))))

    def clip(self, x):
        low, high = sorted(self.rng.sample(range(-8, 9), 2))
        if self.opset < 11:
            return self.graph.node("Clip", (x,), **self.some(min=low / 4, max=high / 4))
        bounds = [self.graph.constant((), [v / 4]) if self.rng.random() < 0.7 else "" for v in (low, high)]
        return self.graph.node("Clip", (x, *bounds))

    def extreme(self, x):
        shape = self.graph.shape(x)
        if self.opset < 8:  # without broadcasting
            others = [self.weights(*shape), self.weights(*shape)]
        else:
            others = [self.rng.choice(self.pool), self.weights(*self.like(shape)), self.weights(*self.like(shape))]
        parts = [x, *self.rng.sample(others, self.rng.randint(1, 2))]
        self.rng.shuffle(parts)
        return self.graph.node(self.rng.choice(("Max", "Max", "Min")), parts)

    def max_pool(self, x):
        if self.rng.random() < 0.2:
            return self.graph.node("GlobalMaxPool", (x,))
        kernel, options = self.window(x, ("dilations",) if self.opset >= 10 else ())
        if self.opset >= 10:
            options.update(self.some(ceil_mode=self.rng.randint(0, 1)))
        return self.graph.node("MaxPool", (x,), kernel_shape=kernel, **options)

    def largest(self, x):
        return self.reduced(x, ("ReduceMax", "ReduceMax", "ReduceMin"))

    AFFINE = (gemm, gemm, gemm, matmul, matmul, with_constant, with_another, with_another, neg, reshape, transpose,
              slices, concat, split, gather, pad, expand, same, conv, conv, conv, average, reduce, norm,
              moved, moved, moved, einsum, transposed)
    SWITCH = (unit, unit, unit, prelu, clip, extreme, extreme, max_pool, max_pool, largest, masked,
              masked, slopes, sorted, lengths)


def random_graph(rng, steps=8, most=30, line=False):
    """A graph of about so many nodes; it uses several tensors again. On a line it has one input."""
    maker = Maker(rng, line)
    x = maker.pool[0]
    for _ in range(steps):
        for _ in range(20):
            step = rng.choice(Maker.SWITCH if rng.random() < 0.35 else Maker.AFFINE)
            state = len(maker.graph.nodes)
            try:
                new = step(maker, x)
                if math.prod(maker.graph.shape(new)) <= most:
                    x = new
                    break
            except (tensors.Refused, ValueError, IndexError):
                pass
            del maker.graph.nodes[state:]
        maker.pool.append(x)
        if rng.random() < 0.2:
            x = rng.choice(maker.pool)
    maker.graph.output(x)
    if rng.random() < 0.2:
        maker.graph.output(rng.choice(maker.pool))
    return maker.graph
