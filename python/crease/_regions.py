"""The regions one by one, or in batches of arrays."""
from __future__ import annotations

import ctypes
import functools
import queue
import threading
from dataclasses import dataclass
from typing import Any, Iterator

from ._count import Count, _options
from ._errors import InputError, Stopped, warn
from ._library import BATCH_VISIT, TROUBLE, Message, Options, Result, check, library
from ._network import Network, network_of
from ._run import checkpoint_buffer, checkpoint_of
from ._scope import Domain, scope_of
from ._values import point_text, whole

_BITS = {"facets": 2 | 4, "neighbours": 2 | 8, "map": 16, "volume": 32, "vertices": 64,
         "center": 128, "inradius": 256, "class": 1024}
_POINT = 1
_KINDS = ("unit", "low", "high", "half_space")
_WAITING = 4  # batches between the library and the caller


@functools.lru_cache(maxsize=None)
def _numpy() -> Any:
    """The module, or None if it is not installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def _array(data: bytes, code: str, *shape: int) -> Any:
    """A NumPy array, or without NumPy a memoryview, of this shape."""
    numpy = _numpy()
    if numpy is None:
        flat = memoryview(data)
        if data and len(shape) > 1:
            return flat.cast(code, shape)
        return flat.cast(code)
    return numpy.frombuffer(data, {"B": "u1", "q": "i8", "d": "f8"}[code]).reshape(shape)


@dataclass(frozen=True)
class Facet:
    """A facet of a region.

    row: n + 1 numbers; inside the region row[:n] . x + row[n] > 0, on the facet it is 0. kind:
    "unit", where number is the place in the pattern of a unit that changes; "low" or "high", a side
    of the box in input `number`; "half_space" `number` of the domain. neighbour: the pattern on the
    other side; None at the border of the domain."""

    kind: str
    number: int
    row: Any
    neighbour: bytes | None


class Batch:
    """Some regions as arrays of NumPy (memoryviews without NumPy), a row for each region:

      pattern      states of the units, all layers one after the other
      point        a point inside; inside is 1 where the doubles are proved to be inside
      bounded      with facets
      facet_begin  region r has facets facet_begin[r], ..., facet_begin[r + 1] - 1, of which
                   facet_kind (0: between two regions, 1 and 2: lower and upper side of the box, 3:
                   half-space), facet_number and facet_row are the arrays, and neighbour, with
                   neighbours
      A, b         the outputs are A x + b, with map
      volume       with volume; infinite for unbounded regions
      vertex_begin with vertices: those of region r are vertex[vertex_begin[r]], ...,
                   vertex[vertex_begin[r + 1] - 1]
      inradius     with inradius: a ball with this radius is inside, and none that is larger by a
                   factor of 1 + 1e-9; infinite if there are balls of every size
      center       with center: the center of such a ball; NaN if inradius is infinite

      label        with class: the class of the point, the number of the largest output

      weight, draws, group  of regions that were drawn (sample)

    An array that was not asked for is None. Iteration gives the regions."""

    def __init__(self, view: Any, place: tuple[Network, Domain] | None = None) -> None:
        r, n, m = view.regions, view.inputs, view.outputs
        units, facets = view.units, view.facets

        self._place = place  # where the regions are

        def take(array: Any, code: str, *shape: int) -> Any:
            if array is None:
                return None
            count = 1
            for side in shape:
                count *= side
            return _array(ctypes.string_at(array, count * (1 if code == "B" else 8)), code, *shape)

        self.pattern_bytes = ctypes.string_at(view.pattern, r * units)
        self.pattern = _array(self.pattern_bytes, "B", r, units)
        self.point = take(view.point, "d", r, n)
        self.inside = take(view.inside, "B", r)
        self.bounded = take(view.bounded, "B", r)
        self.facet_begin = take(view.facet_begin, "q", r + 1)
        self.facet_kind = take(view.facet_kind, "B", facets)
        self.facet_number = take(view.facet_number, "q", facets)
        self.facet_row = take(view.facet_row, "d", facets, n + 1)
        self.neighbour = take(view.neighbour, "B", facets, units)
        self.A = take(view.A, "d", r, m, n)
        self.b = take(view.b, "d", r, m)
        self.volume = take(view.volume, "d", r)
        self.weight = take(view.weight, "d", r)
        self.draws, self.group = take(view.draws, "q", r), take(view.group, "q", r)
        self.vertex_begin = take(view.vertex_begin, "q", r + 1)
        self.vertex = take(view.vertex if view.vertex_begin else None, "d", view.vertices, n)
        self.center = take(view.center, "d", r, n)
        self.inradius = take(view.inradius, "d", r)
        self.label = take(view.label, "q", r)
        self.inputs, self.outputs, self.units, self._regions = n, m, units, r

    def __len__(self) -> int:
        return int(self._regions)

    def __iter__(self) -> Iterator[Region]:
        return (Region(self, i) for i in range(len(self)))


def _row(array: Any, i: int, code: str, *shape: int) -> Any:
    """Row i of an array of _array, whose rows have this shape."""
    if not isinstance(array, memoryview):
        return array[i]
    size = array.itemsize
    for side in shape:
        size *= side
    return _array(bytes(array.cast("B")[i * size:(i + 1) * size]), code, *shape)


class Region:
    """One activation region; what it has is computed from its batch when it is asked for. What was not
    among the fields is found anew, from the point, which takes much longer."""

    def __init__(self, batch: Batch, index: int) -> None:
        self._batch, self._index = batch, index

    def _own(self, name: str, field: str) -> Any:
        if getattr(self._batch, name) is None:
            self._find(name, field)
        return getattr(self._batch, name)

    def _find(self, name: str, field: str) -> None:
        """Puts a batch of this region alone in the place of its batch."""
        batch = self._batch
        if batch._place is None or not self.exact:
            raise InputError(f"{name}: not asked for; give fields=\"{field}\"")
        arrays = {"facets": "facet_row", "neighbours": "neighbour", "map": "A",
                  "vertices": "vertex_begin", "class": "label"}
        fields = [other for other in _BITS
                  if other == field or getattr(batch, arrays.get(other, other)) is not None]
        self._batch, self._index = _batch_at(batch._place, list(self.point), fields), 0

    @property
    def pattern(self) -> bytes:
        """A state for each unit, all layers one after the other; it can be a key of a dict."""
        units = self._batch.units
        return self._batch.pattern_bytes[self._index * units:(self._index + 1) * units]

    @property
    def point(self) -> Any:
        """A point inside the region. exact says whether these doubles are proved to be inside.
        What is found because it was not asked for comes with a point of its own, which takes the
        place of this one."""
        return _row(self._batch.point, self._index, "d", self._batch.inputs)

    @property
    def exact(self) -> bool:
        return bool(self._batch.inside[self._index])

    @property
    def bounded(self) -> bool:
        return bool(self._own("bounded", "facets")[self._index])

    @property
    def A(self) -> Any:
        """The outputs are A x + b on the region."""
        return _row(self._own("A", "map"), self._index, "d", self._batch.outputs,
                    self._batch.inputs)

    @property
    def b(self) -> Any:
        return _row(self._own("b", "map"), self._index, "d", self._batch.outputs)

    @property
    def volume(self) -> float:
        """Infinite if the region is unbounded."""
        return float(self._own("volume", "volume")[self._index])

    @property
    def vertices(self) -> Any:
        """A row of coordinates for each vertex, in lexicographic order."""
        begin = self._own("vertex_begin", "vertices")
        first, last = int(begin[self._index]), int(begin[self._index + 1])
        array = self._batch.vertex
        if not isinstance(array, memoryview):
            return array[first:last]
        row = 8 * self._batch.inputs
        return _array(bytes(array.cast("B"))[first * row:last * row], "d", last - first,
                      self._batch.inputs)

    @property
    def center(self) -> Any:
        """The center of a largest ball inside; NaN if there is none."""
        return _row(self._own("center", "center"), self._index, "d", self._batch.inputs)

    @property
    def inradius(self) -> float:
        """The radius of that ball, proved up to a factor of 1 + 1e-9."""
        return float(self._own("inradius", "inradius")[self._index])

    @property
    def label(self) -> int:
        """The class of the point: the number of the largest output, or of a single output whether it is
        positive."""
        return int(self._own("label", "class")[self._index])

    @property
    def facets(self) -> list[Facet]:
        batch = self._batch
        begin = self._own("facet_begin", "facets")
        found = []
        for i in range(begin[self._index], begin[self._index + 1]):
            kind = int(batch.facet_kind[i])
            beyond = None
            if kind == 0 and batch.neighbour is not None:
                beyond = bytes(_row(batch.neighbour, i, "B", batch.units))
            found.append(Facet(_KINDS[kind], int(batch.facet_number[i]),
                                 None if batch.facet_row is None else
                                 _row(batch.facet_row, i, "d", batch.inputs + 1), beyond))
        return found

    @property
    def neighbours(self) -> list[bytes]:
        """The patterns of the regions that share a facet."""
        self._own("neighbour", "neighbours")
        return [facet.neighbour for facet in self.facets if facet.neighbour is not None]

    @property
    def weight(self) -> float:
        """Of a region that was drawn (crease.sample), otherwise 1."""
        return 1.0 if self._batch.weight is None else float(self._batch.weight[self._index])

    @property
    def draws(self) -> int:
        """How often it was drawn."""
        return 1 if self._batch.draws is None else int(self._batch.draws[self._index])

    @property
    def group(self) -> int:
        """By region: the number of the trial that drew it; otherwise -1."""
        return -1 if self._batch.group is None else int(self._batch.group[self._index])

    def __repr__(self) -> str:
        return f"<region around {list(self.point)}>"


def _mask(fields: Any) -> int:
    names = fields.split(",") if isinstance(fields, str) else list(fields)
    mask = _POINT
    for name in names:
        if name and name not in _BITS:
            raise InputError(f"fields: {name!r} is not one of {', '.join(_BITS)}")
        mask |= _BITS[name] if name else 0
    return mask


class _Listing:
    """A call of crease_region_batches in a thread of its own, which waits if batches are not
    taken."""

    def __init__(self, network: Network, domain: Domain, options: Options, mask: int,
                 size: int, state: tuple[bytes, float | None] | None) -> None:
        self.state = state
        self.troubles: list[str] = []
        self.network, self.domain, self.options = network, domain, options
        self.mask, self.size = mask, size
        self.stop, self.result, self.message = ctypes.c_int(0), Result(), Message()
        self.status: list[int] = []
        self.batches: queue.Queue[Batch | BaseException | None] = queue.Queue(_WAITING)
        options.stop = ctypes.pointer(self.stop)
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _visit(self, _: Any, view: Any) -> bool:
        if not self.stop.value:
            try:
                self.batches.put(Batch(view.contents, (self.network, self.domain)))
            except BaseException as error:  # an exception cannot pass through C
                self.batches.put(error)
                self.stop.value = 1
        return not self.stop.value

    def _work(self) -> None:
        try:
            visit = BATCH_VISIT(self._visit)
            what = (self.network._handle, self.domain.handle, ctypes.byref(self.options), self.mask)
            end = (visit, None, ctypes.byref(self.result), ctypes.byref(self.message))
            if self.state is None:
                self.status.append(library().crease_region_batches(*what, self.size, *end))
            else:
                trouble = TROUBLE(lambda _, line: self.troubles.append(line.decode(errors="replace")))
                self.status.append(library().crease_regions_resumable(
                    *what, checkpoint_buffer(*self.state, trouble), *end))
        finally:
            self.batches.put(None)

    def __iter__(self) -> Iterator[Batch]:
        self.thread.start()
        done = False
        try:
            while True:
                batch = self.batches.get()
                if batch is None:
                    done = True
                    break
                if isinstance(batch, BaseException):
                    raise batch
                yield batch
        finally:
            self.stop.value = 1
            while not done:
                done = self.batches.get() is None
            self.thread.join()
            self.options.stop = None
            for line in self.troubles:
                warn(line)
        check(self.status[0] if self.status else 1, self.message)
        if not self.result.complete:
            raise Stopped(Count._of(self.result, None))


def region_batches(network: Any, box: Any = None, *, fields: Any = "", size: int = 4096,
                   domain: Any = None, slice: Any = None, vnnlib: Any = None,
                   part: int | None = None, input_shape: Any = None, activation: str | None = None,
                   cell: str = "auto", threads: int = 0, limit_regions: int | None = None,
                   limit_seconds: float | None = None,
                   limit_memory: int | None = None, checkpoint: Any = None,
                   checkpoint_seconds: float | None = None) -> Iterator[Batch]:
    """All activation regions, each once, in batches of up to `size`, which are arrays; as they are
    found, in no particular order.

    fields: what a batch has besides patterns and points: "facets", "neighbours", "map", "volume",
    "vertices", "center", "inradius", "class", separated by commas or in a list. The other arguments are those
    of count. If a limit stops the list, it ends with the exception Stopped. Leaving the loop early
    is no error.

    checkpoint: a file that keeps the state every checkpoint_seconds, with the regions so far in files
    beside it. All of them come when the last one is found. If the file is there, the list goes on from
    it; it has to be of the same list."""
    options = _options("activation", "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, 1)
    place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib, part)
    return iter(_Listing(*place, options, _mask(fields), whole("size", size, 1, 2**24),
                         checkpoint_of(checkpoint, checkpoint_seconds)))


def regions(network: Any, box: Any = None, *, fields: Any = ("facets", "neighbours", "map"),
            **options: Any) -> Iterator[Region]:
    """All activation regions, each once: for region in crease.regions("net.json", box="-1:1").

    The arguments are those of region_batches. With fields="" a region has only its pattern and a
    point, which is much faster."""
    batches = region_batches(network, box, fields=fields, **options)
    return (region for batch in batches for region in batch)


def _batch_at(place: tuple[Network, Domain], point: Any, fields: Any) -> Batch:
    """The region that contains the point."""
    found: list[Batch | BaseException] = []
    message = Message()
    network, domain = place

    def visit(_: Any, view: Any) -> bool:
        try:
            found.append(Batch(view.contents, place))
        except BaseException as error:  # an exception cannot pass through C
            found.append(error)
        return True
    check(library().crease_region_batch_at(
        network._handle, domain.handle, point_text("point", point).encode(), _mask(fields),
        BATCH_VISIT(visit), None, ctypes.byref(message)), message)
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def region_at(network: Any, point: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
              vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
              activation: str | None = None) -> Region:
    """The region that contains the point; one of those around it if it lies on a boundary."""
    place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                     part)
    return Region(_batch_at(place, point, ("facets", "neighbours", "map")), 0)
