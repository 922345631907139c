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
