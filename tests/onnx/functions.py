"""More operators of ONNX in exact numbers: comparisons and choices, functions of constants, sums."""
import decimal
import itertools
import math
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from tensors import (BOOL, DOUBLE, FLOAT, OPERATORS, REAL, Tensor, axis_of, build, exact, need, operator,  # noqa: E402
                     positive, state, together)
from reading import nearest  # noqa: E402  (tensors.py has added its folder)
from operators import root  # noqa: E402


# ---- Conditions ----

def compare(relation):
    """The state of the comparison of two numbers that are not constants is its result."""
    def value(a, b):
        result = relation(a, b)
        state(bool(result))
        return int(result)

    def run(node, a, b):
        out = together(value, a, b)
        return Tensor(out.shape, out.data, BOOL)
    return run


OPERATORS["Equal"] = compare(lambda a, b: a == b)
OPERATORS["Greater"] = compare(lambda a, b: a > b)
OPERATORS["GreaterOrEqual"] = compare(lambda a, b: not b > a)
OPERATORS["Less"] = compare(lambda a, b: b > a)
OPERATORS["LessOrEqual"] = compare(lambda a, b: not a > b)


@operator("Not")
def negation(node, x):
    need(x.kind == BOOL, "kind")
    return Tensor(x.shape, [1 - v for v in x.data], BOOL)


@operator("Where")
def where(node, condition, x, y):
    need(condition.kind == BOOL and x.kind == y.kind, "kinds")
    out = together(lambda c, a, b: a if c else b, condition, x, y)
    return Tensor(out.shape, out.data, x.kind)


# ---- Functions of constants: rounded results of rounded numbers ----

def named(x):
    need(x.kind in (FLOAT, DOUBLE) and not x.varies, "constants of 32 or 64 bits")
    return "float32" if x.kind == FLOAT else "float64"


def real_exp(value):
    with decimal.localcontext() as context:
        context.prec = 60
        return Fraction((decimal.Decimal(value.numerator) / value.denominator).exp())


def real_log(value):
    with decimal.localcontext() as context:
        context.prec = 60
        return Fraction((decimal.Decimal(value.numerator) / value.denominator).ln())


def constant_function(function):
    def run(node, x):
        kind = named(x)
        return Tensor(x.shape, [function(nearest(v, kind), kind) for v in x.data], x.kind)
    return run


OPERATORS["Sqrt"] = constant_function(root)
OPERATORS["Exp"] = constant_function(lambda v, kind: nearest(real_exp(v), kind))
OPERATORS["Log"] = constant_function(lambda v, kind: nearest(real_log(v), kind))
OPERATORS["Reciprocal"] = constant_function(lambda v, kind: nearest(1 / v, kind))
OPERATORS["Floor"] = constant_function(lambda v, kind: Fraction(math.floor(v)))
OPERATORS["Ceil"] = constant_function(lambda v, kind: Fraction(math.ceil(v)))
OPERATORS["Round"] = constant_function(lambda v, kind: Fraction(round(v)))
OPERATORS["Sign"] = constant_function(lambda v, kind: Fraction((v > 0) - (v < 0)))


@operator("Pow")
def power(node, x, y):
    kind = named(x)
    need(len(y.data) == 1 and y.data[0].denominator == 1, "exponent")
    return Tensor(x.shape, [nearest(nearest(v, kind) ** int(y.data[0]), kind) for v in x.data], x.kind)


@operator("DequantizeLinear")
def dequantize(node, x, scale, zero=None):
    need(x.kind not in REAL and len(scale.shape) < 2, "quantised")
    axis = axis_of(node.get("axis", 1), len(x.shape)) if len(scale.data) > 1 else 0

    def value(i):
        k = i[axis] if len(scale.data) > 1 else 0
        return (x[i] - (zero.data[k] if zero else 0)) * scale.data[k]
    return build(x.shape, scale.kind, value)


# ---- Sums of products ----

@operator("Einsum")
def einsum(node, *parts):
    text = node.attributes["equation"]["s"].decode().replace(" ", "")
    left, arrow, right = text.partition("->")
    labels = left.split(",")
    need(len(labels) == len(parts), "equation")
    if not arrow:
        right = "".join(sorted(c for c in set(left) if left.count(c) == 1 and c != ","))
    sizes = {}
    for label, part in zip(labels, parts):
        need(len(label) == len(part.shape), "equation")
        for c, size in zip(label, part.shape):
            need(sizes.setdefault(c, size) == size, "equation")
    summed = [c for c in sizes if c not in right]

    def value(i):
        total = Fraction(0)
        for rest in itertools.product(*(range(sizes[c]) for c in summed)):
            at = dict(zip(right, i)) | dict(zip(summed, rest))
            product = Fraction(1)
            for label, part in zip(labels, parts):
                product = part[[at[c] for c in label]] * product
            total = total + product
        return total
    return build([sizes[c] for c in right], parts[0].kind, value)


