"""The processes modules live in: made by one helper that has all imports behind it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from pathlib import Path

_HELPER: Final = "collector_host.conformance.stage"
_DYING_S: Final = 10.0


class Ended(NamedTuple):
    """How a process ended.

    Attributes:
        code: Exit code; negative is the signal that ended it.
        overdue: Whether it had to be killed because its time was up.
    """

    code: int
    overdue: bool


class Processes:
    """Starts processes and waits for them; used from several threads."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._mutex = threading.Lock()
        self._begun: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._ends: dict[int, queue.SimpleQueue[int]] = {}

    def __enter__(self) -> Self:
        self._helper = subprocess.Popen(  # noqa: S603  (this interpreter, our module)
            [sys.executable, "-m", _HELPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._helper:
            _stream(self._helper.stdin).close()
            self._helper.wait(_DYING_S)
            self._reader.join(_DYING_S)

    def live(self, order: Path, limit_s: float) -> Ended:
        """Run an order, and return when its process has ended.

        Args:
            order: File of the order; the log is written beside it.
            limit_s: Seconds after which the process is killed.

        Raises:
            RuntimeError: The helper has died.
        """
        process, end = self._start(order)
        try:
            return Ended(end.get(timeout=limit_s), overdue=False)
        except queue.Empty:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            return Ended(end.get(timeout=_DYING_S), overdue=True)

    def _start(self, order: Path) -> tuple[int, queue.SimpleQueue[int]]:
        task = {
            "order": str(order),
            "log": str(order.with_name("log.txt")),
            "folder": str(order.parent),
        }
        with self._starting:
            stdin = _stream(self._helper.stdin)
            stdin.write(json.dumps(task) + "\n")
            stdin.flush()
            process = self._begun.get()
        if process is None:
            message = "the helper that makes processes has died"
            raise RuntimeError(message)
        return process, self._end_of(process)

    def _end_of(self, process: int) -> queue.SimpleQueue[int]:
        with self._mutex:
            return self._ends.setdefault(process, queue.SimpleQueue())

    def _read(self) -> None:
        for line in _stream(self._helper.stdout):
            what, process, code = json.loads(line)
            if what == "begun":
                with self._mutex:
                    self._ends[process] = queue.SimpleQueue()
                self._begun.put(process)
            else:
                self._end_of(process).put(code)
        self._begun.put(None)


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # noqa: S101  (asked for)
    return stream
