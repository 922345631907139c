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
import os
import signal
import tempfile
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
                ("decisions", _Decisions), ("digits", ctypes.c_char * 1280)]


class _Shape(ctypes.Structure):
    _fields_ = [("activation", ctypes.c_int), ("rows", ctypes.c_size_t),
                ("columns", ctypes.c_size_t), ("rank", ctypes.c_size_t), ("carry", ctypes.c_size_t),
                ("parameter", ctypes.c_char_p * 2)]


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
    sizes = (ctypes.c_size_t * 3)()
    if not hasattr(library, "crease_sizes"):
        raise Error(f"{path}: too old for this module")
    library.crease_sizes(sizes)
    if list(sizes) != [ctypes.sizeof(kind) for kind in (_Options, _Result, _Shape)]:
        raise Error(f"{path}: of another version than this module")
    for what in ("activation", "engine", "definition", "stop"):
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
            raise Error(f"a number is {value}")
        return value.hex()
    if isinstance(value, (int, Fraction)):
        return str(value)
    raise Error(f"a number of type {type(value).__name__}; expected a float, an int or a Fraction")


def _numbers(values, dimensions):
    """The numbers of a matrix or a vector (numpy, torch, lists) one after the other, and its
    shape."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().double()
    values = values.tolist() if hasattr(values, "tolist") else values
    try:
        rows = [list(row) for row in values] if dimensions == 2 else [list(values)]
    except TypeError:
        raise Error("expected a matrix and a vector") from None
    if any(len(row) != len(rows[0]) for row in rows):
        raise Error("the rows of a matrix differ in length")
    return [x for row in rows for x in row], (len(rows), len(rows[0]) if rows else 0)


class _Layer:
    """A layer: its arrays, its activation, and that activation's parameters as exact text."""

    def __init__(self, place, weight, bias, activation):
        self.place = place
        try:
            self.weight, self.shape = _numbers(weight, 2)
            self.bias = [0] * self.shape[0] if bias is None else _numbers(bias, 1)[0]
        except Error as error:
            raise Error(f"layers[{place}]: {error}") from None
        if len(self.bias) != self.shape[0]:
            raise Error(f"layers[{place}]: {self.shape[0]} rows and {len(self.bias)} biases")
        self.activation, self.parameters = activation, ()

    def add(self, library, network, message):
        shape = _Shape(_value(library, "activation", self.activation), *self.shape, 0, 0,
                       (ctypes.c_char_p * 2)(*(text.encode() for text in self.parameters)))
        arrays, floats = (self.weight, self.bias), False
        try:
            floats = all(isinstance(x, float) for array in arrays for x in array)
            if not floats:
                arrays = [[_exact(x).encode() for x in array] for array in arrays]
        except Error as error:
            raise Error(f"layers[{self.place}]: {error}") from None
        kind = ctypes.c_double if floats else ctypes.c_char_p
        add = library.crease_network_add_layer if floats else library.crease_network_add_layer_text
        return add(network, ctypes.byref(shape), *((kind * len(array))(*array) for array in arrays),
                   ctypes.byref(message))


def _from_modules(modules):
    """The layers of a torch.nn.Sequential, by the names of its modules."""
    layers = []
    for place, module in enumerate(modules):
        name = type(module).__name__
        if name == "Linear":
            layers.append(_Layer(len(layers), module.weight, module.bias, "linear"))
            continue
        if name in ("Identity", "Dropout", "Flatten"):
            continue
        if not layers or layers[-1].activation != "linear":
            raise Error(f"module {place}: {name} without a linear layer before it")
        if name == "ReLU":
            layers[-1].activation = "relu"
        elif name == "LeakyReLU":
            layers[-1].activation = "leaky_relu"
            layers[-1].parameters = (_exact(float(module.negative_slope)),)
        elif name in ("Hardtanh", "ReLU6"):
            layers[-1].activation = "clip"
            layers[-1].parameters = (_exact(float(module.min_val)), _exact(float(module.max_val)))
        else:
            raise Error(f"module {place}: {name} is not known here")
    return layers


def _from_state(state):
    """The pairs (W, b) of a state_dict: P.weight and P.bias, in the order of the weights."""
    weights = [name for name in state if name.rpartition(".")[2] == "weight"]
    biases = {name: name[:-len("weight")] + "bias" for name in weights}
    for name in state:
        if name not in weights and name not in biases.values():
            raise Error(f"{name}: neither a weight nor the bias of one")
    return [(state[name], state.get(biases[name])) for name in weights]


