#!/usr/bin/env python3
"""regions.py: the regions of random ONNX models of one input, counted twice.

crease counts the network that it has read. Here a point moves through the interval and the graph
itself is evaluated there, node by node, in numbers a + b e with an infinitesimal e > 0: so the states
just behind a point are known, and every comparison tells where it will turn out otherwise. A region is
a maximal piece without a change of state. CREASE names the program, GRAPHS how many models."""
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from functools import total_ordering
from pathlib import Path

sys.dont_write_bytecode = True
import evaluate  # noqa: E402
import graphs  # noqa: E402
import tensors  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
GRAPHS = int(os.environ.get("GRAPHS", "150"))
SEED = int(os.environ.get("SEED", "1"))
LOW, HIGH = Fraction(-3), Fraction(3)


@total_ordering
class Moving:
    """a + b e, in a numbers' world where 0 < e < any other positive number."""
    turns = []  # by how much the point may move until a comparison turns out otherwise

    def __init__(self, a, b=0):
        self.a, self.b = Fraction(a), Fraction(b)

    @staticmethod
    def of(value):
        return value if isinstance(value, Moving) else Moving(value)

    def __add__(self, other):
        other = Moving.of(other)
        return Moving(self.a + other.a, self.b + other.b)

    def __mul__(self, other):
        other = Moving.of(other)
        if self.b and other.b:
            raise ValueError("a square")
        return Moving(self.a * other.a, self.a * other.b + self.b * other.a)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Moving.of(other)

    def __rsub__(self, other):
        return Moving.of(other) - self

    def __truediv__(self, other):
        return Moving(self.a / other, self.b / other)

    __radd__, __rmul__ = __add__, __mul__

    def sign(self, other):
        if isinstance(other, float):  # infinite
            return -1 if other > 0 else 1
        difference = self - other
        a, b = difference.a, difference.b
        if a and b and (a < 0) != (b < 0):
            Moving.turns.append(-a / b)
        lead = a or b
        return (lead > 0) - (lead < 0)

    def __eq__(self, other):
        return self.sign(other) == 0

    def __lt__(self, other):
        return self.sign(other) < 0


def regions(data):
    model, at, count, before = evaluate.Model(data), LOW, 0, None
    while at < HIGH:
        Moving.turns.clear()
        model.at([Moving(at, 1)])
        count += before != tensors.STATES
        before = list(tensors.STATES)
        at += min(Moving.turns, default=HIGH - LOW)
    return count


def main():
    failed = checked = total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        for k in range(GRAPHS):
            rng = random.Random(f"{SEED} line {k}")
            data = graphs.random_graph(rng, rng.randint(3, 9), 12, line=True).bytes()
            path.write_bytes(data)
            run = subprocess.run([CREASE, "count", "--quiet", "--threads=1", f"--engine={('split', 'walk')[k % 2]}", f"--box={LOW}:{HIGH}", str(path)],
                                 capture_output=True, text=True, timeout=600)
            if run.returncode:
                print(f"FAILED: model {k}: {run.stderr}", file=sys.stderr)
                failed += 1
                continue
            expected = regions(data)
            checked, total = checked + 1, total + expected
            if int(run.stdout) != expected:
                failed += 1
                print(f"FAILED: model {k}: {run.stdout.strip()} regions, expected {expected}", file=sys.stderr)
    print(f"regions.py: {checked} models, {total} regions, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
