"""A clock that never blocks: every wait moves it forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


class ManualClock:
    """Time moves only by waiting or by `advance`.

    Attributes:
        waits: Every wait that was not cut short, in seconds.
        on_wait: Called before each wait, with the seconds; may set events.
    """

    def __init__(self, start: datetime = datetime(2023, 1, 10, tzinfo=UTC)) -> None:
        self._now = start
        self._elapsed_s = 0.0
        self.waits: list[float] = []
        self.on_wait: Callable[[float], None] = lambda _seconds: None

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed_s

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._elapsed_s += seconds
        self._now += timedelta(seconds=seconds)

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        self.on_wait(-1 if timeout_s is None else timeout_s)
        if event.is_set():
            return True
        self._pass(timeout_s)
        return False

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        del condition
        self.on_wait(-1 if timeout_s is None else timeout_s)
        self._pass(timeout_s)
        return False

    def _pass(self, timeout_s: float | None) -> None:
        if timeout_s is None:
            message = "this wait would never end"
            raise AssertionError(message)
        self.waits.append(timeout_s)
        self.advance(max(timeout_s, 0))