def _layers(network):
    """The layers of all that count takes, the last one linear."""
    if hasattr(network, "modules") and hasattr(network, "__iter__"):
        layers = _from_modules(network)
    else:
        pairs = _from_state(network) if hasattr(network, "items") else list(network)
        layers = [_Layer(i, layer[0], layer[1], layer[2] if len(layer) > 2 else "relu")
                  for i, layer in enumerate(pairs)]
        if layers and len(pairs[-1]) < 3:
            layers[-1].activation = "linear"
    if not layers:
        raise Error("a network without layers")
    if layers[-1].activation != "linear":  # its outputs, unchanged
        width = layers[-1].shape[0]
        unit = [[float(i == j) for j in range(width)] for i in range(width)]
        layers.append(_Layer(len(layers), unit, [0.0] * width, "linear"))
    return layers


class _Network:
    """A network of the library, freed with the object."""

    handle = None

    def __init__(self, layers):
        self.library, message = _library(), _Message()
        self.handle = ctypes.c_void_p()
        self.inputs = layers[0].shape[1]
        status = self.library.crease_network_new(ctypes.c_size_t(self.inputs),
                                                 ctypes.byref(self.handle), ctypes.byref(message))
        for layer in layers:
            status = status or layer.add(self.library, self.handle, message)
        if status:
            raise Error(message.text.decode(errors="replace"))

    def __del__(self):
        if self.handle:
            self.library.crease_network_free(self.handle)

    def write(self, path):
        message = _Message()
        if self.library.crease_network_write(self.handle, os.fsencode(path), ctypes.byref(message)):
            raise Error(message.text.decode(errors="replace"))


def _box_text(box):
    if isinstance(box, str):
        return box
    if len(box) == 2 and not hasattr(box[0], "__len__"):
        box = [box]
    return ",".join(f"{_exact(low)}:{_exact(high)}" for low, high in box)


class Count:
    """regions (a lower bound if not complete), complete, stopped, seconds, threads, dimension."""

    def __init__(self, job, result):
        self._job = job
        self.regions = int(result.digits)
        self.complete = result.complete
        self.stopped = _name(_library(), "stop", result.stopped) if result.stopped else None
        self.seconds = result.seconds
        self.threads = result.threads
        self.dimension = result.dimension

    def __repr__(self):
        return f"<{self.regions} regions{'' if self.complete else ' or more'}>"

    @property
    def network(self):
        """The exact network as JSON text."""
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "network.json")
            self._job.network.write(path)
            with open(path, encoding="ascii") as file:
                return file.read()

    def certificate(self, path, network=None):
        """Counts again and writes a certificate to path; network: where to write the network that
        crease-check reads."""
        if network is not None:
            self._job.network.write(network)
        if not self._job.run(os.fspath(path)).complete:
            raise Error("the count was stopped: no certificate")
        return path


class _Job:
    """One call of the library, in a thread of its own so that Ctrl-C can stop it."""

    def __init__(self, network, box, options):
        self.network, self.box, self.options = network, box, options

    def _call(self, library, certificate, result, message, stop):
        domain, status = ctypes.c_void_p(), 0
        self.options.stop = ctypes.pointer(stop)
        if self.box:
            inputs = ctypes.c_size_t(self.network.inputs)
            status = library.crease_domain_box(self.box.encode(), inputs, ctypes.byref(domain),
                                               ctypes.byref(message))
        common = (self.network.handle, domain, ctypes.byref(self.options))
        if not status and certificate:
            status = library.crease_certify(*common, os.fsencode(certificate),
                                            ctypes.byref(result), ctypes.byref(message))
        elif not status:
            status = library.crease_count(*common, ctypes.byref(result), ctypes.byref(message))
        library.crease_domain_free(domain)
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
    torch.nn.Sequential of Linear, ReLU, LeakyReLU, Hardtanh; or a state_dict of linear layers, in
    order, with ReLU between them.
    box: "LO:HI[,...]", (lo, hi) for all inputs, or a pair for each; None: all of R^n."""
    options = _Options()
    library = _library()
    library.crease_options_default(ctypes.byref(options))
    options.threads = threads
    options.engine = _value(library, "engine", engine)
    options.definition = _value(library, "definition", definition)
    options.limit_seconds = limit_seconds
    options.limit_regions = limit_regions
    job = _Job(_Network(_layers(network)), None if box is None else _box_text(box), options)
    return Count(job, job.run())
