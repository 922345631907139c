"""One call of the library, in a thread of its own so that Ctrl-C can stop it."""
from __future__ import annotations

import ctypes
import queue
import signal
import threading
from typing import Any, Callable

from ._errors import InputError, warn
from ._library import (PROGRESS, TROUBLE, Checkpoint, Estimation, Identification, Message, Options,
                       Plan, Result, SamplePlan, SampleResult, check, library)
from ._progress import Progress, reporter
from ._values import path_bytes, positive


def checkpoint_buffer(path: bytes, every: float | None, trouble: Any) -> Any:
    """A crease_checkpoint that goes on from the file at path, if there is one."""
    buffer = ctypes.create_string_buffer(library().checkpoint_bytes)
    library().crease_checkpoint_default(buffer)
    first = Checkpoint.from_buffer(buffer)
    first.write = path
    first.every = every or first.every
    first.trouble = trouble
    return buffer


def checkpoint_of(path: Any, seconds: Any) -> tuple[bytes, float | None] | None:
    """The checkpoint of these arguments; None: none."""
    every = None if seconds is None else positive("checkpoint_seconds", seconds)
    if path is None and every is not None:
        raise InputError("checkpoint_seconds: there is no checkpoint")
    return None if path is None else (path_bytes("checkpoint", path), every)


class Run:
    """network and domain are handles. checkpoint: that of checkpoint_of."""

    OPTIONS = object()  # their place among arguments of a function

    def __init__(self, network: Any, domain: Any, options: Options,
                 checkpoint: tuple[bytes, float | None] | None) -> None:
        self.network, self.domain, self.options = network, domain, options
        self.checkpoint = checkpoint
        self.events: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()

    def _call(self, certificate: bytes | None, result: Result, message: Message) -> int:
        common = (self.network, self.domain, ctypes.byref(self.options))
        end = (ctypes.byref(result), ctypes.byref(message))
        if certificate is not None:
            return int(library().crease_certify(*common, certificate, *end))
        if self.checkpoint is None:
            return int(library().crease_count(*common, *end))
        return int(library().crease_count_resumable(*common, self._state(), *end))

    def _state(self) -> Any:
        """A crease_checkpoint, for as long as self lives."""
        assert self.checkpoint
        self._trouble = TROUBLE(lambda _, line: self._warn(line.decode(errors="replace")))
        return checkpoint_buffer(*self.checkpoint, self._trouble)

    def _warn(self, line: str) -> None:
        self.events.put(lambda: warn(line))

    def _wait(self, thread: threading.Thread, stop: ctypes.c_int) -> BaseException | None:
        """Until the thread is done; what ended it early."""
        trouble: BaseException | None = None
        while True:
            try:
                # A signal may also be raised between two events: the loop is inside.
                while (event := self._event(thread)) is not None:
                    event()
                return trouble
            except BaseException as error:  # Ctrl-C, or of the caller's progress
                trouble, stop.value = trouble or error, 1

    def _event(self, thread: threading.Thread) -> Callable[[], Any] | None:
        """The next event, or one that does nothing, soon; None if the thread is done."""
        try:
            return self.events.get(timeout=0.1) if thread.is_alive() else self.events.get()
        except queue.Empty:
            return lambda: None

    def result(self, progress: Any = None, certificate: bytes | None = None) -> Result:
        """Counts, or certifies. Calls progress in this thread; what it raises stops the count."""
        result = Result()
        self._run(lambda message: self._call(certificate, result, message), progress)
        return result

    def estimation(self, plan: Plan) -> Estimation:
        """Estimates."""
        result = Estimation()
        common = (self.network, self.domain, ctypes.byref(self.options), ctypes.byref(plan))

        def call(message: Message) -> int:
            end = (ctypes.byref(result), ctypes.byref(message))
            if self.checkpoint is None:
                return int(library().crease_estimate(*common, *end))
            return int(library().crease_estimate_resumable(*common, self._state(), *end))

        self._run(call, None)
        return result

    def sample(self, by: int, size: int, resample: bool, points: Any, radius: bytes | None,
               fields: int, most: int, visit: Any, progress: Any = None) -> SampleResult:
        """Draws regions, and passes them on in batches, from another thread."""
        plan, result = SamplePlan(by, size, resample, points, radius), SampleResult()
        self._run(lambda message: int(library().crease_sample_batches(
            self.network, self.domain, ctypes.byref(self.options), ctypes.byref(plan), fields, most,
            visit, None, ctypes.byref(result), ctypes.byref(message))), progress)
        return result

    def of(self, function: str, *arguments: Any, progress: Any = None) -> Result:
        """The library's function of a network, a domain, and further arguments, among which OPTIONS
        stands for the options."""
        result, between = Result(), arguments.index(Run.OPTIONS)
        self._run(lambda message: int(getattr(library(), "crease_" + function)(
            self.network, self.domain, *arguments[:between], ctypes.byref(self.options),
            *arguments[between + 1:], ctypes.byref(result), ctypes.byref(message))), progress)
        return result

    def call(self, function: Callable[[Message], int]) -> None:
        """A function of the library that takes these options, and returns a status."""
        self._run(function, None)

    def identification(self, progress: Any = None) -> Any:
        """Identifies; a pointer that the caller frees."""
        found = ctypes.POINTER(Identification)()
        self._run(lambda message: int(library().crease_identify(
            self.network, self.domain, ctypes.byref(self.options), ctypes.byref(found),
            ctypes.byref(message))), progress)
        return found

    def _run(self, call: Callable[[Message], int], progress: Any) -> None:
        message, stop, status = Message(), ctypes.c_int(0), []
        show, close = reporter(progress)
        self.options.stop = ctypes.pointer(stop)
        if show is not None:
            seen = show

            def report(_: Any, now: Any) -> None:
                state = Progress.of(now.contents)
                self.events.put(lambda: _show(seen, state, stop))
            self.options.progress = PROGRESS(report)

        def work() -> None:
            try:
                status.append(call(message))
            finally:
                self.events.put(None)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            trouble = self._wait(thread, stop)
        except BaseException:
            stop.value = 1
            raise
        finally:
            thread.join()
            close()
            self.options.stop, self.options.progress = None, PROGRESS(0)
        if isinstance(trouble, KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        if trouble is not None:
            raise trouble
        check(status[0] if status else 1, message)


def _show(show: Callable[[Progress], Any], state: Progress, stop: ctypes.c_int) -> None:
    """Not after the count was stopped."""
    if not stop.value:
        show(state)
