"""Certificates by hand for rules.py with the nodes of version 2: DROP, NAME and LIKE."""
from cases import at, differences, entry_list, signed, varint
from nets import carry, network, relu


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


def like(number, point, there, back, bounds, other):
    """bounds: a list for each bound of the named cell; other: for each of this one."""
    return node(10, number) + at(*point)[1:] + there + back + b"".join(
        varint(len(lists)) + b"".join(map(entry_list, lists)) for lists in (bounds, other))


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
PLANE_LIKE = like(0, (0, -1, 1), ONTO, ONTO, PLANE_BOUNDS, PLANE_BOUNDS)

# (name, network, box, kept inputs, tree, regions or None)
CASES = [
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
    ("name after a CROSS", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + force([], (3, 0)) + leaf(0) + name(0) + split(
         3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), None),
    ("name in a flat", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + name(0) + force([], (3, 0)) + leaf(0) + split(
         3, leaf(2, 7), leaf(2, 5)), TREE_LEFT), None),
    ("cross", EVEN, "-2:2", [0],
     even(node(2, 2, 0) + force([], (3, 0)) + leaf(0) + split(3, leaf(2, 7), leaf(2, 5)),
          TREE_LEFT), 6),
    ("a tag beyond", EVEN, "-2:2", [0], even(node(11, 0) + TREE, TREE_LEFT), None),
]
