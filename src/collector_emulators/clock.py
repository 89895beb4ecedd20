"""The two clocks of an emulator, and instants as texts.

Neither clock knows what it is read for: the transport clock judges signatures,
nonces and rates, the data clock decides which events exist yet.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def parse_instant(text: str) -> float:
    """Return the instant `text` names as seconds since 1970-01-01 UTC.

    Fractions and offsets are accepted; a text without an offset is UTC.

    Raises:
        ValueError: If `text` is not an ISO 8601 date and time.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.timestamp()


def format_instant(seconds: float) -> str:
    """Return `seconds` since 1970 as `YYYY-MM-DDThh:mm:ssZ`, fractions cut off."""
    return datetime.fromtimestamp(seconds // 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class TransportClock:
    """Real time, which a test may shift to play a wrong server clock.

    Attributes:
        shift_s: Seconds added to real time.
    """

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self.shift_s = 0.0

    def seconds(self) -> float:
        """Return seconds since 1970-01-01 UTC."""
        return self._read() + self.shift_s


class DataClock:
    """Virtual time: the real time at first, then whatever it is set to.

    Args:
        now: Virtual start, seconds since 1970 UTC; None for the real time.
        speed: Virtual seconds that pass in one real second; 0 stands still.
        read: Source of real seconds.
    """

    def __init__(
        self,
        now: float | None = None,
        *,
        speed: float = 1.0,
        read: Callable[[], float] = time.time,
    ) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._origin = read()
        self._anchor = self._origin if now is None else now
        self._speed = speed

    @property
    def speed(self) -> float:
        """Virtual seconds that pass in one real second."""
        return self._speed

    def seconds(self) -> float:
        """Return virtual seconds since 1970-01-01 UTC."""
        with self._lock:
            return self._seconds()

    def set(self, now: float | None = None, *, speed: float | None = None) -> None:
        """Jump to `now`, change the speed, or both; None keeps what is.

        Raises:
            ValueError: If `speed` is negative: virtual time only jumps back.
        """
        if speed is not None and speed < 0:
            message = f"speed must not be negative: {speed}"
            raise ValueError(message)
        with self._lock:
            self._anchor = self._seconds() if now is None else now
            self._origin = self._read()
            self._speed = self._speed if speed is None else speed

    def advance(self, seconds: float) -> None:
        """Jump ahead by virtual `seconds`."""
        with self._lock:
            self._anchor += seconds

    def _seconds(self) -> float:
        return self._anchor + (self._read() - self._origin) * self._speed
