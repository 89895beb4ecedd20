"""Time and waiting for a host that hands the module no clock.

The same methods as the host's clock, as far as this plugin needs them.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Optional, Protocol

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

    def wait(self, event: threading.Event, timeout_s: Optional[float]) -> bool:
        """Wait until `event` is set; return False when `timeout_s` ran out first."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start; never goes back."""
        return time.monotonic()

    def wait(self, event: threading.Event, timeout_s: Optional[float]) -> bool:
        """Wait until `event` is set; return False when `timeout_s` ran out first."""
        return event.wait(timeout_s)


_SYSTEM_CLOCK = SystemClock()


def clock_of(module: object) -> Clock:
    """Return the clock the host gave to a puller, or the machine's own."""
    return getattr(module, "clock", None) or _SYSTEM_CLOCK
