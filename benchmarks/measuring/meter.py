"""Adds up the CPU time of one thread by rooms, each without the rooms it calls.

It knows functions by their names and nothing of what they do.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from contextlib import contextmanager
from inspect import isgenerator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


class Meter:
    """A stack of rooms; the time since the last change belongs to the top one.

    Args:
        room: Where the time goes that is spent in no other.

    Attributes:
        spent_s: Room -> CPU seconds.
    """

    def __init__(self, room: str) -> None:
        self.spent_s: defaultdict[str, float] = defaultdict(float)
        self._rooms = [room]
        self._since = time.thread_time()

    def watch(self, owner: Any, name: str, room: str) -> None:
        """Count a function or method of a class or module for a room from now on.

        Of a generator each step counts.
        """
        function: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(function)
        def watched(*arguments: Any, **options: Any) -> Any:
            with self._within(room):
                result = function(*arguments, **options)
            return self._steps(room, result) if isgenerator(result) else result

        setattr(owner, name, watched)

    def read(self) -> dict[str, float]:
        """Return what was spent so far."""
        self._change(self._rooms[-1])
        self._change(None)
        return dict(self.spent_s)

    def _steps(self, room: str, generator: Iterator[Any]) -> Iterator[Any]:
        end = object()
        while True:
            with self._within(room):
                value = next(generator, end)
            if value is end:
                return
            yield value

    @contextmanager
    def _within(self, room: str) -> Generator[None]:
        self._change(room)
        try:
            yield
        finally:
            self._change(None)

    def _change(self, room: str | None) -> None:
        now = time.thread_time()
        self.spent_s[self._rooms[-1]] += now - self._since
        self._since = now
        if room is None:
            self._rooms.pop()
        else:
            self._rooms.append(room)
