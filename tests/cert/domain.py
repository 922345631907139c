"""Domains as the user gives them, in exact fractions, and their digests (src/check/FORMAT.md). Bad
input raises ValueError."""
import hashlib
import json
import os
import zlib
from fractions import Fraction

from net import exact, parse_number, unique


class Domain:
    """box: (lo, hi) for every input, or None; halves: rows a_1, ..., a_n, b of a.x <= b."""

    def __init__(self, inputs, box, halves):
        if not all(lo < hi for lo, hi in box or []):
            raise ValueError("a box is empty or flat")
        self.inputs, self.box, self.halves = inputs, box, halves
        text = f"crease-domain 1\n{'space' if box is None else 'box'} {inputs}\n"
        text += "".join(f"{lo} {hi}\n" for lo, hi in box or [])
        text += f"halves {len(halves)}\n" if halves else ""
        text += "".join(" ".join(map(str, row)) + "\n" for row in halves)
        self.text, self.digest = text, hashlib.sha256(text.encode()).digest()

    def faces(self, kept, first):
        """entry -> function >= 0 of the kept inputs; first: the first entry."""
        unit = [[Fraction(int(i == j)) for i in range(len(kept))] for j in range(len(kept))]
        rows = []
        for e, j in zip(unit, kept):
            if self.box is not None:
                lo, hi = self.box[j]
                rows += [e + [-lo], [-a for a in e] + [hi]]
        rows += [[-row[j] for j in kept] + [row[-1]] for row in self.halves]
        return {first + i: row for i, row in enumerate(rows)}


def parse_box(text, inputs):
    """[(lo, hi)] for "LO:HI,...", one for all inputs or one each."""
    box = []
    for part in text.split(","):
        lo, colon, hi = part.partition(":")
        if not colon:
            raise ValueError(f"box: {part[:60]!r} is not LO:HI")
        box.append((parse_number(lo), parse_number(hi)))
    if len(box) not in (1, inputs):
        raise ValueError(f"box: {len(box)} entries for {inputs} inputs")
    return box if len(box) == inputs else box * inputs


def numbers(row, length):
    if not isinstance(row, list) or len(row) != length:
        raise ValueError(f"expected {length} numbers")
    return [exact(value) for value in row]


def parse_file(text, inputs):
    root = json.loads(text, parse_int=float, parse_constant=int, object_pairs_hook=unique)
    if not isinstance(root, dict) or not set(root) <= {"A", "b", "box", "comment"} \
            or not isinstance(root.get("comment", ""), str) or ("A" in root) != ("b" in root) \
            or not set(root) & {"A", "box"}:
        raise ValueError("expected an object with A and b, or box, or both")
    rows, ends, box = root.get("A", []), root.get("b", []), root.get("box")
    if not isinstance(rows, list) or not isinstance(ends, list) or len(rows) != len(ends):
        raise ValueError("A and b have different lengths")
    halves = [numbers(row, inputs) + [exact(b)] for row, b in zip(rows, ends)]
    if not all(any(row[:-1]) for row in halves):
        raise ValueError("a row of A is zero")
    if box is not None:
        if not isinstance(box, list) or len(box) != inputs:
            raise ValueError("box has a wrong length")
        box = [tuple(numbers(pair, 2)) for pair in box]
    return box, halves


def parse_domain(text, inputs):
    """"-" or None for R^n, a box, or JSON."""
    if text is None or text == "-":
        return Domain(inputs, None, [])
    if text.startswith("{"):
        return Domain(inputs, *parse_file(text, inputs))
    return Domain(inputs, parse_box(text, inputs), [])


def read_domain(path, inputs):
    with open(path, encoding="utf-8") as file:
        return Domain(inputs, *parse_file(file.read(), inputs))


def options(text, folder):
    """Those that tell a program of such a domain; JSON goes to a file in the folder."""
    if text is None or text == "-":
        return []
    if not text.startswith("{"):
        return ["--box=" + text]
    path = os.path.join(folder, f"{zlib.crc32(text.encode()):08x}-{os.getpid()}.domain")
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return ["--domain=" + path]
