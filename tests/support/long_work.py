"""The real collector over months of virtual time, in this process.

Runtime, plugin, vendor's SDK, HTTP, delivery room and state files are the real ones;
the service makes its events on demand, the receiver counts, and the clock is virtual.
"""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from alibaba_cloud import pacing
from collector_emulators.http_server import HttpServer
from collector_host.config.loading import load
from collector_host.delivery.room import DeliveryRoom
from collector_host.errors import StateError
from collector_host.plugins.manager import Plugins
from collector_host.runtime.collector import Collector
from collector_host.runtime.committed import CommittedStates
from collector_host.runtime.inspection import Saved, inspect
from collector_host.runtime.lookout import Lookout
from collector_host.runtime.outputs import delivery_settings
from collector_host.runtime.stop import StopRequest
from collector_host.state.store import StateStore
from collector_host.telemetry.counters import Counters
from fakes.virtual_time import VirtualClock
from support.counting_receiver import CountingReceiver, MemoryTransport
from support.lazy_trail import CALLS_PER_S, CallBook, LazyTrail, lazy_service, within

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Mapping

    from collector_host.config.model import Config
    from collector_host.delivery.transport import Transport

NOW: Final = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
SETTLED: Final = timedelta(minutes=11)
PAGE_EVENTS: Final = 50
PATIENCE: Final = 4
"""A run that takes so many times what it needs is ended."""
DOWNTIME_S: Final = 30.0
"""Virtual seconds between the end of a process and the start of the next."""
CONFIG: Final = """\
globals:
  id: long_work
  name: example_collector
  persistence: {{type: filesystem, config: {{directory_name: state}}}}
  queue_max_size_in_messages: {queue_messages}
outputs:
  memory:
    type: console
    config: {{destination: console}}
    delivery: {{confirm_events_min: {window_min}, confirm_events_max: {window}}}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: prod
    requests_per_second: {calls_per_s:g}
    credentials:
      {{access_key_id: example-key-id, access_key_secret: example-key-secret}}
    services:
      actiontrail:
        region: cn-hangzhou
        endpoint: http://{endpoint}
        initial_start_time_in_utc: "{start:%Y-%m-%dT%H:%M:%SZ}"
"""


@dataclass(frozen=True, slots=True)
class Leg:
    """One process' life, in virtual seconds of the clock.

    Attributes:
        began_s: When it was started.
        ended_s: When it was ended, or made its last call because all had arrived.
        calls: Calls made in between.
    """

    began_s: float
    ended_s: float
    calls: int

    @property
    def quota_used(self) -> float:
        """Return the calls made as a share of those allowed; the first one is free."""
        return (self.calls - 1) / (CALLS_PER_S * (self.ended_s - self.began_s))


class Process:
    """What ends with a process: its stop, its death, its transports and its store.

    A kill is played by a process whose transports and store do nothing any more: what
    it had in memory reaches nobody.
    """

    def __init__(self, work: LongWork) -> None:
        self._work = work
        self.stop = StopRequest()
        self.is_dead = False
        self.ended_s: float | None = None

    def end(self) -> None:
        """Ask for an orderly stop."""
        if self.ended_s is None:
            self.ended_s = self._work.clock.monotonic()
        self.stop.event.set()
        self.stop.wake.set()

    def complete(self) -> None:
        """Ask for a stop because everything arrived: no call was due since the last."""
        self.end()
        self.ended_s = self._work.calls.times[-1] - NOW.timestamp()

    def kill(self) -> None:
        """Let nothing leave the process any more."""
        self.is_dead = True
        self.end()

    def run(self) -> int:
        """Run the collector to its end; return its exit code."""
        work = self._work
        settings = delivery_settings(work.config)
        output = replace(settings.outputs[0], transport=self._transport)
        settings = replace(settings, outputs=(output,))
        store = CommittedStates(_Store(self, work))
        room = DeliveryRoom(settings, store, Counters(work.clock), work.clock)
        lookout = Lookout(store.latest, lambda: room.delivered, work.clock)
        collector = Collector(
            work.config,
            plugins=work.plugins,
            room=room,
            clock=work.clock,
            stop=self.stop,
            lookout=lookout,
        )
        try:
            return collector.run()
        finally:
            store.close()

    def _transport(self) -> Transport:
        return MemoryTransport(self._work.receiver, lambda: self.is_dead)


class _Store(StateStore):
    """The real store, as long as its process lives."""

    def __init__(self, process: Process, work: LongWork) -> None:
        super().__init__(work.config.settings.state_directory, work.clock)
        self._process = process

    def commit(self, owner: str, state: Mapping[str, Any] | None) -> None:
        if self._process.is_dead:
            message = "the process is dead"
            raise StateError(message)
        super().commit(owner, state)


