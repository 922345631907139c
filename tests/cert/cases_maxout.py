"""Certificates by hand for rules.py: maxout, carried units, parts that are empty."""
from cases import (COUNTED, FOUND, LINE_1, RIGHT, TWO, ZEROS, at, cross, force, node, same, sides,
                   split)
from nets import carry, maxout, network, relu
from prove import entry_list, varint


def branch(k, *parts, number=None):
    return node(7, k, len(parts) if number is None else number) + b"".join(parts)


def empty(support, unit, state):
    return node(4, 2) + entry_list(support) + varint(2 * unit + state)


# -x, x and 1 on a line, compared as 2 x, x + 1 and 1 - x: 3 regions
THREE = network(maxout(3, [[-1], [1], [0]], [0, 0, 1]))
# -x, x and -1, compared as 2 x, x - 1 and -x - 1: the last wins nowhere
LOSER = network(maxout(3, [[-1], [1], [0]], [0, 0, -1]))
EITHER = network(maxout(2, [[1], [0]], [0, 0]))
EITHERS = network(maxout(2, [[1], [0], [2], [0]], [0, 0, 0, 0]))
CLAMP = network(maxout(3, [[0], [0], [1]], [2, 1, 0]))  # 2, 1, x: -1, x - 2, x - 1
FIXED = network(maxout(3, [[0], [0], [0]], [2, 1, 0]))
WON = network(maxout(3, [[0], [0], [0], [1], [0], [0]], [2, 1, 0, 0, 0, -1]))  # 2; x, 0, -1
TIED = network(maxout(3, [[1], [1], [0]], [0, 0, 0]))
BUMP = network(maxout(3, [[-1], [1], [0]], [0, 0, 1]), relu([[1]], [-2]))
# x, y, 0 and z, 0, -1 in space
ROOM = network(maxout(3, [[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]],
                      [0, 0, 0, 0, 0, -1]))
CROSSES = network(maxout(2, [[1, 0], [0, 0], [0, 1], [0, 0]], [0, 0, 0, 0]))
STRIP = network(relu([[1, 0], [0, 1], [0, 1]], [0, 0, -1]))
TWICE = network(maxout(3, [[-1], [1], [0], [-2], [2], [0]], [0, 0, 1, 0, 0, 2]))
# Not seen behind a cell where x < 0: the second layer's unit vanishes there.
BLIND = network(relu([[1]], [0]), relu([[1]], [0]))
CARRIED = network(carry(relu([[1, 0]], [0]), [[0, 1]], [0]), relu([[1, 2]], [0]))
CARRIED_LAST = network(carry(relu([[1, 0]], [0]), [[0, 1]], [0]))
COMMON = maxout(2, [[1, 1], [0, 1]], [0, 0])  # max(x + y, y)
ALL_CARRIED = network(carry(relu([], []), [[1]], [0]), relu([[1]], [0]))
CARRIED_BEHIND = network(relu([[1]], [0]), carry(maxout(3, [], []), [[1]], [0]))
NOTHING = network(carry(maxout(3, [], []), [[1]], [0]))

ENDS = (at(0, -2), at(0, 2), at(0, 0))
FAR = (split(3, at(0, -3), at(1, -3)), split(3, at(0, 3), at(1, 3)))
LOST = (at(0, -1), at(0, 1), empty([2], 1, 0))
OFF = force([], (0, 0))
BEYOND = split(0, RIGHT, split(1, empty([0], 1, 0), at(0, -1)))

