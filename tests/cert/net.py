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


PARAMETERS = {"linear": [], "identity": [], "relu": [], "leaky_relu": ["slope"], "abs": [],
              "clip": ["low", "high"], "hard_tanh": []}


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


class Net:
    """inputs; layers: (switches, rows), a row being weights and bias; units: rows that switch.
    A unit that is not ReLU or linear is two ReLU rows here ("Other activations")."""

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
        read = []
        for layer in layers:
            read.append(self.read_layer(layer, width))
            width = len(read[-1][2])
        if read[-1][0] != "linear":
            raise ValueError("the last layer must be linear")
        if sum(len(rows) for _, _, rows in read[:-1]) > MAX_UNITS:
            raise ValueError("too many units")
        lines = [f"crease-network 1\ninput {self.inputs}\n"]
        for name, parameters, rows in read:
            lines.append(" ".join(map(str, ["layer", len(rows), name] + parameters)) + "\n")
            lines += [" ".join(map(str, row)) + "\n" for row in rows]
        self.layers, below = [], parts_of("linear", [])
        for name, parameters, rows in read:
            own = parts_of(name, parameters)
            self.layers.append((name != "linear", self.lowered(rows, below, own)))
            below = own
        self.units = sum(len(rows) for switches, rows in self.layers if switches)
        self.digest = hashlib.sha256("".join(lines).encode()).digest()

    @staticmethod
    def lowered(rows, below, own):
        offset, parts = below
        result = []
        for row in rows:
            bias = row[-1] + offset * sum(row[:-1])
            weights = [w * factor for w in row[:-1] for _, _, factor in parts]
            result += [[sign * w for w in weights] + [sign * bias - shift]
                       for sign, shift, _ in own[1]]
        return result

    @staticmethod
    def read_layer(layer, width):
        """(activation, parameters, rows); other names of an activation are replaced."""
        if not isinstance(layer, dict) or not {"weight", "bias", "activation"} <= set(layer):
            raise ValueError("a layer needs weight, bias and an activation")
        name = layer["activation"]
        if not isinstance(name, str) or name not in PARAMETERS or \
                set(layer) != {"weight", "bias", "activation", *PARAMETERS[name]}:
            raise ValueError("unknown activation, or parameters that are not its own")
        parameters = [exact(layer[key]) for key in PARAMETERS[name]]
        if name == "hard_tanh":
            name, parameters = "clip", [Fraction(-1), Fraction(1)]
        if name == "clip" and parameters[0] >= parameters[1]:
            raise ValueError("clip: low must be less than high")
        weight, bias = layer["weight"], layer["bias"]
        if not isinstance(weight, list) or not isinstance(bias, list) \
                or not 1 <= len(weight) == len(bias) <= MAX_UNITS \
                or not all(isinstance(row, list) and len(row) == width for row in weight):
            raise ValueError("weight or bias has a wrong shape")
        rows = [[exact(w) for w in row + [b]] for row, b in zip(weight, bias)]
        return "linear" if name == "identity" else name, parameters, rows


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
