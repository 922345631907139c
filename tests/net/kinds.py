#!/usr/bin/env python3
"""kinds.py: compressed files, and files that are no network.

A file that is compressed must give what the plain one gives, wherever a file is read; one that is cut
off, damaged or followed by anything is refused. Files of other programs are refused with their name
and the way to a network. CREASE names the program."""
import gzip
import io
import lzma
import os
import pickle
import random
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
import writing as w  # noqa: E402
from faults import ONE, TENSORS, TWO  # noqa: E402

CREASE = os.environ.get("CREASE", "build/crease")
LONG = bool(os.environ.get("CREASE_LONG"))
STEP = 7 if LONG else 400
failures, checks = [], 0


def check(good, text):
    global checks
    checks += 1
    if not good:
        failures.append(text)


def crease(*arguments):
    return subprocess.run([CREASE, *arguments], capture_output=True, text=True, timeout=60)


def digest(path, *options):
    run = crease("info", "--json", *options, path)
    at = run.stdout.find('"digest"')
    return run.stdout[at:at + 80] if run.returncode == 0 else run.stderr


def refused(path, *words, options=()):
    run = crease("count", *options, path)
    check(run.returncode == 2 and run.stderr.count("\n") == 1 and
          all(word in run.stderr for word in words), f"{path} {options}: {words}, not {run.stderr!r}")


def zstd(data):
    """One frame (RFC 8878) of one raw block."""
    return b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)) + \
        struct.pack("<I", len(data) << 3 | 1)[:3] + data


def xz(data, preset=0):
    """The default preset takes long, as it fills 90 MiB of tables."""
    return lzma.compress(data, preset=preset)


def npz():
    return w.zipped([(f"{letter}{i}", w.array(value, "f4")) for i, layer in enumerate((ONE, TWO))
                     for letter, value in zip("Wb", layer)])


NETWORKS = {"json": b'{"input": 2, "layers": [{"weight": [[1, 2], [3, 4]], "bias": [5, 6], "activation": "relu"}, '
                    b'{"weight": [[1, -1]], "bias": [0.5], "activation": "linear"}]}',
            "nnet": w.nnet([ONE, TWO], str), "npz": npz(), "safetensors": w.safetensors(TENSORS)}
PROPERTY = b"(declare-const X_0 Real)(declare-const X_1 Real)\n" \
           b"(assert (<= -1 X_0 1))(assert (<= -9 X_1 -1))\n"
DOMAIN = b'{"box": [[-1, 1], [-9, -1]]}'
SLICE = b'{"origin": [0, -2], "directions": [[1, 0.5]]}'


def check_packed(folder):
    for end, data in NETWORKS.items():
        plain, same = folder / f"plain.{end}", folder / f"same.{end}.gz"
        plain.write_bytes(data)
        expected = digest(plain)
        cut = random.Random(1).randrange(1, len(data))
        members = gzip.compress(data[:cut]) + gzip.compress(data[cut:])
        streams = xz(data[:cut]) + bytes(4) + xz(data[cut:])
        frames = zstd(data[:cut]) + zstd(data[cut:])
        for name, packed in ((f"same.{end}.gz", gzip.compress(data)), (f"same.{end}.GZ", members),
                             (f"same.{end}", gzip.compress(data)), ("same", gzip.compress(data)),
                             (f"same.{end}.zst", zstd(data)), (f"same.{end}.zst", frames),
                             (f"same.{end}.xz", xz(data, 9 if end == "json" else 0)),
                             (f"same.{end}", streams)):
            (folder / name).write_bytes(packed)
            found = digest(folder / name)
            check(found == expected, f"{name}: {found}")
        packed = gzip.compress(data)
        for length in range(3, len(packed), STEP):
            same.write_bytes(packed[:length])
            refused(same, "the gzip data are cut off")
        for bad in (packed + b"xx", packed + b"\0" * 9, packed[:-6] + b"!" + packed[-5:]):
            same.write_bytes(bad)
            refused(same, "the gzip data are damaged, or other data follow them")
        for bad, words in ((zstd(data)[:-1], "cut off"), (zstd(data) + b"xxxx", "damaged")):
            same.write_bytes(bad)
            refused(same, "the zstd data are " + words)
        packed = xz(data)
        for bad, words in ((packed[:-1], "cut off"), (packed[:20], "cut off"), (packed + b"x" * 12, "damaged"),
                           (packed[:-12] + b"!" + packed[-11:], "damaged")):
            same.write_bytes(bad)
            refused(same, "the xz data are " + words)


def check_growth(folder):
    """What grows much is refused before it is unpacked; a file of 64 MiB may be anything."""
    zeros, part = folder / "zeros.json", 1 << 20
    for name, pack in (("gzip -d", gzip.compress), ("xz -d", xz)):
        packed = pack(b" " * part) * 63
        if LONG:
            zeros.write_bytes(pack(NETWORKS["json"] + b" " * (part - len(NETWORKS["json"]))) + packed)
            found = digest(zeros)
            check("digest" in found, f"{name}: 64 MiB: {found}")
        if LONG or pack is xz:
            zeros.write_bytes(packed + pack(b" " * (part + 1)))
            refused(zeros, "more than 64 MiB when unpacked, 100 times its size", name)
    # A dictionary of 1 GiB: the byte 36 in the block's header, whose checksum follows.
    packed = bytearray(xz(b" "))
    packed[16] = 36
    packed[20:24] = struct.pack("<I", zlib.crc32(packed[12:20]))
    zeros.write_bytes(packed)
    refused(zeros, "takes more than 256 MiB of memory", "xz -d")


