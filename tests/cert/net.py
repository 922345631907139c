"""Networks and domains as the user gives them, in exact fractions, and their digests
(src/check/FORMAT.md). Bad input raises ValueError."""
import hashlib
import json
import re
import sys
from fractions import Fraction

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # numbers of a network may have 20000 digits

MAX_UNITS = MAX_INPUTS = 4096
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


def unique(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


class Net:
    """inputs; layers: (switches, rows), a row being weights and bias; units: those that switch."""

    def __init__(self, text):
        # Without quotes a number is the nearest binary64, integers too; int refuses NaN.
        root = json.loads(text, parse_int=float, parse_constant=int, object_pairs_hook=unique)
        if not isinstance(root, dict) or not {"input", "layers"} <= set(root) <= \
                {"input", "layers", "comment"} or not isinstance(root.get("comment", ""), str):
            raise ValueError("expected an object with input, layers and perhaps a comment")
        width, layers = root["input"], root["layers"]
        if not isinstance(width, float) or width not in range(1, MAX_INPUTS + 1):
            raise ValueError("input: expected an integer")
        if not isinstance(layers, list) or not 1 <= len(layers) <= MAX_UNITS + 1:
            raise ValueError("layers: expected an array")
        self.inputs = width = int(width)
        self.layers = []
        for layer in layers:
            self.layers.append(self.read_layer(layer, width))
            width = len(self.layers[-1][1])
        if self.layers[-1][0]:
            raise ValueError("the last layer must be linear")
        if sum(len(rows) for _, rows in self.layers[:-1]) > MAX_UNITS:
            raise ValueError("too many units")
        self.units = sum(len(rows) for switches, rows in self.layers if switches)
        lines = [f"crease-network 1\ninput {self.inputs}\n"]
        for switches, rows in self.layers:
            lines.append(f"layer {len(rows)} {'relu' if switches else 'linear'}\n")
            lines += [" ".join(map(str, row)) + "\n" for row in rows]
        self.digest = hashlib.sha256("".join(lines).encode()).digest()

    @staticmethod
    def read_layer(layer, width):
        if not isinstance(layer, dict) or set(layer) != {"weight", "bias", "activation"} \
                or layer["activation"] not in ("relu", "linear"):
            raise ValueError("a layer needs weight, bias and an activation, relu or linear")
        weight, bias = layer["weight"], layer["bias"]
        if not isinstance(weight, list) or not isinstance(bias, list) \
                or not 1 <= len(weight) == len(bias) <= MAX_UNITS \
                or not all(isinstance(row, list) and len(row) == width for row in weight):
            raise ValueError("weight or bias has a wrong shape")
        rows = [[exact(w) for w in row + [b]] for row, b in zip(weight, bias)]
        return layer["activation"] == "relu", rows


def parse_box(text, inputs):
    """[(lo, hi)] for "LO:HI,...", one for all inputs or one each; None stays R^n."""
    if text is None:
        return None
    box = []
    for part in text.split(","):
        lo, colon, hi = part.partition(":")
        if not colon or parse_number(lo) >= parse_number(hi):
            raise ValueError(f"box: {part[:60]!r} is not LO:HI with LO < HI")
        box.append((parse_number(lo), parse_number(hi)))
    if len(box) not in (1, inputs):
        raise ValueError(f"box: {len(box)} entries for {inputs} inputs")
    return box if len(box) == inputs else box * inputs


def domain_digest(box, inputs):
    text = f"box {inputs}\n" + "".join(f"{lo} {hi}\n" for lo, hi in box) if box is not None \
        else f"space {inputs}\n"
    return hashlib.sha256(b"crease-domain 1\n" + text.encode()).digest()
