"""Points, and what read_many prints of the values there."""
from fractions import Fraction


def point(p, inputs):
    """As in tests/support/evaluate.h."""
    return [Fraction(((j + 1) * 7919 + (p + 1) * (j + 3) * 104729) % 2001 - 1000, 256)
            for j in range(inputs)]


def parts(line):
    """Digest, inputs and outputs at the points, from a line of read_many."""
    head, *values = line.split(";")
    digest, inputs = head.split()
    return digest, int(inputs), [[Fraction(v) for v in row.split()] for row in values]


def near(exact, floats, error=1e-5):
    """Up to rounding: the same shapes, and numbers that differ by little."""
    return [len(row) for row in exact] == [len(row) for row in floats] and all(
        abs(a - b) <= error * max(1, abs(b)) for one, other in zip(exact, floats) for a, b in zip(one, other))
