"""The one source of time and the one way to wait.

Everything that reads the time or waits is handed a clock, so that a test owns
both. It knows nothing of what is being waited for.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading


class Clock(Protocol):
    """Wall time, elapsed time, and waiting."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start; never goes back."""
        ...

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        """Wait until `event` is set; return False when `timeout_s` ran out first."""
        ...

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        """Wait once on a condition whose lock the caller holds.

        Returns:
            False when `timeout_s` ran out first. A wake-up may be spurious, so
            callers test their predicate again.
        """
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start; never goes back."""
        return time.monotonic()

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        """Wait until `event` is set; return False when `timeout_s` ran out first."""
        return event.wait(timeout_s)

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        """Wait once on a condition whose lock the caller holds."""
        return condition.wait(timeout_s)
