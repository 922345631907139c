"""Certificates by hand for rules.py with the nodes of version 2: DROP, NAME and LIKE."""
from cases import at, differences, entry_list, signed, varint
from nets import carry, linear, maxout, network, relu


def node(tag, k, *numbers):
    return b"".join(map(varint, (16 * k + tag,) + numbers))


def split(k, above, below):
    return node(0, k) + above + below


def force(support, *units):
    coded = zip(differences([u for u, _ in units]), [s for _, s in units])
    return node(1, len(units)) + entry_list(support) + b"".join(varint(2 * d + s) for d, s in coded)


def leaf(e, *m):
    return node(4, 0) + at(e, *m)[1:]


def drop(entry, support):
    return node(8, entry) + entry_list(support)


def name(number):
    return node(9, number)


def affine(rows, den=1):
    return signed(den) + b"".join(signed(a) for row in rows for a in row)


def like(number, point, there, back, bounds, other, more=(0, 0)):
    """bounds: a list for each bound of the named cell; other: for each of this one.  more: how far
    the numbers before the lists are from how many lists there are."""
    return node(10, number) + at(*point)[1:] + there + back + b"".join(
        varint(len(lists) + wrong) + b"".join(map(entry_list, lists))
        for lists, wrong in ((bounds, more[0]), (other, more[1])))


# |x| - 1 and |x| - 3/2 from x and -x, in [-2, 2]: three regions on either side. Entries: units 0 to
# 3, then x + 2 and 2 - x.
EVEN = network(relu([[1], [-1]], [0, 0]), relu([[1, 1], [1, 1]], [-1, "-3/2"]))
RIGHT, LEFT = force([0], (1, 0)), force([0], (1, 1))
TREE = split(2, split(3, leaf(2, 7), leaf(2, 5)), force([2], (3, 0)) + leaf(1, 1))
MIRROR, SAME = affine([[-1, 0]]), affine([[1, 0]])
BOUNDS = [[0], [2], [1]]
LIKE = like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)
SHORT = like(0, (0, -1), MIRROR, MIRROR, [[0], [1]], [[0], [1]])


def even(right, left):
    return split(0, RIGHT + right, LEFT + left)


def instead(*arguments):
    return even(name(0) + TREE, like(*arguments))


# The part where |x| > 1 alone.
OUTER = split(3, leaf(2, 7), leaf(2, 5))
INNER, INNER_LEFT = force([2], (3, 0)) + leaf(1, 1), force([2], (3, 0)) + leaf(1, -1)
OUTER_LEFT = split(3, leaf(2, -7), leaf(2, -5))
TREE_LEFT = split(2, OUTER_LEFT, INNER_LEFT)
OUTER_BOUNDS = [[0], [1], [3], [2]]
INNER_BOUNDS = [[0], [1], [3], [2]]
OUTER_LIKE = like(0, (1, -3), MIRROR, MIRROR, OUTER_BOUNDS, OUTER_BOUNDS)

# Two layers behind the fold.
DEEP = network(relu([[1], [-1]], [0, 0]), relu([[1, 1]], [1]), relu([[1], [1]], [-2, "-5/2"]))
# The first unit of the second layer is on; it passes on |x| + 1 in one net, |x| + x + 1 in the other.
ON = (network(relu([[1], [-1]], [0, 0]), relu([[1, 1], [1, 1]], [1, -1]), relu([[1, 0]], [-2])),
      network(relu([[1], [-1]], [0, 0]), relu([[2, 1], [1, 1]], [1, -1]), relu([[1, 0]], [-2])))
# A carried unit passes on max(x, 0), which is not even.
CARRIED = network(relu([[1], [-1]], [0, 0]), carry(relu([[1, 1]], [-1]), [[1, 0]], [0]),
                  relu([[1, 1]], ["-1/2"]))
PLAIN = network(relu([[1], [-1]], [0, 0]), carry(relu([[1, 1]], [-1]), [[1, 1]], [0]),
                relu([[1, 1]], ["-1/2"]))
