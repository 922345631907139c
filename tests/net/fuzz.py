#!/usr/bin/env python3
"""fuzz.py: damaged files of every format, put to crease's readers and to reading.py.

No file may crash a reader, and what crease reads must be what reading.py reads. READ_MANY names the
program, best built with sanitizers; CREASE_FUZZ_MUTANTS is how many files there are of each format,
CREASE_FUZZ_SEED which. -v also prints what only reading.py reads."""
import json
import os
import random
import re
import struct
import sys
import warnings
import zipfile

sys.dont_write_bytecode = True
import many  # noqa: E402
import reading  # noqa: E402
import writing  # noqa: E402
from fuzz_net import mutant as json_mutant  # noqa: E402

MUTANTS = int(os.environ.get("CREASE_FUZZ_MUTANTS", "2000"))
SEED = int(os.environ.get("CREASE_FUZZ_SEED", "1"))
BATCH = 500
NUMBERS = ("nan inf -inf 1e39 1e400 -1e-50 0x1p3 1/3 1e 1e5001 3.4028236e38 3.4028235e38 1.17549435e-38 "
           "7.0064923e-46 7.0064924e-46 1.4e-45 16777217 16777216.9999 9007199254740993 0.1 -0 +1 .5 5. "
           "1e+02 1E2 01 1,5 --1 1_0 4097 0 -1 2.5 1e0").split() + ["0." + "0" * 60 + "1", "9" * 45, ""]
WORDS = ("F16 BF16 F32 F64 I32 <f4 >f4 <f2 <f8 =f4 |f4 f4 <i4 True False weight bias W0 b0 shape dtype descr "
         "fortran_order data_offsets __metadata__ (2,2) [] {} null 0 -1 1e0 2.0 4294967296 "
         "18446744073709551616 \"x\" 'x' \\u0000 \x00 \x93NUMPY PK\x01\x02 PK\x05\x06").split(" ")


def some(rng, data):
    """A place and a length, mostly short."""
    at = rng.randrange(len(data) + 1)
    return at, min(rng.choice((0, 1, 1, 2, 4, 8, 40, 300)), len(data) - at)


