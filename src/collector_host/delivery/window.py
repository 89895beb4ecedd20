"""How much a sender writes before it asks for confirmation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """When a confirmation is due.

    Attributes:
        interval_s: Age of the oldest unconfirmed batch, seconds.
        events_min: Smallest window, events.
        events_max: Largest window, events.
        size_bytes: Bytes written.
    """

    interval_s: float
    events_min: int
    events_max: int
    size_bytes: int


class Window:
    """Adapts the number of events: a quarter after a failure, double after success.

    With a large fixed window repeated failures would make no progress, with a small
    one every connection would carry little.
    """

    def __init__(self, limits: WindowLimits) -> None:
        self.limits = limits
        self.events = limits.events_max

    def grow(self) -> None:
        """Adapt after a confirmation."""
        self.events = min(self.events * 2, self.limits.events_max)

    def shrink(self) -> None:
        """Adapt after a failure."""
        self.events = max(self.events // 4, self.limits.events_min)