# In [-1, 1], where the second layer's unit is off: |x| - 1/2 on the third one, or max(x, 0) - 1/2.
BEHIND = name(0) + force([5], (2, 0)) + split(3, leaf(2, 3), leaf(2, 1))
NEAR_LIKE = like(0, (1, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)

# In the plane, |x| - 1 and |x| - 3/2: maps need not be invertible.
PLANE = network(relu([[1, 0], [-1, 0]], [0, 0]), relu([[1, 1], [1, 1]], [-1, "-3/2"]))
FLAT_TREE = split(2, split(3, leaf(2, 7, 0), leaf(2, 5, 0)), force([2], (3, 0)) + leaf(1, 1, 0))
ONTO = affine([[-1, 0, 0], [0, 0, 0]])
PLANE_BOUNDS = [[0], [2], [1], [], []]
PARALLEL = [[0], [0, 1], [1], [], []]  # x and x + 2
PLANE_LIKE = like(0, (0, -1, 1), ONTO, ONTO, PLANE_BOUNDS, PLANE_BOUNDS)

# For certificates with one thing in them that is not as it must be, most of a wrong number.

# The middle of max(x, 0, -x) is empty, but x = 0 is in the closure of its bounds. Behind it a unit
# that is constant: each of the other two parts has one region.
MIDDLE = network(maxout(3, [[1], [0], [-1]], [0, 0, 0]), relu([[0]], [1]))
NOTHING = node(7, 0, 3) + force([], (3, 1)) + leaf(0, 1) + name(0) + node(4, 2) \
    + entry_list([0]) + varint(2 * 2 + 1) \
    + like(0, (0, -1), affine([[0, 0]]), affine([[0, -1]]), [[], []], [[], []])

# The second layer's unit where x > 0 is like that of the third one where x < -1.
NEXT = network(relu([[1], [-1]], [0, 0]), relu([[1, 1]], [-1]), relu([[2]], [-1]))
NEXT_LIKE = like(0, (1, -3), affine([[-2, -2]]), affine([[-1, -2]], 2), [[1], [0], [2]],
                 [[1], [0], [2], [0]])
NEXT_TREE = even(name(0) + split(2, split(3, leaf(2, 7), leaf(3, 9)), force([], (3, 0)) + leaf(1, 1)),
                 split(2, NEXT_LIKE, force([], (3, 0)) + leaf(1, -1)))

# x is passed on where it is positive, by unit 2, and -x by unit 3, which does not count.
ONE_SIDE = network(relu([[1], [-1]], [0, 0]), relu([[1, 0], [0, 1], [1, 1]], [0, 0, -1]),
                   relu([[1, 0, 0]], ["-3/2"]))
ONE_SIDE_TREE = even(
    force([0], (2, 1), (3, 0)) + name(0) + split(4, split(5, leaf(2, 7), leaf(2, 5)),
                                                 force([4], (5, 0)) + leaf(1, 1)),
    force([0], (2, 0), (3, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS))

# max(x, 0) is passed on as the piece that has won against -1, beside max(|x| - 1, 0).
PIECE = network(relu([[1], [-1]], [0, 0]), maxout(2, [[1, 0], [0, 0], [1, 1], [0, 0]],
                                                  [0, -1, -1, 0]), relu([[1, 0]], ["-3/2"]))
PIECE_TREE = even(
    force([0], (2, 0)) + name(0) + split(3, force([3], (4, 0)) + leaf(1, 1),
                                         split(4, leaf(2, 7), leaf(2, 5))),
    force([], (2, 0)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS))

# |x| taken wrongly as x: x + 1 has no zero on the right, and one on the left.
BESIDE = network(relu([[1], [-1]], [0, 0]), relu([[1, -1]], [1]))
BACKWARDS = affine([[-1, 0]], -1)  # the identity
BESIDE_TREE = even(name(0) + force([0], (2, 1)) + leaf(0, 1),
                   like(0, (0, -1), BACKWARDS, BACKWARDS, [[0]], [[0]]))
ZERO = affine([[0, 0]], 0)

# Three regions on one side and one on the other, where a box ends before |x| = 1.
SMALL_RIGHT = name(0) + force([5], (2, 0), (3, 0)) + leaf(1, 1)  # in [-2, 1]
SMALL_BACK = [[0], [2], [0]]
POINT = affine([[0, 1]], 2), affine([[0, -1]], 2)  # 1/2 and -1/2


def like_small(*arguments):
    return even(SMALL_RIGHT, like(0, (0, -1), *arguments))


# The second unit is off on the left.
HALF = network(relu([[1], [-1]], [0, 0]), relu([[1, 1], [1, 0]], [-1, "-3/2"]))
# The empty middle of max(x, 0, -x) is like the part before it.
AS_BEFORE = node(7, 0, 3) + name(0) + force([], (3, 1)) + leaf(0, 1) \
    + like(0, (0, 0), affine([[0, 0]]), affine([[0, 0]]), [[], []], [[], []]) \
    + force([], (3, 1)) + leaf(0, -1)

# |x + 1| - 3/2 and |x + 1| - 5/2 from x - 1, -x - 1 and x + 1: two regions where x > 1, and three
# where x < -1, where the functions are the mirrored ones but for a number.
ASIDE = network(relu([[1], [-1], [1]], [-1, -1, 1]),
                relu([[0, 1, 1], [0, 1, 1]], ["-3/2", "-5/2"]))
ASIDE_TREE = split(
    0, force([0], (1, 0), (2, 1)) + name(0) + force([0], (3, 1)) + split(4, leaf(0, 3), leaf(2, 5)),
    split(1, force([1], (2, 0)) + like(0, (0, -2), MIRROR, MIRROR, [[1], [3], [2]],
                                       [[0], [0], [2], [1]]),
          force([1], (2, 1)) + force([0], (4, 0)) + split(3, leaf(2, 3), leaf(0, 0))))

# (name, network, box, kept inputs, tree, the number that it would show without that check)
HOSTILE = [
    ("a map to a point", EVEN, "-2:1", [0],
     like_small(POINT[0], MIRROR, [[], [], []], SMALL_BACK), 2),
    ("a map back to a point", EVEN, "-1:3", [0],
     even(name(0) + TREE, like(0, (1, -1), MIRROR, POINT[1], [[0], [0], [1]], [[], [], []])), 6),
    ("maps that stretch", EVEN, "-2:1", [0],
     like_small(affine([[-1, 0]], 2), affine([[-2, 0]]), [[0], [0], [1]], SMALL_BACK), 2),
    ("a bound less than 0 times", EVEN, "-2:1", [0],
     like_small(MIRROR, MIRROR, [[0], [0], [0]], SMALL_BACK), 2),
    ("a bound with a rest", EVEN, "-2:1", [0],
     like_small(MIRROR, MIRROR, [[0], [0], []], SMALL_BACK), 2),
    ("a bound with a negative number", EVEN, "-2:1", [0],
     like_small(MIRROR, MIRROR, [[0], [0], [1]], SMALL_BACK), 2),
    ("a unit that is not even", HALF, "-2:2", [0], even(name(0) + TREE, LIKE), 6),
    ("functions apart by a number", ASIDE, "-4:4", [0], ASIDE_TREE, 6),
    ("an empty part like another", MIDDLE, None, [0], AS_BEFORE, 3),
    ("what is on is not even", ON[1], "-2:2", [0],
     even(force([0], (2, 1)) + name(0) + split(3, force([3], (4, 1)) + leaf(1, 3),
                                               split(4, leaf(2, 3), leaf(2, 1))),
          force([0], (2, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)), 6),
    ("like what is empty", MIDDLE, None, [0], NOTHING, 1),
    ("like the layer before", NEXT, "-2:2", [0], NEXT_TREE, 7),
    ("like what passes other units on", ONE_SIDE, "-2:2", [0], ONE_SIDE_TREE, 6),
    ("like another piece", PIECE, "-2:2", [0], PIECE_TREE, 6),
    ("maps with a sign", BESIDE, None, [0], BESIDE_TREE, 2),
    ("maps over 0", EVEN, "-1:2", [0],
     even(name(0) + TREE, like(0, (1, -1), ZERO, ZERO, [[]] * 3, [[]] * 3)), 6),
    ("a number of bounds", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS, (1, 0)), 6),
    ("a number of bounds back", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS, (0, -1)), 6),
    ("name in a flat that nothing cuts", EVEN, "-2:2", [0],
     even(split(3, force([3], (2, 1)) + leaf(2, 7),
                node(2, 2, 0) + name(0) + leaf(0) + node(4, 1)), TREE_LEFT), 6),
    ("drop after a CROSS", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + force([], (3, 0)) + leaf(0) + drop(4, [0])
          + split(3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), 6),
]

# (name, network, box, kept inputs, tree, regions or None)
CASES = [
    ("like after others", EVEN, "-2:2", [0],
     even(split(2, OUTER, name(0) + INNER),
          split(2, OUTER_LEFT, like(0, (1, -1), MIRROR, MIRROR, INNER_BOUNDS, INNER_BOUNDS))), 6),
    ("a name without units", network(linear([[1]], [0])), None, [0], name(0) + leaf(0, 0), None),
    ("no name in a flat that nothing cuts", EVEN, "-2:2", [0],
     even(split(3, force([3], (2, 1)) + leaf(2, 7), node(2, 2, 0) + leaf(0) + node(4, 1)),
          TREE_LEFT), 6),
    ("like", EVEN, "-2:2", [0], even(name(0) + TREE, LIKE), 6),
    ("like, short of bounds", EVEN, "-2:2", [0],
     even(drop(4, [0]) + name(0) + TREE, drop(5, [0]) + SHORT), 6),
    ("a name without a like", EVEN, "-2:2", [0],
     even(name(0) + TREE, name(1) + TREE_LEFT), 6),
    ("like in the middle of a layer", EVEN, "-2:2", [0],
     even(split(2, name(0) + OUTER, INNER), split(2, OUTER_LIKE, INNER_LEFT)), 6),
    ("like with other states", EVEN, "-2:2", [0],
     even(split(2, name(0) + OUTER, INNER),
          split(2, OUTER_LEFT,
                like(0, (1, -1), MIRROR, MIRROR, OUTER_BOUNDS, OUTER_BOUNDS))), None),
    ("like with a unit less", EVEN, "-2:2", [0],
     even(split(2, OUTER, force([2], (3, 0)) + name(0) + leaf(1, 1)),
          split(2, OUTER_LEFT,
                like(0, (1, -1), MIRROR, MIRROR, OUTER_BOUNDS, OUTER_BOUNDS))), None),
    ("like before its name", EVEN, "-2:2", [0],
     even(like(0, (0, 1), MIRROR, MIRROR, BOUNDS, BOUNDS),
          name(0) + TREE_LEFT), None),
    ("like itself", EVEN, "-2:2", [0],
     even(TREE, name(0) + like(0, (0, -1), SAME, SAME, [[0], [1], [2]], [[0], [1], [2]])), None),
    ("a part like the whole", EVEN, "-2:2", [0],
     even(name(0) + split(2, like(0, (1, 3), SAME, SAME, [[0], [2], [3]], [[0], [0], [1], [2]]),
                          INNER), LIKE), None),
    ("like no name", EVEN, "-2:2", [0], even(name(0) + TREE, like(1, (0, -1), MIRROR, MIRROR,
                                                                 BOUNDS, BOUNDS)), None),
    ("the first name is 1", EVEN, "-2:2", [0], even(name(1) + TREE, LIKE), None),
    ("a name twice", EVEN, "-2:2", [0], even(name(0) + name(0) + TREE, LIKE), None),
    ("two names for one", EVEN, "-2:2", [0], even(name(0) + name(1) + TREE, LIKE), 6),
    ("singular", EVEN, "-2:2", [0],
     instead(0, (0, -1), affine([[0, 1]]), MIRROR, BOUNDS, BOUNDS), None),
    ("singular back", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, affine([[0, -1]]), BOUNDS, BOUNDS), None),
    ("the identity", EVEN, "-2:2", [0], instead(0, (0, -1), SAME, SAME, BOUNDS, BOUNDS), None),
    ("twice as far", EVEN, "-2:2", [0],
     instead(0, (0, -1), affine([[-2, 0]]), MIRROR, BOUNDS, BOUNDS), None),
    ("over a denominator", EVEN, "-2:2", [0],
     instead(0, (0, -1), affine([[-3, 0]], 3), MIRROR, BOUNDS, BOUNDS), 6),
    ("denominator 0", EVEN, "-2:2", [0],
     instead(0, (0, -1), affine([[-1, 0]], 0), MIRROR, BOUNDS, BOUNDS), None),
    ("negative denominator", EVEN, "-2:2", [0],
     instead(0, (0, -1), affine([[1, 0]], -1), MIRROR, BOUNDS, BOUNDS), None),
    ("negative denominator back", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, affine([[1, 0]], -1), BOUNDS, BOUNDS), None),
    ("a point of the other cell", EVEN, "-2:2", [0],
     instead(0, (0, 1), MIRROR, MIRROR, BOUNDS, BOUNDS), None),
    ("a point on the border", EVEN, "-2:2", [0],
     instead(0, (0, 0), MIRROR, MIRROR, BOUNDS, BOUNDS), None),
    ("no point", EVEN, "-2:2", [0],
     even(name(0) + TREE, LIKE[:1] + LIKE[3:]), None),
    ("another bound", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, [[0], [1], [1]], BOUNDS), None),
    ("another bound back", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, BOUNDS, [[0], [2], [2]]), None),
    ("two bounds on a line", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, [[0], [0, 2], [1]], BOUNDS), None),
    ("no support", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, [[], [2], [1]], BOUNDS), None),
    ("no such bound", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, [[0], [2], [3]], BOUNDS), None),
    ("a bound less", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, [[0], [2]], BOUNDS), None),
    ("a bound more", EVEN, "-2:2", [0],
     instead(0, (0, -1), MIRROR, MIRROR, BOUNDS + [[0]], BOUNDS), None),
    # On the left the image is (0, 3), on the right (0, 2): more regions might be there.
    ("like a smaller one", EVEN, "-3:2", [0], even(name(0) + TREE, LIKE), None),
    ("like a larger one", EVEN, "-2:3", [0], even(name(0) + TREE, LIKE), None),
    ("drop of a bound", EVEN, "-2:2", [0], even(drop(4, [0]) + TREE, TREE_LEFT), 6),
    ("drop by nothing", EVEN, "-2:2", [0], even(drop(4, []) + TREE, TREE_LEFT), None),
    ("drop by another", EVEN, "-2:2", [0], even(drop(4, [1]) + TREE, TREE_LEFT), None),
    ("drop of a facet", EVEN, "-2:2", [0], even(drop(0, [0]) + TREE, TREE_LEFT), None),
    ("drop twice", EVEN, "-2:2", [0], even(drop(4, [0]) + drop(4, [0]) + TREE, TREE_LEFT), None),
    ("drop of what was forced", EVEN, "-2:2", [0], even(drop(1, [0]) + TREE, TREE_LEFT), None),
    ("drop of what is pending", EVEN, "-2:2", [0], even(drop(2, [0]) + TREE, TREE_LEFT), None),
    ("drop of no entry", EVEN, "-2:2", [0], even(drop(6, [0]) + TREE, TREE_LEFT), None),
    ("dropped on the other side", EVEN, "-2:2", [0],
     even(drop(4, [0]) + name(0) + TREE, drop(4, [0]) + SHORT), None),
    ("dropped there only", EVEN, "-2:2", [0],
     even(drop(4, [0]) + name(0) + TREE,
          like(0, (0, -1), MIRROR, MIRROR, [[0], [1]], [[0], [1], [0]])), 6),
    ("of another layer", DEEP, "-2:2", [0],
     even(name(0) + force([0], (2, 1)) + split(3, split(4, leaf(2, 7), leaf(2, 5)),
                                               force([3], (4, 0)) + leaf(1, 1)),
          force([0], (2, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)), None),
    ("of that layer", DEEP, "-2:2", [0],
     even(force([0], (2, 1)) + name(0) + split(3, split(4, leaf(2, 7), leaf(2, 5)),
                                               force([3], (4, 0)) + leaf(1, 1)),
          force([0], (2, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)), 6),
    ("what is on is even", ON[0], "-2:2", [0],
     even(force([0], (2, 1)) + name(0) + split(3, force([3], (4, 1)) + leaf(1, 3),
                                               force([3], (4, 0)) + leaf(1, 1)),
          force([0], (2, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)), 4),
    ("what is on is not even", ON[1], "-2:2", [0],
     even(force([0], (2, 1)) + name(0) + split(3, force([3], (4, 1)) + leaf(1, 3),
                                               split(4, leaf(2, 3), leaf(2, 1))),
          force([0], (2, 1)) + like(0, (0, -1), MIRROR, MIRROR, BOUNDS, BOUNDS)), None),
    ("what is carried is even", PLAIN, "-1:1", [0],
     even(BEHIND, NEAR_LIKE), 4),
    ("what is carried is not even", CARRIED, "-1:1", [0],
     even(BEHIND, NEAR_LIKE), None),
    ("onto a line", PLANE, "-2:2", [0, 1],
     split(0, RIGHT + name(0) + FLAT_TREE, LEFT + PLANE_LIKE), 6),
    ("onto a line, two bounds that are parallel", PLANE, "-2:2", [0, 1],
     split(0, RIGHT + name(0) + FLAT_TREE,
           LEFT + like(0, (0, -1, 1), ONTO, ONTO, PARALLEL, PLANE_BOUNDS)), None),
    ("name after a CROSS", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + force([], (3, 0)) + leaf(0) + name(0) + split(
         3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), None),
    ("name in a flat", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + name(0) + force([], (3, 0)) + leaf(0) + split(
         3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), None),
    ("drop in a flat", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + drop(4, []) + force([], (3, 0)) + leaf(0)
          + split(3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), None),
    ("cross", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + force([], (3, 0)) + leaf(0) + split(3, leaf(2, 7), leaf(2, 5)),
          TREE_LEFT), 6),
    ("a tag beyond", EVEN, "-2:2", [0], even(node(11, 0) + TREE, TREE_LEFT), None),
]
