"""One pace for all calls that share a quota.

It knows neither what is called nor why a call failed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Dict, Optional, Tuple

if TYPE_CHECKING:
    from .clock import Clock

_SLOWEST = 1 / 32
_RECOVERY = 1 / 20


class Limiter:
    """Spaces calls evenly; slower after each refusal, step by step faster again.

    A refusal halves the rate, down to a thirty-second of what was configured; each
    answered call gives a twentieth of it back.

    Args:
        clock: Time and waiting.
        calls_per_s: Highest rate.

    Attributes:
        clock: Time and waiting, for its users too.
    """

    def __init__(self, clock: Clock, calls_per_s: float) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._highest = calls_per_s
        self._rate = calls_per_s
        self._next_at = clock.monotonic()

    @property
    def calls_per_s(self) -> float:
        """The rate at present."""
        return self._rate

    def lower_to(self, calls_per_s: float) -> None:
        """Keep to a rate another user of the same quota asked for, if it is lower."""
        with self._lock:
            self._highest = min(self._highest, calls_per_s)
            self._rate = min(self._rate, self._highest)

    def wait_turn(self, interrupt: threading.Event) -> bool:
        """Wait until the next call may be made; False when interrupted first."""
        with self._lock:
            now = self.clock.monotonic()
            turn_at = max(now, self._next_at)
            self._next_at = turn_at + 1 / self._rate
        if turn_at > now:
            self.clock.wait(interrupt, turn_at - now)
        return not interrupt.is_set()

    def refused(self, pause_s: float) -> None:
        """Halve the rate, and let no call begin for `pause_s` seconds."""
        with self._lock:
            self._rate = max(self._rate / 2, self._highest * _SLOWEST)
            resume_at = self.clock.monotonic() + pause_s
            self._next_at = max(self._next_at, resume_at)

    def answered(self) -> None:
        """Give back a part of the rate."""
        with self._lock:
            self._rate = min(self._rate + self._highest * _RECOVERY, self._highest)


_Key = Tuple[int, Optional[str], str]
_limiters: Dict[_Key, Limiter] = {}
_limiters_lock = threading.Lock()


def shared_limiter(
    clock: Clock, access_key_id: Optional[str], region: str, calls_per_s: float
) -> Limiter:
    """Return the process's one limiter of an access key and region.

    Args:
        clock: Time and waiting; limiters of different clocks are never mixed.
        access_key_id: Public half of the key, None for the vendor's default chain.
        region: Region the calls go to.
        calls_per_s: Highest rate; of several users the lowest one holds.
    """
    key = (id(clock), access_key_id, region)
    with _limiters_lock:
        limiter = _limiters.setdefault(key, Limiter(clock, calls_per_s))
    limiter.lower_to(calls_per_s)
    return limiter
