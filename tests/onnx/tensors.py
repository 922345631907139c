"""Tensors of exact numbers, the nodes of a graph and their attributes, the states of units."""
import itertools
import math
import os
import struct
import sys
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))

FLOAT, INT32, INT64, BOOL, HALF, DOUBLE, BRAIN = 1, 6, 7, 9, 10, 11, 16
UINT8, INT8, UINT16, INT16 = 2, 3, 4, 5
REAL = (FLOAT, DOUBLE, HALF, BRAIN)
LIMIT = 1 << 20


class Refused(ValueError):
    pass


def need(good, text="refused"):
    if not good:
        raise Refused(text)


class Tensor:
    """Elements in row-major order: fractions, or floats that are not finite; integers. varies: they may
    depend on the input."""
    varies = False

    def __init__(self, shape, data, kind):
        self.shape, self.data, self.kind = tuple(shape), list(data), kind
        if kind in REAL:
            self.data = [Fraction(v) if isinstance(v, int) else v for v in self.data]
        need(min(self.shape, default=0) >= 0 and math.prod(self.shape) == len(self.data), "shape")

    def indices(self):
        return itertools.product(*map(range, self.shape))

    def __getitem__(self, index):
        place = 0
        for i, size in zip(index, self.shape):
            place = place * size + i
        return self.data[place]

    def real(self):
        need(self.kind in REAL and not any(isinstance(v, float) for v in self.data), "numbers")
        return self


def build(shape, kind, function):
    need(math.prod(shape) <= LIMIT, "size")
    return Tensor(shape, [function(i) for i in itertools.product(*map(range, shape))], kind)


def exact(value):
    return Fraction(value) if math.isfinite(value) else value


# ---- States ----

STATES = []  # of the units that were evaluated, in order; for whoever wants to know the region


def state(value):
    STATES.append(value)


def first_largest(values, sign=1):
    """The largest, or with sign -1 the smallest; its state is the first index."""
    best = 0
    for k, value in enumerate(values):
        if sign * value > sign * values[best]:
            best = k
    state(best)
    return values[best]


def positive(value):
    state(bool(value > 0))
    return STATES[-1]


# ---- Tensors of the file ----

FORMATS = {FLOAT: "f", DOUBLE: "d", HALF: "e", INT32: "i", INT64: "q", BOOL: "B", UINT8: "B", INT8: "b",
           UINT16: "H", INT16: "h"}


def unpack(kind, raw):
    if kind == BRAIN:
        raw, kind = b"".join(b"\0\0" + raw[i:i + 2] for i in range(0, len(raw), 2)), FLOAT
    need(len(raw) % struct.calcsize(FORMATS[kind]) == 0, "raw_data")
    return struct.unpack(f"<{len(raw) // struct.calcsize(FORMATS[kind])}{FORMATS[kind]}", raw)


def external(entries, folder):
    pairs = [(e.get("key"), e.get("value")) for e in entries]
    known = {key: value for key, value in pairs}
    need(folder is not None and "location" in known, "external")
    path = known["location"]
    need(path and not path.startswith("/") and ".." not in path.split("/"), "external")
    with open(os.path.join(folder, path), "rb") as file:
        data = file.read()
    begin = int(known.get("offset") or 0)
    size = int(known.get("length") or len(data) - begin)
    need(0 <= begin <= begin + size <= len(data), "external")
    return data[begin:begin + size]


def read_tensor(tensor, folder=None):
    kind, shape = tensor.get("data_type", 0), tensor["dims"]
    need(kind in (*REAL, *FORMATS) and "segment" not in tensor, "type")
    need(all(0 <= size <= LIMIT for size in shape) and math.prod(shape) <= LIMIT, "dims")
    place = {FLOAT: "float_data", DOUBLE: "double_data", INT64: "int64_data"}.get(kind, "int32_data")
    if tensor.get("data_location"):
        values = unpack(kind, external(tensor["external_data"], folder))
    elif "raw_data" in tensor:
        values = unpack(kind, tensor["raw_data"])
    else:
        values = [v & 0xffffffff for v in tensor[place]] if place == "int32_data" else tensor[place]
        if kind in (HALF, BRAIN):
            need(all(v < 65536 for v in values), "half")
            values = unpack(kind, b"".join(struct.pack("<H", v) for v in values))
        elif place == "int32_data":
            values = [v - (1 << 32) if v >> 31 else v for v in values]
    return Tensor(shape, map(exact, values) if kind in REAL else values, kind)


# ---- Operators ----

OPERATORS = {}


def operator(*names):
    def add(function):
        for name in names:
            OPERATORS[name] = function
        return function
    return add


class Node:
    def __init__(self, message, opset):
        self.opset, self.type = opset, message.get("op_type", "")
        self.attributes = {a.get("name"): a for a in message["attribute"]}
        self.outputs = len(message["output"])

    def get(self, name, standard=None):
        a = self.attributes.get(name)
        if a is None:
            return standard
        if isinstance(standard, bool) or isinstance(standard, int):
            return a.get("i", 0)
        if isinstance(standard, Fraction):
            return exact(a.get("f", 0.0))
        if isinstance(standard, bytes):
            return a.get("s", b"")
        return a["ints"]

    def listed(self, name, since, inputs, k):
        """Integers of an attribute or, from a version on, of an input."""
        if self.opset < since:
            return self.get(name)
        if k >= len(inputs) or inputs[k] is None:
            return None
        need(inputs[k].kind not in REAL, name)
        return inputs[k].data


def axis_of(axis, rank):
    need(-rank <= axis < rank, "axis")
    return axis % rank


def broadcast(*shapes):
    rank = max(map(len, shapes))
    shapes = [(1,) * (rank - len(s)) + tuple(s) for s in shapes]
    out = []
    for sizes in zip(*shapes):
        others = {size for size in sizes if size != 1}
        need(len(others) <= 1, "broadcast")
        out.append(others.pop() if others else 1)
    return tuple(out)


def spread(tensor, shape):
    missing = len(shape) - len(tensor.shape)
    return build(shape, tensor.kind, lambda i: tensor[
        tuple(0 if size == 1 else k for k, size in zip(i[missing:], tensor.shape))])


def together(function, *tensors):
    shape = broadcast(*(t.shape for t in tensors))
    return Tensor(shape, map(function, *(spread(t, shape).data for t in tensors)), tensors[0].kind)
