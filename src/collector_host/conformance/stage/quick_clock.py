"""A clock for modules whose waits are a fraction as long; the date is the real one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import threading

_SPEED: Final = 1000
_SHORTEST_S: Final = 0.01
"""A wait this long lets other threads work, and keeps a loop of waits cool."""


class QuickClock:
    """A `Clock` with a thousand seconds in a real one."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return quick seconds from an arbitrary start; never goes back."""
        return time.monotonic() * _SPEED

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        """Wait until `event` is set; return False when the time ran out first."""
        return event.wait(_real(timeout_s))

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        """Wait once on a condition whose lock the caller holds."""
        return condition.wait(_real(timeout_s))


def _real(timeout_s: float | None) -> float | None:
    if timeout_s is None or timeout_s <= 0:
        return timeout_s
    return max(timeout_s / _SPEED, _SHORTEST_S)
