"""The whole collector in this process, with waits that are a fraction as long.

Sockets, TLS, threads and disks are real and take real time; only what the source's
side waits for on its clock is shortened. Deliveries wait as they always do.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from collector_host.config.loading import load
from collector_host.delivery.room import DeliveryRoom
from collector_host.plugins.manager import Plugins
from collector_host.runtime.collector import Collector
from collector_host.runtime.committed import CommittedStates
from collector_host.runtime.outputs import delivery_settings
from collector_host.runtime.stop import StopRequest
from collector_host.state.store import StateStore
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from support.stage import ENVIRONMENT

if TYPE_CHECKING:
    import threading
    from pathlib import Path

SPEED = 50


class QuickClock:
    """A clock whose seconds are `SPEED` in a real one; the date is the real one."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() * SPEED

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        return event.wait(_short(timeout_s))

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        return condition.wait(_short(timeout_s))


def _short(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else timeout_s / SPEED


class Ended(NamedTuple):
    """A run that is over.

    Attributes:
        code: Exit code it would have had.
        log: Its messages, one a line, each behind its level.
    """

    code: int
    log: str


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.getMessage()}")

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


def run_quickly(folder: Path, *, pulls: int = 1) -> Ended:
    """Run the collector configured in a folder for some pulls of every module."""
    plugins = Plugins.installed()
    config = load(
        folder / "config.yaml",
        definitions=plugins.definitions,
        schemas=plugins.schemas,
        secrets=plugins.secrets,
        environment=ENVIRONMENT,
    )
    real = SystemClock()
    store = CommittedStates(StateStore(config.settings.state_directory, real))
    room = DeliveryRoom(delivery_settings(config), store, Counters(real), real)
    collector = Collector(
        config,
        plugins=plugins,
        room=room,
        clock=QuickClock(),
        stop=StopRequest(),
        pulls=pulls,
    )
    with _Lines() as log:
        try:
            code = collector.run()
        finally:
            store.close()
    return Ended(code, "\n".join(log.lines))
