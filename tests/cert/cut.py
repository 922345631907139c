"""Cuts the trees of whole certificates, for parts.py: a trunk and its parts."""
import copy

from check import CROSS, ELSEWHERE
from content import PART, TRUNK, WHOLE
from damage import Node, cells, total, write


def head(kind, number, digests, claim):
    return b"creasect\1" + bytes([kind]) + number.to_bytes(6, "big") + digests \
        + max(0, claim).to_bytes(32, "big")


def shifted(data, by):
    """With another claim."""
    claim = (int.from_bytes(data[80:112], "big") + by) % 2 ** 256
    return data[:80] + claim.to_bytes(32, "big") + data[112:]


def elsewhere(cell, i, number):
    """Puts ELSEWHERE in the place of the nodes from i on, which it notes."""
    node = Node(ELSEWHERE, number)
    node.tree = cell[i:]
    cell[i:] = [node]


def forbidden(tree):
    """Places (cell, i) in flats, and those behind a CROSS on the same cell."""
    flats = [below for cell in cells(tree) for node in cell if node.tag == CROSS
             for below in cells(node.parts[0])]
    crossed = []
    for cell in cells(tree):
        tags = [node.tag for node in cell]
        if CROSS in tags:
            crossed += [(cell, i) for i in range(tags.index(CROSS) + 1, len(cell))]
    return [(cell, i) for cell in flats for i in range(len(cell))], crossed


class Cut:
    """trunk: a tree; parts: of each its trees. share: how often a cell is cut where it may be."""

    def __init__(self, rng, digests, kept, tree, number, share):
        self.digests, self.kept, self.trunk = digests, kept, tree
        self.parts = [[] for _ in range(number)]
        self.walk(rng, tree, share if number else 0, True)

    def walk(self, rng, cell, share, allowed):
        """In preorder, so that the trees come in the order of their nodes."""
        here = allowed
        chance = share / 5 if cell is self.trunk else share  # else little would be left
        for i, node in enumerate(cell):
            if here and node.tag != ELSEWHERE and rng.random() < chance:
                elsewhere(cell, i, rng.randrange(len(self.parts)))
                node = cell[i]
            if node.tag == ELSEWHERE:
                self.parts[node.k].append(node.tree)
                return
            here = here and node.tag != CROSS
            for part in node.parts:
                self.walk(rng, part, share, allowed and node.tag != CROSS)

    def copy(self):
        return copy.deepcopy(self)

    def trees(self):
        """All, that of the trunk first."""
        return [self.trunk] + [tree for trees in self.parts for tree in trees]

    def whole(self):
        return head(WHOLE, 0, self.digests, total(self.trunk)) + self.kept + write(self.trunk)

    def files(self):
        """The contents, that of the trunk first."""
        contents = [head(TRUNK, len(self.parts), self.digests, total(self.trunk)) + self.kept
                    + write(self.trunk)]
        for i, trees in enumerate(self.parts):
            contents.append(head(PART, i, self.digests, sum(map(total, trees))) + self.kept
                            + b"".join(map(write, trees)))
        return contents
