"""What a program does between its first call and its end, as seen from outside.

It knows processes and counters, not programs.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from measuring.processes import cpu_s, rss_mib, rss_peak_mib

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from measuring.log_source import LogSource
    from measuring.sink import Received, Sink

_LOOK_S: Final = 0.01
_SAMPLE_S: Final = 0.25
_LONGEST_S: Final = 1_800.0


class Sample(NamedTuple):
    """How a program stood at a moment of its run.

    Attributes:
        lines: Events that had arrived by then.
        rss_mib: Its resident memory.
        rss_peak_mib: The most it ever had by then.
    """

    lines: int
    rss_mib: float
    rss_peak_mib: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What delivering everything cost, from the first call to the end.

    Attributes:
        events: Events that arrived.
        size_bytes: Bytes that arrived, inside TLS.
        connections: Connections that carried them.
        elapsed_s: Until the last event had arrived.
        cpu_s: CPU seconds of the program until its end, its start-up left out.
        source_cpu_s: CPU seconds of the Log Service meanwhile.
        sink_cpu_s: CPU seconds of the receiver meanwhile.
        samples: Taken four times a second.
    """

    events: int
    size_bytes: int
    connections: int
    elapsed_s: float
    cpu_s: float
    source_cpu_s: float
    sink_cpu_s: float
    samples: tuple[Sample, ...]

    @property
    def rss_peak_mib(self) -> float:
        """The most memory seen."""
        return max(sample.rss_peak_mib for sample in self.samples)


class Run:
    """Watches a program from its first call to its end.

    Args:
        process: The program, just when it has made its first call.
        source: What it reads.
        receiver: What it writes to.
        before: What the receiver had received before the program started.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        source: LogSource,
        receiver: Sink,
        before: Received,
    ) -> None:
        self._process = process
        self._source = source
        self._sink = receiver
        self._before = before
        self._began_at = time.monotonic()
        self._cpu_before_s = cpu_s(process.pid)
        self._costs_before = (source.cpu_s(), receiver.cpu_s())
        self._last = self._before
        self._last_at = self._began_at
        self._samples: list[Sample] = []

    def to_the_end(self) -> Outcome:
        """Wait until it has ended.

        Raises:
            RuntimeError: It failed.
            TimeoutError: It does not end.
        """
        used_s = self._wait()
        settled = _settled(self._sink.received)
        if settled != self._last:
            self._look()
        source_before_s, sink_before_s = self._costs_before
        return Outcome(
            events=settled.lines - self._before.lines,
            size_bytes=settled.size_bytes - self._before.size_bytes,
            connections=settled.connections - self._before.connections,
            elapsed_s=self._last_at - self._began_at,
            cpu_s=used_s - self._cpu_before_s,
            source_cpu_s=self._source.cpu_s() - source_before_s,
            sink_cpu_s=self._sink.cpu_s() - sink_before_s,
            samples=tuple(self._samples),
        )

    def _wait(self) -> float:
        """Return the CPU seconds of the whole process once it has ended."""
        sample_at = self._began_at
        while True:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                break
            now = time.monotonic()
            if now - self._began_at > _LONGEST_S:
                message = "the program does not end"
                raise TimeoutError(message)
            self._look()
            if now >= sample_at:
                self._sample()
                sample_at = now + _SAMPLE_S
            time.sleep(_LOOK_S)
        if self._process.returncode:
            message = f"the program ended with exit code {self._process.returncode}"
            raise RuntimeError(message)
        return usage.ru_utime + usage.ru_stime

    def _look(self) -> None:
        found = self._sink.received()
        if found != self._last:
            self._last, self._last_at = found, time.monotonic()

    def _sample(self) -> None:
        try:
            pid = self._process.pid
            resident, peak = rss_mib(pid), rss_peak_mib(pid)
        except (RuntimeError, FileNotFoundError):
            return
        lines = self._last.lines - self._before.lines
        self._samples.append(Sample(lines, resident, peak))


def _settled(received: Callable[[], Received]) -> Received:
    """Return what had arrived when no more came: the receiver may lag behind."""
    last = received()
    while True:
        time.sleep(0.1)
        now = received()
        if now == last:
            return now
        last = now
