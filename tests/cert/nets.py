#!/usr/bin/env python3
"""nets.py DIR: writes small networks for test_cert.sh as DIR/NAME.json; prints "NAME BOX" lines,
BOX being "-" for R^n. Degenerate ones by hand, others from a fixed seed. Without CREASE_LONG each one
by hand has one of its domains, in turn, and one in five of the others is there."""
import json
import os
import random
import sys


def relu(weight, bias):
    return {"weight": weight, "bias": bias, "activation": "relu"}


def linear(weight, bias):
    return {"weight": weight, "bias": bias, "activation": "linear"}


def maxout(rank, weight, bias):
    """rank rows for every unit"""
    return {"weight": weight, "bias": bias, "activation": "maxout", "rank": rank}


def carry(layer, weight, bias):
    """The layer and units that carry."""
    return dict(layer, weight=layer["weight"] + weight, bias=layer["bias"] + bias, carry=len(bias))


def width(layer):
    """How many units the layer has."""
    carried = layer.get("carry", 0)
    return (len(layer["bias"]) - carried) // layer.get("rank", 1) + carried


def network(*layers):
    """A last layer that sums is added."""
    return {"input": len(layers[0]["weight"][0]),
            "layers": list(layers) + [linear([[1] * width(layers[-1])], [0])]}


def halves(rows, ends, box=None):
    """A domain as one word."""
    return json.dumps(dict({"A": rows, "b": ends}, **({"box": box} if box else {})),
                      separators=(",", ":"))


def random_halves(rng, inputs):
    """One to four half-spaces that hold about a point, some of them on whole numbers; rarely a box."""
    point = [rng.randint(-2, 2) for _ in range(inputs)]
    rows = [[rng.randint(-2, 2) for _ in range(inputs)] for _ in range(rng.randint(1, 4))]
    rows = [row for row in rows if any(row)] or [[1] * inputs]
    ends = [sum(a * x for a, x in zip(row, point)) + rng.choice([1, 1, 2, 3]) for row in rows]
    return halves(rows, ends, [[x - 1, x + 2] for x in point] if rng.random() < 0.3 else None)


FOLD = relu([[2, 0], [4, 0], [0, 2], [0, 4]], [0, -2, 0, -2])  # the unit square 2 x 2 times
LINES = [[1, 1], [1, -1], [3, 1]]
HAT = maxout(3, [[1, 0], [0, 1], [0, 0]], [0, 0, 0])  # max(x, y, 0)

