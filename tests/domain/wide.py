#!/usr/bin/env python3
"""wide.py: domains, slices and properties of networks of many inputs.

What is too large is refused by its sizes, before there is memory for it; a property that fixes all inputs
but some gives the network of these. CREASE names the program."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CREASE = os.environ.get("CREASE", "build/crease")
MOST_MEMORY = (1200 if os.environ.get("MODE") == "asan" else 400) << 10  # KiB
failures = checks = 0


def check(good, text):
    global failures, checks
    checks += 1
    if not good:
        failures += 1
        print(f"FAILED: {text}", file=sys.stderr)


def network(path, inputs):
    """Two units, sum_j (j % 7 - 3) x_j + 1 and sum_j (j % 5 - 2) x_j - 1; returns its rows."""
    rows = [[j % 7 - 3 for j in range(inputs)], [j % 5 - 2 for j in range(inputs)]]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    path.write_text(f"2\n{inputs},2,1\n0\n0\n0\n0\n0\n{text}\n1\n-1\n1,1\n0\n")
    return rows


def crease(*arguments):
    """Exit code, output, CPU seconds and memory."""
    with subprocess.Popen([CREASE, "count", "--quiet", *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        out = process.stdout.read().decode().strip()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, out, used.ru_utime + used.ru_stime, used.ru_maxrss


def refused(words, *arguments):
    code, out, _, memory = crease(*arguments)
    check(code == 2 and words in out and memory < MOST_MEMORY,
          f"{arguments}: exit {code}, {memory} KiB, {out[:200]}, expected: {words}")


def declared(inputs):
    return "".join(f"(declare-const X_{j} Real)\n" for j in range(inputs))


def check_refused(folder):
    inputs, rows = 5000, 4000
    net, file = folder / "net.nnet", folder / "file"
    network(net, inputs)
    file.write_text(json.dumps({"A": [[1]] * rows, "b": [1] * rows}))
    refused(f"{rows} half-spaces of {inputs} inputs have more than", f"--domain={file}", net)
    file.write_text(json.dumps({"A": [[1]] * 3000, "b": [1] * 3000}))
    refused(f"A, row 0: expected an array of {inputs} numbers", f"--domain={file}", net)
    file.write_text(json.dumps({"origin": [0] * inputs, "directions": [[1]] * rows}))
    refused(f"directions, row 0: expected an array of {inputs} numbers", f"--slice={file}", net)
    sums = "".join(f"(assert (<= (+ X_{j} X_{j + 1}) 3))\n" for j in range(rows))
    file.write_text(declared(inputs) + sums)
    refused(f"{rows} half-spaces of {inputs} inputs have more than", f"--vnnlib={file}", net)
    bounds = "".join(f"(assert (<= {-(j > 0)} X_{j} 0))\n" for j in range(inputs))
    file.write_text(declared(inputs) + bounds)
    refused(f"{inputs - 1} inputs: regions are counted in at most 4096", f"--vnnlib={file}", net)


def check_fixed(folder):
    """All inputs but two are fixed."""
    inputs, free = 150000, (3, 778)
    net, small, file = folder / "net.nnet", folder / "small.json", folder / "file"
    rows = network(net, inputs)
    fixed = [0 if j in free else j % 3 - 1 for j in range(inputs)]
    offset = [sum(w * x for w, x in zip(row, fixed)) + b for row, b in zip(rows, (1, -1))]
    size = max(map(abs, offset)) + 1
    small.write_text(json.dumps({"input": 2, "layers": [
        {"weight": [[row[j] for j in free] for row in rows], "bias": offset, "activation": "relu"},
        {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}))
    ends = [(-size, size) if j in free else (x, x) for j, x in enumerate(fixed)]
    file.write_text(declared(inputs) + "".join(
        f"(assert (>= X_{j} {low}))(assert (<= X_{j} {high}))\n" for j, (low, high) in enumerate(ends)))
    code, out, seconds, memory = crease(f"--vnnlib={file}", net)
    _, expected, _, _ = crease(f"--box={-size}:{size}", small)
    check((code, out) == (0, expected) and int(expected) > 2, f"fixed inputs: exit {code}, {out}, not {expected}")
    check(memory < MOST_MEMORY, f"fixed inputs: {memory} KiB")
    if os.environ.get("MODE", "release") == "release":
        check(seconds < 8, f"fixed inputs: {seconds} s")  # a chain of conditions is not copied again and again
    return seconds, memory


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_refused(Path(folder))
        seconds, memory = check_fixed(Path(folder))
    print(f"wide: {checks} checks, {failures} failed; {seconds:.2f} s and {memory >> 10} MiB where most inputs are fixed")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