@operator("ConvTranspose")
def conv_transpose(node, x, weight, bias=None):
    rank, group = len(x.shape) - 2, node.get("group", 1)
    kernel = weight.shape[2:]
    strides, dilations = node.get("strides") or [1] * rank, node.get("dilations") or [1] * rank
    pads, more = node.get("pads") or [0] * 2 * rank, node.get("output_padding") or [0] * rank
    need("output_shape" not in node.attributes and weight.shape[0] == x.shape[1], "transposed")
    out = [s * (n - 1) + p + (k - 1) * g + 1 - a - b for s, n, p, k, g, a, b in zip(
        strides, x.shape[2:], more, kernel, dilations, pads[:rank], pads[rank:])]
    need(min(out) > 0, "size")
    channels, share, own = weight.shape[1] * group, x.shape[1] // group, weight.shape[1]
    values = {}
    for n, c, *at in x.indices():  # scattered, as the description of the operator has it
        for o in range(own):
            for k in itertools.product(*map(range, kernel)):
                place = tuple(q * s + j * g - b for q, s, j, g, b in zip(at, strides, k, dilations, pads))
                if all(0 <= p < size for p, size in zip(place, out)):
                    target = (n, c // share * own + o, *place)
                    values[target] = values.get(target, 0) + x[(n, c, *at)] * weight[(c, o, *k)]
    return build((x.shape[0], channels, *out), x.kind, lambda i: values.get(i, Fraction(0)) + (
        bias.data[i[1]] if bias else Fraction(0)))


# ---- What switches ----

@operator("ThresholdedRelu")
def thresholded(node, x):
    need(node.get("alpha", Fraction(1)) == 0, "a jump")
    return Tensor(x.shape, [v if positive(v) else Fraction(0) for v in x.data], x.kind)


@operator("ReduceL1")
def reduce_l1(node, x, *more):
    size = Tensor(x.shape, [v if positive(v) else -v for v in x.data], x.kind)
    return reduce_sum(node, size, *more)


def reduce_sum(node, x, *more):
    axes = node.listed("axes", 18, (x, *more), 1)
    axes = [axis_of(a, len(x.shape)) for a in axes or []]
    if not axes and not (node.opset >= 18 and node.get("noop_with_empty_axes", 0)):
        axes = range(len(x.shape))
    groups = {}
    for i in x.indices():
        groups.setdefault(tuple(0 if d in axes else k for d, k in enumerate(i)), []).append(x[i])
    full = build([1 if d in axes else size for d, size in enumerate(x.shape)], x.kind, lambda i: sum(groups[i]))
    return full if node.get("keepdims", 1) else \
        Tensor([s for d, s in enumerate(x.shape) if d not in axes], full.data, x.kind)


@operator("TopK")
def top_k(node, x, *more):
    k = more[0].data[0] if more else node.get("k", 0)
    axis, sign = axis_of(node.get("axis", -1), len(x.shape)), 1 if node.get("largest", 1) else -1
    need(0 < k <= x.shape[axis], "k")
    values = {}
    for i in itertools.product(*(range(1 if d == axis else s) for d, s in enumerate(x.shape))):
        left = [(x[(*i[:axis], j, *i[axis + 1:])], j) for j in range(x.shape[axis])]
        for rank in range(k):
            best = 0
            for c in range(1, len(left)):
                if sign * left[c][0] > sign * left[best][0]:
                    best = c
            value, j = left.pop(best)
            state(j)
            values[(*i[:axis], rank, *i[axis + 1:])] = value
    return build([k if d == axis else s for d, s in enumerate(x.shape)], x.kind, lambda i: values[i])


@operator("Cast")
def cast(node, x):
    """In real arithmetic nothing is rounded but constants."""
    to = node.get("to", 0)
    need(to in REAL or x.kind not in REAL, "to integers")
    if to in REAL and x.kind in REAL and not x.varies and to in (FLOAT, DOUBLE):
        data = [nearest(v, "float32" if to == FLOAT else "float64") for v in x.data]
    else:
        data = [exact(Fraction(v)) if to in REAL and x.kind not in REAL else v for v in x.data]
    return Tensor(x.shape, [int(v != 0) for v in data] if to == BOOL else data, to)
