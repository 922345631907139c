"""Readers of network files in plain Python and exact fractions, written apart from those of crease.

read(name, data, options) gives a list of layers (activation, rows) with the inputs' number; what is
refused raises ValueError. They accept at least what crease accepts."""
import ast
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cert"))
from net import Net, parse_number, unique  # noqa: E402

DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
PRECISION = {"float32": (24, -149, 128), "float64": (53, -1074, 1024)}


def nearest(value, kind):
    """The nearest float of the kind, ties to even, as a fraction; from the definition."""
    digits, lowest, top = PRECISION[kind]
    size = abs(value)
    if size == 0:
        return value
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent += size >= Fraction(2) ** exponent  # 2^(exponent-1) <= size < 2^exponent
    unit = Fraction(2) ** max(exponent - digits, lowest)
    rounded = round(size / unit) * unit  # round() takes ties to even
    if rounded >= Fraction(2) ** top:
        raise ValueError("overflow")
    return rounded if value > 0 else -rounded


def literal(text, kind):
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no decimal")
    if kind == "decimal":
        return parse_number(text)
    mantissa, _, power = text.lower().partition("e")
    mantissa = mantissa + "." if "." not in mantissa else mantissa
    whole, _, part = mantissa.lstrip("+-").partition(".")
    number, scale = int((whole + part).lstrip("0") or "0"), int(power or "0") - len(part)
    if number == 0 or len(str(number)) + scale < -400:
        return Fraction(0)
    if len(str(number)) + scale > 400:
        raise ValueError("overflow")
    return nearest(Fraction(number) * Fraction(10) ** scale * (-1 if text[0] == "-" else 1), kind)


# ---- Networks ----

def digest(layers):
    """layers: (activation with its parameters as in the canonical text, rows)."""
    lines = [f"crease-network 1\ninput {len(layers[0][1][0]) - 1}\n"]
    for name, rows in layers:
        lines.append(f"layer {len(rows)} {name}\n")
        lines += [" ".join(map(str, row)) + "\n" for row in rows]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def activations(options, hidden):
    given = (options.get("activation") or "relu").split(",")
    if len(given) not in (1, hidden):
        raise ValueError("activations")
    names = []
    for text in given:
        name, *numbers = text.split(":")
        numbers = [parse_number(number) for number in numbers]
        if name == "hard_tanh" and not numbers:
            name, numbers = "clip", [Fraction(-1), Fraction(1)]
        counts = {"relu": 0, "linear": 0, "abs": 0, "leaky_relu": 1, "clip": 2}
        if counts.get(name) != len(numbers) or name == "clip" and numbers[0] >= numbers[1]:
            raise ValueError("activation")
        names.append(" ".join([name, *map(str, numbers)]))
    return (names if len(names) == hidden and hidden else names * hidden) + ["linear"]


def sizes(widths):
    if min(widths) < 1 or max(widths) > 2 ** 20 or sum(widths[1:-1]) > 2 ** 20:
        raise ValueError("sizes")


# ---- JSON ----

class Literal(str):
    pass


def exact_text(value, kind):
    """A number of JSON as a string that means the same; all else as it is."""
    return str(literal(value, kind)) if isinstance(value, Literal) else value


def whole(entry, key, kind):
    """Replaces a literal by the integer that it means, or by nothing good."""
    if isinstance(entry.get(key), Literal):
        number = literal(entry[key], kind)
        entry[key] = int(number) if number.denominator == 1 else None


def each(value, change):
    return [change(entry) for entry in value] if isinstance(value, list) else value


def read_json(data, options):
    kind = options.get("weights") or "float64"
    if b"\0" in data:
        raise ValueError("a zero byte")
    root = json.loads(data.decode(), parse_int=Literal, parse_float=Literal, parse_constant=int,
                      object_pairs_hook=unique)
    if not isinstance(root, dict) or isinstance(root.get("comment", ""), Literal):
        raise ValueError("root")
    whole(root, "input", kind)
    for layer in root["layers"] if isinstance(root.get("layers"), list) else []:
        if not isinstance(layer, dict):
            raise ValueError("layer")
        whole(layer, "rank", kind)
        whole(layer, "carry", kind)
        for key, value in layer.items():
            if key == "weight":
                layer[key] = each(value, lambda row: each(row, lambda w: exact_text(w, kind)))
            elif key == "bias":
                layer[key] = each(value, lambda w: exact_text(w, kind))
            elif key in ("slope", "low", "high"):
                layer[key] = exact_text(value, kind)
            elif isinstance(value, Literal):
                raise ValueError("a number in the wrong place")
    return Net(json.dumps(root)).digest.hex()


