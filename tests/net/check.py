#!/usr/bin/env python3
"""check.py: good files of every format, and files with one fault.

Every good file is read by crease, by reading.py, and known beforehand: all three must give one
digest. What crease converts is evaluated at random points in fractions and compared with the numbers
that went into the file. CREASE names the program, CREASE_RANDOM_NETS and
CREASE_RANDOM_SEED how many networks there are and which."""
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
import faults  # noqa: E402
import many  # noqa: E402
import reading  # noqa: E402
import writing as w  # noqa: E402
from faults import GOOD, ONE, TENSORS, TWO, renamed  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
NETS = int(os.environ.get("CREASE_RANDOM_NETS", "60"))
SEED = int(os.environ.get("CREASE_RANDOM_SEED", "1"))
rng = random.Random(SEED)
failures, checks = [], 0


def check(good, text):
    global checks
    checks += 1
    if not good:
        failures.append(text)


# ---- Good files: (name, bytes, options, rows, hidden activation) ----

def digest_of(rows, activation="relu"):
    return reading.digest([(activation, layer) for layer in rows[:-1]] + [("linear", rows[-1])])


def shortest(kind):
    """Writes a float with the fewest digits that round to it."""
    def spell(value):
        for digits in range(1, 18):
            text = f"{value:.{digits}g}"
            try:
                if reading.literal(text, kind) == Fraction(value):
                    return text
            except ValueError:  # rounds to infinity
                pass
        raise AssertionError(value)
    return spell


def npz_files():
    kind, version = rng.choice(("f2", "f4", "f8")), rng.choice((1, 1, 2, 3))
    net = w.random_net(rng, kind)
    style = rng.choice(w.STYLES)
    entries = []
    for (weight, bias), names in zip(net, w.names_of(style, len(net))):
        entries.append((names[0], w.array(weight, kind, rng.choice("<>"), rng.random() < 0.5, version)))
        column = rng.random() < 0.2
        entries.append((names[1], w.array([[b] for b in bias] if column else bias, kind)))
    rng.shuffle(entries)
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    return [("net.npz", w.zipped(entries, method), {}, w.exact(net), "relu")]


def safetensors_files():
    kind = rng.choice(("F16", "BF16", "F32", "F64"))
    net = w.random_net(rng, kind)
    entries = []
    for (weight, bias), names in zip(net, w.names_of(rng.choice(w.STYLES), len(net))):
        entries.append((names[0], kind, (len(weight), len(weight[0])),
                        w.pack([x for row in weight for x in row], kind)))
        entries.append((names[1], kind, (len(bias),), w.pack(bias, kind)))
    rng.shuffle(entries)
    data = w.safetensors(entries, rng.choice((None, {}, {"format": "pt"})))
    slope = Fraction(rng.randrange(-3, 4), 7)
    return [("net.safetensors", data, {}, w.exact(net), "relu"),
            ("net", data, {"activation": f"leaky_relu:{slope}"}, w.exact(net), f"leaky_relu {slope}"),
            ("net.safetensors", data, {"activation": "hard_tanh"}, w.exact(net), "clip -1 1")]


def kernel_files():
    """Weights that are inputs x units, integers, layers without bias, arrays without names."""
    integers = rng.random() < 0.4
    kind = rng.choice(list(w.INTEGERS) if integers else ("f4", "f8"))
    net = w.random_integers(rng, kind) if integers else w.random_net(rng, kind)
    style = rng.choice((*w.KERNELS, "letters", "sequential", "arrays"))
    widths = [len(net[0][0][0])] + [len(bias) for _, bias in net]
    options, entries = {}, []
    if style in ("letters", "sequential") or style == "arrays" and rng.random() < 0.5:
        options["transpose"] = True
    bare = rng.random() < 0.3
    for i, ((weight, bias), names) in enumerate(zip(net, w.names_of(style, len(net)))):
        names = (f"arr_{i}", None) if bare and style == "arrays" else names
        entries.append((names[0], w.transposed(weight), kind))
        if not bare:
            entries.append((names[1], bias, kind))
    if bare:
        net = [(weight, [0] * len(bias)) for weight, bias in net]
    rng.shuffle(entries)
    data = w.zipped([(name, w.array(value, kind, rng.choice("<>"), rng.random() < 0.5 and name != "b"))
                     for name, value, kind in entries])
    # Where the shapes fit either way, they do not say which one it is.
    if style == "arrays" and not options and all(
            (bare or units == inputs) and (i == 0 or units == widths[i - 1])
            for i, (inputs, units) in enumerate(zip(widths, widths[1:]))):
        (digest, text), = many.ask([("net.npz", data, {})])
        check(not digest and "--transpose" in text, f"{widths}: {digest or text}")
        options["transpose"] = True
    tensors = [(name, kind.upper()[0] + str(8 * int(kind[1:])),
                (len(value), len(value[0])) if isinstance(value[0], list) else (len(value),),
                w.pack([x for row in value for x in row] if isinstance(value[0], list) else value,
                       kind)) for name, value, kind in entries]
    files = [("net.npz", data, options, w.exact(net), "relu")]
    return files + [("net.safetensors", w.safetensors(tensors), options, w.exact(net), "relu")]


