"""Writes log lines without ever making anyone wait.

A full disk, a closed pipe or a reader that sleeps costs log lines, which are
counted, and never delivery. It knows nothing of what a line says.
"""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

CAPACITY: Final = 10_000
"""Lines that may wait for the stream."""

FLUSH_TIMEOUT_S: Final = 0.5
"""How long the end of the process waits for a stream that does not move."""


class LineHandler(logging.Handler):
    """Formats in the caller's thread, writes in one of its own.

    Args:
        stream: Where lines go.
        capacity: Lines that may wait; more are dropped.
    """

    def __init__(self, stream: TextIO, *, capacity: int = CAPACITY) -> None:
        super().__init__()
        self._capacity = capacity
        # Unlike Queue it may be used by a destructor that interrupts a log call.
        self._lines: SimpleQueue[str | threading.Event | None] = SimpleQueue()
        self._refused = 0
        self._writer = _Writer(stream, self._lines.get)
        self._writer.start()

    @property
    def dropped(self) -> int:
        """Number of lines that never reached the stream."""
        return self._refused + self._writer.failed

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one line; never raises, never waits."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001  (a value in a log line may fail in any way)
            self._refused += 1
            return
        if self._lines.qsize() < self._capacity:
            self._lines.put(f"{line}\n")
        else:
            self._refused += 1

    def flush(self) -> None:
        """Wait until everything queued so far is written, but not for long."""
        done = threading.Event()
        self._lines.put(done)
        if self._writer.is_alive():
            done.wait(FLUSH_TIMEOUT_S)

    def close(self) -> None:
        """Write what is queued and end; `logging` calls it when the process ends."""
        self._lines.put(None)
        self._writer.join(FLUSH_TIMEOUT_S)
        super().close()


class _Writer(threading.Thread):
    """The only one who touches the stream."""

    def __init__(
        self, stream: TextIO, take: Callable[[], str | threading.Event | None]
    ) -> None:
        super().__init__(name="LogWriter", daemon=True)
        self._stream = stream
        self._take = take
        self.failed = 0

    def run(self) -> None:
        while (item := self._take()) is not None:
            if isinstance(item, threading.Event):
                item.set()
            else:
                self._write(item)

    def _write(self, line: str) -> None:
        try:
            self._stream.write(line)
            self._stream.flush()
        except Exception:  # noqa: BLE001  (whatever a stream raises, logging goes on)
            self.failed += 1
