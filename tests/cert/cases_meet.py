"""Certificates by hand for rules.py: MEET, where all pending units vanish at a point of the cell."""
import cases_alike as alike
from cases import (AFFINE, CUBE, DEEP, EQUAL, FAN, FLAT_OUT, FOUND, FOUR, ONE_OF_TWO, PLANE,
                   POSITIVE, QUADRANTS, STRIPS, SUM, ZEROS, at, cross, force, node, same, split)
from cases_maxout import CARRIED_LAST, CROSSES, EITHER, ROOM, THREE, branch
from nets import halves, maxout, network, relu
from prove import entry_list, signed, varint


def meet(pivots, e=0, *m):
    return node(4, 3) + entry_list(pivots) + signed(e) + b"".join(map(signed, m))


def meet_2(pivots, e=0, *m):
    """In version 2."""
    return alike.node(4, 3) + meet(pivots, e, *m)[1:]


ONE = network(relu([[1]], [0]))
# Only y and then x can be solved for first; and x + y with x + y + z, in space.
TURNED = network(relu([[0, 1], [1, 0]], [0, 0]))
SLANTED = network(relu([[1, 1, 0], [1, 1, 1]], [0, 0]))
THIRDS = network(relu([[3, 1], [1, 5]], [-1, -2]))  # meet at (3/14, 5/14)
GROUP = network(maxout(3, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]))
LARGE = network(relu([[1 << 70, 1], [1, 1 << 70]], [-(1 << 69), -(1 << 69)]))
# Of PLANE, where x + y > 1; of FAN, where x + y < 0
ABOVE = split(0, split(1, at(0, 1, 1), at(0, 3, -1)), force([0, 2], (1, 1)) + at(0, -1, 3))
BELOW = split(0, force([0, 2], (1, 0)) + at(0, 1, -3), split(1, at(0, -3, 1), at(0, -1, -1)))
TWELVE = network(relu([[int(i == j) for j in range(12)] for i in range(12)], [0] * 12))
ORIGIN = meet([0, 1])

CASES = [
    ("meet on a line", ONE, None, [0], meet([0]), 2),
    ("meet in the plane", QUADRANTS, None, [0, 1], ORIGIN, 4),
    ("meet in space", CUBE, None, [0, 1, 2], meet([0, 1, 2]), 8),
    ("meet of twelve", TWELVE, "-1:1", list(range(12)), meet(list(range(12))), 4096),
    ("meet, a coordinate left", ONE_OF_TWO, None, [0, 1], meet([0], 0, 7), 2),
    ("meet, a coordinate in between left", FOUR, None, [0, 1, 2, 3], meet([0, 1, 2], 1, 9), 8),
    ("meet, the first coordinate left", SUM, None, [0, 1], meet([1], 0, 7), 2),
    ("meet, the second coordinate left", SUM, None, [0, 1], meet([0], 0, 7), 2),
    ("meet, the second input kept", SUM, None, [1], meet([0]), 2),
    ("meet, exchanged", TURNED, None, [0, 1], meet([0, 1]), 4),
    ("meet, the pivots of a slanted one", SLANTED, None, [0, 1, 2], meet([0, 2], 0, 3), 4),
    ("meet, its other pivots", SLANTED, None, [0, 1, 2], meet([1, 2], -3, 3), 4),
    ("meet, large numbers", LARGE, "0:1", [0, 1], meet([0, 1]), 4),
    ("meet in a box", QUADRANTS, "-1:1", [0, 1], meet([0, 1]), 4),
    ("meet in a box, a coordinate left", ONE_OF_TWO, "-1:1,0:1", [0, 1], meet([0], 1, 1), 2),
    ("meet at a point that is no binary fraction", THIRDS, "1/5:2/9,1/3:2/5", [0, 1], meet([0, 1]), 4),
    ("meet in a half-space", QUADRANTS, halves([[1, 1]], [1]), [0, 1], meet([0, 1]), 4),
    ("meet in a part", PLANE, None, [0, 1], split(2, ABOVE, ORIGIN), 7),
    ("meet in a part, more on a side", PLANE, None, [0, 1],
     split(0, split(2, meet([1], 1, 3), meet([1], 1, 1)),
           split(1, split(2, at(0, -1, 3), at(0, -1, 1)), force([0, 1], (2, 0)) + at(0, -1, -1))), 7),
    ("meet after a force", POSITIVE, None, [0], force([], (1, 1), (2, 1)) + meet([0]), 2),
    ("meet after a same", EQUAL, None, [0], same(1, 0) + meet([0]), 2),
    ("meet in a flat, and after it", CUBE, None, [0, 1, 2],
     cross(0, 0, meet([1, 2])) + meet([1, 2], 0, 5), 8),
    ("meet in a flat, then found", QUADRANTS, None, [0, 1],
     cross(0, 0, meet([1])) + cross(1, 1, at(0, 5)) + FOUND, 4),
    ("meet in a flat of a part", CUBE, "-1:1", [0, 1, 2],
     split(2, cross(0, 0, meet([1], 1, 1)) + meet([1], 1, 1, 1), meet([0, 1], 1, -1)), 8),
    ("meet behind a layer", DEEP, None, [0], split(0, meet([0]), force([], (1, 0)) + at(0, -1)), 3),
    ("meet of two pieces", EITHER, None, [0], meet([0]), 2),
    ("meet of two groups", CROSSES, None, [0, 1], meet([0, 1]), 4),
    ("meet in a branch", ROOM, None, [0, 1, 2], force([], (5, 0)) + branch(
        0, *(meet([2], 0, *xy) for xy in ((1, 0), (0, 1), (-1, -1)))), 6),
    ("meet beside carried units", CARRIED_LAST, None, [0], meet([0]), 2),
]