def after(outer, inner):
    """The rows of one affine map behind another."""
    return [[sum(w_ * h[j] for w_, h in zip(row, inner)) + (row[-1] if j == len(inner[0]) - 1 else 0)
             for j in range(len(inner[0]))] for row in outer]


def diagonal(factors, offsets):
    return [[f if i == j else Fraction(0) for j in range(len(factors))] + [offset]
            for i, (f, offset) in enumerate(zip(factors, offsets))]


def scaled(rows, mean, spread):
    """x -> f((x - mean) / spread) * spread + mean, the last ones for the outputs."""
    before = diagonal([1 / s for s in spread[:-1]], [-m / s for m, s in zip(mean[:-1], spread)])
    behind = diagonal([spread[-1]] * len(rows[-1]), [mean[-1]] * len(rows[-1]))
    rows = [after(rows[0], before)] + rows[1:]
    return rows[:-1] + [after(behind, rows[-1])]


def loosened(text):
    """The same .nnet file with lines between that say nothing, shorter lines where they are not used, and
    perhaps without its last end."""
    lines = text.decode().split("\n")
    first = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    for i in rng.sample((0, 3, 4, 5, 6), rng.randrange(3)):
        lines[first + i] = ",".join(lines[first + i].split(",")[:rng.randrange(1, 3)])
    for _ in range(rng.randrange(4)):
        lines.insert(rng.randrange(len(lines)), rng.choice(("", " \t", "\r", "// a comment, 1, 2", "  // 3")))
    return "\n".join(lines).encode().rstrip(rng.choice((b"", b"\r\n", b",\r\n ")))


def nnet_files():
    files = []
    kind = rng.choice(("float32", "float64"))
    net = w.random_net(rng, {"float32": "f4", "float64": "f8"}[kind])
    spell = shortest(kind)
    text = w.nnet(net, spell, comment=rng.choice(("", "// one\n//two\n")),
                  end=rng.choice((",\n", "\n", ",\r\n", " ,\n")))
    files.append(("net.nnet", text, {"weights": kind}, w.exact(net), "relu"))
    files.append(("net.nnet", loosened(text), {"weights": kind}, w.exact(net), "relu"))
    if kind == "float32":
        files.append(("net", text, {}, w.exact(net), "relu"))
    inputs = len(net[0][0][0])
    mean = [rng.randrange(-500, 500) / 64 for _ in range(inputs + 1)]
    spread = [rng.randrange(1, 900) / 8 for _ in range(inputs + 1)]
    kind = rng.choice(("float32", "float64"))
    ties = [([[w.near_tie(rng, kind) for _ in row] for row in weight],
             [w.near_tie(rng, kind) for _ in bias]) for weight, bias in net]
    rows = [[[reading.literal(x, kind) for x in row] + [reading.literal(b, kind)]
             for row, b in zip(weight, bias)] for weight, bias in ties]
    files.append(("net.nnet", w.nnet(ties, str), {"weights": kind}, rows, "relu"))
    kind = files[0][2]["weights"]
    rows = scaled(w.exact(net), list(map(Fraction, mean)), list(map(Fraction, spread)))
    files.append(("net.nnet", w.nnet(net, spell, mean, spread), {"weights": kind, "normalise": True},
                  rows, "relu"))
    tenths = [([[rng.randrange(-999, 999) / 100 for _ in row] for row in weight],
               [rng.randrange(-999, 999) / 100 for _ in bias]) for weight, bias in net]
    rows = [[[Fraction(str(x)) for x in row] + [Fraction(str(b))] for row, b in zip(weight, bias)]
            for weight, bias in tenths]
    files.append(("net.nnet", w.nnet(tenths, str), {"weights": "decimal"}, rows, "relu"))
    # Means of inputs alone, or of more inputs than there are, where they are not used.
    means = [0.25] * (inputs + rng.choice((0, 2)))
    files.append(("net.nnet", w.nnet(tenths, str, means, means), {"weights": "decimal"}, rows, "relu"))
    return files


