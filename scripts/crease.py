"""Exact counts of linear regions from Python: libcrease through ctypes, no other dependency.

    import crease
    result = crease.count([(W1, b1), (W2, b2)], box="-1:1")     # ReLU between the layers
    result = crease.count(torch_sequential, threads=4)
    print(result.regions, result.complete, result.seconds)
    result.certificate("net.cert", "net.json")                  # for crease-check

The library is that of CREASE_LIBRARY, build/libcrease.so beside scripts/, the one installed with
this module, or one that the linker finds."""
import ctypes
import ctypes.util
import itertools
import json
import os
import signal
import threading
from fractions import Fraction

__all__ = ["count", "Count", "Error"]


class Error(Exception):
    """Bad input, or a library that does not fit; the message is one line."""


class _Progress(ctypes.Structure):
    pass


_PROGRESS = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Progress))


class _Options(ctypes.Structure):
    _fields_ = [("engine", ctypes.c_int), ("lp", ctypes.c_int), ("cell", ctypes.c_int),
                ("threads", ctypes.c_int), ("seed", ctypes.c_uint64), ("start", ctypes.c_char_p),
                ("limit_regions", ctypes.c_uint64), ("limit_seconds", ctypes.c_double),
                ("limit_memory", ctypes.c_uint64), ("stop", ctypes.POINTER(ctypes.c_int)),
                ("progress", _PROGRESS), ("progress_context", ctypes.c_void_p),
                ("progress_interval", ctypes.c_double), ("definition", ctypes.c_int)]


class _Decisions(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("filter", "exact", "lp", "pool")] + [
        ("exact_seconds", ctypes.c_double), ("proof_seconds", ctypes.c_double)]


class _Result(ctypes.Structure):
    _fields_ = [("regions", ctypes.c_uint64), ("complete", ctypes.c_bool),
                ("stopped", ctypes.c_int), ("engine", ctypes.c_int), ("lp", ctypes.c_int),
                ("cell", ctypes.c_int), ("cells", ctypes.c_uint64), ("rays", ctypes.c_uint64),
                ("refined", ctypes.c_uint64), ("threads", ctypes.c_int),
                ("dimension", ctypes.c_size_t), ("seconds", ctypes.c_double),
                ("earlier_seconds", ctypes.c_double),
                ("store_bytes", ctypes.c_uint64), ("definition", ctypes.c_int),
                ("activation", ctypes.c_uint64), ("open_connected", ctypes.c_uint64),
                ("affine", ctypes.c_uint64), ("certificate_bytes", ctypes.c_uint64),
                ("decisions", _Decisions)]


class _Message(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char * 512)]


def _library():
    here = os.path.dirname(os.path.abspath(__file__))
    beside = os.path.join(here, "..", "build", "libcrease.so")
    # From PREFIX/lib/python3.11/dist-packages.
    installed = os.path.join(here, "..", "..", "libcrease.so")
    for path in (os.environ.get("CREASE_LIBRARY"), beside, installed,
                 ctypes.util.find_library("crease")):
        if path and (os.path.exists(path) or os.sep not in path):
            break
    else:
        raise Error("libcrease.so: not found; run make, or set CREASE_LIBRARY")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise Error(f"{path}: {error}") from None
    sizes = (ctypes.c_size_t * 2)()
    if not hasattr(library, "crease_sizes"):
        raise Error(f"{path}: too old for this module")
    library.crease_sizes(sizes)
    if list(sizes) != [ctypes.sizeof(_Options), ctypes.sizeof(_Result)]:
        raise Error(f"{path}: of another version than this module")
    for what in ("engine", "definition", "stop"):
        getattr(library, f"crease_{what}_name").restype = ctypes.c_char_p
    return library


def _value(library, what, name):
    """The value of an engine's or a definition's name."""
    value = ctypes.c_int()
    if not getattr(library, f"crease_{what}_find")(str(name).encode(), ctypes.byref(value)):
        names = iter(lambda i=itertools.count(): _name(library, what, next(i)), None)
        raise Error(f"{what}: {name!r} is not one of {', '.join(names)}")
    return value.value


def _name(library, what, value):
    """The name of a value; None if there is no such value."""
    name = getattr(library, f"crease_{what}_name")(value)
    return None if name is None else name.decode()


def _exact(value):
    """A number as text that means exactly it."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        if value - value != 0:
            raise Error(f"a weight is {value}")
        return value.hex()
    if isinstance(value, (int, Fraction)):
        return str(value)
    raise Error(f"a weight of type {type(value).__name__}; expected a number or a Fraction")


def _rows(values, name):
    """Nested lists of a matrix or a vector: numpy, torch or lists."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().double()
    values = values.tolist() if hasattr(values, "tolist") else values
    try:
        return [[_exact(x) for x in row] if hasattr(row, "__len__") else _exact(row)
                for row in values]
    except TypeError:
        raise Error(f"{name}: expected a matrix and a vector") from None


def _layer(weight, bias, activation, **parameters):
    rows = _rows(weight, "weight")
    bias = ["0"] * len(rows) if bias is None else _rows(bias, "bias")
    return {"weight": rows, "bias": bias, "activation": activation, **parameters}


