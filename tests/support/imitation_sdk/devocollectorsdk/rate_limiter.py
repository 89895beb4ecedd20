"""Limits of all levels, entered one after another."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from typing import Any, Deque, Dict, Iterable, List, Tuple

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class RateLimiter:
    """A sliding window of each limit.

    That it is shared by threads is not promised, so two at once are an error here.
    """

    def __init__(self, entries: Iterable[Dict[str, Any]]) -> None:
        found = {_parse(entry) for entry in entries if entry["number_of_requests"] > 0}
        self._limits: List[Tuple[int, int, Deque[float]]] = [
            (period, number, deque()) for period, number in sorted(found)
        ]
        self._entering = threading.Lock()
        self.entered = 0

    def __enter__(self) -> RateLimiter:  # noqa: PYI034  (Self came with 3.11)
        if not self._entering.acquire(blocking=False):
            text = "two threads wait in one rate limiter"
            raise RuntimeError(text)
        try:
            for period, number, times in self._limits:
                while len(times) == number and times[0] > time.monotonic() - period:
                    time.sleep(0.01)
                times.append(time.monotonic())
                if len(times) > number:
                    times.popleft()
            self.entered += 1
        finally:
            self._entering.release()
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave every window as it is."""


def _parse(entry: Dict[str, Any]) -> Tuple[int, int]:
    form = re.match(r"(\d+)([smhdw])", entry["period"])
    if form is None:
        text = f"{entry['period']} is no period"
        raise ValueError(text)
    return int(form[1]) * _UNITS[form[2]], entry["number_of_requests"]
