"""Certificates by hand for rules.py: domains of half-spaces."""
import json

from cases import (AFFINE, COUNTED, CUBE, FOUND, FOUR, ONE_OF_TWO, PLANE, QUADRANTS, STRIPS, SUM, TWO, at, cross,
                   force, sides, split)
from nets import network, relu


def domain(rows, ends, box=None):
    return json.dumps(dict({"A": rows, "b": ends}, **({"box": box} if box else {})))


def plus(bias):
    return network(relu([[1, 1]], [bias]))


def first(bias):
    return network(relu([[1, 0], [0, 1]], [bias, 0]))


OFF_CENTRE = "1:3,2:5"
INSIDE = at(0, 2, 3)
IN_BOX = force([4], (1, 1)) + INSIDE  # of the second unit
BELOW = domain([[1]], [1])  # x < 1 on a line; TWO has the units x, x - 1
BOXED = domain([[1]], [1], [[-3, 3]])
SIDES = sides(0, 1, -1)
INNER = split(0, at(1, 1), at(0, -1))  # at 1/2 and -1
TRIANGLE = domain([[-1, 0], [0, -1], [1, 1]], [0, 0, 3])
FLAT_SIDE = domain([[0, 1]], [0])  # y < 0
CYLINDER = network(relu([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, -1]))  # PLANE, and an input without influence
SHEAR = network(relu([[1, 0, 1], [0, 1, 0], [1, 1, 1]], [0, 0, -1]))  # PLANE of x + z and y
DEEP_SUM = network(relu([[1, 1]], [0]), relu([[1]], [-1]))  # x + y, then relu(x + y) - 1
FOUR_SHEAR = network(relu([[1, 0, 0, 1], [0, 1, 0, -1], [0, 0, 1, 0]], [0, 0, 0]))
OCTANTS = cross(0, 0, COUNTED) + cross(1, 1, COUNTED) + cross(2, 2, at(0, 0, 0)) + FOUND  # 4 + 2 + 1 + 1