# ---- .nnet ----

def read_nnet(data, options):
    kind = options.get("weights") or "float32"
    text = data.decode("latin-1")
    lines = [line[:-1] if line.endswith("\r") else line for line in text.split("\n")]
    lines = [line for line in lines if not re.fullmatch(r"[ \t\r]*(//.*)?", line, re.S)]

    def numbers(of):
        fields = [field.strip(" \t") for field in lines.pop(0).split(",")]
        fields = fields[:-1] if fields[-1] == "" and len(fields) > 1 else fields
        return [literal(field, of) for field in fields]

    try:
        head, widths, flag = numbers("decimal"), numbers("decimal"), numbers("decimal")
        if any(n.denominator != 1 or n < 0 for n in head + widths + flag) or len(head) > 4 or \
                len(widths) != head[0] + 1 or head[1:3] != [widths[0], widths[-1]][:len(head) - 1] or \
                head[0] < 1 or flag not in ([0], [1]):
            raise ValueError("sizes")
        sizes(widths)
        inputs = int(widths[0])
        used = options.get("normalise")
        numbers("decimal"), numbers("decimal")
        mean, spread = (numbers(kind if used else "decimal") for _ in range(2))
        if used and (len(mean) != inputs + 1 or len(spread) != inputs + 1 or min(spread) <= 0):
            raise ValueError("normalisation")
        layers = []
        names = activations(options, int(head[0]) - 1)
        for name, wide, units in zip(names, widths, widths[1:]):
            rows = [numbers(kind) for _ in range(int(units))]
            bias = [numbers(kind) for _ in range(int(units))]
            if any(len(row) != wide for row in rows) or any(len(b) != 1 for b in bias):
                raise ValueError("row")
            layers.append((name, [row + b for row, b in zip(rows, bias)]))
    except IndexError:
        raise ValueError("too short") from None
    if "".join(lines).strip(" \t\r"):
        raise ValueError("more")
    if used:
        name, rows = layers[0]
        for row in rows:
            row[-1] -= sum(w * m / s for w, m, s in zip(row[:-1], mean, spread))
            row[:-1] = [w / s for w, s in zip(row[:-1], spread)]
        name, rows = layers[-1]
        layers[-1] = (name, [[w * spread[-1] for w in row[:-1]] + [row[-1] * spread[-1] + mean[-1]]
                             for row in rows])
    return digest(layers)


# ---- Tensors ----

FORMATS = {"f2": (2, 10, 15), "F16": (2, 10, 15), "BF16": (2, 7, 127), "f4": (4, 23, 127),
           "F32": (4, 23, 127), "f8": (8, 52, 1023), "F64": (8, 52, 1023)}


INTEGERS = {name: (width, name[0] in "iI") for width in (1, 2, 4, 8)
            for name in (f"i{width}", f"u{width}", f"I{8 * width}", f"U{8 * width}")}


class Tensor:
    def __init__(self, kind, order, shape, fortran, data):
        self.kind, self.order, self.shape, self.fortran, self.data = \
            kind, order, shape, fortran, data
        size = 1
        for length in shape:
            size *= length
        width = FORMATS[kind][0] if kind in FORMATS else INTEGERS.get(kind, (None,))[0]
        if width and size * width != len(data):
            raise ValueError("data do not fill the shape")

    def number(self, index):
        if self.kind in INTEGERS:
            width, signed = INTEGERS[self.kind]
            return Fraction(int.from_bytes(self.data[width * index:width * (index + 1)], self.order,
                                           signed=signed))
        if self.kind not in FORMATS:
            raise ValueError("type")
        width, fraction, bias = FORMATS[self.kind]
        bits = int.from_bytes(self.data[width * index:width * (index + 1)], self.order)
        sign, exponent = bits >> (8 * width - 1), bits >> fraction & (2 ** (8 * width - 1 - fraction) - 1)
        if exponent == 2 ** (8 * width - 1 - fraction) - 1:
            raise ValueError("not finite")
        low = bits & (2 ** fraction - 1)
        value = Fraction(low + (2 ** fraction if exponent else 0)) * \
            Fraction(2) ** (max(exponent, 1) - bias - fraction)
        return -value if sign else value

    def matrix(self):
        units, inputs = self.shape
        return [[self.number(j * units + i if self.fortran else i * inputs + j)
                 for j in range(inputs)] for i in range(units)]

    def vector(self):
        if len(self.shape) not in (1, 2) or len(self.shape) == 2 and 1 not in self.shape:
            raise ValueError("bias")
        return [self.number(i) for i in range(max(self.shape) if 0 not in self.shape else 0)]


