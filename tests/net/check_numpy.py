#!/usr/bin/env python3
"""check_numpy.py: archives that NumPy writes, and what NumPy and crease make of them.

Needs NumPy. The digest that crease prints must be that of the arrays which NumPy reads back.
CREASE names the program, CREASE_RANDOM_NETS and CREASE_RANDOM_SEED how many there are and which."""
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy

sys.dont_write_bytecode = True
import reading  # noqa: E402
import writing  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
NETS = int(os.environ.get("CREASE_RANDOM_NETS", "60"))
rng = random.Random(int(os.environ.get("CREASE_RANDOM_SEED", "1")))


def arrays(names):
    """Layers of one type, in any order of bytes and of indices, some not contiguous."""
    kind = rng.choice((numpy.float16, numpy.float32, numpy.float64))
    make = numpy.random.default_rng(rng.randrange(2 ** 32))
    widths = [rng.randrange(1, 8) for _ in range(len(names) + 1)]
    result = {}
    for (weight, bias), n, m in zip(names, widths, widths[1:]):
        w = make.standard_normal((m, 2 * n)).astype(kind)[:, ::2]
        w = rng.choice((w, numpy.asfortranarray(w), numpy.ascontiguousarray(w),
                        w.astype(w.dtype.newbyteorder())))
        b = make.standard_normal(m).astype(kind)
        result[weight], result[bias] = w, rng.choice((b, b.reshape(-1, 1), b.reshape(1, -1)))
    return result


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.npz"
        for _ in range(NETS):
            names = writing.names_of(rng.choice(writing.STYLES), rng.randrange(1, 5))
            rng.choice((numpy.savez, numpy.savez_compressed))(path, **arrays(names))
            back = numpy.load(path)
            layers = [("relu" if weight != names[-1][0] else "linear",
                       [[Fraction(float(x)) for x in row] + [Fraction(float(b))]
                        for row, b in zip(back[weight], back[bias].reshape(-1))])
                      for weight, bias in names]
            run = subprocess.run([CREASE, "info", path], capture_output=True, text=True, timeout=60)
            if reading.digest(layers) not in run.stdout or run.returncode:
                failed += 1
                print(f"FAILED: {names} {run.stdout} {run.stderr}", file=sys.stderr)
    print(f"numpy: {NETS} archives, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