CASES = [
    # BRANCH
    ("branch", THREE, None, [0], branch(0, *ENDS), 3),
    ("branch in a box", THREE, "-3:3", [0], branch(0, *ENDS), 3),
    ("branch, other order", THREE, None, [0], branch(0, ENDS[1], ENDS[0], ENDS[2]), None),
    ("branch, a part missing", THREE, None, [0], branch(0, *ENDS[:2]), None),
    ("branch, a part missing, the number right", THREE, None, [0], branch(0, *ENDS[:2], number=3),
     None),
    ("branch, the last part missing twice", THREE, None, [0], branch(0, *ENDS[:1], number=1), None),
    ("branch of nothing", THREE, None, [0], node(7, 0, 0), None),
    ("branch, a part too many", THREE, None, [0], branch(0, *ENDS, ENDS[2]), None),
    ("branch, not the first comparison", THREE, None, [0], branch(1, *ENDS), None),
    ("branch, no such unit", THREE, None, [0], branch(3, *ENDS), None),
    ("branch of 2^63 - 1", THREE, None, [0], branch((1 << 60) - 1, *ENDS), None),
    ("branch, 2^63 - 1 parts", THREE, None, [0], branch(0, *ENDS, number=(1 << 63) - 1), None),
    ("branch, a point on the border", THREE, None, [0], branch(0, *ENDS[:2], at(0, 1)), None),
    ("branch, a point where only one rival is beaten", THREE, None, [0],
     branch(0, at(1, -1), *ENDS[1:]), None),
    ("branch of a ReLU unit", TWO, None, [0], branch(0, RIGHT, RIGHT), None),
    ("branch of a later layer", network(relu([[1]], [0]), maxout(3, [[1], [0], [2]], [0, 1, 0])),
     None, [0], branch(1, *ENDS), None),
    ("branch of an earlier layer", BUMP, None, [0],
     branch(0, branch(0, *FAR), FAR[1], force([], (3, 0)) + ENDS[2]), None),
    ("branch, a layer above it", BUMP, None, [0],
     branch(0, *FAR, force([], (3, 0)) + ENDS[2]), 5),
    ("branch, the winner's value above it", BUMP, None, [0],
     branch(0, *FAR, split(3, at(0, 2), at(0, 1))), None),
    ("branch of two", EITHER, None, [0], branch(0, at(0, 1), at(0, -1)), 2),
    ("branch of two, other order", EITHER, None, [0], branch(0, at(0, -1), at(0, 1)), None),
    ("split of two", EITHER, None, [0], sides(0, -1, 1), 2),
    ("split of two, other order", EITHER, None, [0], sides(0, 1, -1), None),
    ("branch after a cross", EITHER, None, [0],
     cross(0, 0, at(0)) + branch(0, at(0, 1), at(0, -1)), None),
    ("branch after a same", EITHERS, None, [0], same(1, 0) + branch(1, at(0, 1), at(0, -1)), None),
    ("branch of one that has won", CLAMP, None, [0],
     OFF + split(1, branch(0, at(0, 3), number=2), at(0, 0)), None),
    ("branch of one that has won, beside another", WON, None, [0],
     OFF + force([], (1, 0), (5, 0)) + branch(0, sides(3, -1, 1), number=1), None),
    ("branch beside one that has won", WON, None, [0],
     OFF + force([], (1, 0), (5, 0)) + branch(3, at(0, 1), at(0, -1)), 2),
    ("branch of pieces that are equal", TIED, None, [0],
     branch(0, at(0, 1), empty([], 0, 0), at(0, -1)), None),
    ("branch that leaves all out", network(maxout(3, [[1]] * 3, [0, 0, 0])), None, [0],
     branch(0, empty([], 0, 1), empty([], 0, 0), empty([], 1, 0)), None),
    ("branch of equals after a force", TIED, None, [0],
     OFF + branch(0, at(0, 1), at(0, -1)), 2),
    ("branch of equals, the other lost", TIED, None, [0],
     force([], (0, 1)) + branch(0, at(0, 1), at(0, -1)), None),
    ("branch, then found", CROSSES, None, [0, 1],
     LINE_1 + branch(1, FOUND, FOUND), None),
    ("branch after a cross of another", CROSSES, None, [0, 1],
     LINE_1 + branch(1, at(0, 0, 1), at(0, 0, -1)), 4),
    ("branch in a flat", CROSSES, None, [0, 1],
     cross(0, 0, branch(1, at(0, 1), at(0, -1))) + cross(1, 1, at(0, 5)) + FOUND, 4),
    ("branch, then its units as support", TWICE, None, [0],
     branch(0, force([0], (3, 0)) + force([1], (4, 0)) + ENDS[0],
            force([0], (3, 1)) + force([2], (5, 0)) + ENDS[1],
            force([1], (4, 1)) + force([2], (5, 1)) + ENDS[2]), 3),
    ("branch, a comparison that is moot as support", TWICE, None, [0],
     branch(0, force([0], (3, 0)) + force([1], (4, 0)) + ENDS[0],
            force([0], (3, 1)) + force([2], (5, 0)) + ENDS[1],
            force([0], (3, 1)) + force([1], (4, 1)) + force([2], (5, 1)) + ENDS[2]), None),
    # Crowded groups
    ("crowded, split", THREE, None, [0],
     split(0, split(2, at(1, 1), at(0, 2)), split(1, at(1, -1), at(0, -2))), None),
    ("crowded, cross", THREE, None, [0],
     cross(0, 0, force([], (1, 1), (2, 1)) + at(0)) + branch(0, *ENDS), None),
    ("crowded, same", network(maxout(3, [[0], [1], [2]], [0, 0, 0])), None, [0],
     same(1, 0) + same(2, 0) + sides(0, 1, -1), None),
    ("crowded, count", THREE, None, [0], COUNTED, None),
    ("crowded, then less", ROOM, None, [0, 1, 2], force([], (5, 0)) + COUNTED, None),
    ("crowded elsewhere, split", ROOM, None, [0, 1, 2], force([], (5, 0)) + split(
        3, branch(0, at(0, 1, 0, -1), at(0, 0, 1, -1), at(0, -1, -1, -1)),
        branch(0, at(0, 1, 0, 1), at(0, 0, 1, 1), at(0, -1, -1, 1))), 6),
    ("crowded elsewhere, cross", ROOM, None, [0, 1, 2], force([], (5, 0)) + cross(
        3, 2, branch(0, at(0, 1, 0), at(0, 0, 1), at(0, -1, -1)))
     + branch(0, at(0, 1, 0, 1), at(0, 0, 1, 1), at(0, -1, -1, 1)), None),
    ("count in a large branch", ROOM, None, [0, 1, 2],
     force([], (5, 0)) + branch(0, COUNTED, COUNTED, COUNTED), None),
    ("cross in a branch", ROOM, None, [0, 1, 2], force([], (5, 0)) + branch(
        0, *(cross(3, 2, at(0, *xy)) + FOUND for xy in ((1, 0), (0, 1), (-1, -1)))), 6),
    ("count in a branch", network(maxout(3, [[1, 0], [1, 0], [0, 0], [0, 1], [0, 0], [0, 0]],
                                         [1, 0, 0, 0, 0, -1])), None, [0, 1],
     force([], (0, 0), (5, 0)) + branch(0, COUNTED, COUNTED), 4),
    # Moot comparisons
    ("moot", CLAMP, None, [0], OFF + sides(1, 3, 0), 2),
    ("moot, count", CLAMP, None, [0], OFF + COUNTED, 2),
    ("moot, cross", CLAMP, None, [0], OFF + cross(1, 0, at(0)) + FOUND, 2),
    ("moot, cross of it", CLAMP, None, [0], OFF + cross(2, 0, at(0)) + cross(1, 0, at(0)) + FOUND,
     None),
    ("moot, split", CLAMP, None, [0], OFF + split(2, sides(1, 3, 1), at(0, 0)), None),
    ("moot, same", CLAMP, None, [0], OFF + same(1, 2) + at(0, 0), None),
    ("moot, force", CLAMP, None, [0], OFF + split(1, force([1], (2, 1)) + at(0, 3), at(0, 0)), None),
    ("moot, no leaf before", CLAMP, None, [0], OFF + at(0, 0), None),
    ("moot by a chain", FIXED, None, [], force([], (2, 0)) + force([], (0, 0)) + at(0), 1),
    ("moot by none", FIXED, None, [], force([], (0, 0), (1, 0)) + at(0), 1),
    ("moot by a unit of the same force", FIXED, None, [], force([], (0, 0), (2, 0)) + at(0), None),
    ("moot by two of the same force", FIXED, None, [], force([], (0, 0), (1, 0), (2, 0)) + at(0),
     None),
    ("force, a loser is not all", FIXED, None, [], force([], (0, 0)) + at(0), None),
    ("force, the other loses", FIXED, None, [], force([], (0, 1), (2, 0)) + at(0), None),
    # EMPTY
    ("empty", LOSER, None, [0], branch(0, *LOST), 2),
    ("empty by the other unit", LOSER, None, [0], branch(0, *LOST[:2], empty([1], 2, 0)), 2),
    ("empty, no support", LOSER, None, [0], branch(0, *LOST[:2], empty([], 1, 0)), None),
    ("empty, itself as support", LOSER, None, [0], branch(0, *LOST[:2], empty([1], 1, 0)), None),
    ("empty, support moot", LOSER, None, [0], branch(0, *LOST[:2], empty([0], 1, 0)), None),
    ("empty, dependent support", LOSER, None, [0], branch(0, *LOST[:2], empty([1, 2], 1, 0)), None),
    ("empty, a support too many", LOSER, "-9:9", [0], branch(0, *LOST[:2], empty([2, 3], 1, 0)),
     None),
    ("empty, its own state", LOSER, None, [0], branch(0, *LOST[:2], empty([2], 1, 1)), None),
    ("empty, a moot unit", LOSER, None, [0], branch(0, *LOST[:2], empty([2], 0, 0)), None),
    ("empty, no such unit", LOSER, None, [0], branch(0, *LOST[:2], empty([2], 3, 0)), None),
    ("empty, a bound as unit", LOSER, "-9:9", [0], branch(0, *LOST[:2], empty([2], 3, 0)), None),
    ("empty by a bound", LOSER, "-1:1", [0], branch(0, at(1, -1), at(1, 1), empty([4], 1, 0)), 2),
    ("empty, but it is not", LOSER, None, [0], branch(0, *LOST[:1], empty([2], 0, 0), LOST[2]), None),
    ("empty, but it is not, without support", THREE, None, [0],
     branch(0, *ENDS[:2], empty([], 1, 0)), None),
    ("empty domain", LOSER, None, [0], empty([], 0, 0), None),
    ("empty domain, a bound", LOSER, "-1:1", [0], empty([], 3, 0), None),
    ("empty, the unit was forced", CLAMP, None, [0],
     OFF + split(1, empty([], 0, 1), at(0, 0)), None),
    ("empty by a unit that vanishes", ZEROS, None, [0],
     force([], (1, 0), (2, 0)) + split(0, at(0, 1), empty([], 1, 1)), None),
    ("empty by a state that follows from others", THREE, None, [0],
     branch(0, empty([1], 0, 0), *ENDS[1:]), None),
    ("empty part of a split", TWO, None, [0], BEYOND, 3),
    ("empty part of a split, the other", TWO, None, [0],
     split(0, RIGHT, split(1, at(0, -1), empty([0], 1, 1))), None),
    ("empty, a unit from far above", TWO, None, [0],
     split(0, RIGHT, split(1, empty([1], 0, 1), at(0, -1))), 3),
    ("empty, both parts", ZEROS, None, [0],
     split(0, split(1, empty([], 1, 0), empty([], 1, 1)), split(1, empty([], 1, 0), empty([], 1, 1))),
     None),
    ("empty, both parts in a later layer", BLIND, None, [0],
     split(0, force([0], (1, 1)) + at(0, 1), split(1, empty([], 1, 0), empty([], 1, 1))), None),
    ("empty behind a layer", network(relu([[1]], [0]), relu([[1], [1]], [1, 2])), None, [0],
     split(0, split(1, split(2, at(0, 1), empty([0], 2, 1)), empty([0], 1, 1)),
           split(1, force([], (2, 1)) + at(0, -1), empty([], 1, 1))), 2),
    ("empty in an empty part", TWO, None, [0],
     split(0, RIGHT, split(1, empty([0], 1, 0), empty([0], 1, 1))), None),
    ("empty with more to come", LOSER, None, [0], branch(0, *LOST) + LOST[2], None),
    ("empty with units pending", network(relu([[1], [1], [1]], [0, -1, -5])), None, [0],
     split(0, split(1, sides(2, 6, 2), force([1], (2, 0)) + at(1, 1)),
           split(1, empty([0], 1, 0), force([0], (2, 0)) + at(0, -1))), 4),
    ("empty, then nothing else", TWO, None, [0],
     split(0, RIGHT, split(1, empty([0], 1, 0) + at(0, -1), at(0, -1))), None),
    ("empty in a flat", TWO, None, [0],
     split(1, cross(0, 0, empty([], 1, 0)) + FOUND, sides(0, 0, -1)), None),
    ("empty in a part of a flat", STRIP, None, [0, 1], cross(
        0, 0, split(1, split(2, at(0, 2), at(1, 1)), split(2, empty([1], 2, 0), at(0, -1))))
     + split(1, split(2, at(0, 0, 2), at(1, 0, 1)), split(2, empty([1], 2, 0), at(0, 0, -1))), None),
    ("empty in a part of a crossed cell", STRIP, None, [0, 1], cross(
        0, 0, split(1, split(2, at(0, 2), at(1, 1)), force([1], (2, 0)) + at(0, -1)))
     + split(1, split(2, at(0, 0, 2), at(1, 0, 1)), split(2, empty([1], 2, 0), at(0, 0, -1))), 6),
    ("empty in a crossed cell", TWO, None, [0],
     split(1, cross(0, 0, at(0)) + empty([], 1, 0), sides(0, 0, -1)), None),
    ("leaf 2 as a leaf with a point", TWO, None, [0], split(0, RIGHT, node(4, 2, 0, 0, 2)), None),
    # Units that carry, inputs that are kept
    ("carried", CARRIED, None, [0, 1], split(0, split(1, at(0, 1, 1), at(0, 1, -2)),
                                             split(1, at(0, -1, 1), at(0, -1, -1))), 4),
    ("carried, not kept", CARRIED, None, [0], split(0, force([0], (1, 1)) + at(0, 1),
                                                    force([], (1, 0)) + at(0, -1)), None),
    ("carried, not kept, in a box", CARRIED, "-1:1", [0],
     split(0, force([0], (1, 1)) + at(1, 1), force([], (1, 0)) + at(1, -1)), None),
    ("carried by the last layer, not kept", CARRIED_LAST, None, [0], sides(0, 1, -1), 2),
    ("carried by the last layer, not kept, in a box", CARRIED_LAST, "-2:2", [0], sides(0, 1, -1), 2),
    ("kept, common to the pieces", network(COMMON), None, [0], sides(0, -1, 1), 2),
    ("kept, common to the pieces, in a box", network(COMMON), "-2:2", [0], sides(0, -1, 1), 2),
    ("kept, common to the pieces of an earlier layer", network(COMMON, relu([[0]], [1])), None, [0],
     split(0, force([], (1, 1)) + at(0, -1), force([], (1, 1)) + at(0, 1)), None),
    ("kept, all of an earlier layer's", network(COMMON, relu([[0]], [1])), None, [0, 1],
     split(0, force([], (1, 1)) + at(0, -1, 0), force([], (1, 1)) + at(0, 1, 0)), 2),
    ("kept, common to the pieces, nothing behind", network(COMMON, carry(relu([], []), [[1]], [0])),
     None, [0], sides(0, -1, 1), 2),
    ("a layer that only carries", ALL_CARRIED, None, [0], sides(0, 1, -1), 2),
    ("a layer that only carries behind", CARRIED_BEHIND, None, [0],
     cross(0, 0, at(0)) + FOUND, 2),
    ("only carried", NOTHING, None, [0], at(0, 0), 1),
    ("only carried, branch", NOTHING, None, [0], branch(0, at(0, 0), at(0, 0)), None),
    ("only carried, empty", NOTHING, None, [0], empty([], 0, 0), None),
]
