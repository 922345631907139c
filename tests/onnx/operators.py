"""The operators of ONNX in exact numbers, one function each, from their description."""
import itertools
import math
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from tensors import (DOUBLE, FLOAT, INT64, LIMIT, OPERATORS, REAL, STATES, Node, Tensor, axis_of,  # noqa: E402
                     broadcast, build, exact, first_largest, need, operator, positive, read_tensor, spread,
                     state, together)
from reading import nearest  # noqa: E402  (tensors.py has added its folder)


@operator("Identity", "Dropout")
def identity(node, x, *_):
    return x


@operator("Constant")
def constant(node):
    a = list(node.attributes.values())[0]
    name = a["name"]
    if name == "value":
        return read_tensor(a["t"])
    if name in ("value_int", "value_ints"):
        return Tensor((), [a.get("i", 0)], INT64) if name == "value_int" else \
            Tensor((len(a["ints"]),), a["ints"], INT64)
    floats = [a.get("f", 0.0)] if name == "value_float" else a["floats"]
    return Tensor(() if name == "value_float" else (len(floats),), map(exact, floats), FLOAT)


@operator("ConstantOfShape")
def constant_of_shape(node, shape):
    a = node.attributes.get("value")
    value = read_tensor(a["t"]) if a else Tensor((1,), [Fraction(0)], FLOAT)
    return build(shape.data, value.kind, lambda i: value.data[0])


@operator("Shape")
def shape_of(node, x):
    part = x.shape[slice(node.get("start", 0), node.get("end", len(x.shape)))]
    return Tensor((len(part),), part, INT64)


@operator("Reshape")
def reshape(node, x, shape):
    sizes = list(shape.data)
    if not node.get("allowzero", 0):
        need(all(size or d < len(x.shape) for d, size in enumerate(sizes)), "reshape")
        sizes = [size or x.shape[d] for d, size in enumerate(sizes)]
    if -1 in sizes:
        rest = math.prod(size for size in sizes if size != -1)
        need(rest > 0 and len(x.data) % rest == 0, "reshape")
        sizes[sizes.index(-1)] = len(x.data) // rest
    return Tensor(sizes, x.data, x.kind)


@operator("Flatten")
def flatten(node, x):
    axis = node.get("axis", 1)
    need(abs(axis) <= len(x.shape), "axis")
    axis += len(x.shape) if axis < 0 else 0
    return Tensor((math.prod(x.shape[:axis]), math.prod(x.shape[axis:])), x.data, x.kind)


@operator("Squeeze")
def squeeze(node, x, *more):
    axes = node.listed("axes", 13, (x, *more), 1)
    gone = [axis_of(a, len(x.shape)) for a in axes] if axes is not None else \
        [d for d, size in enumerate(x.shape) if size == 1]
    need(all(x.shape[d] == 1 for d in gone), "squeeze")
    return Tensor([s for d, s in enumerate(x.shape) if d not in gone], x.data, x.kind)


@operator("Unsqueeze")
def unsqueeze(node, x, *more):
    axes = node.listed("axes", 13, (x, *more), 1)
    rank = len(x.shape) + len(axes)
    places, sizes = {axis_of(a, rank) for a in axes}, iter(x.shape)
    return Tensor([1 if d in places else next(sizes) for d in range(rank)], x.data, x.kind)


@operator("Transpose")
def transpose(node, x):
    order = node.get("perm") or list(reversed(range(len(x.shape))))
    need(sorted(order) == list(range(len(x.shape))), "perm")
    back = [order.index(d) for d in range(len(order))]
    return build([x.shape[d] for d in order], x.kind, lambda i: x[[i[back[d]] for d in range(len(i))]])


@operator("Expand")
def expand(node, x, shape):
    return spread(x, broadcast(x.shape, tuple(shape.data)))


@operator("Slice")
def slice_of(node, x, *more):
    rows = (x, *more)
    starts, ends, axes = (node.listed(name, 10, rows, k + 1)
                          for k, name in enumerate(("starts", "ends", "axes")))
    jumps = rows[4].data if len(rows) > 4 and rows[4] else [1] * len(starts)
    axes = [axis_of(a, len(x.shape)) for a in axes] if axes is not None else range(len(starts))
    chosen = [list(range(size)) for size in x.shape]
    for start, end, axis, jump in zip(starts, ends, axes, jumps):
        need(jump != 0, "step")
        chosen[axis] = chosen[axis][slice(start, None if jump < 0 and end < -len(chosen[axis]) else end,
                                          jump)]
    return build([len(c) for c in chosen], x.kind, lambda i: x[[c[k] for c, k in zip(chosen, i)]])


