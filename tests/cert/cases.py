"""Certificates by hand for rules.py: how they are written, and those of ReLU networks."""
from nets import linear, network, relu
from prove import differences, entry_list, signed, varint


# ---- Nodes as bytes ----

def node(tag, k, *numbers):
    return b"".join(map(varint, (8 * k + tag,) + numbers))


def split(k, above, below):
    return node(0, k) + above + below


def force(support, *units):
    """units: (unit, state)"""
    coded = zip(differences([u for u, _ in units]), [s for _, s in units])
    return node(1, len(units)) + entry_list(support) + b"".join(varint(2 * d + s) for d, s in coded)


def cross(k, pivot, flat):
    return node(2, k, pivot) + flat


def same(k, j):
    return node(3, k, j)


def at(e, *m):
    """A leaf at the point m / 2^e."""
    return node(4, 0) + signed(e) + b"".join(map(signed, m))


def sides(k, above, below):
    """SPLIT of a line at a unit, with a point on either side."""
    return split(k, at(0, above), at(0, below))


FOUND, COUNTED = node(4, 1), node(5, 0)

# ---- Networks ----

TWO = network(relu([[1], [1]], [0, -1]))  # x, x - 1 on a line: 3 regions
EQUAL = network(relu([[1], [2]], [0, 0]))
OPPOSITE = network(relu([[1], [-2]], [0, 0]))
CONSTANT = network(relu([[1], [0], [0], [0]], [0, 0, 2, -3]))
POSITIVE = network(relu([[1], [0], [0]], [0, 2, 3]))
ZEROS = network(relu([[1], [0], [0]], [0, 0, 0]))
PLANE = network(relu([[1, 0], [0, 1], [1, 1]], [0, 0, -1]))  # 7 regions
QUADRANTS = network(relu([[1, 0], [0, 1]], [0, 0]))
STRIPS = network(relu([[1, 0], [1, 0]], [0, -1]))
FAN = network(relu([[1, 0], [0, 1], [1, 1]], [0, 0, 0]))  # 6 regions
CORNER = network(relu([[1, 1], [1, 1]], [-2, -1]))
DEEP = network(relu([[1]], [0]), relu([[1]], [-1]))  # x, then relu(x) - 1: 3 regions
DEEP_TWINS = network(relu([[1], [1]], [0, 0]), relu([[1, 1]], [-1]))
CUBE = network(relu([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]))
FOUR = network(relu([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [0, 0, 0]))
ONE_OF_TWO = network(relu([[1, 0]], [0]))
SUM = network(relu([[1, 1]], [-1]))
FLAT_OUT = network(relu([[0]], [1]))
AFFINE = network(linear([[1]], [0]))

TWO_LEFT = force([0], (1, 0)) + at(0, -1)
RIGHT = split(1, at(0, 2), at(1, 1))
QUARTERS = split(0, split(1, at(0, 1, 1), at(0, 1, -1)), split(1, at(0, -1, 1), at(0, -1, -1)))
LINE_1 = cross(0, 0, cross(1, 1, at(0)) + FOUND)  # of QUADRANTS, then unit 1 is left
HALF = split(0, at(0, 1, 0), at(0, -1, 0))


def big(length):
    """A point's coordinate of that many bytes."""
    return b"\x80" * (length - 1) + b"\x01"


# name, network, box, kept inputs, tree, what a checker must find
CASES = [
    # SPLIT
    ("split", TWO, None, [0], split(0, RIGHT, TWO_LEFT), 3),
    ("split other order", TWO, None, [0],
     split(1, force([1], (0, 1)) + at(0, 2), split(0, at(1, 1), at(0, -1))), 3),
    ("split, an empty part", TWO, None, [0], split(0, RIGHT, sides(1, 2, -1)), None),
    ("split twice", TWO, None, [0], split(0, split(0, RIGHT, RIGHT), TWO_LEFT), None),
    ("split, no such unit", TWO, None, [0], split(2, RIGHT, TWO_LEFT), None),
    ("split, parts swapped", TWO, None, [0], split(0, TWO_LEFT, RIGHT), None),
    ("split of a later layer", DEEP, None, [0], split(1, at(0, 2), at(0, -1)), None),
    ("split of zero", ZEROS, None, [0], split(1, sides(0, 1, -1), sides(0, 1, -1)), None),
    # FORCE
    ("force in two layers", DEEP, None, [0],
     split(0, split(1, at(0, 2), at(1, 1)), force([], (1, 0)) + at(0, -1)), 3),
    ("force, rest zero", EQUAL, None, [0], split(0, force([0], (1, 1)) + at(0, 1),
                                                 force([0], (1, 0)) + at(0, -1)), 2),
    ("force, opposite", OPPOSITE, None, [0], split(0, force([0], (1, 0)) + at(0, 1),
                                                   force([0], (1, 1)) + at(0, -1)), 2),
    ("force, wrong state", EQUAL, None, [0], split(0, force([0], (1, 0)) + at(0, 1),
                                                   force([0], (1, 0)) + at(0, -1)), None),
    ("force, no support", EQUAL, None, [0], split(0, force([], (1, 1)) + at(0, 1),
                                                  force([0], (1, 0)) + at(0, -1)), None),
    ("force, negative rest", TWO, None, [0],
     split(0, force([0], (1, 1)) + at(0, 2), TWO_LEFT), None),
    ("force, negative factor", TWO, None, [0], split(0, force([0], (1, 0)) + at(1, 1), TWO_LEFT),
     None),
    ("force of nothing", TWO, None, [0], force([]) + split(0, RIGHT, TWO_LEFT), None),
    ("force, support pending", EQUAL, None, [0], force([0], (1, 1)) + sides(0, 1, -1), None),
    ("force, support itself", EQUAL, None, [0], force([0], (0, 1)) + sides(1, 1, -1), None),
    ("force, support decided elsewhere", TWO, None, [0],
     split(0, RIGHT, force([1], (1, 0)) + at(0, -1)), None),
    ("force, support dependent", network(relu([[1], [2], [3]], [0, 0, 0])), None, [0],
     split(0, force([0], (1, 1)) + force([0, 1], (2, 1)) + at(0, 1),
           force([0], (1, 0), (2, 0)) + at(0, -1)), None),
    ("force, support forced before", network(relu([[1], [2], [3]], [0, 0, 0])), None, [0],
     split(0, force([0], (1, 1)) + force([1], (2, 1)) + at(0, 1),
           force([0], (1, 0)) + force([1], (2, 0)) + at(0, -1)), 2),
    ("force, support zero", network(relu([[0], [1], [1]], [0, 0, 0])), None, [0],
     force([], (0, 0)) + split(1, force([0, 1], (2, 1)) + at(0, 1), force([1], (2, 0)) + at(0, -1)),
     None),
    ("force by a bound", TWO, "-1:1", [0],
     split(0, force([3], (1, 0)) + at(1, 1), force([0], (1, 0)) + at(1, -1)), 2),
    ("force, two functions on a line", TWO, "-1:1", [0],
     split(0, force([3], (1, 0)) + at(1, 1), force([0, 2], (1, 0)) + at(1, -1)), None),
    ("force, factor zero", STRIPS, "-1:2,0:1", [0, 1],
     split(0, split(1, at(1, 3, 1), at(1, 1, 1)), force([0, 4], (1, 0)) + at(1, -1, 1)), 3),
    ("force by two bounds", CORNER, "0:1", [0, 1],
     force([3, 5], (0, 0)) + split(1, at(2, 3, 3), at(2, 1, 1)), 2),
    ("force of two, of which each needs one", FAN, "0:1,0:1", [0, 1],
     force([3, 5], (0, 1), (1, 1)) + force([3, 5], (2, 1)) + at(1, 1, 1), 1),
    ("force of two that differ", CONSTANT, None, [0],
     force([], (1, 0), (2, 1), (3, 0)) + sides(0, 1, -1), 2),
    ("force, zero is 1", CONSTANT, None, [0],
     force([], (1, 1), (2, 1), (3, 0)) + sides(0, 1, -1), None),
    ("force, positive is 0", CONSTANT, None, [0],
     force([], (1, 0), (2, 0), (3, 0)) + sides(0, 1, -1), None),
    ("force, negative is 1", CONSTANT, None, [0],
     force([], (1, 0), (2, 1), (3, 1)) + sides(0, 1, -1), None),
    ("force of no such unit", CONSTANT, None, [0],
     force([], (1, 0), (2, 1), (4, 0)) + sides(0, 1, -1), None),
    ("force twice", CONSTANT, None, [0],
     force([], (1, 0), (2, 1), (3, 0)) + force([], (1, 0)) + sides(0, 1, -1), None),
    ("force, a box's entry without a box", CORNER, None, [0, 1],
     force([3, 5], (0, 0)) + split(1, at(2, 3, 3), at(2, 1, 1)), None),
    ("force, no such entry", CORNER, "0:1", [0, 1],
     force([3, 6], (0, 0)) + split(1, at(2, 3, 3), at(2, 1, 1)), None),
    ("force, lower and upper bound", CORNER, "0:1", [0, 1],
     force([2, 3], (0, 0)) + split(1, at(2, 3, 3), at(2, 1, 1)), None),
    # CROSS
    ("cross", TWO, None, [0], cross(0, 0, force([], (1, 0)) + at(0))
     + cross(1, 0, at(0)) + FOUND, 3),
    ("cross, leaf with a point", TWO, None, [0], cross(0, 0, force([], (1, 0)) + at(0))
     + cross(1, 0, at(0)) + at(0, 7), 3),
    ("cross in the plane", QUADRANTS, None, [0, 1], LINE_1 + cross(1, 1, at(0, 5)) + FOUND, 4),
    ("cross, then split", QUADRANTS, None, [0, 1], LINE_1 + split(1, at(0, 0, 1), at(0, 0, -1)), 4),
    ("cross, then split, found", QUADRANTS, None, [0, 1], LINE_1 + split(1, FOUND, FOUND), None),
    ("split, then cross", QUADRANTS, None, [0, 1],
     split(0, cross(1, 1, at(0, 1)) + FOUND, cross(1, 1, at(0, -1)) + FOUND), 4),
    ("split, then cross, point outside", QUADRANTS, None, [0, 1],
     split(0, cross(1, 1, at(0, 1)) + FOUND, cross(1, 1, at(0, 0)) + FOUND), None),
    ("cross, flat not crossed", QUADRANTS, None, [0, 1],
     cross(0, 0, cross(1, 1, FOUND) + FOUND) + cross(1, 1, at(0, 5)) + FOUND, None),
    ("cross, flat of a crossed cell", QUADRANTS, None, [0, 1],
     LINE_1 + cross(1, 1, FOUND) + FOUND, None),
    ("found without a cross", TWO, None, [0], split(0, split(1, FOUND, at(1, 1)), TWO_LEFT), None),
    ("force, then found", TWO, "0:1", [0],
     force([2], (0, 1)) + force([3], (1, 0)) + FOUND, None),
    ("cross, pivot's coefficient zero", QUADRANTS, None, [0, 1],
     cross(0, 1, cross(1, 1, at(0)) + FOUND) + cross(1, 1, at(0, 5)) + FOUND, None),
    ("cross, pivot gone", FAN, None, [0, 1],
     cross(0, 0, cross(1, 0, at(0)) + FOUND) + COUNTED, None),
    ("cross, no such pivot", TWO, None, [0], cross(0, 1, force([], (1, 0)) + at(0))
     + cross(1, 0, at(0)) + FOUND, None),
    ("cross, the constant as pivot", TWO, None, [0], cross(0, 0, force([], (1, 0)) + at(0))
     + cross(1, 1, at(0, 5)) + FOUND, None),
    ("cross beside an equal", EQUAL, None, [0], cross(0, 0, force([], (1, 0)) + at(0))
     + cross(1, 0, at(0)) + FOUND, None),
    ("cross beside a zero", ZEROS, None, [0], cross(0, 0, force([], (1, 0), (2, 0)) + at(0))
     + force([], (1, 0), (2, 0)) + FOUND, None),
    ("cross after the zeros", ZEROS, None, [0],
     force([], (1, 0), (2, 0)) + cross(0, 0, at(0)) + FOUND, 2),
    ("cross of a constant", POSITIVE, None, [0], cross(1, 0, at(0)) + cross(0, 0, at(0)) + FOUND,
     None),
    ("cross in an earlier layer", DEEP, None, [0], cross(0, 0, at(0)) + FOUND, None),
    ("cross twice", TWO, None, [0], cross(0, 0, force([], (1, 0)) + at(0)) + cross(0, 0, at(0))
     + FOUND, None),
    ("cross, a unit in the flat that is 1", TWO, None, [0], cross(0, 0, force([], (1, 1)) + at(0))
     + cross(1, 0, at(0)) + FOUND, None),
    ("cross outside of the box", TWO, "1/4:1/2", [0],
     cross(0, 0, force([], (1, 0)) + at(0)) + force([3], (1, 0)) + FOUND, None),
    ("cross, support crossed", FAN, None, [0, 1],
     cross(0, 0, force([0], (1, 1)) + cross(2, 1, at(0)) + FOUND) + COUNTED, None),
    ("cross, then force, then found", POSITIVE, None, [0], cross(
        0, 0, force([], (1, 1), (2, 1)) + at(0)) + force([], (1, 1), (2, 1)) + FOUND, 2),
    ("cross, then a support crossed", TWO, None, [0],
     cross(0, 0, force([], (1, 0)) + at(0)) + force([0], (1, 0)) + FOUND, None),
    ("same, then cross", EQUAL, None, [0],
     same(1, 0) + cross(0, 0, at(0)) + FOUND, 2),
    ("cross of parallels", STRIPS, None, [0],
     cross(0, 0, force([], (1, 0)) + at(0)) + cross(1, 0, at(0)) + FOUND, 3),
    ("cross, force from outside", FAN, None, [0, 1],
     split(0, cross(1, 1, force([0], (2, 1)) + at(0, 1)) + cross(2, 1, at(0, 1)) + FOUND,
           cross(1, 1, force([0], (2, 0)) + at(0, -1)) + cross(2, 1, at(0, -1)) + FOUND), 6),
    # SAME
    ("same", EQUAL, None, [0], same(0, 1) + cross(1, 0, at(0)) + FOUND, 2),
    ("same, opposite", OPPOSITE, None, [0], same(1, 0) + sides(0, 1, -1), 2),
    ("same, itself", EQUAL, None, [0], same(0, 0) + cross(1, 0, at(0)) + FOUND, None),
    ("same, not pending", EQUAL, None, [0], same(0, 1) + same(1, 0) + at(0, 0), None),
    ("same, parallel", TWO, None, [0], same(0, 1) + cross(1, 0, at(0)) + FOUND, None),
    ("same, zero and another", ZEROS, None, [0], same(1, 0) + force([], (2, 0)) + sides(0, 1, -1),
     None),
    ("same, another and zero", ZEROS, None, [0], same(0, 1) + force([], (1, 0), (2, 0)) + at(0, 0),
     None),
    ("same, constants", POSITIVE, None, [0], same(1, 2) + force([], (2, 1)) + sides(0, 1, -1), 2),
    ("same in an earlier layer", DEEP_TWINS, None, [0],
     same(1, 0) + split(0, sides(2, 2, 0), at(0, -1)), None),
    ("same in a flat", FAN, None, [0, 1],
     cross(0, 0, same(1, 2) + cross(2, 1, at(0)) + FOUND) + cross(1, 1, cross(2, 0, at(0)) + FOUND)
     + cross(2, 1, at(0, 0)) + FOUND, 6),
    ("same only in a flat", FAN, None, [0, 1],
     same(1, 2) + cross(0, 0, cross(2, 1, at(0)) + FOUND) + cross(2, 1, at(0, 0)) + FOUND, None),
    ("same, then the support", network(relu([[1], [2], [3]], [0, 0, 0])), None, [0],
     same(1, 0) + split(0, force([1], (2, 1)) + at(0, 1), force([0], (2, 0)) + at(0, -1)), None),
    # LEAF
    ("leaf, pending", TWO, None, [0], split(0, at(0, 2), TWO_LEFT), None),
    ("leaf 2", TWO, None, [0], split(0, split(1, node(4, 2), at(1, 1)), TWO_LEFT), None),
    ("leaf on a border", TWO, None, [0], split(0, sides(1, 2, 1), TWO_LEFT), None),
    ("leaf outside", TWO, None, [0], split(0, split(1, at(0, 2), at(1, 3)), TWO_LEFT), None),
    ("leaf on the box's border", ONE_OF_TWO, "-1:1,0:1", [0], sides(0, 1, -1), None),
    ("leaf in the box", ONE_OF_TWO, "-1:1,0:1", [0], split(0, at(1, 1), at(1, -1)), 2),
    ("leaf, negative exponent", TWO, None, [0],
     split(0, split(1, at(-9, 1), at(1, 1)), TWO_LEFT), 3),
    ("leaf, exponent 2^24", TWO, None, [0],
     split(0, split(1, at(0, 2), at(1 << 24, 1)), TWO_LEFT), 3),
    ("leaf, exponent -2^24", TWO, None, [0],
     split(0, split(1, at(-1 << 24, 1), at(1, 1)), TWO_LEFT), 3),
    ("leaf, exponent 2^24 + 1", TWO, None, [0],
     split(0, split(1, at(0, 2), at((1 << 24) + 1, 1)), TWO_LEFT), None),
    ("leaf, exponent -2^24 - 1", TWO, None, [0],
     split(0, split(1, at(-(1 << 24) - 1, 1), at(1, 1)), TWO_LEFT), None),
    ("leaf, 3001 bytes", TWO, None, [0],
     split(0, split(1, node(4, 0) + b"\0" + big(3001), at(1, 1)), TWO_LEFT), 3),
    ("leaf, exponent of 3000 bytes", TWO, None, [0],
     split(0, split(1, node(4, 0) + big(3000) + b"\2", at(1, 1)), TWO_LEFT), None),
    ("leaf, padded coordinate", TWO, None, [0],
     split(0, split(1, node(4, 0) + b"\0\x84\0", at(1, 1)), TWO_LEFT), None),
    ("leaf, a coordinate too many", QUADRANTS, None, [0, 1], QUARTERS[:-1] + signed(-1) * 2, None),
    ("leaf, a coordinate too few", QUADRANTS, None, [0, 1], QUARTERS[:-1], None),
    ("leaf without switching layers", AFFINE, None, [0], at(0, 0), 1),
    ("leaf without switching layers, outside", AFFINE, "0:1", [0], at(0, 0), None),
    ("found without switching layers", AFFINE, None, [0], FOUND, None),
    # COUNT
    ("count", PLANE, None, [0, 1], COUNTED, 7),
    ("count in a box", PLANE, "0:1", [0, 1], COUNTED, 2),
    ("count in a part", PLANE, None, [0, 1], split(0, COUNTED, COUNTED), 7),
    ("count in an empty part", network(relu([[1, 0], [1, 0], [0, 1]], [0, 1, 0])), None, [0, 1],
     split(0, split(1, COUNTED, COUNTED), COUNTED), None),
    ("count in a flat", CUBE, None, [0, 1, 2],
     split(0, cross(1, 1, COUNTED) + cross(2, 2, at(0, 1, 0)) + FOUND,
           cross(1, 1, COUNTED) + cross(2, 2, at(0, -1, 0)) + FOUND), 8),
    ("count of a space", CUBE, None, [0, 1, 2], COUNTED, 8),
    ("count of four dimensions", FOUR, None, [0, 1, 2], COUNTED, 8),
    ("count of a space, a whole flat", FOUR, None, [0, 1, 2, 3],
     cross(0, 0, COUNTED) + COUNTED, 8),
    ("count in a large part", CUBE, None, [0, 1, 2], split(0, COUNTED, COUNTED), None),
    ("count in a large box", CUBE, "-1:1", [0, 1, 2], COUNTED, None),
    ("count 1", PLANE, None, [0, 1], node(5, 1), None),
    ("count in an earlier layer", DEEP, None, [0], COUNTED, None),
    ("count on a line", TWO, None, [0], COUNTED, 3),
    ("count on a segment", TWO, "0:2", [0], COUNTED, 2),
    ("count of equals", EQUAL, None, [0], COUNTED, 2),
    ("count with constants", CONSTANT, None, [0], COUNTED, 2),
    ("count, one line touches a corner", CORNER, "0:1", [0, 1], COUNTED, 2),
    ("count, a line is an edge", STRIPS, "0:2", [0, 1], COUNTED, 2),
    ("count of nothing but a plane", CORNER, "0:1/4", [0, 1], COUNTED, None),
    ("count of equals and a box's edge", CORNER, "0:2", [0, 1], COUNTED, 3),
    # What the text leaves open; both checkers read it like this
    ("same, zeros", ZEROS, None, [0], same(1, 2) + force([], (2, 0)) + sides(0, 1, -1), 2),
    ("count without switching layers", AFFINE, None, [0], COUNTED, None),
    ("count without switching layers in a box", AFFINE, "0:1", [0], COUNTED, None),
    ("empty without switching layers", AFFINE, None, [0], node(4, 2, 0, 0), None),
    ("kept, none without switching layers", AFFINE, "2:3", [], at(0), 1),
    ("count of a space, nothing pending", FLAT_OUT, None, [0], force([], (0, 1)) + COUNTED, 1),
    ("count of a space, only constants", FLAT_OUT, None, [0], COUNTED, 1),
    ("count of a point, nothing kept", FLAT_OUT, "5:6", [], COUNTED, 1),
    ("count on a segment without a cut", TWO, "1/4:1/2", [0], COUNTED, 1),
    ("count on a segment, nothing pending", TWO, "1/4:1/2", [0],
     force([2], (0, 1)) + force([3], (1, 0)) + COUNTED, 1),
    ("count of points", TWO, "-1:2", [0], cross(0, 0, COUNTED) + cross(1, 0, COUNTED) + FOUND, 3),
    ("count of a point outside", TWO, "-1:1/2", [0],
     cross(0, 0, COUNTED) + cross(1, 0, COUNTED) + FOUND, None),
    ("count on a crossed line, nothing pending", TWO, "-1:2", [0],
     cross(0, 0, COUNTED) + cross(1, 0, COUNTED) + COUNTED, 3),
    ("count of a crossed plane, nothing pending", QUADRANTS, None, [0, 1],
     cross(0, 0, COUNTED) + cross(1, 1, COUNTED) + COUNTED, 4),
    ("count of a crossed part, no segment", FAN, "-1:1", [0, 1], cross(0, 0, COUNTED)
     + cross(1, 1, COUNTED) + cross(2, 1, at(0, 0)) + COUNTED, None),
    ("count in a flat on which the inequality is constant",
     network(relu([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], [0, -1, 0])), None, [0, 1, 2, 3],
     split(0, cross(1, 0, COUNTED) + cross(2, 1, at(0, 1, 0, 0)) + FOUND,
           force([0], (1, 0)) + cross(2, 1, at(0, -1, 0, 0)) + FOUND), None),
    # Kept inputs
    ("kept, one of two", ONE_OF_TWO, None, [0], sides(0, 1, -1), 2),
    ("kept, both", ONE_OF_TWO, None, [0, 1], HALF, 2),
    ("kept, the wrong one", ONE_OF_TWO, None, [1], sides(0, 1, -1), None),
    ("kept, none", ONE_OF_TWO, None, [], at(0), None),
    ("kept, none needed", network(relu([[0, 0]], [1])), None, [], force([], (0, 1)) + at(0), 1),
    ("kept, none needed in a box", network(relu([[0, 0]], [1])), "5:6", [],
     force([], (0, 1)) + at(0), 1),
    ("kept, the first of equals", SUM, None, [0], sides(0, 2, 0), 2),
    ("kept, the last of equals", SUM, None, [1], sides(0, 2, 0), 2),
    ("kept, one of equals in a box", SUM, "0:3", [0], split(0, at(0, 2), at(1, 1)), None),
    ("kept, all in a box", SUM, "0:3", [0, 1], split(0, at(0, 1, 1), at(2, 1, 1)), 2),
    ("kept, the wrong one, found positive", network(relu([[1, 0]], [1])), None, [1],
     force([], (0, 1)) + at(0, 0), None),
    ("kept, none, found positive in a box", network(relu([[1, 0]], [1])), "-2:2", [],
     force([], (0, 1)) + at(0), None),
    ("kept, no such input", ONE_OF_TWO, None, [0, 2], HALF, None),
    ("kept through a linear layer", network(linear([[1, 2, 0], [2, 4, 0]], [0, 1]),
                                            relu([[1, 1]], [0])), None, [1], sides(0, 1, -1), 2),
    # Bytes
    ("elsewhere", TWO, None, [0], split(0, RIGHT, node(6, 0)), None),
    ("kind 7", TWO, None, [0], split(0, RIGHT, node(7, 0, 0)), None),
    ("something follows", TWO, None, [0], split(0, RIGHT, TWO_LEFT) + b"\0", None),
    ("the tree ends", TWO, None, [0], split(0, RIGHT, b""), None),
    ("no tree", TWO, None, [0], b"", None),
    ("a padded node", TWO, None, [0], b"\x80\0" + RIGHT + TWO_LEFT, None),
    ("a padded pivot", TWO, None, [0], node(2, 0) + b"\x80\0" + force([], (1, 0)) + at(0)
     + cross(1, 0, at(0)) + FOUND, None),
    ("a node of 10 bytes", TWO, None, [0], b"\x80" * 9 + b"\1" + RIGHT + TWO_LEFT, None),
    ("a node of 2^64", TWO, None, [0], b"\x80" * 9 + b"\2" + RIGHT + TWO_LEFT, None),
    ("a pivot of 2^64", TWO, None, [0], node(2, 0) + b"\x80" * 9 + b"\2" + force([], (1, 0)) + at(0)
     + cross(1, 0, at(0)) + FOUND, None),
    ("a support of 2^64", TWO, None, [0], split(0, RIGHT, b"\x09\1" + b"\x80" * 9 + b"\2\2"
                                                + at(0, -1)), None),
    ("a unit of 2^62 more", CONSTANT, None, [0], b"\x19\0\2\1" + varint((1 << 63) - 2)
     + sides(0, 1, -1), None),
    ("a node of 9 bytes", TWO, None, [0], b"\xff" * 8 + b"\x7f" + RIGHT + TWO_LEFT, None),
]