# What is wrong claims what a checker without the rule would find.
HOSTILE = [
    # The point
    ("meet on the box's face", QUADRANTS, "0:1", [0, 1], meet([0, 1]), 4),
    ("meet on the upper face", QUADRANTS, "-1:0", [0, 1], meet([0, 1]), 4),
    ("meet outside of the box", QUADRANTS, "-1:1,1:2", [0, 1], meet([0, 1]), 4),
    ("meet, a coordinate left on the box's face", ONE_OF_TWO, "-1:1,0:1", [0, 1], meet([0], 0, 0), 2),
    ("meet, a coordinate left outside of the box", ONE_OF_TWO, "-1:1,0:1", [0, 1], meet([0], 0, 2), 2),
    ("meet beside a third", THIRDS, "2/9:1,1/3:2/5", [0, 1], meet([0, 1]), 4),
    ("meet on the border of a half-space", QUADRANTS, halves([[1, 1]], [0]), [0, 1], meet([0, 1]), 4),
    ("meet outside of a half-space", QUADRANTS, halves([[1, 1]], [-1]), [0, 1], meet([0, 1]), 4),
    ("meet on both sides", PLANE, None, [0, 1], split(2, ORIGIN, ORIGIN), 8),
    ("meet where a split is", FAN, None, [0, 1], split(2, ORIGIN, ORIGIN), 8),
    ("meet where the branch's piece is beaten", ROOM, None, [0, 1, 2], force([], (5, 0)) + branch(
        0, *(meet([2], 0, *xy) for xy in ((1, 0), (1, 0), (-1, -1)))), 6),
    ("meet in a flat on the box's face", QUADRANTS, "0:1,-1:1", [0, 1],
     cross(0, 0, meet([1])) + cross(1, 1, at(1, 1)) + FOUND, 4),
    ("meet in a flat where the split is", FAN, None, [0, 1],
     split(2, cross(0, 0, meet([1])) + meet([1], 0, 1), BELOW), 7),
    ("meet, a coordinate too many", QUADRANTS, None, [0, 1], meet([0, 1], 0, 0), 4),
    ("meet, a coordinate too few", ONE_OF_TWO, None, [0, 1], meet([0]), 2),
    ("meet without an exponent", QUADRANTS, None, [0, 1], meet([0, 1])[:-1], 4),
    ("meet, exponent 2^24 + 1", QUADRANTS, None, [0, 1], meet([0, 1], (1 << 24) + 1), 4),
    ("meet, exponent -2^24 - 1", ONE_OF_TWO, None, [0, 1], meet([0], -(1 << 24) - 1, 0), 2),
    ("meet, exponent padded", QUADRANTS, None, [0, 1], meet([0, 1])[:-1] + b"\x80\0", 4),
    # The pivots
    ("meet, a pivot too few", QUADRANTS, None, [0, 1], meet([0], 0, 0), 2),
    ("meet, a pivot too few, four found", QUADRANTS, None, [0, 1], meet([0], 0, 0), 4),
    ("meet, a pivot too many", ONE_OF_TWO, None, [0, 1], meet([0, 1]), 4),
    ("meet, a pivot too many, two found", ONE_OF_TWO, None, [0, 1], meet([0, 1]), 2),
    ("meet, no pivot", ONE, None, [0], meet([], 0, 0), 1),
    ("meet, no pivot, two found", ONE, None, [0], meet([], 0, 0), 2),
    ("meet, more pivots than coordinates", QUADRANTS, None, [0, 1], meet([0, 1, 2]), 8),
    ("meet, no such coordinate", QUADRANTS, None, [0, 1], meet([0, 2], 0, 0), 4),
    ("meet, the constant as pivot", ONE, None, [0], meet([1], 0, 0), 2),
    ("meet, the number of the input", SUM, None, [1], meet([1], 0, 0), 2),
    ("meet, a pivot twice", QUADRANTS, None, [0, 1],
     node(4, 3, 2, 0, (1 << 63) - 1) + signed(0), 4),
    ("meet, a pivot of 2^64", QUADRANTS, None, [0, 1],
     node(4, 3, 2, 0) + b"\x80" * 9 + b"\2" + signed(0), 4),
    ("meet, 2^63 - 1 pivots", QUADRANTS, None, [0, 1], node(4, 3, (1 << 63) - 1, 0, 0) + signed(0), 4),
    ("meet, a padded pivot", QUADRANTS, None, [0, 1], node(4, 3, 2, 0) + b"\x80\0" + signed(0), 4),
    ("meet, a padded number of pivots", QUADRANTS, None, [0, 1],
     node(4, 3) + b"\x82\0" + varint(0) * 2 + signed(0), 4),
    ("meet, a pivot that is gone", QUADRANTS, None, [0, 1],
     cross(0, 0, meet([0], 0, 0)) + cross(1, 1, at(0, 5)) + FOUND, 4),
    ("meet, a pivot's coefficient zero", ONE_OF_TWO, None, [0, 1], meet([1], 0, 0), 2),
    ("meet, one pivot's coefficients zero", FOUR, None, [0, 1, 2, 3], meet([0, 1, 3], 0, 0), 8),
    ("meet, pivots of equal columns", SLANTED, None, [0, 1, 2], meet([0, 1], 0, 0), 4),
    # The units
    ("meet of none", FLAT_OUT, None, [0], force([], (0, 1)) + meet([], 0, 0), 1),
    ("meet of none, on either side", ONE, None, [0], split(0, meet([], 0, 1), meet([], 0, -1)), 2),
    ("meet without switching layers", AFFINE, None, [0], meet([], 0, 0), 1),
    ("meet without switching layers, one found", AFFINE, None, [0], meet([0]), 2),
    ("meet of a constant", FLAT_OUT, None, [0], meet([0]), 2),
    ("meet of a constant beside another", network(relu([[1, 0], [0, 0]], [0, 1])), None, [0],
     meet([0]), 4),
    ("meet of a constant, both kept", network(relu([[1, 0], [0, 0]], [0, 1])), None, [0, 1],
     meet([0, 1]), 4),
    ("meet of a zero", network(relu([[1, 0], [0, 0]], [0, 0])), None, [0, 1], meet([0, 1]), 4),
    ("meet of zeros", ZEROS, None, [0], meet([0]), 8),
    ("meet of equals", network(relu([[1, 2], [1, 2]], [0, 0])), None, [0, 1], meet([0, 1]), 4),
    ("meet of opposites", network(relu([[1, 2], [-2, -4]], [0, 0])), None, [0, 1], meet([0, 1]), 4),
    ("meet of parallels", STRIPS, None, [0, 1], meet([0, 1]), 4),
    ("meet of three in the plane", FAN, None, [0, 1], meet([0, 1]), 8),
    ("meet of three in the plane, four found", FAN, None, [0, 1], meet([0, 1]), 4),
    ("meet of three that depend", network(relu([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, 0])), None,
     [0, 1, 2], meet([0, 1, 2]), 8),
    ("meet of three that depend by a constant",
     network(relu([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, -1])), None, [0, 1, 2], meet([0, 1, 2]), 8),
    ("meet of what depends on the flat", network(relu([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, 0])),
     None, [0, 1, 2], cross(0, 0, meet([1, 2])) + meet([0, 1], 0, 0), 8),
    ("meet in an earlier layer", DEEP, None, [0], meet([0]), 2),
    ("meet, crowded", THREE, None, [0], meet([0]), 2),
    ("meet, crowded, three pending", THREE, None, [0], meet([0]), 8),
    ("meet, crowded in space", GROUP, None, [0, 1, 2], meet([0, 1, 2]), 8),
    ("meet, crowded, with two pivots", GROUP, None, [0, 1, 2], meet([0, 1], 0, 0), 4),
    ("meet, crowded elsewhere", ROOM, None, [0, 1, 2], force([], (5, 0)) + meet([0, 1, 2]), 8),
    # What ends a cell
    ("meet, then found", QUADRANTS, None, [0, 1], ORIGIN + FOUND, 5),
    ("meet, then a point", QUADRANTS, None, [0, 1], ORIGIN + at(0, 1, 1), 5),
    ("leaf 4", QUADRANTS, None, [0, 1], node(4, 4) + ORIGIN[1:], 4),
    ("meet of version 2", QUADRANTS, None, [0, 1], meet_2([0, 1]), 4),
]

