"""More operators of ONNX in exact numbers: those that put elements in other places."""
import itertools
import math
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
from tensors import REAL, axis_of, build, need, operator  # noqa: E402


@operator("Tile")
def tile(node, x, repeats):
    need(len(repeats.data) == len(x.shape) and min(repeats.data, default=1) > 0, "repeats")
    return build([s * r for s, r in zip(x.shape, repeats.data)], x.kind,
                 lambda i: x[[k % s for k, s in zip(i, x.shape)]])


@operator("DepthToSpace")
def depth_to_space(node, x):
    b, mode = node.get("blocksize", 0), node.get("mode", b"DCR")
    need(len(x.shape) == 4 and b > 0 and x.shape[1] % (b * b) == 0 and mode in (b"DCR", b"CRD"), "blocks")
    n, c, h, w = x.shape
    out = c // (b * b)

    def pick(i):
        block = (i[2] % b) * b + i[3] % b
        channel = block * out + i[1] if mode == b"DCR" else i[1] * b * b + block
        return x[(i[0], channel, i[2] // b, i[3] // b)]
    return build((n, out, h * b, w * b), x.kind, pick)


@operator("SpaceToDepth")
def space_to_depth(node, x):
    b = node.get("blocksize", 0)
    need(len(x.shape) == 4 and b > 0 and x.shape[2] % b == 0 and x.shape[3] % b == 0, "blocks")
    n, c, h, w = x.shape

    def pick(i):
        block, channel = divmod(i[1], c)
        return x[(i[0], channel, i[2] * b + block // b, i[3] * b + block % b)]
    return build((n, c * b * b, h // b, w // b), x.kind, pick)


def within(index, size):
    need(-size <= index < size, "index")
    return index % size


@operator("GatherElements")
def gather_elements(node, x, index):
    axis = axis_of(node.get("axis", 0), len(x.shape))
    need(len(index.shape) == len(x.shape) and index.kind not in REAL, "indices")
    need(all(d == axis or a <= b for d, (a, b) in enumerate(zip(index.shape, x.shape))), "indices")
    return build(index.shape, x.kind,
                 lambda i: x[(*i[:axis], within(index[i], x.shape[axis]), *i[axis + 1:])])


@operator("GatherND")
def gather_nd(node, x, index):
    first, depth = node.get("batch_dims", 0), index.shape[-1]
    need(0 <= first < len(index.shape) and index.shape[:first] == x.shape[:first] and
         1 <= depth <= len(x.shape) - first and index.kind not in REAL, "indices")
    rows = len(index.shape) - 1

    def pick(i):
        own = [within(index[(*i[:rows], q)], x.shape[first + q]) for q in range(depth)]
        return x[(*i[:first], *own, *i[rows:])]
    return build((*index.shape[:-1], *x.shape[first + depth:]), x.kind, pick)


@operator("ScatterND")
def scatter_nd(node, x, index, updates):
    need(node.get("reduction", b"none") == b"none" and index.kind not in REAL, "reduction")
    depth, rows = index.shape[-1], index.shape[:-1]
    need(updates.shape == (*rows, *x.shape[depth:]), "updates")
    out = {i: x[i] for i in x.indices()}
    seen = set()
    for row in itertools.product(*map(range, rows)):
        place = tuple(within(index[(*row, q)], x.shape[q]) for q in range(depth))
        need(place not in seen, "twice")
        seen.add(place)
        for rest in itertools.product(*map(range, x.shape[depth:])):
            out[(*place, *rest)] = updates[(*row, *rest)]
    return build(x.shape, x.kind, lambda i: out[i])


def nearest_index(where, how, o, size, out, scale):
    if where == b"align_corners":
        x = Fraction(o * (size - 1), out - 1) if out > 1 else Fraction(0)
    elif where == b"asymmetric":
        x = o / scale
    elif where == b"pytorch_half_pixel" and out == 1:
        x = Fraction(0)
    else:
        x = (o + Fraction(1, 2)) / scale - Fraction(1, 2)
    index = {b"floor": math.floor, b"ceil": math.ceil, b"round_prefer_floor": lambda v: math.ceil(v - Fraction(1, 2)),
             b"round_prefer_ceil": lambda v: math.floor(v + Fraction(1, 2))}[how](x)
    return min(max(index, 0), size - 1)


@operator("Resize", "Upsample")
def resize(node, x, *more):
    need(node.get("mode", b"nearest") == b"nearest" and min(x.shape, default=1) > 0, "mode")
    newer = node.type == "Resize" and node.opset >= 11
    where = node.get("coordinate_transformation_mode", b"half_pixel") if newer else b"asymmetric"
    how = node.get("nearest_mode", b"round_prefer_floor") if newer else b"floor"
    axes = node.get("axes") if newer else None
    axes = [axis_of(a, len(x.shape)) for a in axes] if axes is not None else range(len(x.shape))
    sizes = more[2].data if newer and len(more) > 2 and more[2] else None
    if not more:
        scales = [Fraction(v) for v in node.attributes["scales"]["floats"]]
    else:
        scales = (more[1] if newer else more[0]).data if not sizes else \
            [Fraction(s, x.shape[a]) for s, a in zip(sizes, axes)]
    need(len(scales) == len(axes) and all(s > 0 for s in scales), "scales")
    factor, out = [Fraction(1)] * len(x.shape), list(x.shape)
    for a, s in zip(axes, scales):
        factor[a], out[a] = s, math.floor(x.shape[a] * s)
    need(min(out, default=1) > 0, "scales")
    table = [[nearest_index(where, how, o, x.shape[d], out[d], factor[d]) for o in range(out[d])]
             for d in range(len(out))]
    return build(out, x.kind, lambda i: x[[table[d][k] for d, k in enumerate(i)]])


def repeated(mode, k, size):
    """Which element stands at place k before the first or behind the last."""
    if mode == b"edge":
        return min(max(k, 0), size - 1)
    if mode == b"wrap":
        return k % size
    need(abs(k) < size or 0 <= 2 * (size - 1) - k < size, "reflect")
    return -k if k < 0 else 2 * (size - 1) - k if k >= size else k


@operator("Pad")
def pad(node, x, *more):
    rows, mode = (x, *more), node.get("mode", b"constant")
    pads = node.listed("pads", 11, rows, 1)
    fill = node.get("value", Fraction(0)) if node.opset < 11 else \
        rows[2].data[0] if len(rows) > 2 and rows[2] else Fraction(0)
    axes = node.listed("axes", 18, rows, 3) if node.opset >= 18 else None
    axes = [axis_of(a, len(x.shape)) for a in axes] if axes is not None else range(len(x.shape))
    begin, end = [0] * len(x.shape), [0] * len(x.shape)
    need(len(pads) == 2 * len(axes), "pads")
    for k, d in enumerate(axes):
        begin[d], end[d] = pads[k], pads[len(axes) + k]

    def pick(i):
        i = [k - b for k, b in zip(i, begin)]
        if all(0 <= k < size for k, size in zip(i, x.shape)):
            return x[i]
        return fill if mode == b"constant" else x[[repeated(mode, k, s) for k, s in zip(i, x.shape)]]
    sizes = [s + b + e for s, b, e in zip(x.shape, begin, end)]
    need(min(sizes, default=0) >= 0, "pads")
    return build(sizes, x.kind, pick)


@operator("ArrayFeatureExtractor", "ZipMap", "Normalizer", "LabelEncoder")
def follows(node, *_):
    need(False, "only behind the end")


@operator("Scaler")
def scaler(node, x):
    count = x.shape[-1]
    offset, scale = ([Fraction(v) for v in node.attributes[k]["floats"]] if k in node.attributes else [standard]
                     for k, standard in (("offset", Fraction(0)), ("scale", Fraction(1))))
    offset, scale = (v * count if len(v) == 1 else v for v in (offset, scale))
    need(len(offset) == len(scale) == count, "features")
    return build(x.shape, 1, lambda i: (x[i] - offset[i[-1]]) * scale[i[-1]])


@operator("LinearRegressor")
def linear_regressor(node, x):
    targets, features = node.get("targets", 1), x.shape[1]
    weight = [Fraction(v) for v in node.attributes["coefficients"]["floats"]]
    shift = [Fraction(v) for v in node.attributes["intercepts"]["floats"]] if "intercepts" in node.attributes \
        else [Fraction(0)] * targets
    need(len(weight) == targets * features and len(shift) == targets, "coefficients")
    return build((x.shape[0], targets), 1, lambda i: shift[i[1]] + sum(
        x[(i[0], k)] * weight[i[1] * features + k] for k in range(features)))


