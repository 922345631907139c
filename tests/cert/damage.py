"""The tree of a certificate, and ways to damage it, for mutate.py and parts.py: a cell is a list of nodes."""
import copy

from check import BRANCH, COUNT, CROSS, ELSEWHERE, FORCE, LEAF, SAME, SPLIT, Reader
from prove import differences, entry_list, signed, varint

ENDS = (SPLIT, LEAF, COUNT, ELSEWHERE, BRANCH)  # of a cell


class Node:
    def __init__(self, tag, k):
        self.tag, self.k, self.numbers, self.support, self.units = tag, k, [], [], []
        self.parts, self.value, self.pivots = [], 0, []

    def is_empty(self):
        return (self.tag, self.k) == (LEAF, 2)

    def is_meet(self):
        return (self.tag, self.k) == (LEAF, 3)


def sum_up(sums):
    return [sum(sums[:i + 1]) + i for i in range(len(sums))]


class Parser:
    def __init__(self, data, counts, start):
        self.reader, self.counts = Reader(data), counts
        self.reader.pos = start

    def cell(self, left):
        r, nodes = self.reader, []
        while True:
            at = r.pos
            k, tag = divmod(r.varint(), 8)
            node = Node(tag, k)
            nodes.append(node)
            if tag in (SPLIT, BRANCH):
                node.numbers = [r.varint()] if tag == BRANCH else []
                node.parts = [self.cell(left) for _ in range((node.numbers or [2])[0])]
            elif tag == FORCE or node.is_empty():
                node.support = sum_up([r.varint() for _ in range(r.varint())])
                units = [r.varint() for _ in range(k if tag == FORCE else 1)]
                node.units = list(zip(sum_up([u // 2 for u in units]), [u % 2 for u in units]))
            elif tag in (CROSS, SAME):
                node.numbers = [r.varint()]
                node.parts = [self.cell(left - 1)] if tag == CROSS else []
            elif tag == LEAF:
                if node.is_meet():
                    node.pivots = sum_up([r.varint() for _ in range(r.varint())])
                node.value = 2 ** len(node.pivots)
                node.numbers = [] if k == 1 else [
                    r.signed() for _ in range(left + 1 - len(node.pivots))]
            elif tag == COUNT:
                node.value = self.counts[at]
            if tag in ENDS:
                return nodes


def total(cell):
    return sum(node.value + sum(map(total, node.parts)) for node in cell)


def write(cell):
    out = b""
    for node in cell:
        if node.tag == FORCE or node.is_empty():
            units = zip(differences([u for u, _ in node.units]), [s for _, s in node.units])
            numbers = [len(node.support)] + differences(node.support)
            numbers += [2 * d + s for d, s in units]
            out += varint(8 * (len(node.units) if node.tag == FORCE else 2) + node.tag)
        else:
            out += varint(8 * node.k + node.tag)
            out += entry_list(node.pivots) if node.is_meet() else b""
            numbers = node.numbers
        out += b"".join(signed(a) if node.tag == LEAF and not node.is_empty() else varint(max(a, 0)) for a in numbers)
        out += b"".join(map(write, node.parts))
    return out


def cells(cell):
    """All cells of a tree, this one first."""
    found, todo = [], [cell]
    while todo:
        found.append(todo.pop())
        todo += [part for node in found[-1] for part in node.parts]
    return found


def places(tree, tags):
    return [(cell, i) for cell in cells(tree) for i, node in enumerate(cell) if node.tag in tags]


# ---- Damage to a tree; False if it does not apply ----

def swap(rng, tree, _):
    a, b = (rng.choice(cells(tree)) for _ in range(2))
    splits = [(cell, i) for cell, i in places(tree, [SPLIT, BRANCH]) if len(cell[i].parts) > 1]
    if splits and rng.random() < 0.5:
        cell, i = rng.choice(splits)
        a, b = rng.sample(cell[i].parts, 2)
    if any(c is b for c in cells(a)) or any(c is a for c in cells(b)):
        return False
    a[:], b[:] = b[:], a[:]
    return True


def drop(rng, tree, _):
    cell, i = rng.choice(places(tree, range(8)))
    if cell[i].tag in ENDS and not cell[i].parts:
        return False
    if cell[i].tag in ENDS:
        cell[i:] = rng.choice(cell[i].parts)
    else:
        del cell[i]
    return True


def repeat(rng, tree, _):
    cell, i = rng.choice(places(tree, range(8)))
    node = copy.deepcopy(cell[i])
    target, j = rng.choice([(cell, i), rng.choice(places(tree, range(8)))])
    if node.tag in ENDS:
        target[j:] = [node]
    else:
        target.insert(j, node)
    return True


def reorder(rng, tree, _):
    steps = [(cell, i) for cell, i in places(tree, [FORCE, CROSS, SAME])
             if i + 1 < len(cell) and cell[i + 1].tag in (FORCE, CROSS, SAME)]
    if steps:
        cell, i = rng.choice(steps)
        cell[i], cell[i + 1] = cell[i + 1], cell[i]
    return bool(steps)


def end(rng, tree, _):
    """A cell ends early, with a leaf or a count."""
    cell, i = rng.choice(places(tree, range(8)))
    leaves = [(cell, i) for cell, i in places(tree, [LEAF]) if cell[i].numbers]
    node = Node(rng.choice([LEAF, COUNT]), rng.choice((0, 1, 3)))
    node.k = 0 if node.tag == COUNT else node.k
    if node.tag == LEAF and node.k != 1:
        if not leaves:
            return False
        other, j = rng.choice(leaves)
        node.numbers = list(other[j].numbers)
        if node.is_meet() and not other[j].is_meet():
            node.pivots = rng.sample(range(len(node.numbers)), rng.randrange(len(node.numbers)))
            node.pivots.sort()
            del node.numbers[len(node.numbers) - len(node.pivots):]
        else:
            node.pivots = list(other[j].pivots) if node.is_meet() else []
    node.value = 2 ** len(node.pivots) if node.tag == LEAF else total(cell[i:])
    cell[i:] = [node]
    return True


def unit(rng, tree, units):
    cell, i = rng.choice(places(tree, range(8)))
    cell[i].k = rng.randint(0, units if cell[i].tag in (SPLIT, CROSS, SAME, BRANCH) else 3)
    return True


def number(rng, tree, units):
    """The pivot, the other unit, how many candidates there are."""
    steps = places(tree, [CROSS, SAME, BRANCH])
    if steps:
        cell, i = rng.choice(steps)
        cell[i].numbers = [rng.randint(0, units)]
    return bool(steps)


def point(rng, tree, _):
    leaves = [(cell, i) for cell, i in places(tree, [LEAF]) if cell[i].numbers]
    if not leaves:
        return False
    cell, i = rng.choice(leaves)
    m = cell[i].numbers
    j = rng.randrange(len(m))
    m[j] = rng.choice([m[j] + 1, m[j] - 1, -m[j], 2 * m[j], 0, m[j] + 8])
    if j == 0 and m[0] > 0 and rng.random() < 0.5:  # the same point, spelt otherwise
        m[1:] = [a * 2 for a in m[1:]]
    if rng.random() < 0.1:
        m[:] = m[:-1] if rng.random() < 0.5 else m + [0]
    return True


def pivots(rng, tree, _):
    """Of a MEET: one less, one more, or another one; mostly with as long a point as is due."""
    meets = [(cell, i) for cell, i in places(tree, [LEAF]) if cell[i].is_meet()]
    if not meets:
        return False
    cell, i = rng.choice(meets)
    node, chosen = cell[i], set(cell[i].pivots)
    if chosen and rng.random() < 0.7:
        chosen.remove(rng.choice(sorted(chosen)))
    if rng.random() < 0.7:
        chosen.add(rng.randrange(len(node.pivots) + len(node.numbers)))
    change = len(node.pivots) - len(chosen)
    if rng.random() < 0.8:
        node.numbers = node.numbers[:len(node.numbers) + change] + [0] * change
    node.pivots, node.value = sorted(chosen), 2 ** len(chosen)
    return True


def support(rng, tree, units):
    forces = places(tree, [FORCE]) + [
        (cell, i) for cell, i in places(tree, [LEAF]) if cell[i].is_empty()]
    if not forces:
        return False
    cell, i = rng.choice(forces)
    entries = set(cell[i].support)
    if entries and rng.random() < 0.6:
        entries.remove(rng.choice(sorted(entries)))
    if rng.random() < 0.6:
        entries.add(rng.randrange(units + 6))
    cell[i].support = sorted(entries)
    return True


def forced(rng, tree, units):
    forces = places(tree, [FORCE]) + [
        (cell, i) for cell, i in places(tree, [LEAF]) if cell[i].is_empty()]
    if not forces:
        return False
    cell, i = rng.choice(forces)
    states = dict(cell[i].units)
    way = rng.randrange(3)
    if way == 0 or not states:
        states[rng.randrange(units + 1)] = rng.randint(0, 1)
        if cell[i].is_empty() and len(states) > 1:
            del states[rng.choice(sorted(states))]
    elif way == 1 and not cell[i].is_empty():
        del states[rng.choice(sorted(states))]
    else:
        states[rng.choice(sorted(states))] ^= 1
    cell[i].units = sorted(states.items())
    return True


def kind(rng, tree, units):
    """A node becomes one of another kind."""
    cell, i = rng.choice(places(tree, range(8)))
    node = cell[i]
    if node.tag == SPLIT:  # becomes a FORCE without a support
        cell[i:] = [Node(FORCE, 1)] + rng.choice(node.parts)
        cell[i].units = [(node.k, rng.randint(0, 1))]
    elif node.units and rng.random() < 0.5:  # a FORCE becomes a SPLIT
        rest = cell[i + 1:]
        cell[i:] = [Node(SPLIT, rng.choice(node.units)[0])]
        cell[i].parts = [rest, copy.deepcopy(rest)]
    elif node.tag == CROSS and rng.random() < 0.5:  # becomes a SAME
        cell[i] = Node(SAME, node.k)
        cell[i].numbers = [rng.randrange(units + 1)]
    elif node.tag == CROSS:  # becomes a SPLIT
        cell[i:] = [Node(SPLIT, node.k)]
        cell[i].parts = [node.parts[0], cell[i + 1:] or copy.deepcopy(node.parts[0])]
    else:
        node.tag, node.numbers = rng.choice([FORCE, SAME, LEAF, COUNT, 6, 7]), node.numbers or [0]
    return True


def emptiness(unit_of, state, entries):
    node = Node(LEAF, 2)
    node.units, node.support = [(unit_of, state)], list(entries)
    return node


def hollow(rng, tree, units):
    """A cell is said to be empty, or one that is empty not to be."""
    empty = [(cell, i) for cell, i in places(tree, [LEAF]) if cell[i].is_empty()]
    if empty and rng.random() < 0.3:
        cell, i = rng.choice(empty)
        cell[i:] = copy.deepcopy(rng.choice(cells(tree)))
        return True
    cell, i = rng.choice(places(tree, range(8)))
    above = [other[j].k for other, j in places(tree, [SPLIT, BRANCH])
             if any(part is cell for part in other[j].parts)]
    supports = [other[j].support for other, j in places(tree, [FORCE, LEAF])]
    entries = sorted({rng.randrange(units + 2) for _ in range(rng.randint(0, 2))})
    cell[i:] = [emptiness(
        above[0] if above and rng.random() < 0.7 else rng.randrange(units + 1), rng.randint(0, 1),
        rng.choice(supports) if supports and rng.random() < 0.5 else entries)]
    return True


def nothing(rng, tree, _):
    """For a FORCE a SPLIT, whose other part is empty; or both, true only where all vanishes."""
    forces = [(cell, i) for cell, i in places(tree, [FORCE]) if cell[i].units]
    if not forces:
        return False
    cell, i = rng.choice(forces)
    force, both = cell[i], rng.random() < 0.5
    chosen, state = rng.choice(force.units)
    rest = copy.deepcopy(cell[i:])
    rest[0].units.remove((chosen, state))
    node = Node(SPLIT, chosen)
    node.parts = [[emptiness(chosen, 1 - part, force.support)] if both or part != state
                  else rest[not rest[0].units:] for part in (1, 0)]
    cell[i:] = [node]
    return True


def contest(rng, tree, units):
    """The parts of a BRANCH: left out, too many, in another order; SPLIT for BRANCH or back."""
    nodes = [(cell, i) for cell, i in places(tree, [SPLIT, BRANCH]) if len(cell[i].parts) > 1]
    branches = [(cell, i) for cell, i in nodes if cell[i].tag == BRANCH]
    if not nodes:
        return False
    cell, i = rng.choice(branches or nodes)
    node, way = cell[i], rng.randrange(5)
    if way == 0:
        del node.parts[rng.randrange(len(node.parts))]
    elif way == 1:
        node.parts.append(copy.deepcopy(rng.choice(node.parts)))
    elif way == 2:
        rng.shuffle(node.parts)
    elif way == 3:
        node.k = max(0, node.k + rng.choice((-1, 1, 2, 3)))
    elif node.tag == BRANCH:
        cell[i:] = [Node(SPLIT, min(units, node.k + rng.randrange(3)))]
        cell[i].parts = rng.sample(node.parts, 2)
    else:
        cell[i:] = [Node(BRANCH, node.k)]
        cell[i].parts = node.parts[::-1]
    if cell[i].tag == BRANCH:
        cell[i].numbers = [len(cell[i].parts) + (rng.random() < 0.1)]
    return True


DAMAGE = (swap, drop, repeat, reorder, end, unit, number, point, pivots, support, forced, kind,
          hollow, nothing, contest)


# ---- Damage to bytes ----

def byte_damage(rng, data, other):
    data, kind_of = bytearray(data), rng.randrange(7)
    at = rng.randrange(112, len(data)) if rng.random() < 0.85 else rng.randrange(len(data))
    if kind_of < 2:
        data[at] ^= 1 << rng.randrange(8)
    elif kind_of == 2:
        del data[at:]
    elif kind_of == 3:
        data[at:at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    elif kind_of == 4:
        data[at:] = other[rng.randrange(len(other)):]
    elif kind_of == 5:
        data += bytes([rng.choice([0, 4, 5, 12])])
    else:
        claim = int.from_bytes(data[80:112], "big")
        data[80:112] = rng.choice([abs(claim - 1), claim + 1, 0, claim << 64, 2 * claim,
                                   claim | 1 << 255]).to_bytes(32, "big")
    return bytes(data)