LETTER, NAMELESS = re.compile(r"[Ww][0-9]+"), re.compile(r"arr_(0|[1-9][0-9]{0,5})")
WORD = re.compile(r"((?:.*[./])?)(weight|kernel)((?::0)?)", re.S)


def bias_of(weight):
    if LETTER.fullmatch(weight):
        return "b" + weight[1:]
    if NAMELESS.fullmatch(weight):
        return f"arr_{int(weight[4:]) + 1}"
    return WORD.sub(lambda m: m[1] + "bias" + m[3], weight)


def numbered(weight):
    """dense_0/kernel for dense/kernel."""
    return re.sub(r"([^0-9])([./]kernel(:0)?)\Z", r"\1_0\2", weight)


def in_order(names, options):
    """The names of the weights from the input on."""
    if len(names) < 2:
        return names
    parts = [re.split("([0-9]+)", numbered(name)) for name in names]
    keys = [tuple(int(n) for n in part[1::2]) for part in parts]
    if len({tuple(part[::2]) for part in parts}) > 1 or len(set(keys)) < len(keys):
        raise ValueError("names")
    varying = [i for i in range(len(keys[0])) if len({key[i] for key in keys}) > 1]
    if len(varying) != 1:
        raise ValueError("names differ in more than one number")
    where = varying[0]
    numbers = sorted(key[where] for key in keys)
    steps = {b - a for a, b in zip(numbers, numbers[1:])}
    before = parts[0][2 * where]
    if not (before == "" and where == 0) and not before.endswith("."):
        if numbers[0] > 1 or steps != {1}:
            raise ValueError("gap")
    elif 1 in steps and len(steps) > 1 and "," not in (options.get("activation") or ""):
        raise ValueError("no room for an activation")
    return [name for _, name in sorted(zip((key[where] for key in keys), names))]


def find(tensors, name):
    for full in [name + end for end in ("", ".weight", ".kernel", "/kernel", "/kernel:0", "/weight")] \
            if name else ["weight", "kernel"]:
        if full in tensors and (LETTER.fullmatch(full) or WORD.fullmatch(full) or NAMELESS.fullmatch(full)):
            return full
    raise ValueError("missing")


def nameless(tensors):
    """The weights among arr_0, arr_1, ..."""
    weights, had_bias = [], True
    for i in range(len(tensors)):
        shape = tensors[f"arr_{i}"].shape if f"arr_{i}" in tensors else None
        if shape is None or len(shape) not in (1, 2) or len(shape) == 1 and had_bias:
            raise ValueError("arr")
        had_bias = len(shape) == 1
        if not had_bias:
            weights.append(f"arr_{i}")
    return weights


def chain(layers, kernel):
    """layers: pairs of the shape of a weight and of a bias or None."""
    width = None
    for shape, bias in layers:
        if len(shape) != 2:
            return False
        units, inputs = shape[::-1] if kernel else shape
        if width not in (None, inputs) or bias is not None and \
                not (len(bias) in (1, 2) and (len(bias) == 1 or 1 in bias) and
                     (bias[0] * bias[-1] if len(bias) == 2 else bias[0]) == units):
            return False
        width = units
    return True


