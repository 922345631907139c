"""Exact linear programming for prove.py."""
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


def pivot(table, basis, i, j):
    row = table[i] = [a / table[i][j] for a in table[i]]
    for h, other in enumerate(table):
        if h != i and other[j]:
            q = other[j]
            table[h] = [a - q * b if b else a for a, b in zip(other, row)]
    basis[i] = j


def reduced(table, basis, costs, j):
    return costs[j] - sum(costs[b] * row[j] for b, row in zip(basis, table) if row[j])


def descend(table, basis, costs, columns):
    """Simplex steps by Bland's rule, which ends; False if there is no minimum."""
    while True:
        j = next((j for j in range(columns) if j not in basis
                  and reduced(table, basis, costs, j) < 0), None)
        if j is None:
            return True
        steps = [(row[-1] / row[j], basis[i], i) for i, row in enumerate(table) if row[j] > 0]
        if not steps:
            return False
        pivot(table, basis, min(steps)[2], j)


def minimize(columns, costs, target):
    """min costs.y over y >= 0 with sum y_i columns_i = target: (y, multipliers), None if there is
    no such y. The columns of positive y_i are independent. There must be a minimum."""
    size, rows = len(columns), len(target)
    flip = [-1 if t < 0 else 1 for t in target]
    table = [[flip[i] * c[i] for c in columns] + [ONE if h == i else ZERO for h in range(rows)]
             + [flip[i] * target[i]] for i in range(rows)]
    basis = list(range(size, size + rows))
    descend(table, basis, [0] * size + [1] * rows, size)
    if any(b >= size and row[-1] > 0 for b, row in zip(basis, table)):
        return None
    for i in range(rows):  # artificial columns leave, but for redundant rows, where they stay 0
        j = next((j for j in range(size) if table[i][j]), None)
        if basis[i] >= size and j is not None:
            pivot(table, basis, i, j)
    costs = list(costs) + [0] * rows
    assert descend(table, basis, costs, size)
    y = [ZERO] * size
    for b, row in zip(basis, table):
        if b < size:
            y[b] = row[-1]
    return y, [-flip[i] * reduced(table, basis, costs, size + i) for i in range(rows)]