def fits(text, kind):
    """It does not round to infinity."""
    try:
        reading.literal(text, kind)
    except ValueError:
        return False
    return True


def json_files():
    kind = rng.choice(("float32", "float64", "decimal"))
    net = w.random_net(rng, "f8")
    tie = kind if kind != "decimal" else "float32"
    texts = [[[rng.choice((w.near_tie(rng, tie), f"{x:.{rng.randrange(1, 20)}e}", repr(x), f"{x:.3f}"))
               for x in row] + [repr(b)] for row, b in zip(weight, bias)] for weight, bias in net]
    texts = [[[t if fits(t, kind) else "0" for t in row] for row in layer] for layer in texts]
    layers = ", ".join(
        '{"bias": [%s], "weight": [%s], "activation": "%s"}' % (
            ", ".join(row[-1] for row in layer),
            ", ".join("[" + ", ".join(row[:-1]) + "]" for row in layer),
            "relu" if layer is not texts[-1] else "linear") for layer in texts)
    text = '{"comment": "1e400 \\" 5", "input": %d, "layers": [%s]}' % (len(net[0][0][0]), layers)
    rows = [[[reading.literal(t, kind) for t in row] for row in layer] for layer in texts]
    return [("net.json", text.encode(), {"weights": kind}, rows, "relu"),
            ("net", text.encode(), {"weights": kind}, rows, "relu")]


# ---- What crease writes ----

def value(text):
    return reading.parse_number(text) if isinstance(text, str) else Fraction(text)


def evaluate(layers, x):
    for name, rows in layers:
        x = [sum((w_ * h for w_, h in zip(row, x)), row[-1]) for row in rows]
        name, *numbers = name.split(" ")
        numbers = [Fraction(number) for number in numbers]
        x = [max(h, Fraction(0)) if name == "relu" else h if name == "linear" or h > 0 and
             name == "leaky_relu" else numbers[0] * h if name == "leaky_relu" else
             min(max(h, numbers[0]), numbers[1]) for h in x]
    return x


def arguments(options):
    return [f"--{key}={options[key]}" for key in ("weights", "activation", "layers")
            if options.get(key) is not None] + ["--nnet-normalise"] * bool(options.get("normalise")) + \
        ["--transpose"] * bool(options.get("transpose"))


def convert(folder, name, data, options, rows, activation):
    source, target = folder / ("some " + name), folder / "out.json"
    source.write_bytes(data)
    run = subprocess.run([CREASE, "convert", "--json", *arguments(options), source, target],
                         capture_output=True, timeout=60)
    check(run.returncode == 0, f"convert {name}: {run.stderr!r}")
    if run.returncode:
        return
    check(json.loads(run.stdout)["digest"] == digest_of(rows, activation), f"{name}: digest")
    for weights in many.WEIGHTS[1:]:
        (back, text), = many.ask([("out.json", target.read_bytes(), {"weights": weights})])
        check(back == digest_of(rows, activation), f"{name}: converted, read as {weights}: {text}")
    root = json.loads(target.read_text())
    read = [(" ".join([layer["activation"]] + [str(value(layer[key])) for key in
                                               ("slope", "low", "high") if key in layer]),
             [[value(x) for x in row + [b]] for row, b in zip(layer["weight"], layer["bias"])])
            for layer in root["layers"]]
    known = [(activation, layer) for layer in rows[:-1]] + [("linear", rows[-1])]
    for _ in range(3):
        x = [Fraction(rng.randrange(-9999, 9999), rng.randrange(1, 999)) for _ in rows[0][0][1:]]
        check(evaluate(read, x) == evaluate(known, x), f"{name}: another function")
    if max(len(layer) for layer in rows) < 5:
        counts = [subprocess.run([CREASE, "count", "--quiet", *extra, path], capture_output=True,
                                 timeout=60).stdout
                  for extra, path in ((arguments(options), source), ([], target))]
        check(counts[0] == counts[1] and counts[0].strip().isdigit(), f"{name}: counts {counts}")


