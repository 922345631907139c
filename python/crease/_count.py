"""Counting."""
from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass, field, fields
from typing import Any

from ._errors import Error, Stopped
from ._library import Options, Result, library, name_of, value_of
from ._network import Network, network_of
from ._run import Run, checkpoint_of
from ._scope import Domain, Property, scope_of
from ._values import check_free, limit, point_text, positive, whole

_THREADS = 1024


@dataclass(frozen=True)
class Decisions:
    """How a count was proved: by filter (floating point with an error bound) or in exact integers;
    lp: LPs solved to propose an answer; pool: questions settled by points at hand; seconds in exact
    arithmetic and in proofs, summed over threads."""

    filter: int
    exact: int
    lp: int
    pool: int
    exact_seconds: float
    proof_seconds: float


@dataclass(frozen=True)
class Count:
    """The result of a count; it can be pickled.

    regions is the number of regions by the definition, a proved lower bound if not complete. int()
    gives it, and raises Stopped if the count is not complete. most is a proved upper bound, or None
    if none is known. counts has the numbers by all definitions that were established. stopped says
    what stopped the count: "regions", "seconds", "memory", "asked", "gap" or None."""

    regions: int
    complete: bool
    stopped: str | None
    definition: str
    counts: dict[str, int]
    engine: str
    lp: str
    cell: str
    threads: int
    dimension: int
    cells: int
    rays: int
    refined: int
    seconds: float
    earlier_seconds: float
    memory: int
    most: int | None
    decisions: Decisions
    _made_by: _Job | None = field(default=None, repr=False, compare=False)

    @classmethod
    def _of(cls, result: Result, made_by: Any) -> Count:
        counts = {"activation": result.activation, "open-connected": result.open_connected,
                  "affine": result.affine}
        definition = name_of("definition", result.definition) or ""
        counts = {name: number for name, number in counts.items() if number}
        counts[definition] = int(result.digits)
        return cls(int(result.digits), result.complete,
                   name_of("stop", result.stopped) if result.stopped else None, definition, counts,
                   name_of("engine", result.engine) or "", name_of("lp", result.lp) or "",
                   name_of("cell_kind", result.cell) or "", result.threads, result.dimension,
                   result.cells, result.rays, result.refined, result.seconds,
                   result.earlier_seconds, result.store_bytes,
                   int(result.most) if result.most else None,
                   Decisions(*(getattr(result.decisions, x.name) for x in fields(Decisions))),
                   made_by)

    def __int__(self) -> int:
        if not self.complete:
            raise Stopped(self)
        return self.regions

    def __repr__(self) -> str:
        return f"<{self.regions} regions{'' if self.complete else ' or more'}>"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_made_by": None}

    def as_dict(self) -> dict[str, Any]:
        """All fields as numbers, text and dicts, as json.dumps takes them."""
        own = {x.name: getattr(self, x.name) for x in fields(self) if x.name != "_made_by"}
        return {**own, "counts": dict(self.counts), "decisions": dict(vars(self.decisions))}

    def _job(self) -> _Job:
        if self._made_by is None:
            raise Error("this count has no network with it: it was pickled; count again")
        return self._made_by

    @property
    def network(self) -> str:
        """The network that was counted as exact JSON text; that of the slice, if there was one."""
        return self._job().network.json()

    def certificate(self, path: str | os.PathLike[str],
                    network: str | os.PathLike[str] | None = None,
                    domain: str | os.PathLike[str] | None = None, *,
                    force: bool = False) -> str | os.PathLike[str]:
        """Counts again and writes a certificate to path. network and domain: where to write those
        that crease-check reads. Raises Stopped at a limit. A file of another kind is replaced only
        with force."""
        job = self._job()
        name = check_free(path, "certificate", _is_certificate, force)
        if network is not None:
            job.network.write(network, force=force)
        if domain is not None:
            job.domain.write(domain, job.network.inputs, force=force)
        result = Run(job.network._handle, job.domain.handle, job.options, None).result(
            certificate=name)
        if not result.complete:
            raise Stopped(Count._of(result, job))
        return path


def _is_certificate(path: bytes) -> bool:
    """By the magic bytes, which stand in a frame of zstd or alone (src/check/FORMAT.md)."""
    with open(path, "rb") as file:
        head = file.read(64)
    return head.startswith(b"creasect") or (
        head.startswith(b"\x28\xb5\x2f\xfd") and b"creasect" in head[:32])


