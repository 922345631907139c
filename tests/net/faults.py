"""Files with one fault each: (what, name, bytes, options, words that the message must have)."""
import struct
import zipfile

import writing as w

ONE, TWO = ([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]), ([[1.0, -1.0]], [0.5])
GOOD = [("W0", w.array(ONE[0], "f4")), ("b0", w.array(ONE[1], "f4")), ("W1", w.array(TWO[0], "f4")),
        ("b1", w.array(TWO[1], "f4"))]
TENSORS = [("0.weight", "F32", (2, 2), w.pack([1.0, 2.0, 3.0, 4.0], "F32")),
           ("0.bias", "F32", (2,), w.pack([5.0, 6.0], "F32")),
           ("2.weight", "F32", (1, 2), w.pack([1.0, -1.0], "F32")),
           ("2.bias", "F32", (1,), w.pack([0.5], "F32"))]
NAN, INFINITE = struct.pack("<f", float("nan")), struct.pack("<f", float("-inf"))


def change(entries, i, entry):
    return entries[:i] + ([entry] if entry else []) + entries[i + 1:]


def renamed(names):
    return [(name, *entry[1:]) for name, entry in zip(names, TENSORS)]


def npz_faults():
    def fault(what, entries, *words):
        return what, "bad.npz", w.zipped(entries), {}, words

    npy, huge = GOOD[0][1], 10 ** 18
    good = w.zipped(GOOD)
    yield fault("NaN", change(GOOD, 0, ("W0", npy[:-8] + NAN + npy[-4:])), "W0, row 1, column 0", "NaN")
    yield fault("infinity", change(GOOD, 1, ("b0", GOOD[1][1][:-4] + INFINITE)), "b0, row 1", "infinity")
    yield fault("bias of another name", GOOD[:3] + [("c1", GOOD[3][1])], "c1 is no weight", "BatchNorm")
    yield fault("no weight", change(GOOD, 0, None), "b0 is no weight")
    yield fault("a gap", [(name.replace("1", "2"), data) for name, data in GOOD], "between W0 and W2")
    yield fault("no 0 and 1", [(name.replace("1", "3").replace("0", "2"), data) for name, data in GOOD],
                "begin with W2")
    yield fault("same number", GOOD + [("W01", GOOD[2][1]), ("b01", GOOD[3][1])], "W01")
    yield fault("two conventions", GOOD + [("fc2.weight", GOOD[2][1]), ("fc2.bias", GOOD[3][1])],
                "which layer comes first")
    yield fault("another tensor", GOOD + [("mean", GOOD[3][1])], "mean is no weight")
    yield fault("no array", GOOD + [("x", b"hello")], "x: no array")
    yield fault("empty", [], "")
    yield "not .npy", "bad.npz", good.replace(b"W0.npy", b"W0.txt"), {}, ("no array",)
    yield "same name", "bad.npz", good.replace(b"W1.npy", b"W0.npy"), {}, ("two entries",)
    yield fault("version", change(GOOD, 0, ("W0", npy[:6] + b"\4" + npy[7:])), "version 4.0")
    yield fault("cut", change(GOOD, 0, ("W0", npy[:-1])), "W0: 15 bytes")
    yield fault("more", change(GOOD, 0, ("W0", npy + b"\0")), "W0: 17 bytes")
    yield fault("absurd size", change(GOOD, 0, ("W0", w.npy("<f4", (huge, huge), b""))), "W0")
    yield fault("overflow", change(GOOD, 0, ("W0", w.npy("<f8", (2 ** 32, 2 ** 31), b""))), "W0")
    yield fault("complex", change(GOOD, 0, ("W0", w.npy("<c8", (2, 2), bytes(32)))), "type <c8")
    yield fault("truth", change(GOOD, 0, ("W0", w.npy("|b1", (2, 2), bytes(4)))), "type |b1")
    yield fault("order of a byte", change(GOOD, 0, ("W0", w.npy("<i1", (2, 2), bytes(4)))), "type <i1")
    yield fault("no order", change(GOOD, 0, ("W0", w.npy("|i4", (2, 2), bytes(16)))), "type |i4")
    wide = w.array(w.transposed([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]]), "f4")
    yield fault("inputs x units", [("W0", wide), ("b0", GOOD[1][1]), ("W1", w.array([[1.0], [2.0]], "f4")),
                                   ("b1", GOOD[3][1])], "b0: shape (2)", "--transpose")
    yield fault("a convolution", [("W0", w.npy("<f4", (2, 1, 3, 3), bytes(72))), GOOD[1]], "convolutions", ".onnx")
    square = w.array([[1.0, 2.0], [3.0, 4.0]], "f4")
    yield fault("square without names", [("arr_0", square), ("arr_1", GOOD[1][1])], "--transpose", "W0, b0")
    yield fault("a gap without names", [("arr_0", square), ("arr_2", GOOD[1][1])], "arr_1 is missing")
    yield fault("vectors without names", [("arr_0", square), ("arr_1", GOOD[1][1]), ("arr_2", GOOD[1][1])],
                "arr_2: expected the weight")
    yield fault("dense twice", [("dense/kernel", square), ("dense_0/kernel", square)], "which layer comes first")
    yield fault("kernel gap", [("dense/kernel", square), ("dense_2/kernel", square)], "between dense_0/kernel and dense_2")
    yield "transpose", "bad.npz", w.zipped([("W0", w.array(ONE[0], "f4")), ("W1", w.array(TWO[0], "f4"))]), \
        {"transpose": True}, ("W1: shape (1, 2), (inputs, units), behind a layer of 2 units",)
    yield fault("objects", change(GOOD, 0, ("W0", w.npy("|O", (2, 2), bytes(16)))), "type |O")
    yield fault("zeros", change(GOOD, 0, ("W0", w.npy("<f4", (2, 0), b""))), "input")
    yield fault("0 units", [("W0", w.npy("<f4", (0, 2), b"")), ("b0", w.npy("<f4", (0,), b""))], "0 units")
    yield fault("too many", [("W0", w.npy("<f4", (2 ** 20 + 1, 1), bytes(4 * 2 ** 20 + 4))),
                             ("b0", w.npy("<f4", (2 ** 20 + 1,), bytes(4 * 2 ** 20 + 4)))], "1048577 units")
    yield fault("dimensions", change(GOOD, 0, ("W0", w.npy("<f4", (2, 2, 1), bytes(16)))), "(2, 2, 1)")
    yield fault("number", change(GOOD, 1, ("b0", w.npy("<f4", (), bytes(4)))), "()")
    yield fault("wide bias", change(GOOD, 1, ("b0", w.npy("<f4", (2, 2), bytes(16)))), "b0", "(2, 2)")
    yield fault("long bias", change(GOOD, 1, ("b0", w.npy("<f4", (3,), bytes(12)))), "b0", "(3)")
    yield fault("chain", change(GOOD, 2, ("W1", w.npy("<f4", (1, 3), bytes(12)))), "behind a layer of 2")
    for header in ("", "{}", "{'descr': '<f4'}", "[1]", "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 2)}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': 1}",
                   "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (2 2)}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (4)}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -2)}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}}",
                   "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2",
                   "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2)}"):
        yield fault(header, change(GOOD, 0, ("W0", w.npy_raw(header, bytes(16)))), "W0: header")
    yield fault("long header", change(GOOD, 0, ("W0", w.npy_raw(" " * 70000, bytes(16), 2))), "W0", "header")
    at = good.index(b"\x93NUMPY")
    yield "damaged", "bad.npz", good[:at + 130] + b"!" + good[at + 131:], {}, ("W0: damaged",)
    for length in (0, 10, len(good) // 2, len(good) - 1):
        yield f"first {length} bytes", "bad.npz", good[:length], {}, ("not a good zip",)
    size = struct.pack("<I", len(GOOD[1][1]))
    # b0 and W1 are of the same size, and smaller when deflated.
    bomb = w.zipped(GOOD, zipfile.ZIP_DEFLATED).replace(size, struct.pack("<I", 3 << 28))
    yield "bomb", "bad.npz", bomb, {}, ("more than 1024 MiB",)
    bomb = w.zipped([("W0", w.npy("<f8", (4, 4), bytes(1 << 24)))] + GOOD[1:], zipfile.ZIP_DEFLATED)
    yield "small bomb", "bad.npz", bomb, {}, ("16777216 bytes of data do not fill its shape",)
    with_lzma = w.zipped(GOOD, zipfile.ZIP_LZMA)
    yield "lzma", "bad.npz", with_lzma, {}, ("neither stored nor deflated",)
    yield "weights", "bad.npz", good, {"weights": "float32"}, ("--weights",)
    yield "normalise", "bad.npz", good, {"normalise": True}, ("--nnet-normalise",)
    yield "layers", "bad.npz", good, {"layers": "W0,W2"}, ('no weight of "W2"',)
    yield "layers 2", "bad.npz", good, {"layers": ""}, ("no weight",)
    for text in ("gelu", "relu,relu", "", "clip:1:1", "clip:1", "leaky_relu", "relu:1",
                 "leaky_relu:x", "relu,", "maxout"):
        yield f"activation {text}", "bad.npz", good, {"activation": text}, ("--activation",)


def safetensors_faults():
    def fault(what, data, *words):
        return what, "bad.safetensors", data, {}, words

    def header(text, body=bytes(36)):
        return w.safetensors_raw(text, body)

    good = w.safetensors(TENSORS)
    body = b"".join(entry[3] for entry in TENSORS)
    text = good[8:len(good) - len(body)].decode()
    assert header(text, body) == good
    yield fault("empty", b"", "shorter")
    yield fault("cut", good[:-1], "data_offsets")
    yield fault("more", good + b"\0", "belong to no tensor")
    yield fault("cut header", good[:40], "header of")
    yield fault("absurd header", b"\xff" * 7 + b"\x7f" + good[8:], "header of")
    yield fault("no JSON", header("{"), "header, byte")
    yield fault("array", header("[]"), "header")
    yield fault("nothing", header("{}", b""), "no tensors")
    yield fault("same name", header(text.replace("2.bias", "0.bias"), body), "header, byte")
    yield fault("overlap", header(text.replace("[0, 16]", "[0, 16]").replace("[16, 24]", "[12, 20]"), body),
                "overlap")
    yield fault("hole", w.safetensors(TENSORS[:3] + [("x", "F32", (1,), bytes(4))] + TENSORS[3:]).replace(
        b'"x"', b'"y"'), "y is no weight")
    yield fault("gap", header(text.replace("[32, 36]", "[36, 40]"), body + bytes(4)), "leave out")
    yield fault("beyond", header(text.replace("[32, 36]", "[32, 40]"), body), "data_offsets")
    yield fault("backwards", header(text.replace("[0, 16]", "[16, 0]"), body), "data_offsets")
    yield fault("negative", header(text.replace("[0, 16]", "[-16, 16]"), body), "data_offsets")
    yield fault("huge", header(text.replace("[2, 2]", "[4294967296, 4294967296]"), body), "do not fill")
    yield fault("huge 2", header(text.replace("[2, 2]", "[99999999999999999999, 1]"), body), "header, byte")
    yield fault("shape", header(text.replace("[2, 2]", "[2, 3]"), body), "0.weight: 16 bytes")
    yield fault("shape 2", header(text.replace("[2, 2]", "[2.0, 2]"), body), "0.weight: shape")
    yield fault("shape 3", header(text.replace("[2, 2]", '"a"'), body), "0.weight: shape")
    yield fault("type", header(text.replace('"F32"', '"BOOL"', 1), body), "type BOOL")
    yield fault("no type", header(text.replace('"dtype": "F32", ', "", 1), body), "expected dtype")
    yield fault("key", header(text.replace('"dtype": "F32"', '"dtype": "F32", "x": 1', 1), body),
                "expected dtype")
    yield fault("metadata", header(text.replace("{", '{"__metadata__": {"a": 1}, ', 1), body), "__metadata__")
    yield fault("NaN", good[:-4] + NAN, "2.bias, row 0", "NaN")
    yield fault("batch norm", w.safetensors(TENSORS + [("1.weight", "F32", (2,), bytes(8)),
                                                       ("1.bias", "F32", (2,), bytes(8))]),
                "1.weight: shape (2)")
    yield fault("names", w.safetensors(renamed(("a.weight", "a.bias", "b.weight", "b.bias"))), "--layers")
    yield fault("two numbers", w.safetensors(renamed(("a1.0.weight", "a1.0.bias", "a2.1.weight", "a2.1.bias"))),
                "--layers")
    yield fault("gap of names", w.safetensors(renamed(("fc1.weight", "fc1.bias", "fc3.weight", "fc3.bias"))),
                "no layer between fc1.weight and fc3.weight")
    yield fault("steps 1 and 2", w.safetensors(
        TENSORS[:2] + renamed(("1.weight", "1.bias")) +
        [("3" + name[1:], *rest) for name, *rest in TENSORS[2:]]),
        "nn.Sequential")


def nnet_faults():
    net = [ONE, TWO]
    good = w.nnet(net, str, [0.5, 0.25, 1], [2, 4, 8]).decode()
    lines = good.split("\n")

    def fault(what, text, *words, **options):
        return what, "bad.nnet", text.encode(), options, words

    def line(i, text):
        return "\n".join(lines[:i] + ([] if text is None else [text]) + lines[i + 1:])

    yield fault("empty", "", "line 1")
    yield fault("comment", "// only", "but the file ends")
    yield fault("no weights", "\n".join(lines[:8]), "line 9: expected number 1 but the file ends")
    for i in range(1, len(lines) - 1):
        yield fault(f"without line {i}", line(i, None), "line")
        yield fault(f"longer line {i}", line(i, lines[i] + "x,"), f"line {i + 1}")
    for i in (1, 2, 3, 8, 9, 10, 11, 12, 13):
        yield fault(f"one number more on line {i}", line(i, lines[i] + "1,"), f"line {i + 1}")
    for i in (2, 8, 9, 12):
        yield fault(f"one less on line {i}", line(i, lines[i].partition(",")[2]), f"line {i + 1}")
    for i in (3, 10, 11, 13):
        yield fault(f"line {i} blank", line(i, ""), "line")
    for i in (4, 5, 6, 7):
        yield fault(f"nothing on line {i}", line(i, ","), f"line {i + 1}")
    yield fault("another number of inputs", line(1, "2,3"), "line 3")
    yield fault("no layers", line(1, "0,2,1,2,"), "line 2")
    yield fault("absurd", line(1, "999999999999,2,1,2,"), "line 2")
    yield fault("fraction", line(1, "2.5,2,1,2,"), "line 2")
    yield fault("another output", line(1, "2,2,2,2,"), "line 3")
    yield fault("too wide", line(1, "2,1048577,1,2,"), "first line")
    yield fault("too wide 2", line(2, "2,1048577,1,"), "line 3")
    yield fault("no units", line(2, "2,0,1,"), "layer 0")
    for text in ("nan", "inf", "0x1p3", "1/3", "1e", "--1", "1.2.3", "", " ", "1 2", "e5", "."):
        yield fault(f"number {text}", line(8, text + ",2.0,"), "line 9")
    yield fault("overflow", line(8, "1e39,2,"), "line 9", "out of range")
    yield fault("overflow 64", line(8, "1e309,2,"), "line 9", "out of range", weights="float64")
    yield fault("too long", line(8, "1e6000,2,"), "line 9", "out of range", weights="decimal")
    yield fault("more", good + "1,\n", "behind the last bias")
    yield fault("cut within a row", good.rstrip(",\n").rpartition("\n")[0].rpartition("\n")[0] + "\n1",
                "expected number 2 but the file ends")
    yield fault("a break within a row", good.replace("1.0,-1.0", "1.0,\n-1.0"), "number 2")
    yield fault("a comment behind a number", line(8, lines[8] + "// no"), "line 9")
    yield fault("a mean less", line(6, "0.5,"), "line 7: expected number 2", normalise=True)
    yield fault("range 0", line(7, "2,0,8,"), "line 8, number 2", normalise=True)
    yield fault("range -1", line(7, "2,4,-8,"), "line 8, number 3", normalise=True)
    yield fault("two means", line(6, "0,0,1,1,"), "line 7", normalise=True)
    yield fault("layers", good, "--layers", layers="0")


def json_faults():
    text = '{"input": 1, "layers": [{"weight": [[%s]], "bias": [0], "activation": "linear"}]}'
    for weights, number in (("float32", "1e39"), ("float32", "3.4028236e38"), ("float32", "-1e400"),
                            ("decimal", "1e5001"), ("float64", "1e309"), ("decimal", "01"),
                            ("decimal", "1."), ("decimal", ".5"), ("float32", "+1"), ("float32", "0x1"),
                            ("float32", "1-2"), ("float32", "-"), ("float32", "NaN"), ("decimal", "[1]")):
        yield f"{weights} {number}", "bad.json", (text % number).encode(), {"weights": weights}, ()
    for options in ({"activation": "relu"}, {"layers": "0"}, {"normalise": True}, {"transpose": True}):
        yield str(options), "bad.json", (text % 1).encode(), options, ("no use",)
    yield "input", "bad.json", (text % 1).replace("1,", "1.5,", 1).encode(), {"weights": "decimal"}, ("input",)


ALL = npz_faults, safetensors_faults, nnet_faults, json_faults
