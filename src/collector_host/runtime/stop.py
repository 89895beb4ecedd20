"""How a stop is asked for, and how long each part of it may take."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.telemetry import roles
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger(__name__)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_SIGNAL_EXIT = 128
_SAME_SIGNAL_S = 0.5


@dataclass(frozen=True, slots=True)
class StopBudget:
    """Seconds a stop may spend; together below the 10 s an orchestrator gives.

    Attributes:
        pullers_s: Until pullers have ended; then they are abandoned.
        queue_s: Until the senders have taken what is queued.
        drain_s: Until the last confirmation.
    """

    pullers_s: float = 3.0
    queue_s: float = 3.0
    drain_s: float = 3.0

    @property
    def total_s(self) -> float:
        """Return all of it."""
        return self.pullers_s + self.queue_s + self.drain_s


class MainSideThread(threading.Thread):
    """A daemon thread that works for the main thread.

    Attributes:
        process_role: First part of its log lines.
    """

    process_role = roles.MAIN

    def __init__(self, action: Callable[[], None], name: str) -> None:
        super().__init__(target=action, name=name, daemon=True)


class StopRequest:
    """Set by the first signal; a second, half a second later, ends the process at once.

    Attributes:
        event: Set once a stop was asked for.
        wake: Set whenever the main loop should look around: at a stop, or by whoever
            has news for it.
    """

    def __init__(self) -> None:
        self.event = threading.Event()
        self.wake = threading.Event()

    def install(self) -> None:
        """Listen to SIGTERM and SIGINT; call before any thread is started.

        A thread waits for them: a handler would run between any two steps of the
        main thread, which may just then hold the lock the handler needs.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        MainSideThread(self._listen, "Signals").start()

    def request(self) -> None:
        """Ask for a stop without a signal; one signal more ends it like any other."""
        self.event.set()
        self.wake.set()

    def _listen(self) -> None:
        number = signal.sigwait(_SIGNALS)
        self.request()
        point("stop.requested")
        _logger.info(
            'Received the "%s" system signal (code: %d), all the processes will be'
            " gracefully stopped",
            signal.strsignal(number),
            number,
        )
        # Whoever signals a process and its group sends two, and means one.
        until = time.monotonic() + _SAME_SIGNAL_S
        while (number := signal.sigwait(_SIGNALS)) and time.monotonic() < until:
            pass
        os._exit(_SIGNAL_EXIT + number)


def within(seconds: float, action: Callable[[], None], name: str) -> bool:
    """Run an action that may hang; return whether it ended in time.

    Args:
        seconds: Longest wait.
        action: Runs in a thread of its own, and goes on there when time is out.
        name: Name of that thread.
    """
    thread = MainSideThread(action, name)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()
