"""How a stop is asked for, and how long each part of it may take."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from types import FrameType

_logger = logging.getLogger(__name__)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_SIGNAL_EXIT = 128


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


class StopRequest:
    """Set by the first signal; the second ends the process at once.

    Attributes:
        event: Set once a stop was asked for.
        wake: Set whenever the main loop should look around: at a stop, or by whoever
            has news for it.
    """

    def __init__(self) -> None:
        self.event = threading.Event()
        self.wake = threading.Event()

    def install(self) -> None:
        """Listen to SIGTERM and SIGINT; call from the main thread."""
        for number in _SIGNALS:
            signal.signal(number, self._receive)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self.event.is_set():
            os._exit(_SIGNAL_EXIT + number)
        self.event.set()
        self.wake.set()
        point("stop.requested")
        _logger.info(
            'Received the "%s" system signal (code: %d), all the processes will be'
            " gracefully stopped",
            signal.strsignal(number),
            number,
        )