# Words have 56 bits, and are cut off.  -1/2 is more than HIGH, but less than its words say; BELOW_LOW is less
# than -2/3, but its words say more.
CUT = 2 ** 8
HIGH = (2 ** 54 + 1) * CUT + CUT - 1, (2 ** 55 + 3) * CUT
BELOW_LOW = -((2 ** 56 - 1) // 3 * CUT + CUT - 1)
BESIDE = network(relu([[1]], [5]))  # x + 5

# name, network, domain, kept inputs, tree, what a checker must find
CASES = [
    ("half-space", TWO, BELOW, [0], force([2], (1, 0)) + INNER, 2),
    ("half-space, on its border", TWO, BELOW, [0], force([2], (1, 0)) + SIDES, None),
    ("half-space, beyond it", TWO, BELOW, [0], force([2], (1, 0)) + sides(0, 2, -1), None),
    ("half-space, no such entry", TWO, BELOW, [0], force([3], (1, 0)) + INNER, None),
    ("half-space, without a proof", TWO, BELOW, [0], force([], (1, 0)) + INNER, None),
    ("half-space, the other state", TWO, BELOW, [0], force([2], (1, 1)) + INNER, None),
    ("half-space, another unit", TWO, BELOW, [0], force([2], (0, 0)) + at(0, -1), None),
    ("half-space, for all of the line", TWO, None, [0], force([2], (1, 0)) + INNER, None),
    ("half-space, split beyond", TWO, BELOW, [0],
     split(1, force([1], (0, 1)) + at(0, 2), INNER), None),
    ("half-space in a box", TWO, BOXED, [0], force([4], (1, 0)) + INNER, 2),
    ("half-space in a box, a face of this", TWO, BOXED, [0], force([2], (1, 0)) + INNER, None),
    ("half-space in a box, no such entry", TWO, BOXED, [0], force([5], (1, 0)) + INNER, None),
    ("half-space in a box, point beside the box", TWO, BOXED, [0],
     force([4], (1, 0)) + split(0, at(1, 1), at(0, -3)), None),
    ("half-spaces, all of them", TWO, domain([[1], [-2]], ["3/4", -1]), [0],
     force([2], (1, 0)) + force([3], (0, 1)) + at(3, 5), 1),
    ("half-spaces, the second on its border", TWO, domain([[1], [-2]], ["3/4", -1]), [0],
     force([2], (1, 0)) + force([3], (0, 1)) + at(1, 1), None),
    ("half-spaces twice, dependent", QUADRANTS, domain([[1, 0], [2, 0]], [-1, -2]), [0, 1],
     force([2, 3], (0, 0)) + split(1, at(0, -2, 1), at(0, -2, -1)), None),
    ("half-spaces twice, one of them", QUADRANTS, domain([[1, 0], [2, 0]], [-1, -2]), [0, 1],
     force([3], (0, 0)) + split(1, at(0, -2, 1), at(0, -2, -1)), 2),
    ("half-spaces, a sum", SUM, domain([[1, 0], [0, 1]], [0, 1]), [0, 1],
     force([1, 2], (0, 0)) + at(0, -1, 0), 1),
    ("half-spaces, a sum that is not enough", SUM, domain([[1, 0], [0, 1]], [0, 2]), [0, 1],
     force([1, 2], (0, 0)) + at(0, -1, 0), None),
    ("no half-spaces", TWO, domain([], []), [0], COUNTED, 3),
    # The faces of the box from (1, 2) to (3, 5); with all coefficients, and with one that is 0.
    ("box, above its low corner", plus(-2.5), OFF_CENTRE, [0, 1], force([1, 3], (0, 1)) + INSIDE, 1),
    ("box, not above its low corner", plus(-3.5), OFF_CENTRE, [0, 1], force([1, 3], (0, 1)) + INSIDE, None),
    ("box, below its high corner", plus(-8.5), OFF_CENTRE, [0, 1], force([2, 4], (0, 0)) + INSIDE, 1),
    ("box, not below its high corner", plus(-7.5), OFF_CENTRE, [0, 1], force([2, 4], (0, 0)) + INSIDE, None),
    ("box, right of its low corner", first(-0.5), OFF_CENTRE, [0, 1], force([2, 4], (0, 1)) + IN_BOX, 1),
    ("box, not right of its low corner", first(-1.5), OFF_CENTRE, [0, 1], force([2, 4], (0, 1)) + IN_BOX, None),
    ("box, left of its high corner", first(-3.5), OFF_CENTRE, [0, 1], force([3, 5], (0, 0)) + IN_BOX, 1),
    ("box, not left of its high corner", first(-2.5), OFF_CENTRE, [0, 1], force([3, 5], (0, 0)) + IN_BOX, None),
    ("box, two faces of a coordinate", plus(-2.5), OFF_CENTRE, [0, 1], force([1, 2], (0, 1)) + INSIDE, None),
    # A face and a point that are as near as the error of their words.
    ("leading bits: a bound", BESIDE, "-1:-%d/%d" % HIGH, [0], force([1], (0, 1)) + at(1, -1), None),
    ("leading bits: inside a bound", BESIDE, "-1:-%d/%d" % HIGH, [0],
     force([1], (0, 1)) + at(2, -3), 1),
    ("leading bits: a point", BESIDE, "-2/3:0", [0], force([1], (0, 1)) + at(63, BELOW_LOW), None),
    ("leading bits: a point inside", BESIDE, "-2/3:0", [0],
     force([1], (0, 1)) + at(63, BELOW_LOW + CUT), 1),
    # COUNT
    ("count in a half-space", TWO, BELOW, [0], COUNTED, 2),
    ("count in half-spaces", PLANE, TRIANGLE, [0, 1], COUNTED, 2),
    ("count in a half-space, in dimension 3", CUBE, domain([[1, 0, 0]], [5]), [0, 1, 2], COUNTED, None),
    ("count where nothing is", TWO, domain([[1], [-1]], [0, 0]), [0], COUNTED, None),
    ("count of a flat in a half-space", STRIPS, domain([[1, 1]], [0]), [0],
     COUNTED, None),  # the other input matters
    # COUNT without an input that is not kept
    ("count in a box, an input not kept", ONE_OF_TWO, "-1:1", [0], COUNTED, 2),
    ("count in a box beside the unit, an input not kept", ONE_OF_TWO, "1:2,-1:1", [0], COUNTED, 1),
    ("count in a box, lines on an input", STRIPS, "-2:2", [0], COUNTED, 3),
    ("count in a box, two of three inputs kept", CYLINDER, "-2:2", [0, 1], COUNTED, 7),
    ("count in a half-space, two of three inputs kept", SHEAR, domain([[1, 0, 1]], [1]), [0, 1], COUNTED, 6),
    ("count in a half-space, two others kept", SHEAR, domain([[1, 0, 1]], [1]), [1, 2], COUNTED, 6),
    ("count in a half-space that is across", SHEAR, domain([[1, 0, 0]], [1]), [0, 1], COUNTED, None),
    ("count behind a layer, an input not kept", DEEP_SUM, None, [0], split(0, COUNTED, COUNTED), 3),
    ("count behind a layer, the other one", DEEP_SUM, None, [1], split(0, COUNTED, COUNTED), 3),
    ("count of flats, an input not kept", FOUR, "-1:1", [0, 1, 2], OCTANTS, 8),
    ("count of flats, in a half-space", FOUR_SHEAR, domain([[0, 0, 1, 0]], [1]), [0, 1, 2], OCTANTS, 8),
    ("count of flats, another input not kept", FOUR_SHEAR, domain([[0, 0, 1, 0]], [1]), [1, 2, 3],
     cross(0, 2, COUNTED) + cross(1, 0, COUNTED) + cross(2, 1, at(0, 0, 0)) + FOUND, 8),
    ("count in three dimensions, an input not kept", FOUR, "-1:1", [0, 1, 2], COUNTED, None),
    # CROSS: x = 0 in the half-plane y < 0, then beyond x + y > 1, y < 0 at a vertex.
    ("cross in a half-space", QUADRANTS, domain([[0, 1]], [-1]), [0, 1],
     force([2], (1, 0)) + cross(0, 0, at(0, -2)) + FOUND, 2),
    ("cross outside of a half-space", QUADRANTS, domain([[0, 1]], [-1]), [0, 1],
     force([2], (1, 0)) + cross(0, 0, at(0, 0)) + FOUND, None),
    ("cross on the border", QUADRANTS, domain([[0, 1]], [-1]), [0, 1],
     force([2], (1, 0)) + cross(0, 0, at(0, -1)) + FOUND, None),
    # Kept inputs
    ("kept, not that of a half-space", ONE_OF_TWO, FLAT_SIDE, [0], SIDES, None),
    ("kept, that of a half-space", ONE_OF_TWO, FLAT_SIDE, [0, 1],
     split(0, at(0, 1, -1), at(0, -1, -1)), 2),
    ("kept, that of a half-space, beyond", ONE_OF_TWO, FLAT_SIDE, [0, 1],
     split(0, at(0, 1, 1), at(0, -1, -1)), None),
    ("kept, a half-space of the same input", ONE_OF_TWO, domain([[2, 0]], [4]), [0], SIDES, 2),
    ("kept, a half-space along the unit", SUM, domain([[1, 1]], [2]), [0], split(0, at(1, 3), at(0, 0)), 2),
    ("kept, a half-space across the unit", SUM, domain([[1, -1]], [2]), [0],
     split(0, at(1, 3), at(0, 0)), None),
    ("kept, a half-space in a box", ONE_OF_TWO, domain([[0, 1]], [1], [[-2, 2], [-2, 2]]), [0], SIDES, None),
    ("kept, both, a half-space in a box", ONE_OF_TWO, domain([[0, 1]], [1], [[-2, 2], [-2, 2]]), [0, 1],
     split(0, at(0, 1, 0), at(0, -1, 0)), 2),
    # Nothing switches
    ("nothing switches in a half-space", AFFINE, BELOW, [0], at(0, 0), 1),
    ("nothing switches beyond a half-space", AFFINE, BELOW, [0], at(0, 1), None),
    ("nothing switches, kept none", AFFINE, BELOW, [], at(0), None),
]
