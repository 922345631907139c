"""Certificates by hand for rules.py: what crease-check keeps must not serve once it has changed,
and what the leading bits of numbers do not show must be computed."""
from cases import COUNTED, EQUAL, FOUND, at, cross, force, split
from nets import halves, network, relu

# x and -x, then x + 1 and x + 2 or 1 - 2 x and x + 2.
ROWS = network(relu([[1], [-1]], [0, 0]), relu([[1, 2], [1, -1]], [1, 2]))
ROWS_TREE = split(0, force([0], (1, 0)) + force([0], (2, 1)) + force([2], (3, 1)) + at(0, 1),
                  force([0], (1, 1)) + force([0], (2, 1)) + force([2], (3, 1)) + at(0, -1))

# x; -x - 1 and 1 - x; 2 - x, which only looks like x + 1 as the first layer's unit passes it on.
LAYERS = network(relu([[1, 0]], [0]), relu([[-1], [-1]], [-1, 1]), relu([[0, 1]], [1]))
LAYERS_TREE = split(0, force([0], (1, 0))
                    + split(2, force([0], (3, 1)) + at(1, 1, 0), force([], (3, 1)) + at(0, 2, 0)),
                    force([], (1, 0), (2, 1)) + force([], (3, 1)) + at(0, -1, 0))

# x, y and x - 1, of which x and y are passed on, later x and x - 1.
PASSED = network(relu([[1, 0, 0], [0, 1, 0], [1, 0, 0]], [0, 0, -1]), relu([[1, 1, 1]], [3]))


def passed(support, last):
    return split(1, split(2, force([2], (0, 1)) + force([0, 1], (3, 1)) + at(0, 2, 1, 0),
                          split(0, force([0, 1], (3, 1)) + at(1, 1, 2, 0),
                                force([1], (3, 1)) + at(0, -1, 1, 0))),
                 split(2, force([2], (0, 1)) + force(support, (3, 1)) + at(0, 2, -1, 0),
                       split(0, force([0], (3, 1)) + at(1, 1, -2, 0),
                             force([], (3, 1)) + at(0, *last))))


# x, 4 x - 3 and y - x + 3/2 in [-1, 1]^2: the last one is positive where x = 0, not where x = 3/4.
FLATS = network(relu([[1, 0], [4, 0], [-1, 1]], [0, -3, "3/2"]))


def flats(second):
    return cross(0, 0, force([], (1, 0)) + force([5], (2, 1)) + at(0, 0)) \
        + cross(1, 0, second) + cross(2, 1, at(2, 3)) + FOUND


# y - x, x + 1, y - 3
BACK = network(relu([[-1, 1], [1, 0], [0, 1]], [0, 1, -3]))
BACK_TREE = cross(0, 1, cross(1, 0, force([], (2, 0)) + at(0)) + cross(2, 0, at(0)) + FOUND) \
    + cross(1, 0, cross(2, 1, at(0)) + FOUND) + cross(2, 1, at(0, 0)) + FOUND

# 2^60 times x, y and -x + y / 2^60 - 1
LARGE = 1 << 60
SMALL = network(relu([[LARGE, 0], [0, LARGE], [-LARGE, 1]], [0, 0, -LARGE]))
SMALL_TREE = split(0, split(1, force([0, 1], (2, 0)) + at(0, 1, 1),
                            force([0, 1], (2, 0)) + at(0, 1, -1)),
                   split(2, split(1, at(0, -2, 1), at(0, -2, -1)),
                         split(1, at(1, -1, 1), at(1, -1, -1))))

# x, y and x + 1, on which y has no influence
IDLE = network(relu([[1, 0], [0, 1], [1, 0]], [0, 0, 1]))
IDLE_TREE = split(0, split(1, force([0, 1], (2, 1)) + at(0, 1, 1),
                           force([0, 1], (2, 1)) + at(0, 1, -1)),
                  split(2, split(1, at(1, -1, 1), at(1, -1, -1)),
                        split(1, at(0, -2, 1), at(0, -2, -1))))

# x and y are 1 on the first two lines, and on the third one, or at the end of a half-plane, which seems to be
# beyond this point by the leading bits.
EVEN, A, B = 1 << 16, (1 << 70) + (1 << 15) + 1, (1 << 70) + (1 << 15)
CORNER = network(relu([[1, 0], [0, 1]], [-1, -1]))
THROUGH = network(relu([[EVEN, 0], [0, EVEN], [str(A), str(B)]], [-EVEN, -EVEN, str(-A - B)]))
# Zeros at 2^20, of which one seems to be larger.
C = (1 << 70) + (1 << 36) - 1
END = network(relu([[str(C)], [str(1 << 71)]], [str(-C << 20), str(-1 << 91)]))

# x, y and x + y - 1 by 2^60, and x - 1, the leading bits of which are 0: the last two meet y where x = 1
BEHIND = network(relu([[LARGE, 0], [0, LARGE], [LARGE, LARGE], ["1/%d" % LARGE, 0]],
                      [0, 0, -LARGE, "-1/%d" % LARGE]))
BEHIND_TREE = cross(0, 0, COUNTED) + cross(3, 0, COUNTED) + COUNTED

# (name, network, box, kept inputs, tree, regions that it claims)
HOSTILE = [
    ("rows of another part", ROWS, None, [0], ROWS_TREE, 2),
    ("rows of another layer", LAYERS, None, [0, 1], LAYERS_TREE, 3),
    ("rows that depend on each other", PASSED, None, [0, 1, 2], passed([0, 2], (-1, -1, 0)), 6),
    ("rows of another flat", FLATS, "-1:1", [0, 1], flats(force([5], (2, 1)) + at(0, 0)), 4),
    ("a small coefficient of the wrong sign", SMALL, None, [0, 1], SMALL_TREE, 6),
    ("a unit that is 0 on a flat", EQUAL, None, [0],
     cross(0, 0, force([], (1, 0)) + at(0)) + cross(1, 0, at(0)) + FOUND, 3),
]

# (name, network, box, kept inputs, tree, regions or None)
CASES = [
    ("rows passed on", PASSED, None, [0, 1, 2], passed([2], (-1, -1, 0)), 6),
    ("a coefficient of 0", IDLE, None, [0, 1], IDLE_TREE, 6),
    ("back in a flat", BACK, None, [0, 1], BACK_TREE, 7),
    ("flats", FLATS, "-1:1", [0, 1], flats(cross(2, 1, at(0)) + FOUND), 5),
    ("leading bits: lines through a point", THROUGH, None, [0, 1], COUNTED, 6),
    ("leading bits: a point at the end", END, None, [0], split(0, COUNTED, COUNTED), 2),
    ("leading bits: a point of a face", CORNER, halves([[str(A), str(B)]], [str(A + B)]), [0, 1], COUNTED, 3),
    ("leading bits: a flat without them", BEHIND, None, [0, 1], BEHIND_TREE, 9),
]