@operator("Concat")
def concat(node, *parts):
    axis, shape = axis_of(node.get("axis", 1), len(parts[0].shape)), list(parts[0].shape)
    for part in parts:
        need(len(part.shape) == len(shape) and
             all(d == axis or a == b for d, (a, b) in enumerate(zip(part.shape, shape))), "concat")
    owner = [(part, k) for part in parts for k in range(part.shape[axis])]
    shape[axis] = len(owner)

    def pick(i):
        part, k = owner[i[axis]]
        return part[(*i[:axis], k, *i[axis + 1:])]
    return build(shape, parts[0].kind, pick)


@operator("Split")
def split(node, x, *more):
    axis, n = axis_of(node.get("axis", 0), len(x.shape)), node.outputs
    sizes = node.listed("split", 13, (x, *more), 1)
    if sizes is None:
        each = -(-x.shape[axis] // n)
        need(node.opset >= 18 or each * n == x.shape[axis], "split")
        sizes = [each] * (n - 1) + [x.shape[axis] - each * (n - 1)]
    need(len(sizes) == n and sum(sizes) == x.shape[axis] and min(sizes) >= 0, "split")
    begins = [sum(sizes[:k]) for k in range(n)]
    return [build((*x.shape[:axis], size, *x.shape[axis + 1:]), x.kind, lambda i, b=begin: x[
        (*i[:axis], i[axis] + b, *i[axis + 1:])]) for begin, size in zip(begins, sizes)]


@operator("Gather")
def gather(node, x, index):
    axis, size = axis_of(node.get("axis", 0), len(x.shape)), len(index.shape)
    need(index.kind not in REAL, "indices")
    k = x.shape[axis]
    need(all(-k <= v < k for v in index.data), "index")
    return build((*x.shape[:axis], *index.shape, *x.shape[axis + 1:]), x.kind, lambda i: x[
        (*i[:axis], index[i[axis:axis + size]] % k, *i[axis + size:])])


# ---- Arithmetic ----

def aligned(node, a, b):
    """Before version 7: b's dimensions are those of a from an axis on."""
    if node.opset >= 7:
        return b
    need(node.get("broadcast", 0) or a.shape == b.shape, "broadcast")
    axis = node.get("axis", len(a.shape) - len(b.shape))
    need(0 <= axis <= len(a.shape) - len(b.shape), "axis")
    return Tensor(b.shape + (1,) * (len(a.shape) - axis - len(b.shape)), b.data, b.kind)


@operator("Sum")
def add_all(node, *parts):
    return together(lambda *v: sum(v[1:], v[0]), *parts)


@operator("Add")
def add(node, *parts):
    parts = (parts[0], aligned(node, *parts))
    return together(lambda *v: sum(v[1:], v[0]), *parts)


@operator("Sub")
def sub(node, a, b):
    b = aligned(node, a, b)
    return together(lambda x, y: x - y, a, b)


@operator("Mul")
def mul(node, a, b):
    b = aligned(node, a, b)
    return together(lambda x, y: x * y, a, b)


@operator("Div")
def div(node, a, b):
    b = aligned(node, a, b)
    need(all(b.data), "zero")
    return together(lambda x, y: x / y if a.kind in REAL else x // y, a, b)


@operator("Neg")
def neg(node, x):
    return Tensor(x.shape, [-v for v in x.data], x.kind)


@operator("Gemm")
def gemm(node, a, b, c=None):
    alpha, beta = node.get("alpha", Fraction(1)), node.get("beta", Fraction(1))
    need(len(a.shape) == len(b.shape) == 2, "rank")
    a = transpose(Node({"attribute": [], "output": []}, 1), a) if node.get("transA", 0) else a
    b = transpose(Node({"attribute": [], "output": []}, 1), b) if node.get("transB", 0) else b
    need(a.shape[1] == b.shape[0], "inner")
    shape = (a.shape[0], b.shape[1])
    need(c is None or broadcast(shape, c.shape) == shape, "C")
    rest = spread(c, shape) if c else Tensor(shape, [Fraction(0)] * math.prod(shape), a.kind)
    return build(shape, a.kind, lambda i: beta * rest[i] + alpha * sum(
        a[(i[0], k)] * b[(k, i[1])] for k in range(a.shape[1])))


@operator("MatMul")
def matmul(node, a, b):
    need(a.shape and b.shape, "rank")
    left = a if len(a.shape) > 1 else Tensor((1, *a.shape), a.data, a.kind)
    right = b if len(b.shape) > 1 else Tensor((*b.shape, 1), b.data, b.kind)
    need(left.shape[-1] == right.shape[-2], "inner")
    stack = broadcast(left.shape[:-2] or (1,), right.shape[:-2] or (1,))
    left, right = (spread(t, (*stack, *t.shape[-2:])) for t in (left, right))
    out = build((*stack, left.shape[-2], right.shape[-1]), a.kind, lambda i: sum(
        (left[(*i[:-1], k)] * right[(*i[:-2], k, i[-1])] for k in range(left.shape[-1])), Fraction(0)))
    rank = max(len(a.shape), len(b.shape)) - 2
    shape = out.shape[len(stack) - max(rank, 0):-2]
    shape += (out.shape[-2],) * (len(a.shape) > 1) + (out.shape[-1],) * (len(b.shape) > 1)
    return Tensor(shape, out.data, a.kind)


def root(value, kind):
    """sqrt, rounded to nearest: from its integer part with 200 bits and a sticky one."""
    scale = 1 << 400
    whole = math.isqrt(value.numerator * scale // value.denominator)
    sticky = Fraction(whole) ** 2 != value * scale
    return nearest(Fraction(2 * whole + sticky, 2 << 200), kind)


@operator("BatchNormalization")
def batch_normalization(node, x, scale, bias, mean, variance):
    kind = {FLOAT: "float32", DOUBLE: "float64"}[x.kind]
    epsilon = node.get("epsilon", nearest(Fraction(1, 10 ** 5), "float32"))
    need(not node.get("training_mode", 0), "training")

    def normal(i):
        c = i[1] if len(i) > 1 else 0
        deviation = nearest(variance.data[c] + epsilon, kind)
        need(deviation > 0, "variance")
        inverse = nearest(1 / root(deviation, kind), kind)
        return (x[i] - mean.data[c]) * inverse * scale.data[c] + bias.data[c]
    return build(x.shape, x.kind, normal)


# ---- Windows ----

def geometry(node, sizes, kernel):
    rank = len(sizes)
    strides, dilations = node.get("strides") or [1] * rank, node.get("dilations") or [1] * rank
    pads, auto = node.get("pads") or [0] * (2 * rank), node.get("auto_pad", b"NOTSET")
    need(len(strides) == len(dilations) == len(kernel) == rank and len(pads) == 2 * rank, "window")
    need(min(strides + dilations) > 0 and min(pads) >= 0 and min(kernel) > 0, "window")
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    begin, end = pads[:rank], pads[rank:]
    if auto in (b"SAME_UPPER", b"SAME_LOWER"):
        for d, size in enumerate(sizes):
            total = max((-(-size // strides[d]) - 1) * strides[d] + spans[d] - size, 0)
            small, large = total // 2, total - total // 2
            begin[d], end[d] = (small, large) if auto == b"SAME_UPPER" else (large, small)
    out = []
    for d, size in enumerate(sizes):
        room = size + begin[d] + end[d] - spans[d]
        need(room >= 0, "window")
        places = room // strides[d] + 1
        more = node.type != "Conv" and node.get("ceil_mode", 0) and room % strides[d]
        out.append(places + bool(more and places * strides[d] < size + begin[d]))

    def under(place):
        """(index in the kernel, index in the input) of what is not in the pads."""
        for k in itertools.product(*map(range, kernel)):
            at = [p * s - b + j * g for p, s, b, j, g in zip(place, strides, begin, k, dilations)]
            if all(0 <= a < size for a, size in zip(at, sizes)):
                yield k, tuple(at)
    need(math.prod(out) <= LIMIT and math.prod(kernel) <= LIMIT, "window")
    return out, under


@operator("Conv")
def conv(node, x, weight, bias=None):
    group, kernel = node.get("group", 1), weight.shape[2:]
    need(len(x.shape) == len(weight.shape) > 2 and group > 0, "conv")
    need(list(node.get("kernel_shape") or kernel) == list(kernel), "kernel_shape")
    need(x.shape[1] == weight.shape[1] * group and weight.shape[0] % group == 0, "channels")
    need(bias is None or bias.shape == weight.shape[:1], "bias")
    out, under = geometry(node, x.shape[2:], kernel)
    taps = {p: list(under(p)) for p in itertools.product(*map(range, out))}
    share = weight.shape[0] // group

    def value(i):
        n, o, p = i[0], i[1], i[2:]
        first = o // share * weight.shape[1]
        total = sum((x[(n, first + c, *at)] * weight[(o, c, *k)]
                     for c in range(weight.shape[1]) for k, at in taps[p]), Fraction(0))
        return total + (bias.data[o] if bias else 0)
    return build((x.shape[0], weight.shape[0], *out), x.kind, value)


@operator("MaxPool", "AveragePool")
def pool(node, x):
    kernel = node.get("kernel_shape")
    need(kernel and len(x.shape) > 2, "kernel_shape")
    out, under = geometry(node, x.shape[2:], kernel)

    def value(i):
        values = [x[(*i[:2], *at)] for _, at in under(i[2:])]
        need(values, "window")
        if node.type == "MaxPool":
            return first_largest(values)
        return sum(values) / (math.prod(kernel) if node.get("count_include_pad", 0) else len(values))
    return build((*x.shape[:2], *out), x.kind, value)


@operator("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "GlobalAveragePool", "GlobalMaxPool")
def reduce(node, x, *more):
    rank = len(x.shape)
    if node.type.startswith("Global"):
        need(rank > 2, "rank")
        axes, keep = range(2, rank), True
    else:
        since = 13 if node.type == "ReduceSum" else 18
        axes, keep = node.listed("axes", since, (x, *more), 1), node.get("keepdims", 1)
        axes = [axis_of(a, rank) for a in axes or []]
        if not axes and not (node.opset >= since and node.get("noop_with_empty_axes", 0)):
            axes = range(rank)
    groups = {}
    for i in x.indices():
        groups.setdefault(tuple(0 if d in axes else k for d, k in enumerate(i)), []).append(x[i])
    fold = {"ReduceSum": sum, "ReduceMax": first_largest, "GlobalMaxPool": first_largest,
            "ReduceMin": lambda v: first_largest(v, -1)}.get(node.type, lambda v: sum(v) / len(v))
    full = build([1 if d in axes else size for d, size in enumerate(x.shape)], x.kind,
                 lambda i: fold(groups[i]))
    return full if keep else Tensor([s for d, s in enumerate(x.shape) if d not in axes], full.data,
                                    x.kind)


# ---- What switches ----

def each(function):
    return lambda node, x, *more: Tensor(x.shape, [function(node, v, *more) for v in x.data], x.kind)


def between(value, low, high):
    """State 0 up to low, 1 up to high, 2 above it."""
    state(0 if value <= low else 1 if value <= high else 2)
    return (low, value, high)[STATES[-1]]


OPERATORS["Relu"] = each(lambda node, v: v if positive(v) else Fraction(0))
OPERATORS["Abs"] = each(lambda node, v: v if positive(v) else -v)
OPERATORS["LeakyRelu"] = each(lambda node, v: v if positive(v) else v * node.get(
    "alpha", nearest(Fraction(1, 100), "float32")))
OPERATORS["HardSigmoid"] = each(lambda node, v: between(
    v * node.get("alpha", nearest(Fraction(1, 5), "float32")) + node.get("beta", Fraction(1, 2)), 0, 1))


@operator("PRelu")
def prelu(node, x, slope):
    need(broadcast(x.shape, slope.shape) == x.shape, "slope")
    return together(lambda v, s: v if positive(v) else v * s, x, slope)


@operator("Clip")
def clip(node, x, low=None, high=None):
    if node.opset < 11:
        bounds = [node.get("min", Fraction(0)) if "min" in node.attributes else None,
                  node.get("max", Fraction(0)) if "max" in node.attributes else None]
    else:
        bounds = [t.data[0] if t else None for t in (low, high)]
    low = bounds[0] if bounds[0] is not None else -math.inf
    high = bounds[1] if bounds[1] is not None else math.inf
    need(low < math.inf and high > -math.inf, "bounds")
    if low >= high:  # the larger of the value and the lower bound is at least the upper one
        return Tensor(x.shape, [high] * len(x.data), x.kind)
    return Tensor(x.shape, [between(v, low, high) for v in x.data], x.kind)


@operator("Max")
def largest(node, *parts):
    return together(lambda *v: first_largest(v), *parts)


@operator("Min")
def smallest(node, *parts):
    return together(lambda *v: first_largest(v, -1), *parts)
