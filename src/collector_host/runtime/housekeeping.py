"""Frees memory now and then, and says how the collector is.

A thread of its own, so that whoever runs the modules never waits for it.
"""

from __future__ import annotations

import gc
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collector_host.telemetry import announcements, roles
from collector_host.telemetry.memory import measure
from collector_host.telemetry.statistics import memory_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
DEFAULT_PERIOD_S = 300.0
_END_S = 0.5


@dataclass(frozen=True, slots=True)
class Periods:
    """Seconds between two rounds of the collector's parts.

    Attributes:
        input_s: Memory, as the input side tells it.
        output_s: Memory, as the output side tells it.
        status_s: Status of the whole; None for never.
    """

    input_s: float = DEFAULT_PERIOD_S
    output_s: float = DEFAULT_PERIOD_S
    status_s: float | None = None

    @classmethod
    def of(cls, definition_globals: Mapping[str, Any]) -> Periods:
        """Return the periods that definitions ask for, 5 minutes where they do not."""
        get, default = definition_globals.get, DEFAULT_PERIOD_S
        older = get("input_controller_execution_periods_in_seconds") or default
        return cls(
            get("input_process_execution_periods_in_seconds") or older,
            get("output_process_execution_periods_in_seconds") or default,
            get("management_process_execution_period_in_seconds") or default,
        )


class Housekeeper(threading.Thread):
    """Does its rounds until the end.

    Args:
        periods: When.
        clock: Time and waiting.
        facts: Gives the status of the collector.
    """

    def __init__(
        self, periods: Periods, clock: Clock, facts: Callable[[], Mapping[str, Any]]
    ) -> None:
        # Under this name users of the SDK look for these lines: there, the main
        # thread of each process writes them.
        super().__init__(name="MainThread", daemon=True)
        self._clock = clock
        self._facts = facts
        self._ending = threading.Event()
        self._rounds: list[tuple[float, Callable[[], None]]] = []
        self._due: list[float] = []
        self.add(periods.input_s, lambda: self._free_memory(roles.INPUT))
        self.add(periods.output_s, lambda: self._free_memory(roles.OUTPUT))
        if periods.status_s:
            self.add(periods.status_s, self._tell_status)

    def add(self, every_s: float, act: Callable[[], None]) -> None:
        """Do one more thing every so many seconds; call before `start`."""
        self._rounds.append((every_s, act))
        self._due.append(self._clock.monotonic() + every_s)

    def end(self) -> None:
        """End the thread."""
        self._ending.set()
        if self.ident is not None:
            self.join(_END_S)

    def run(self) -> None:
        """Do what is due until the end."""
        while not self._clock.wait(
            self._ending, max(min(self._due) - self._clock.monotonic(), 0)
        ):
            self.look()

    def look(self) -> None:
        """Do what is due."""
        now = self._clock.monotonic()
        for index, (every, act) in enumerate(self._rounds):
            if now >= self._due[index]:
                self._due[index] = now + every
                act()

    def _free_memory(self, role: str) -> None:
        try:
            before = measure()
            gc.collect()
            line = memory_line(before, measure())
        except (OSError, ValueError, KeyError):
            return  # only some kernels tell
        with roles.role(role):
            _logger.info("%s", line)

    def _tell_status(self) -> None:
        with roles.role(roles.MAIN):
            announcements.status("global_status", self._facts())
            announcements.status("environment_status", _environment())


def _environment() -> dict[str, Any]:
    facts: dict[str, Any] = {"threads": threading.active_count()}
    try:
        memory = measure()
    except (OSError, ValueError, KeyError):
        return facts
    return facts | {
        "memory_in_use_percent": round(memory.global_percent, 1),
        "rss_bytes": memory.rss_bytes,
        "vms_bytes": memory.vms_bytes,
    }