class LongWork:
    """A source with a history, a receiver that counts, and a collector in between.

    Args:
        folder: Where configuration and state go.
        count: Events of the history.
        span: How far back the history begins.
        queue_messages: Bound of the delivery queue.
        window: Most events that are unconfirmed at a time.
    """

    def __init__(
        self,
        folder: Path,
        *,
        count: int,
        span: timedelta,
        queue_messages: int = 10_000,
        window: int = 5_000,
    ) -> None:
        self.folder = folder
        self.clock = VirtualClock(NOW)
        self.plugins = Plugins.installed()
        self._start = NOW - span
        last = (NOW - SETTLED).timestamp()
        self.trail = LazyTrail(count, self._start.timestamp(), last)
        self.receiver = CountingReceiver(self.trail)
        self.calls = CallBook()
        self.legs: list[Leg] = []
        self._bounds = {
            "queue_messages": queue_messages,
            "window": window,
            "window_min": min(window, 500),
        }
        self._stack = ExitStack()
        self.config: Config

    def __enter__(self) -> Self:
        service = lazy_service(self.trail, self.clock, self.calls)
        server = self._stack.enter_context(HttpServer(service.respond))
        self._stack.enter_context(self.clock)
        self.config = self._config(f"{server.host}:{server.port}")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def leg(self, *plans: tuple[float, Callable[[Process], None]]) -> int:
        """Run one process until everything arrived or a plan ends it.

        Args:
            plans: Virtual seconds from the start of the process, and what to do.
        """
        process = Process(self)
        self.receiver.on_complete = process.complete
        began_s = self.clock.monotonic()
        for after_s, action in plans:
            self.clock.plan(began_s + after_s, partial(action, process))
        pacing._limiters.clear()  # a new process knows nothing of the calls before it
        code = process.run()
        ended_s = process.ended_s or self.clock.monotonic()
        calls = self._between(self.calls.times, began_s, ended_s + 0.001)
        self.legs.append(Leg(began_s, ended_s, calls))
        self.clock.skip(DOWNTIME_S)
        return code

    def pages_between(self, first_s: float, last_s: float) -> int:
        """Count the pages asked for in an interval in seconds of the clock."""
        return self._between(self.calls.page_times, first_s, last_s)

    def _between(self, times: array[float], first_s: float, last_s: float) -> int:
        origin = NOW.timestamp()
        return within(times, origin + first_s, origin + last_s)

    def saved(self) -> Saved:
        """Return what `collector state show` would show of the one module."""
        (saved,) = inspect(self.config, self.plugins, self.clock.now())
        return saved

    @property
    def verdict(self) -> dict[str, int]:
        """Return what must be zero, whatever happened."""
        receiver = self.receiver
        refused = len(self.calls.times) - self.calls.verdicts["ok"]
        return {"lost": receiver.lost, "altered": receiver.altered, "refused": refused}

    def _config(self, endpoint: str) -> Config:
        path = self.folder / "config.yaml"
        text = CONFIG.format(
            endpoint=endpoint,
            start=self._start,
            calls_per_s=CALLS_PER_S,
            **self._bounds,
        )
        path.write_text(text, encoding="utf-8")
        return load(
            path,
            definitions=self.plugins.definitions,
            schemas=self.plugins.schemas,
            secrets=self.plugins.secrets,
            environment={},
        )


def resident_mib() -> float:
    """Return the memory of this process that is in use, MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1024 * 1024)


def backfill(work: LongWork, *cuts: tuple[float, Callable[[Process], None]]) -> None:
    """Read the whole history, interrupted on the way.

    Args:
        work: What to read.
        cuts: How long a process lives, as a share of the time all of it takes at the
            rate allowed, and how it ends. The last process ends by itself.
    """
    needed_s = work.trail.count / PAGE_EVENTS / CALLS_PER_S
    for share, end in cuts:
        work.leg((share * needed_s, end))
    work.leg((PATIENCE * needed_s, Process.end))


class LinesPerHour(logging.Handler):
    """Counts log lines by hours of virtual time.

    Attributes:
        lines: Hour of the clock -> lines logged in it.
        warnings: Every message at WARNING or above.
    """

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(logging.INFO)
        self._clock = clock
        self.lines: dict[int, int] = {}
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level_before = root.level
        root.setLevel(logging.INFO)
        root.addHandler(self)
        return self

    def __exit__(self, *_exception: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level_before)

    def emit(self, record: logging.LogRecord) -> None:
        hour = int(self._clock.monotonic() // 3600)
        self.lines[hour] = self.lines.get(hour, 0) + 1
        if record.levelno >= logging.WARNING:
            self.warnings.append(record.getMessage())