# In version 2
OUTER, INNER = meet_2([0]), alike.INNER
TREE = alike.split(2, OUTER, INNER)
MERGED = [
    ("meet", alike.EVEN, "-2:2", [0], alike.even(TREE, alike.TREE_LEFT), 6),
    ("meet in a cell that another is like", alike.EVEN, "-2:2", [0],
     alike.even(alike.name(0) + TREE, alike.LIKE), 6),
    ("a cell that ends with a meet", alike.EVEN, "-2:2", [0],
     alike.even(alike.split(2, alike.name(0) + OUTER, INNER),
                alike.split(2, alike.OUTER_LIKE, alike.INNER_LEFT)), 6),
    ("meet after a drop", alike.EVEN, "-2:2", [0],
     alike.even(alike.drop(4, [0]) + TREE, alike.TREE_LEFT), 6),
]
HOSTILE_MERGED = [
    ("meet of version 1", alike.EVEN, "-2:2", [0],
     alike.even(alike.split(2, meet([0]), INNER), alike.TREE_LEFT), 6),
    ("meet outside, version 2", alike.EVEN, "-1:2", [0],
     alike.even(TREE, alike.split(2, OUTER, alike.INNER_LEFT)), 6),
    ("meet outside on the other side, version 2", alike.EVEN, "-2:1", [0],
     alike.even(alike.split(2, OUTER, INNER), alike.TREE_LEFT), 6),
]