def damage(rng, data):
    """Bytes changed, cut out, doubled, moved, cut off."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        at, length = some(rng, data)
        to, _ = some(rng, data)
        way = rng.randrange(8)
        if way < 2 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif way == 2 and at < len(data):
            data[at] = rng.choice((0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)))
        elif way == 3:
            del data[at:at + length]
        elif way == 4:
            data[to:to] = data[at:at + length]
        elif way == 5:
            data[to:to + length] = data[at:at + length]
        elif way == 6 and rng.random() < 0.3:
            del data[at:]
        else:
            data[at:at + length * rng.randrange(2)] = rng.choice(WORDS + NUMBERS).encode("latin-1")
    return bytes(data)


def numbers(rng, values, kind):
    """The bytes of some floats, now and then with a strange one among them."""
    data = bytearray(writing.pack(values, kind))
    if data and rng.random() < 0.1:
        width = len(data) // len(values)
        at = width * rng.randrange(len(values))
        data[at:at + width] = rng.choice((b"\xff" * width, b"\0" * (width - 1) + b"\x80", rng.randbytes(width),
                                          b"\0" * (width - 2) +
                                          rng.choice((b"\x80\x7f", b"\xf0\x7f", b"\0\x7c"))))
    return bytes(data)


def tensors(rng, kinds):
    """[name, type, shape, bytes], with a fault in half of them; and options."""
    kind, entries, options = rng.choice(kinds), [], {}
    net = writing.random_net(rng, kind)
    style = rng.choice((*writing.STYLES, *writing.KERNELS, "arrays"))
    options["transpose"] = rng.random() < 0.1
    for (weight, bias), names in zip(net, writing.names_of(style, len(net))):
        weight = writing.transposed(weight) if style in (*writing.KERNELS, "arrays") else weight
        entries.append([names[0], kind, (len(weight), len(weight[0])),
                        numbers(rng, [x for row in weight for x in row], kind)])
        entries.append([names[1], kind, (len(bias),), numbers(rng, bias, kind)])
    entry, other = rng.choice(entries), rng.choice(entries)
    way = rng.randrange(20)
    if way == 0:
        entries.remove(entry)
    elif way == 1:
        entry[0] = rng.choice(("", "weight", "bias", "x", "0.weight", "W2", "w0", other[0], entry[0] + "x",
                               re.sub("[0-9]", "7", entry[0]), "é.weight", "kernel", "arr_0", "dense/kernel:0",
                               entry[0].replace("weight", "kernel"), entry[0].replace("kernel", "weight")))
    elif way == 2:
        entry[2] = rng.choice(((), (0,), (1,), entry[2][::-1], entry[2] + (1,), (1,) + entry[2], (4097, 1),
                               (2 ** 63, 2), (2 ** 32, 2 ** 32), (0, 4)))
    elif way == 3:
        entry[1] = rng.choice(kinds)
    elif way == 4:
        entry[3] = entry[3] + b"\0" * rng.randrange(1, 9) if rng.random() < 0.5 else entry[3][:-1]
    elif way == 5:
        options["layers"] = ",".join(rng.choice(entries)[0].rpartition(".")[0]
                                     for _ in range(rng.randrange(1, 4)))
    elif way == 6:
        options["activation"] = rng.choice(("abs", "relu,relu", "linear", "clip:-1/3:0x1p-1",
                                            "leaky_relu:1e-1", "tanh", "relu:", "clip:1:0", ",", "relu,linear,abs", "leaky_relu:inf"))
    elif way == 7:
        entries.append(list(other))
        entries[-1][0] = re.sub("[0-9]+", lambda m: "0" + m.group(), other[0], count=1)
    rng.shuffle(entries)
    return entries, options


def npz(rng):
    entries, options = tensors(rng, ("f2", "f4", "f8"))
    arrays = []
    for name, kind, shape, data in entries:
        array = writing.npy(rng.choice("<<>") + kind, shape, data, rng.random() < 0.4, rng.choice((1, 2, 3)))
        if rng.random() < 0.15:
            at = rng.choice((0, 6, 8, 10))
            array = array[:at] + damage(rng, array[at:at + 118]) + array[at + 118:]
        arrays.append((name, array))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two entries of one name
        data = writing.zipped(arrays, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    if rng.random() < 0.4:
        data = damage(rng, data)
    elif rng.random() < 0.3:  # the directory at the end
        at = data.rfind(b"PK\1\2", 0, len(data) - rng.randrange(100))
        data = data[:at] + damage(rng, data[at:])
    return data, options


def safetensors(rng):
    entries, options = tensors(rng, ("F16", "BF16", "F32", "F64"))
    data = writing.safetensors(entries, rng.choice((None, {"a": "b"}, {"a": 1} if rng.random() < 0.1 else {})))
    length, = struct.unpack("<Q", data[:8])
    way = rng.random()
    if way < 0.2:
        data = damage(rng, data)
    elif way < 0.6:  # the header, its length put right
        header = damage(rng, data[8:8 + length])
        data = struct.pack("<Q", len(header)) + header + data[8 + length:]
    elif way < 0.7:  # numbers of the header
        header = json.loads(data[8:8 + length])
        entry = header[rng.choice([name for name in header if name != "__metadata__"])]
        list_of = entry[rng.choice(("shape", "data_offsets"))]
        if list_of:
            list_of[rng.randrange(len(list_of))] = rng.choice(
                (0, 1, -1, 4, 8, 2 ** 31, 2 ** 48, 2 ** 62, 2 ** 63, 1.0, "1", None))
        data = writing.safetensors_raw(json.dumps(header), data[8 + length:])
    return data, options


def nnet(rng):
    kind = rng.choice(("float32", "float64", "decimal"))
    net = writing.random_net(rng, "f4", 3)
    inputs = len(net[0][0][0])
    mean, spread = ([rng.choice(("1", "0.5", "1e-3", "-2", "0", "7.25")) for _ in range(inputs + 1)]
                    for _ in range(2))
    data = writing.nnet(net, lambda x: rng.choice((repr(x), f"{x:.5e}", f"{x:.3f}")), mean,
                        spread if rng.random() < 0.3 else None, end=rng.choice((",\n", "\n", ",\r\n")))
    options = {"weights": rng.choice((kind, None)), "normalise": rng.random() < 0.3}
    way = rng.random()
    if way < 0.3:
        return damage(rng, data), options
    if way < 0.7:  # another number
        places = list(re.finditer(rb"[^,\s/]+", data))
        place = rng.choice(places)
        data = data[:place.start()] + rng.choice(NUMBERS).encode() + data[place.end():]
    elif way < 0.8:  # a line twice or not at all
        lines = data.splitlines(keepends=True)
        at = rng.randrange(len(lines))
        data = b"".join(lines[:at] + lines[at:at + 1] * rng.choice((0, 2)) + lines[at + 1:])
    elif way < 0.9:
        data = data[:rng.randrange(len(data))]
    return data, options


def json_file(rng):
    rows = [[[rng.choice(("1", "-0.5", "0.1", "1e-3", '"1/3"', "0.30000001192092896")) for _ in range(3)]
             for _ in range(2)] for _ in range(2)]
    text = '{"input": 2, "layers": [%s], "comment": "1e999 \\" [2"}' % ", ".join(
        '{"weight": [%s], "bias": [%s], "activation": "%s"}' % (
            ", ".join("[" + ", ".join(row[:-1]) + "]" for row in layer), ", ".join(row[-1] for row in layer),
            "relu" if layer is rows[0] else "linear") for layer in rows)
    return json_mutant(rng, [text.encode()]), {"weights": rng.choice(many.WEIGHTS)}


def expected(extension, data, options):
    try:
        return reading.read(extension, data, options)
    except (ValueError, RecursionError):
        return None


def main():
    failed = 0
    for extension, make in ((".npz", npz), (".safetensors", safetensors),
                            (".nnet", nnet), (".json", json_file)):
        rng, read, both = random.Random(SEED), 0, 0
        for start in range(0, MUTANTS, BATCH):
            files = [("mutant" + extension, *make(rng)) for _ in range(min(BATCH, MUTANTS - start))]
            for (_, data, options), (digest, text) in zip(files, many.ask(files)):
                want = expected(extension, data, options)
                read += digest is not None
                both += want is not None
                if digest and digest != want:
                    failed += 1
                    print(f"FAILED: {extension}, CREASE_FUZZ_SEED={SEED}, {options}: crease reads "
                          f"{digest}, reading.py {want}\n"
                          f"  {data[:3000]!r}", file=sys.stderr)
                elif want and not digest and "-v" in sys.argv:
                    print(f"{extension} {options} only by reading.py: {text}", file=sys.stderr)
        print(f"fuzz: {MUTANTS} mutants of {extension}, {read} read by crease, {both} by reading.py")
        failed += read == 0 or read == MUTANTS
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
