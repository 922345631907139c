"""What a count reports while it runs."""
from __future__ import annotations

import sys
from typing import Any, Callable, NamedTuple, Optional

from ._errors import InputError


class Progress(NamedTuple):
    """The state of a count: regions found so far, a proved lower bound; earlier, those of them from
    the runs before; open cells; seconds; closed, the share of the cell tree that is done, None if
    unknown; memory of the process in bytes."""

    regions: int
    earlier: int
    open: int
    seconds: float
    closed: Optional[float]
    memory: int

    @classmethod
    def of(cls, now: Any) -> Progress:
        return cls(int(now.digits), now.earlier, now.open, now.seconds,
                   now.closed if now.closed >= 0 else None, now.memory)


class _Bar:
    """A bar of tqdm over the share that is done."""

    def __init__(self, tqdm: Any) -> None:
        self._bar = tqdm(total=100, unit="%", bar_format="{percentage:3.0f}%|{bar}| {desc} "
                                                         "[{elapsed}]")

    def __call__(self, now: Progress) -> None:
        self._bar.n = 100 * (now.closed or 0)
        self._bar.set_description_str(f"{now.regions} regions", refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


class _Lines:
    """Lines on stderr; on a terminal one that changes."""

    def __init__(self) -> None:
        self._end = "\r" if sys.stderr.isatty() else "\n"
        self._any = False

    def __call__(self, now: Progress) -> None:
        share = "" if now.closed is None else f", {100 * now.closed:.1f} % done"
        print(f"{now.regions} regions{share}, {now.seconds:.0f} s", end=self._end,
              file=sys.stderr, flush=True)
        self._any = True

    def close(self) -> None:
        if self._any and self._end == "\r":
            print(file=sys.stderr)


def reporter(progress: Any) -> tuple[Callable[[Progress], Any] | None, Callable[[], None]]:
    """What to call with each Progress (None: nothing), and what to call in the end."""
    if progress is None or progress is False:
        return None, lambda: None
    if progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            lines = _Lines()
            return lines, lines.close
        bar = _Bar(tqdm)
        return bar, bar.close
    if not callable(progress):
        raise InputError(f"progress: {progress!r} is neither True nor a function")
    return progress, lambda: None