@dataclass
class _Job:
    """What a certificate counts again."""

    network: Network
    domain: Domain
    options: Options


def _options(definition: str, engine: str, lp: str, cell: str, merge: str, threads: int, seed: int,
             start: Any, limit_regions: Any, limit_seconds: Any, limit_memory: Any, gap: Any,
             progress_seconds: float) -> Options:
    options = Options()
    library().crease_options_default(ctypes.byref(options))
    options.definition = value_of("definition", definition)
    options.engine = value_of("engine", engine)
    options.lp = value_of("lp", lp)
    options.cell = value_of("cell_kind", cell, "cell")
    options.merge = value_of("merging", merge, "merge")
    options.threads = whole("threads", threads, 0, _THREADS)
    options.seed = whole("seed", seed, 0, 2**64 - 1)
    options.start = None if start is None else point_text("start", start).encode()
    options.limit_regions = limit("limit_regions", limit_regions)
    options.limit_memory = limit("limit_memory", limit_memory)
    options.limit_seconds = 0 if limit_seconds is None else positive("limit_seconds", limit_seconds)
    options.gap = 0 if gap is None else positive("gap", gap)
    options.progress_interval = positive("progress_seconds", progress_seconds)
    return options


def count(network: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
          vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
          activation: str | None = None, definition: str = "activation", engine: str = "auto",
          lp: str = "auto", cell: str = "auto", merge: str = "auto", threads: int = 0,
          seed: int = 0, start: Any = None,
          limit_regions: int | None = None, limit_seconds: float | None = None,
          limit_memory: int | None = None, gap: float | None = None, progress: Any = None,
          progress_seconds: float = 0.5, checkpoint: Any = None,
          checkpoint_seconds: float | None = None, must_complete: bool = False) -> Count:
    """Counts the linear regions of a network, exactly and with proof.

    network: a Network, or what Network takes: a path, arrays, a state_dict, a torch module;
    input_shape and activation go with it.

    Where to count, by default in all of R^n:
      box     "LO:HI[,...]", (lo, hi) for all inputs, or a pair for each
      domain  a path, or {"A": rows, "b": numbers, "box": pairs}: A x <= b
      vnnlib  the path of a property; part: which of its parts, from 1 on
      slice   a path, {"origin": x, "directions": rows} or (x, rows): on this affine subspace; box
              and the others are then about its coordinates

    How: definition ("activation", "open-connected", "affine"), engine ("auto", "walk", "split"),
    lp, cell, merge ("auto", "on", "off"), threads (0: all), seed and start as on the command line.

    When to stop: limit_regions, limit_seconds, limit_memory in bytes; gap: when the proved
    upper bound is at most 1 + gap times the count. None is no limit. The count is then a lower
    bound; with must_complete the exception Stopped carries it.

    progress: a function that gets a Progress every progress_seconds, in the caller's thread; an
    exception from it stops the count. True: a bar of tqdm where it is installed, or lines on
    stderr.

    checkpoint: a file that keeps the state every checkpoint_seconds. If it is there, the count goes
    on from it; it has to be of the same count."""
    options = _options(definition, engine, lp, cell, merge, threads, seed, start, limit_regions,
                       limit_seconds, limit_memory, gap, progress_seconds)
    state = checkpoint_of(checkpoint, checkpoint_seconds)
    whole_network = network_of(network, input_shape, activation)
    job = _Job(*scope_of(whole_network, box, domain, slice, vnnlib, part), options)
    result = Run(job.network._handle, job.domain.handle, options, state).result(progress)
    counted = Count._of(result, job)
    if must_complete and not counted.complete:
        raise Stopped(counted)
    return counted


def count_parts(network: Any, vnnlib: Any, *, input_shape: Any = None,
                activation: str | None = None, **options: Any) -> list[Count]:
    """The count of each part of a VNN-LIB property; options: those of count. A region that lies in
    two parts is in both counts."""
    whole_network = network_of(network, input_shape, activation)
    first, _ = scope_of(whole_network, slice=options.get("slice"))
    parts = Property(vnnlib, first).parts
    return [count(whole_network, vnnlib=vnnlib, part=i, **options) for i in range(1, parts + 1)]
