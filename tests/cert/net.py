"""Networks as the user gives them, in exact fractions, and their digests (src/check/FORMAT.md). Bad
input raises ValueError."""
import hashlib
import itertools
import json
import re
import sys
from fractions import Fraction

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # numbers of a network may have 20000 digits

MAX_UNITS = MAX_INPUTS = 4096
TOO_LARGE = f"certificates are for networks of at most {MAX_UNITS} inputs, hidden units in all and rows of a layer; " \
            "crease count proves its result without one"
MAX_RANK, MAX_COMPARISONS = 64, 16384
NUMBER = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?"
                    r"|([0-9]+)\.?/([0-9]+)|([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?)")


def parse_number(text):
    """Decimal, p/q or hexadecimal float."""
    match = NUMBER.fullmatch(text) if len(text) <= 20000 else None
    if not match:
        raise ValueError(f"{text[:40]!r} is not a number")
    sign, hex0, hex1, power2, num, den, dec0, dec1, power10 = match.groups()
    if num is not None:
        if int(den) == 0:
            raise ValueError(f"{text[:40]!r} divides by zero")
        value = Fraction(int(num), int(den))
    else:
        whole, after, power, radix, base = \
            (hex0, hex1, power2, 16, 2) if hex0 is not None else (dec0, dec1, power10, 10, 10)
        after, power = after or "", int(power or "0")
        if not whole + after or abs(power) > 5000:
            raise ValueError(f"{text[:40]!r} is not a number")
        value = Fraction(int(whole + after, radix), radix ** len(after)) * Fraction(base) ** power
    return -value if sign == "-" else value


def exact(value):
    if isinstance(value, str):
        return parse_number(value)
    if not isinstance(value, float) or value - value != 0:
        raise ValueError("expected a finite number")
    return Fraction(value)


def small(value, least, most):
    if not isinstance(value, float) or value not in range(least, most + 1):
        raise ValueError(f"expected an integer from {least} to {most}")
    return int(value)


def unique(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


PARAMETERS = {"linear": [], "identity": [], "relu": [], "leaky_relu": ["slope"], "abs": [],
              "clip": ["low", "high"], "hard_tanh": [], "maxout": []}


def parts_of(name, parameters):
    """A unit as offset + sum of factor * u(sign * z - shift), u linear or ReLU."""
    if name == "leaky_relu":
        return 0, [(1, 0, 1), (-1, 0, -parameters[0])]
    if name == "abs":
        return 0, [(1, 0, 1), (-1, 0, 1)]
    if name == "clip":
        low, high = parameters
        return low, [(1, low, 1), (1, high, -1)]
    return 0, [(1, 0, 1)]


class Layer:
    """One row per unit that switches, or, of a maxout layer (rank > 1), one per piece, rank of them
    to a group; carried: rows that are passed on as they are. A linear layer has only such."""

    def __init__(self, rank, rows, carried):
        self.rank, self.rows, self.carried = rank, rows, carried
        self.pairs = list(itertools.combinations(range(rank), 2))
        self.units = len(rows) // rank * len(self.pairs) if rank > 1 else len(rows)


class Net:
    """inputs; layers: as they are after "Other activations"; units: of all of them."""

    def __init__(self, text):
        # Without quotes a number is the nearest binary64, integers too; int refuses NaN.
        root = json.loads(text, parse_int=float, parse_constant=int, object_pairs_hook=unique)
        if not isinstance(root, dict) or not {"input", "layers"} <= set(root) <= \
                {"input", "layers", "comment"} or not isinstance(root.get("comment", ""), str):
            raise ValueError("expected an object with input, layers and perhaps a comment")
        self.inputs = width = small(root["input"], 1, MAX_INPUTS)
        layers = root["layers"]
        if not isinstance(layers, list) or not 1 <= len(layers) <= MAX_UNITS + 1:
            raise ValueError("layers: expected an array")
        self.layers, hidden = [], 0
        below, text = (parts_of("linear", []), 0), f"crease-network 1\ninput {width}\n"
        for layer in layers:
            name, parameters, rank, carry, rows = self.read_layer(layer, width)
            switching = len(rows) - carry
            width = switching // rank + carry
            words = ["layer", width, name] + ([rank] if name == "maxout" else parameters)
            words += ["carry", carry] if carry else []
            text += "".join(" ".join(map(str, line)) + "\n" for line in [words] + rows)
            own = parts_of(name, parameters)
            carried = self.lowered(rows[switching:], *below, parts_of("linear", []))
            rows = self.lowered(rows[:switching], *below, own)
            self.layers.append(Layer(1, [], rows + carried) if name == "linear"
                               else Layer(rank, rows, carried))
            below, hidden = (own, switching // rank), hidden + width
        if name != "linear":
            raise ValueError("the last layer must be linear")
        if hidden - width > MAX_UNITS:
            raise ValueError(TOO_LARGE)
        self.units = sum(layer.units for layer in self.layers)
        self.text, self.digest = text, hashlib.sha256(text.encode()).digest()

    @staticmethod
    def lowered(rows, below, many, own):
        """below: the parts of each of the first many units of the layer below."""
        offset, parts = below
        result = []
        for row in rows:
            bias = row[-1] + offset * sum(row[:many])
            weights = [w * factor for w in row[:many] for _, _, factor in parts] + row[many:-1]
            result += [[sign * w for w in weights] + [sign * bias - shift]
                       for sign, shift, _ in own[1]]
        return result

    @staticmethod
    def read_layer(layer, width):
        """(activation, parameters, rank, carry, rows); other names of an activation are replaced."""
        if not isinstance(layer, dict) or not {"weight", "bias", "activation"} <= set(layer):
            raise ValueError("a layer needs weight, bias and an activation")
        name = layer["activation"]
        if not isinstance(name, str) or name not in PARAMETERS:
            raise ValueError("unknown activation")
        name = "linear" if name == "identity" else name
        keys = {"weight", "bias", "activation", *PARAMETERS[name]}
        keys |= {"rank"} if name == "maxout" else set()
        if not keys <= set(layer) <= keys | ({"carry"} if name != "linear" else set()):
            raise ValueError("parameters that are not the activation's own, or not all")
        parameters = [exact(layer[key]) for key in PARAMETERS[name]]
        if name == "hard_tanh":
            name, parameters = "clip", [Fraction(-1), Fraction(1)]
        if name == "clip" and parameters[0] >= parameters[1]:
            raise ValueError("clip: low must be less than high")
        weight, bias = layer["weight"], layer["bias"]
        if not isinstance(weight, list) or not isinstance(bias, list) \
                or not 1 <= len(weight) == len(bias) \
                or not all(isinstance(row, list) and len(row) == width for row in weight):
            raise ValueError("weight or bias has a wrong shape")
        if len(weight) > MAX_UNITS:
            raise ValueError(TOO_LARGE)
        rank = small(layer.get("rank", 1.0), 1 + (name == "maxout"), MAX_RANK)
        carry = small(layer.get("carry", 0.0), 0, len(weight))
        pieces = len(weight) - carry
        if pieces % rank or pieces * (rank - 1) // 2 > MAX_COMPARISONS:
            raise ValueError("a wrong number of pieces, or too many comparisons")
        rows = [[exact(w) for w in row + [b]] for row, b in zip(weight, bias)]
        return name, parameters, rank, carry, rows