def assemble(tensors, options):
    if options.get("layers") is not None:
        weights = [find(tensors, name) for name in options["layers"].split(",")]
    elif tensors and NAMELESS.fullmatch(next(iter(tensors))):
        weights = nameless(tensors)
    else:
        weights = [name for name in tensors if LETTER.fullmatch(name) or WORD.fullmatch(name)]
        if not set(tensors) <= set(weights) | {bias_of(name) for name in weights} or not weights:
            raise ValueError("other tensors")
        weights = in_order(weights, options)
    biases = [tensors.get(bias_of(name)) for name in weights]
    biases = [None if NAMELESS.fullmatch(name) and bias and len(bias.shape) != 1 else bias
              for name, bias in zip(weights, biases)]
    shapes = [(tensors[name].shape, bias.shape if bias else None) for name, bias in zip(weights, biases)]
    kernels = [options.get("transpose") or "kernel" in name and WORD.fullmatch(name)[2] == "kernel"
               for name in weights]
    if NAMELESS.fullmatch(weights[0]) and not kernels[0] and chain(shapes, True):
        if chain(shapes, False):
            raise ValueError("either way")
        kernels = [True] * len(kernels)
    layers, width = [], None
    for activation, name, bias, kernel in zip(activations(options, len(weights) - 1), weights, biases, kernels):
        if not chain([(tensors[name].shape, bias and bias.shape)], kernel):
            raise ValueError("shapes")
        rows = tensors[name].matrix()
        rows = [list(column) for column in zip(*rows)] if kernel else rows
        values = bias.vector() if bias else [Fraction(0)] * len(rows)
        if not rows or not rows[0] or width not in (None, len(rows[0])):
            raise ValueError("shapes")
        width = len(rows)
        layers.append((activation, [row + [b] for row, b in zip(rows, values)]))
    sizes([len(layers[0][1][0]) - 1] + [len(rows) for _, rows in layers])
    return digest(layers)


def read_npy(data):
    if data[:6] != b"\x93NUMPY" or data[6] not in (1, 2, 3) or data[7] != 0:
        raise ValueError("magic")
    start = 10 if data[6] == 1 else 12
    length, = struct.unpack("<H" if data[6] == 1 else "<I", data[8:start])
    if len(data) < start + length:
        raise ValueError("header")
    header = ast.literal_eval(data[start:start + length].decode("latin-1").strip())
    if not isinstance(header, dict) or set(header) != {"descr", "fortran_order", "shape"}:
        raise ValueError("header")
    kind, shape, fortran = header["descr"], header["shape"], header["fortran_order"]
    if not isinstance(shape, tuple) or any(type(n) is not int or n < 0 for n in shape) or \
            type(fortran) is not bool or not isinstance(kind, str):
        raise ValueError("header")
    order = {"<": "little", ">": "big", "|": "little"}.get(kind[:1])
    good = kind[1:] in ("i1", "u1") if kind[:1] == "|" else \
        kind[1:] in ("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8")
    known = kind[1:] if order and good else "other"
    return Tensor(known, order, shape, fortran, data[start + length:])


def read_npz(data, options):
    tensors = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                name = entry.filename
                if not name.endswith(".npy") or name[:-4] in tensors:
                    raise ValueError("entries")
                tensors[name[:-4]] = read_npy(archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, SyntaxError, struct.error, EOFError, RuntimeError,
            NotImplementedError, IndexError, TypeError, MemoryError, OverflowError, OSError) as error:
        raise ValueError(str(error)) from None
    return assemble(tensors, options)


def read_safetensors(data, options):
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 + length or len(data) < 8:
        raise ValueError("header")
    header = json.loads(data[8:8 + length].decode(), object_pairs_hook=unique, parse_constant=int)
    body = data[8 + length:]
    if not isinstance(header, dict):
        raise ValueError("header")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or any(type(v) is not str for v in metadata.values()):
        raise ValueError("metadata")
    tensors, spans = {}, []
    for name, entry in header.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise ValueError("entry")
        shape, at = entry["shape"], entry["data_offsets"]
        if not isinstance(shape, list) or not isinstance(at, list) or len(at) != 2 or \
                not isinstance(entry["dtype"], str) or \
                any(type(n) is not int or n < 0 for n in shape + at) or at[0] > at[1]:
            raise ValueError("entry")
        dtype = entry["dtype"]
        known = dtype if dtype.isupper() and (dtype in FORMATS or dtype in INTEGERS) else "other"
        tensors[name] = Tensor(known, "little", shape, False, body[at[0]:at[1]])
        spans.append(tuple(at))
    end = 0
    for a, b in sorted(spans):
        if a != end:
            raise ValueError("offsets")
        end = b
    if end != len(body):
        raise ValueError("offsets")
    return assemble(tensors, options)


READERS = {".json": read_json, ".nnet": read_nnet, ".npz": read_npz,
           ".safetensors": read_safetensors}


def read(extension, data, options):
    """The digest of the network."""
    return READERS[extension](data, options)