# name: (network, domains)
HAND = {
    "affine": (network(linear([[1, 2]], [3])), ["-", "0:1", halves([[1, 1], [-1, 0]], [1, "1/3"])]),
    "constants": (network(relu([[0, 0], [0, 0], [0, 0]], [0, 1, -1])), ["-", "1:2"]),
    "zero-row": (network(relu([[1, 0], [0, 0], [0, 1]], [0, 0, 0])), ["-", "0:1", "-1:1", halves([[1, 1]], [0])]),
    "duplicates": (network(relu([[1, 2], [2, 4], [-1, -2], [1, 2], [3, 0]], [1, 2, -1, 0, 0])),
                   ["-", "-1:1,-2:2"]),
    "parallel": (network(relu([[1, 1], [1, 1], [-2, -2], [1, 0]], [0, -1, 4, 0])), ["-", "0:1", halves([[1, 1], [-1, -1]], [1, 0])]),
    "concurrent": (network(relu([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0, 0, 0])),
                   ["-", "-1:2", halves([[1, 0], [0, 1], [-1, -1]], [0, 1, 1])]),
    # As decimals these meet in one point, as binary64 numbers they may miss it.
    "tenths": (network(relu([[0.1, 0.2], [0.2, 0.1], [0.1, 0.1], [0.3, -0.1]],
                            [-0.3, -0.3, -0.2, -0.2])), ["-", "0:2"]),
    "tenths-exact": (network(relu([["0.1", "0.2"], ["0.2", "0.1"], ["0.1", "0.1"],
                                   ["0.3", "-0.1"]], ["-0.3", "-0.3", "-0.2", "-0.2"])),
                     ["-", "0:2", "0:1"]),
    # Over [0,1]^2 the first touches a corner, the second is an edge, the third cuts.
    "border": (network(relu([[1, 1], [1, 0], [1, 1]], [-2, -1, -1])),
               ["0:1", "-", halves([[1, 1], [-1, 0], [0, -1]], [2, 0, 0]),
                halves([[1, 1]], [2], [[0, 2], [0, 2]])]),
    "border-deep": (network(relu([[1, 0], [0, 1]], [0, 0]), relu([[1, 1], [1, -1], [1, 0]],
                                                                [-2, 0, -1])), ["0:1", "-"]),
    # The second layer vanishes where the first does.
    "coincident": (network(relu([[1, 0], [0, 1]], [0, 0]),
                           relu([[1, 0], [1, 0], [1, -1], [-1, 1]], [0, -1, 0, 0])), ["-", "-1:1"]),
    "low-rank": (network(relu([[1, 0, 0], [1, 1, 0]], [0, 1]), relu([[1, -1], [1, 1]], [0, -2])),
                 ["-", "-1:1", halves([[1, 2, 0]], [1]), halves([[0, 0, 1], [1, 0, 1]], [0, 1])]),
    "one-direction": (network(relu([[1, 2, 3], [-1, -2, -3], [2, 4, 6]], [0, 1, -3])),
                      ["-", "0:1,0:1,-1:0"]),
    "narrow": (network(linear([[1, 2, -1], [2, 4, -2]], [1, 0]), relu([[1, 0], [1, 1], [0, 1]],
                                                                     [0, 0, -5])), ["-"]),
    "between": (network(relu([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), linear([[1, -1, 0], [0, 1, 1]],
                                                                         [0, -1]),
                        relu([[1, 1], [1, -1]], [0, 0])), ["-", "-2:2"]),
    "unused": (network(relu([[0, 1], [0, 2]], [-1, 1]), relu([[1, -1]], [1])), ["-", "3:4,-2:2"]),
    "dead": (network(relu([[1, 0], [0, 1]], [-3, -3]), relu([[1, 1], [2, 2]], [0, -1])),
             ["0:1", "-"]),
    "fold": (network(FOLD, relu([[w * a for w in row for a in (1, -1)] for row in LINES[:2]],
                                [-1, 0])), ["0:1"]),
    "fold-lines": (network(relu([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]),
                           relu([[a, a, b, b] for a, b in LINES], [-1, 0, -2])), ["-", "-1:1"]),
    "zigzag": (network(relu([[2], [4]], [0, -2]), relu([[2, -2], [4, -4]], [0, -2]),
                       relu([[2, -2]], [-1])), ["-", "0:1"]),
    "braid": (network(relu([[1, -1, 0], [1, 0, -1], [0, 1, -1]], [0, 0, 0])),
              ["-", "0:1", halves([[1, -1, 0]], [0]), halves([[1, 1, 1], [-1, 0, 0]], [1, 0])]),
    "space": (network(relu([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1], [1, -1, 0]],
                           [0, 0, 0, 0, -1, 0])),
              ["-", "-1:2", halves([[1, 1, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1]], [2, 0, 0, 0])]),
    "huge": (network(relu([["1e30", "1/3"], ["-1e-30", 1], ["0x1p-40", "1e5"]], [1, "1e20", -7])),
             ["-", "-1e40:1e40"]),
    "hat": (network(HAT), ["-", "-1:1", halves([[1, -1]], [0]), halves([[1, 1], [-1, 0]], [0, 2])]),
    "hats": (network(maxout(3, [[1, 0], [0, 1], [0, 0], [-1, 0], [0, -1], [0, 0]], [0, 0, 0, 0, 0, 1])),
             ["-", "-1:2"]),
    # Pieces that are equal, that win nowhere or on a line alone, and parallel ones.
    "pieces": (network(maxout(4, [[1], [1], [-1], [0]], [0, 0, 0, 0]),
                       maxout(4, [[1], [1], [0], [1]], [0, -1, -1, 0])), ["-", "-1:2"]),
    "parabola": (network(maxout(5, [[-2], [-1], [0], [1], [2]], [-4, -1, 0, -1, -4])), ["-", "0:1"]),
    "equal-pieces": (network(maxout(3, [[1, 1]] * 3, [0, 0, 0])), ["-", "0:1"]),
    "maxout-2": (network(maxout(2, [[1, 0], [0, 1], [0, 0], [1, 1]], [0, 0, 0, -1])), ["-", "0:2"]),
    "maxout-deep": (network(carry(HAT, [[1, -1]], [0]), relu([[1, 1], [0, 1]], [-1, 0]),
                            maxout(3, [[1, 0], [0, 1], [1, 1]], [0, 0, -1])), ["-", "-1:2"]),
    # The first layer's carried input matters, then it does not.
    "carried": (network(carry(relu([[1, 0]], [0]), [[0, 1]], [0]), relu([[1, 1]], [-1])),
                ["-", "0:1", halves([[0, 1], [1, -3]], [1, 2])]),
    "carried-last": (network(carry(HAT, [[5, 7]], [1])), ["-", "-1:1"]),
    "carried-unused": (network(carry(relu([[1, 0]], [0]), [[0, 1]], [0]),
                               maxout(3, [[1, 0], [-1, 0], [0, 0]], [0, 0, -1])), ["-", "0:1"]),
    "all-carried": (network(carry(relu([], []), [[1, 1], [1, -1]], [0, 1]), relu([[1, 2]], [0]),
                            carry(maxout(2, [], []), [[1]], [0])), ["-", "0:1"]),
    "nothing-switches": (network(carry(maxout(3, [], []), [[1, 1]], [0])), ["-", "0:1", halves([[2, 1]], ["1/7"])]),
    "carried-clip": (network(carry({"weight": [[1, 0]], "bias": [0], "activation": "clip",
                                    "low": -1, "high": 1}, [[1, 1]], [2]),
                             maxout(3, [[1, 0], [0, 1], [1, 1]], [0, 0, 1])), ["-", "-2:2"]),
    "digits": (network(relu([["9" * 4500, 1], ["1e-4000", "1/" + "3" * 4500]], [1, 0])), ["-"]),
}


