"""Estimates of the number of regions."""
from __future__ import annotations

import ctypes
from dataclasses import asdict, dataclass
from typing import Any

from ._count import _options
from ._errors import InputError
from ._library import Estimation, Plan, library, name_of
from ._network import network_of
from ._run import Run, checkpoint_of
from ._scope import scope_of
from ._values import positive, whole


@dataclass(frozen=True)
class Estimate:
    """An estimate of the number of activation regions; doc/estimate.md says what it is worth.

    estimate is without bias; low and high are its interval of this confidence. exact: all regions
    were counted, and estimate is their number, proved. least: a lower bound of the confidence
    least_confidence, without assumptions. proved_lower and proved_upper: proved bounds. If spread is above
    0.5, the interval may be too narrow. What is not known is None."""

    estimate: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    confidence: float
    exact: bool
    replicates: int
    leaves: int
    spread: float | None
    largest_share: float | None
    least: float | None
    least_confidence: float | None
    proved_lower: int
    proved_upper: int | None
    complete: bool
    stopped: str | None
    dimension: int
    threads: int
    seconds: float

    @classmethod
    def _of(cls, e: Estimation) -> Estimate:
        def known(value: float) -> float | None:
            return value if e.replicates and value >= 0 else None

        sure = e.least > 0
        return cls(known(e.estimate), known(e.standard_error), known(e.low), known(e.high),
                   e.confidence, e.exact, e.replicates, e.leaves, known(e.spread),
                   known(e.largest_share), e.least if sure else None,
                   e.least_confidence if sure else None, e.proved_lower,
                   int(e.proved_upper) if e.proved_upper else None, e.complete,
                   name_of("stop", e.stopped) if e.stopped else None, e.dimension, e.threads,
                   e.seconds)

    @property
    def converges(self) -> bool:
        """False: most of the estimate is from few parts, and most was likely missed."""
        return self.exact or (self.spread is not None and self.spread <= 1)

    def as_dict(self) -> dict[str, Any]:
        """All fields, as json.dumps takes them."""
        return asdict(self)


def _share(name: str, value: Any) -> float:
    number = positive(name, value)
    if number >= 1:
        raise InputError(f"{name}: {value!r} is not between 0 and 1")
    return number


def _plan(seconds: Any, error: Any, leaves: Any, confidence: Any) -> Plan:
    plan = Plan()
    library().crease_estimate_plan_default(ctypes.byref(plan))
    plan.confidence = _share("confidence", confidence)
    if sum(value is not None for value in (seconds, error, leaves)) > 1:
        raise InputError("seconds, error, leaves: only one of them")
    if seconds is not None:
        plan.seconds = positive("seconds", seconds)
    elif error is not None:
        plan.seconds, plan.error = 0, _share("error", error)
    elif leaves is not None:
        plan.leaves = whole("leaves", leaves, 20, 2**64 - 1)
    return plan


def estimate(network: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
             vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
             activation: str | None = None, seconds: float | None = None,
             error: float | None = None, leaves: int | None = None, confidence: float = 0.95,
             lp: str = "auto", cell: str = "auto", threads: int = 0, seed: int = 0,
             limit_seconds: float | None = None, limit_memory: int | None = None,
             checkpoint: Any = None, checkpoint_seconds: float | None = None) -> Estimate:
    """Estimates the number of activation regions from random parts of the input space.

    network, box and the other places, lp, cell, threads, the limits and the checkpoint: as for
    count. How much work, one of: seconds (10 if none is given), error (0.05: until the interval
    reaches about 5 % to both sides), leaves (about so many parts; the result then depends only on
    these and the seed)."""
    plan = _plan(seconds, error, leaves, confidence)
    options = _options("activation", "auto", lp, cell, "auto", threads, seed, None, None,
                       limit_seconds, limit_memory, None, 1)
    state = checkpoint_of(checkpoint, checkpoint_seconds)
    whole_network = network_of(network, input_shape, activation)
    own, place = scope_of(whole_network, box, domain, slice, vnnlib, part)
    return Estimate._of(Run(own._handle, place.handle, options, state).estimation(plan))
