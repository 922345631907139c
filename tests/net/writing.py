"""Random networks, and files of them without NumPy."""
import json
import struct
import zipfile
from fractions import Fraction
from io import BytesIO

INTEGERS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q"}
PACK = {**INTEGERS, **{kind.upper()[0] + str(8 * int(kind[1])): letter for kind, letter in INTEGERS.items()},
        "f2": "e", "f4": "f", "f8": "d", "F16": "e", "F32": "f", "F64": "d"}


def random_float(rng, kind):
    """A float of the kind: mostly small, sometimes at the edges."""
    value = rng.choice((rng.gauss(0, 1), rng.gauss(0, 1), rng.uniform(-3, 3), rng.randrange(-4, 5),
                        0.0, -0.0, rng.gauss(0, 1) * 2.0 ** rng.randrange(-30, 10)))
    if kind == "BF16":
        return struct.unpack("<f", b"\0\0" + struct.pack("<f", value)[2:])[0]
    if rng.random() < 0.02:  # subnormal, or the largest
        width = struct.calcsize(PACK[kind])
        bits = rng.choice((1, 3, {2: 0x7bff, 4: 0x7f7fffff, 8: 0x7fefffffffffffff}[width]))
        return struct.unpack("<" + PACK[kind], bits.to_bytes(width, "little"))[0]
    return struct.unpack("<" + PACK[kind], struct.pack("<" + PACK[kind], value))[0]


def near_tie(rng, kind):
    """A decimal at the middle of two neighbouring floats, or next to it; in half of the cases so near
    that the nearest float of twice the precision is the middle itself."""
    digits = {"float32": 24, "float64": 53}[kind]
    unit = Fraction(2) ** rng.randrange(-40, 20)
    middle = (rng.randrange(2 ** (digits - 1), 2 ** digits) + Fraction(1, 2)) * unit
    places = 90
    number = middle * 10 ** places
    shift = rng.choice((-1, 0, 0, 1, -10 ** 60, 10 ** 60))
    text = str(abs(number.numerator + shift)).rjust(places + 1, "0")
    assert number.denominator == 1
    return rng.choice(("", "-")) + text[:-places] + "." + text[-places:]


def random_net(rng, kind, most=5):
    """[(weight, bias)] of lists of floats."""
    widths = [rng.randrange(1, most + 1) for _ in range(rng.randrange(2, 5))]
    return [([[random_float(rng, kind) for _ in range(n)] for _ in range(m)],
             [random_float(rng, kind) for _ in range(m)]) for n, m in zip(widths, widths[1:])]


def exact(net):
    """[rows] of fractions, the bias last."""
    return [[[Fraction(w) for w in row] + [Fraction(b)] for row, b in zip(weight, bias)]
            for weight, bias in net]


# ---- .npy and .npz ----

def pack(values, kind, order="<"):
    if kind == "BF16":
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack(f"{order}{len(values)}{PACK[kind]}", *values)


def npy(descr, shape, data, fortran=False, version=1):
    header = repr({"descr": descr, "fortran_order": fortran, "shape": tuple(shape)})
    return npy_raw(header, data, version)


def npy_raw(header, data, version=1):
    start = 10 if version == 1 else 12
    header = header.encode("latin-1") + b" " * (-(start + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + \
        struct.pack("<H" if version == 1 else "<I", len(header)) + header + data


def array(values, kind, order="<", fortran=False, version=1):
    """A .npy of a list or of a list of rows."""
    if values and isinstance(values[0], list):
        shape = len(values), len(values[0])
        flat = [row[j] for j in range(shape[1]) for row in values] if fortran else \
            [entry for row in values for entry in row]
    else:
        shape, flat = (len(values),), values
    return npy(("|" if kind[1:] == "1" else order) + kind, shape, pack(flat, kind, order), fortran, version)


def zipped(entries, method=zipfile.ZIP_STORED):
    """entries: (name without .npy, bytes)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name + ".npy"), data, method)
    return out.getvalue()


def names_of(style, layers):
    """The names of weight and bias of every layer."""
    at = {"letters": lambda l: (f"W{l}", f"b{l}"), "ones": lambda l: (f"W{l + 1}", f"b{l + 1}"),
          "sequential": lambda l: (f"{2 * l}.weight", f"{2 * l}.bias"),
          "modules": lambda l: (f"net.layers.{l}.weight", f"net.layers.{l}.bias"),
          "fc": lambda l: (f"fc{l + 1}.weight", f"fc{l + 1}.bias"),
          "dropout": lambda l: (f"body.{3 * l + 1}.0.weight", f"body.{3 * l + 1}.0.bias"),
          "flax": lambda l: (f"params.Dense_{l}.kernel", f"params.Dense_{l}.bias"),
          "keras": lambda l: tuple(f"dense{f'_{l}' if l else ''}/{word}:0" for word in ("kernel", "bias")),
          "path": lambda l: tuple(f"model/dense{f'_{l}' if l else ''}/{word}" for word in ("kernel", "bias")),
          "arrays": lambda l: (f"arr_{2 * l}", f"arr_{2 * l + 1}")}[style]
    return [at(l) for l in range(layers)]


STYLES = ("letters", "ones", "sequential", "modules", "fc", "dropout")
KERNELS = ("flax", "keras", "path")  # inputs x units


def transposed(weight):
    return [list(column) for column in zip(*weight)]


def random_integers(rng, kind, most=5):
    """random_net of integers, the smallest and the largest among them."""
    bits, low = 8 * int(kind[1:]), 0 if kind[0] == "u" else -1 << 8 * int(kind[1:]) - 1
    widths = [rng.randrange(1, most + 1) for _ in range(rng.randrange(2, 5))]

    def number():
        return rng.choice((rng.randrange(4), low, low + (1 << bits) - 1, low + rng.randrange(1 << bits)))

    return [([[number() for _ in range(n)] for _ in range(m)], [number() for _ in range(m)])
            for n, m in zip(widths, widths[1:])]


# ---- .safetensors ----

def safetensors_raw(header, body):
    header = header.encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + body


def safetensors(entries, metadata=None):
    """entries: (name, type, shape, bytes)."""
    header, body = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, kind, shape, data in entries:
        header[name] = {"dtype": kind, "shape": list(shape),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    return safetensors_raw(json.dumps(header), body)


# ---- .nnet ----

def nnet(net, spell, mean=None, spread=None, comment="// a comment\n", end=",\n"):
    """spell writes a number; mean and spread of the inputs, then of the outputs."""
    widths = [len(net[0][0][0])] + [len(bias) for _, bias in net]
    mean = mean or [0] * (widths[0] + 1)
    spread = spread or [1] * (widths[0] + 1)
    rows = [[len(net), widths[0], widths[-1], max(widths)], widths, [0], [-1] * widths[0],
            [1] * widths[0], mean, spread]
    for weight, bias in net:
        rows += [[spell(w) for w in row] for row in weight] + [[spell(b)] for b in bias]
    return (comment + "".join(",".join(map(str, row)) + end for row in rows)).encode()
