"""Puts many files to build/tests/read_many."""
import os
import subprocess

PROGRAM = os.environ.get("READ_MANY", "build/tests/read_many")
WEIGHTS = (None, "float32", "float64", "decimal")


def ask(files):
    """files: (name, bytes, options); for each (digest or None, message). With points among the
    options, the number of inputs and the outputs follow the digest, as read_many prints them."""
    records = []
    for name, data, options in files:
        fields = [name, len(data), WEIGHTS.index(options.get("weights")),
                  bool(options.get("normalise")) + 2 * bool(options.get("transpose")) +
                  4 * (options.get("batch") == "all"),
                  *("-" if options.get(key) is None else options[key]
                    for key in ("activation", "layers")), options.get("points", 0)]
        records.append("\t".join(map(str, fields)).encode() + b"\n" + data)
    run = subprocess.run([PROGRAM], input=b"".join(records), capture_output=True, timeout=3000)
    lines = run.stdout.decode(errors="replace").split("\n")[:-1]
    if run.returncode or len(lines) != len(files):
        last = files[min(max(len(lines) - 1, 0), len(files) - 1)]
        raise SystemExit(f"read_many: status {run.returncode} after {len(lines)} of {len(files)} "
                         f"files, {run.stderr[-2000:]!r}; {last[0]} {last[2]} {last[1][:1000]!r}")
    return [(None, line[2:]) if line.startswith("- ") else (line, "") for line in lines]
