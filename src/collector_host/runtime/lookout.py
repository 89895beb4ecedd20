"""Looks at committed positions from outside: warns of the edge, shows progress.

A thread of its own, so that a terminal that takes nothing keeps nobody else waiting.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from collector_host.runtime.progress import Journey, LogLines
from collector_host.runtime.replay import (
    ReplayWarnings,
    position_of,
    replay_distance,
)
from collector_host.telemetry import roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from collector_host.config.model import Service
    from collector_host.runtime.progress import Display, Progress
    from collector_host.state.protocol import State
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_LAST_LOOK_S: Final = 0.5


class Lookout(threading.Thread):
    """Watches how far every module is.

    Args:
        latest: Gives the state of an owner as committed last.
        delivered: Gives the number of events delivered so far.
        clock: Time and waiting.
        display: Where progress is shown; the log when None.

    Attributes:
        process_role: First part of this thread's log lines.
    """

    process_role = roles.MAIN

    def __init__(
        self,
        latest: Callable[[str], State | None],
        delivered: Callable[[], int],
        clock: Clock,
        display: Display | None = None,
    ) -> None:
        super().__init__(name="Lookout", daemon=True)
        self._latest = latest
        self._delivered = delivered
        self._clock = clock
        self._display = display or LogLines()
        self._warnings = ReplayWarnings()
        self._watched: list[tuple[str, Service, Journey]] = []
        self._ending = threading.Event()

    def watch(self, owner: str, service: Service) -> None:
        """Look at one more module; call before `start`."""
        self._watched.append((owner, service, Journey(owner)))

    def end(self) -> None:
        """End the thread; a display that hangs is left behind."""
        self._ending.set()
        if self.ident is not None:
            self.join(_LAST_LOOK_S)

    def run(self) -> None:
        """Look every now and then until the end."""
        self.look()
        while not self._clock.wait(self._ending, self._display.period_s):
            self.look()
        with suppress(OSError, ValueError):
            self._display.end()

    def look(self) -> None:
        """Look once."""
        for owner, service, _ in self._watched:
            now, state = self._clock.now(), self._latest(owner)
            if distance := replay_distance(service, state, now):
                self._warnings.look(owner, distance, self._clock.monotonic())
        # A terminal that went away takes its progress with it, not the warnings.
        with suppress(OSError, ValueError):
            self._display.show(list(self._progress()))

    def _progress(self) -> Iterator[Progress]:
        for owner, service, journey in self._watched:
            position = position_of(service, self._latest(owner))
            if position is not None:
                yield journey.look(
                    position,
                    self._clock.now(),
                    elapsed_s=self._clock.monotonic(),
                    events=self._delivered(),
                )
