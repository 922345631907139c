"""Affine functions in exact fractions for check.py: a list of n coefficients and a constant."""
from fractions import Fraction


def affine(rows, functions, size):
    """The functions of the next layer; size is n + 1."""
    result = []
    for row in rows:
        total = [Fraction(0)] * (size - 1) + [row[-1]]
        for w, f in zip(row, functions):
            if w:
                total = [a + w * b if b else a for a, b in zip(total, f)]
        result.append(total)
    return result


def restrict(g, p, f):
    """g on {f = 0}, where coordinate p follows from the others."""
    if g[p] == 0:
        return g
    q = g[p] / f[p]
    return [a - q * b if b else a for a, b in zip(g, f)]


def value(f, x):
    return sum((a * b for a, b in zip(f, x) if a), f[-1])


def constant(f):
    return not any(f[:-1])


def multiples(f, g):
    """Each is a multiple of the other."""
    if not any(f) or not any(g):
        return not any(f) and not any(g)
    i = next(i for i, b in enumerate(g) if b)
    q = f[i] / g[i]
    return all(a == q * b for a, b in zip(f, g))


class Basis:
    """Linearly independent linear parts; expresses others by them, constants carried along."""

    def __init__(self, size):
        self.size, self.steps = size, []

    def express(self, f):
        """y and rest with f = sum y_i a_i + rest; the rest is 0 where a pivot is."""
        y = [Fraction(0)] * self.size
        for p, vector, combination in self.steps:
            if f[p]:
                q = f[p] / vector[p]
                f = [a - q * b if b else a for a, b in zip(f, vector)]
                y = [a + q * b if b else a for a, b in zip(y, combination)]
        return y, f

    def add(self, f):
        """False if f's linear part depends on the others."""
        y, rest = self.express(f)
        if constant(rest):
            return False
        y = [-a for a in y]
        if self.size:
            y[len(self.steps)] += 1
        self.steps.append((next(p for p, a in enumerate(rest) if a), rest, y))
        return True


def rank(vectors):
    basis = Basis(0)
    return sum(basis.add(vector + [Fraction(0)]) for vector in vectors)