def check_options(folder):
    """Properties, domains and slices; what a certificate is checked with."""
    net = folder / "net.json"
    net.write_bytes(NETWORKS["json"])
    for option, data in (("vnnlib", PROPERTY), ("domain", DOMAIN), ("slice", SLICE)):
        plain, packed = folder / f"a.{option}", folder / f"a.{option}.gz"
        plain.write_bytes(data)
        packed.write_bytes(gzip.compress(data))
        runs = [crease("count", "--json", "--engine=split", f"--{option}={path}", net)
                for path in (plain, packed)]
        counts = [run.stdout.partition('"regions": ')[2].partition(",")[0] for run in runs]
        check(counts[0] and counts[0] == counts[1], f"{option}: {runs}")
        packed.write_bytes(gzip.compress(data)[:-1])
        refused(net, f"a.{option}.gz", "cut off", options=(f"--{option}={packed}",))
        packed.write_bytes(b"")
        refused(net, f"a.{option}.gz", "the file is empty", options=(f"--{option}={packed}",))
        refused(net, "is a directory", options=(f"--{option}={folder}",))
    packed = folder / "net.json.gz"
    packed.write_bytes(gzip.compress(NETWORKS["json"]))
    (folder / "a.domain.gz").write_bytes(gzip.compress(DOMAIN))
    for arguments in ((packed,), (f"--domain={folder}/a.domain.gz", net)):
        run = crease("certify", "-o", folder / "a.cert", *arguments)
        check("crease convert" in run.stdout, f"certify {arguments}: {run}")


def zipped(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return data.getvalue()


def pytorch_pickle():
    return b"".join(pickle.dumps(part, 2) for part in (0x1950a86a20f9469cfc6c, 1001, {"little_endian": True}))


def check_foreign(folder):
    certificate, net = folder / "a.cert", folder / "net.json"
    net.write_bytes(NETWORKS["json"])
    crease("certify", "-o", certificate, net)
    for name, data, *words in (
            ("m.pt", zipped("m/data.pkl", "m/data/0", "m/version"), "a PyTorch file;", "export_torch.py"),
            ("m.pt", zipped("m/data/0", "m/code/__torch__/a.py", "m/data.pkl"), "TorchScript", "export_torch.py"),
            ("m.pth", pytorch_pickle(), "a PyTorch file (an old one, a pickle)", "export_torch.py"),
            ("m.npz", zipped("m/data.pkl", "m/data/0"), "a PyTorch file;"),
            ("m.pkl", pickle.dumps([1.0], 2), "a Python pickle"),
            ("m.pkl", pickle.dumps([1.0], 4), "a Python pickle"),
            ("m.h5", b"\x89HDF\r\n\x1a\n" + bytes(80), "an HDF5 file", "tf2onnx"),
            ("m.keras", zipped("metadata.json", "config.json", "model.weights.h5"), "a Keras file", "tf2onnx"),
            ("saved_model.pb", b"\x08\x01\x12\x80\x04\x0a\x02\x08\x01" + bytes(9), "a SavedModel", "tf2onnx"),
            ("graph.pb", b"\x0a\x10\x0a\x01x\x12\x0bPlaceholder" + bytes(9), "a graph of TensorFlow", "tf2onnx"),
            ("m.tflite", b"\x1c\0\0\0TFL3" + bytes(9), "a TensorFlow Lite file", "tf2onnx"),
            ("a.npy", w.array(ONE[0], "f4"), "one array of NumPy", ".npz"),
            ("a.cert", certificate.read_bytes(), "a certificate", "crease-check"),
            ("a.state", b"crease-checkpoint 1\nx\n", "a checkpoint"),
            ("a.job", b"crease-job 1\nx\n", "a job"),
            ("a.json", PROPERTY, "a VNN-LIB property"),
            ("net.json.bz2", b"BZh91AY&SY" + bytes(9), "compressed with bzip2"),
            ("some", b"\x7fELF\2\1\1" + bytes(80), "not a network"),
            ("some", b"GIF89a", "not a network"),
            ("empty.json", b"", "the file is empty"),
            ("empty.onnx.gz", gzip.compress(b""), "the file is empty")):
        (folder / name).write_bytes(data)
        refused(folder / name, name + ":", *words)
    refused(folder, "is a directory")
    large = folder / "large.json"  # takes no room on the disk
    with large.open("wb") as file:
        file.truncate((1 << 31) + 1)
    refused(large, "larger than 2 GiB")
    large.write_bytes(gzip.compress(gzip.compress(bytes(1 << 24)) * 20))
    refused(large, "large.json")  # unpacked once, not twice


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_packed(Path(folder))
        check_growth(Path(folder))
        check_options(Path(folder))
        check_foreign(Path(folder))
    for failure in failures[:20]:
        print(f"FAILED: {failure}", file=sys.stderr)
    print(f"kinds: {checks} checks, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