def _from_modules(modules):
    """The layers of a torch.nn.Sequential, by the names of its modules."""
    layers = []
    for place, module in enumerate(modules):
        name = type(module).__name__
        if name == "Linear":
            layers.append(_layer(module.weight, module.bias, "linear"))
            continue
        if name in ("Identity", "Dropout", "Flatten"):
            continue
        if not layers or layers[-1]["activation"] != "linear":
            raise Error(f"module {place}: {name} without a linear layer before it")
        if name == "ReLU":
            layers[-1]["activation"] = "relu"
        elif name == "LeakyReLU":
            layers[-1].update(activation="leaky_relu", slope=_exact(float(module.negative_slope)))
        elif name in ("Hardtanh", "ReLU6"):
            layers[-1].update(activation="clip", low=_exact(float(module.min_val)),
                              high=_exact(float(module.max_val)))
        else:
            raise Error(f"module {place}: {name} is not known here")
    return layers


def _network_text(network):
    if hasattr(network, "modules") and hasattr(network, "__iter__"):
        layers = _from_modules(network)
    else:
        layers = [_layer(layer[0], layer[1], layer[2] if len(layer) > 2 else "relu")
                  for layer in network]
        if layers and len(network[-1]) < 3:
            layers[-1]["activation"] = "linear"
    if not layers:
        raise Error("a network without layers")
    if layers[-1]["activation"] != "linear":  # its outputs, unchanged
        width = len(layers[-1]["bias"])
        layers.append(_layer([[int(i == j) for j in range(width)] for i in range(width)], None,
                             "linear"))
    return json.dumps({"input": len(layers[0]["weight"][0]), "layers": layers})


def _box_text(box):
    if isinstance(box, str):
        return box
    if len(box) == 2 and not hasattr(box[0], "__len__"):
        box = [box]
    return ",".join(f"{_exact(low)}:{_exact(high)}" for low, high in box)


class Count:
    """regions (a lower bound if not complete), complete, stopped, seconds, threads, dimension;
    network: the exact network as JSON text."""

    def __init__(self, job, result):
        self._job = job
        self.network = job.text
        self.regions = result.regions
        self.complete = result.complete
        self.stopped = _name(_library(), "stop", result.stopped) if result.stopped else None
        self.seconds = result.seconds
        self.threads = result.threads
        self.dimension = result.dimension

    def __repr__(self):
        return f"<{self.regions} regions{'' if self.complete else ' or more'}>"

    def certificate(self, path, network=None):
        """Counts again and writes a certificate to path; network: where to write the network that
        crease-check reads."""
        if network is not None:
            with open(network, "w", encoding="ascii") as file:
                file.write(self.network)
        if not self._job.run(os.fspath(path)).complete:
            raise Error("the count was stopped: no certificate")
        return path


class _Job:
    """One call of the library, in a thread of its own so that Ctrl-C can stop it."""

    def __init__(self, text, box, options):
        self.text, self.box, self.options = text, box, options

    def _call(self, library, certificate, result, message, stop):
        network, domain = ctypes.c_void_p(), ctypes.c_void_p()
        text = self.text.encode()
        self.options.stop = ctypes.pointer(stop)
        status = library.crease_network_parse(text, ctypes.c_size_t(len(text)), b"network",
                                              ctypes.byref(network), ctypes.byref(message))
        if not status and self.box:
            inputs = ctypes.c_size_t(json.loads(self.text)["input"])
            status = library.crease_domain_box(self.box.encode(), inputs, ctypes.byref(domain),
                                               ctypes.byref(message))
        common = (network, domain, ctypes.byref(self.options))
        if not status and certificate:
            status = library.crease_certify(*common, os.fsencode(certificate),
                                            ctypes.byref(result), ctypes.byref(message))
        elif not status:
            status = library.crease_count(*common, ctypes.byref(result), ctypes.byref(message))
        library.crease_domain_free(domain)
        library.crease_network_free(network)
        return status

    def run(self, certificate=None):
        library, result, message, stop = _library(), _Result(), _Message(), ctypes.c_int(0)
        status = []
        thread = threading.Thread(target=lambda: status.append(
            self._call(library, certificate, result, message, stop)))
        thread.start()
        interrupted = False
        while thread.is_alive():
            try:
                thread.join(0.1)
            except KeyboardInterrupt:
                stop.value, interrupted = 1, True
        if interrupted:
            signal.raise_signal(signal.SIGINT)
        if not status or status[0]:
            raise Error(message.text.decode(errors="replace") or "libcrease failed")
        return result


def count(network, box=None, threads=0, engine="auto", definition="activation", limit_seconds=0,
          limit_regions=0):
    """Counts the linear regions of a network, exactly; returns a Count.

    network: a list of (W, b) or (W, b, activation), W with a row per unit (numpy, torch, lists;
    floats, ints, Fractions), ReLU between the layers if no activation is named; or a
    torch.nn.Sequential of Linear, ReLU, LeakyReLU, Hardtanh.
    box: "LO:HI[,...]", (lo, hi) for all inputs, or a pair for each; None: all of R^n."""
    options = _Options()
    library = _library()
    library.crease_options_default(ctypes.byref(options))
    options.threads = threads
    options.engine = _value(library, "engine", engine)
    options.definition = _value(library, "definition", definition)
    options.limit_seconds = limit_seconds
    options.limit_regions = limit_regions
    job = _Job(_network_text(network), None if box is None else _box_text(box), options)
    return Count(job, job.run())