def random_layer(rng, inputs, width, share):
    """Small integers, so that coincidences are frequent; share of them repeats or vanishes."""
    rows = [[rng.randint(-2, 2) for _ in range(inputs + 1)] for _ in range(width)]
    for i in range(1, width):
        if rng.random() < share:
            factor = rng.choice([-2, -1, 0, 1, 2])
            rows[i] = [factor * a for a in rng.choice(rows[:i])]
            rows[i][-1] += rng.choice([0, 0, 1])
    return relu([row[:-1] for row in rows], [row[-1] for row in rows])


def random_maxout(rng, inputs, units, rank, share):
    """share of the pieces repeat another of their group or one below it."""
    rows = [[rng.randint(-2, 2) for _ in range(inputs + 1)] for _ in range(units * rank)]
    for i in range(units * rank):
        if rng.random() < share:
            rows[i] = list(rows[rng.randrange(i // rank * rank, i // rank * rank + rank)])
            rows[i][-1] -= rng.choice([0, 0, 1])
    return maxout(rank, [row[:-1] for row in rows], [row[-1] for row in rows])


def random_carrying(rng, inputs, units, rank, share):
    """Maxout of the rank, or ReLU if it is 1; perhaps a unit more that carries."""
    layer = random_layer(rng, inputs, units, share) if rank == 1 \
        else random_maxout(rng, inputs, units, rank, share)
    if rng.random() < 0.3:
        layer = carry(layer, [[rng.randint(-1, 1) for _ in range(inputs)]], [rng.randint(-1, 1)])
    return layer


def random_network(rng, shape):
    """shape: the inputs, then (units, rank) for every layer."""
    layers, inputs = [], shape[0]
    for units, rank in shape[1:]:
        layers.append(random_carrying(rng, inputs, units, rank, rng.choice([0, 0.3])))
        inputs = width(layers[-1])
    return network(*layers)


MAXOUT = [(1, (1, 4)), (1, (2, 3), (1, 3)), (2, (1, 3), (1, 3)), (2, (2, 3)), (2, (1, 4), (2, 1)),
          (2, (2, 2), (1, 3)), (2, (2, 1), (1, 4)), (3, (1, 3), (1, 2)), (2, (1, 3), (1, 2), (1, 3)),
          (3, (2, 3))]


def drawn():
    rng = random.Random(20240607)
    shapes = [(1, 4), (1, 3, 2), (1, 2, 2, 2), (2, 5), (2, 3, 2), (2, 3, 3), (2, 2, 2, 2), (3, 4),
              (3, 3, 2), (3, 2, 3), (2, 4, 2), (3, 5)]
    for number, shape in enumerate(shapes):
        layers = [random_layer(rng, *pair, rng.choice([0, 0.3])) for pair in zip(shape, shape[1:])]
        name = f"random-{number}-" + "-".join(map(str, shape))
        yield name, (network(*layers), [rng.choice(["-", "-", "-1:1", "0:1"]),
                                        random_halves(rng, shape[0])])
        # The same shape once more, for certificates of a wrong network.
        first = dict(layers[0], bias=layers[0]["bias"][:-1] + [layers[0]["bias"][-1] + 1])
        yield name + "-b", (network(first, *layers[1:]), ["-"])
    for number, shape in enumerate(MAXOUT):
        yield f"maxout-{number}", (random_network(rng, shape), [rng.choice(["-", "-", "-1:1"]),
                                                           random_halves(rng, shape[0])])


def main():
    nets = list(HAND.items()) + list(drawn())
    if not os.environ.get("CREASE_LONG"):
        nets = [(name, (net, [boxes[i % len(boxes)]])) for i, (name, (net, boxes)) in enumerate(nets)
                if name in HAND or i % 5 == 0]
    for name, (net, boxes) in nets:
        with open(os.path.join(sys.argv[1], name + ".json"), "w", encoding="ascii") as file:
            json.dump(net, file)
        for box in boxes:
            print(name, box)


if __name__ == "__main__":
    main()