def check_good(folder):
    files = [file for _ in range(NETS) for make in (npz_files, safetensors_files, kernel_files, nnet_files, json_files)
             for file in make()]
    for file, (ours, text) in zip(files, many.ask([file[:3] for file in files])):
        name, data, options, rows, activation = file
        want = digest_of(rows, activation)
        extension = next(e for e in reading.READERS if e in name or e == kind_of(data))
        theirs = reading.read(extension, data, options)
        check(ours == want, f"{name} {options}: crease reads {ours}, not {want}: {text}\n  {data[:600]!r}")
        check(theirs == want, f"{name} {options}: reading.py reads another network")
    for file in rng.sample(files, min(len(files), NETS)):
        convert(folder, *file)


def kind_of(data):
    return ".npz" if data[:2] == b"PK" else ".json" if data[:1] == b"{" else \
        ".safetensors" if data[8:9] == b"{" else ".nnet"


# ---- Files with one fault ----

def check_faults():
    files = [file for make in faults.ALL for file in make()]
    for file, (digest, text) in zip(files, many.ask([file[1:4] for file in files])):
        what, name, _, options, words = file
        check(digest is None, f"{name}, {what}: read")
        check(all(word in text for word in words), f"{name}, {what} {options}: no {words} in {text!r}")
    for name, data in (("good.npz", w.zipped(GOOD)), ("good.safetensors", w.safetensors(TENSORS))):
        (digest, text), = many.ask([(name, data, {})])
        check(digest == digest_of(w.exact([ONE, TWO])), f"{name}: {text}")


def check_orders():
    """The order of layers by name, and by --layers."""
    def ask(names, **options):
        (digest, text), = many.ask([("net.safetensors", w.safetensors(renamed(names)), options)])
        return digest or text

    want = digest_of(w.exact([ONE, TWO]))
    for names in (("9.weight", "9.bias", "10.weight", "10.bias"),
                  ("a.fc1.weight", "a.fc1.bias", "a.fc2.weight", "a.fc2.bias"),
                  ("m_0.weight", "m_0.bias", "m_1.weight", "m_1.bias"), ("w0", "b0", "w1", "b1"),
                  ("b1.2.x.weight", "b1.2.x.bias", "b1.7.x.weight", "b1.7.x.bias")):
        check(ask(names) == want, f"{names}: {ask(names)}")
    names = ("in.weight", "in.bias", "out.weight", "out.bias")
    check(ask(names, layers="in,out") == want, "--layers=in,out")
    check("behind a layer" in ask(names, layers="out,in"), "--layers=out,in")
    check(ask(names, layers="out") == digest_of(w.exact([TWO])), "--layers=out")
    check(ask(names, layers="in,in,out") == digest_of(w.exact([ONE, ONE, TWO])), "--layers=in,in,out")
    check(ask(("weight", "bias", "x", "y"), layers="") == digest_of(w.exact([ONE])), "--layers=")
    mixed = renamed(("0.weight", "0.bias")) + renamed(("1.weight", "1.bias")) + \
        [("3" + name[1:], *rest) for name, *rest in TENSORS[2:]]
    (digest, text), = many.ask([("net.safetensors", w.safetensors(mixed), {"activation": "linear,relu"})])
    want = reading.digest([("linear", w.exact([ONE])[0]), ("relu", w.exact([ONE])[0]),
                           ("linear", w.exact([TWO])[0])])
    check(digest == want, f"--activation=linear,relu: {text}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_good(Path(folder))
    check_faults()
    check_orders()
    for failure in failures[:20]:
        print(f"FAILED (CREASE_RANDOM_SEED={SEED}): {failure}", file=sys.stderr)
    print(f"formats: {checks} checks, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
