"""Models of one sample and of a batch of several, and what is no batch."""
import random
import sys

sys.dont_write_bytecode = True
from graphs import Graph  # noqa: E402


def network(n, rng, end=None, shared=False):
    """Two layers, of which one is carried past the other, with units that depend on no input."""
    def numbers(count):
        return [rng.randint(-16, 16) / 8 for _ in range(count)]
    g = Graph((n, 2))
    first = numbers(10)
    first[0] = first[5] = 0  # the first unit is constant
    h = g.node("Relu", (g.node("Gemm", ("x", g.constant((2, 5), first), g.constant((5,), numbers(5)))),))
    if shared:
        g.input("y", (5,))
        h = g.node("Add", (h, g.node("Abs", ("y",))))
    z = g.node("Abs", (g.node("MatMul", (h, g.constant((5, 4), numbers(20)))),))
    out = g.node("MatMul", (g.node("Concat", (z, h), axis=1), g.constant((9, 3), numbers(27))))
    g.output(end(g, out, n) if end else out)
    return g.bytes()


def image(n, rng):
    """A convolution, a pool and a view with the batch written into its shape."""
    g = Graph((n, 1, 4, 4))
    x = g.node("Conv", ("x", g.constant((2, 1, 2, 2), [rng.randint(-8, 8) / 4 for _ in range(8)])))
    x = g.node("MaxPool", (g.node("Relu", (x,)),), kernel_shape=[2, 2], strides=[1, 1])
    x = g.node("Reshape", (x, g.integers([n, 8])))
    g.output(g.node("MatMul", (x, g.constant((8, 2), [rng.randint(-8, 8) / 4 for _ in range(16)]))))
    return g.bytes()


def alike():
    """(name, model of one sample, model of a batch)"""
    for n in (2, 3, 7):
        yield f"batch of {n}", network(1, random.Random(n)), network(n, random.Random(n))
        yield f"flat batch of {n}", network(1, random.Random(n), lambda g, x, n: g.node("Reshape", (x, g.integers([-1])))), \
            network(n, random.Random(n), lambda g, x, n: g.node("Reshape", (x, g.integers([-1]))))
        yield f"shared input, {n}", network(1, random.Random(n), shared=True), network(n, random.Random(n), shared=True)
    yield "images", image(1, random.Random(1)), image(4, random.Random(1))


def refused():
    """(name, model, what the message says)"""
    rng = random.Random(1)
    yield "mean", network(3, rng, lambda g, x, n: g.node("Sub", (x, g.node("ReduceMean", (x,), axes=[0])))), \
        "batch of 3 samples: an output of one depends on another; --batch=all"
    yield "different", network(3, rng, lambda g, x, n: g.node("Add", (x, g.constant((n, 1), [1, 2, 3])))), \
        "not all computed in the same way; --batch=all"
    yield "scaled", network(2, rng, lambda g, x, n: g.node("Relu", (g.node("Mul", (x, g.constant((n, 1), [1, 2]))),))), \
        "not all computed in the same way"
    yield "turned", network(3, rng, lambda g, x, n: g.node("Transpose", (x,))), "outputs are not those of the samples"
    yield "cut", network(3, rng, lambda g, x, n: g.node("Gather", (x, g.integers([2, 0])), axis=0)), \
        "outputs are not those of the samples"
    yield "swapped", network(2, rng, lambda g, x, n: g.node("Gather", (x, g.integers([1, 0])), axis=0)), \
        "outputs are not those of the samples"
    g = Graph((2, 2))
    g.input("y", (3, 2))
    g.output(g.node("Relu", ("x",)), g.node("Abs", ("y",)))
    yield "two sizes", g.bytes(), "another input has another number"
