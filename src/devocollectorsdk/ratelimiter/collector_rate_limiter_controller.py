"""How often a module may ask its source, over all configured limits together."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_UNITS = {
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "M": 2592000,
    "y": 31536000,
}
_LONG_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `number` calls in any `period_s` seconds."""

    period_s: int
    number: int


def parse_limits(entries: Any) -> list[RateLimit]:
    """Read `requests_limits`: a list of `{period: 1m, number_of_requests: 100}`.

    A single mapping, the older form, is accepted; -1 means no limit and is left
    out; equal entries count once, and the log says so.

    Raises:
        ValueError: An entry has another form.
    """
    listed: Iterable[Any] = [entries] if isinstance(entries, dict) else entries or []
    limits = [limit for entry in listed if (limit := parse_limit(entry))]
    for limit in {limit for limit in limits if limits.count(limit) > 1}:
        text = "The limit of %d requests in %d seconds is given twice and counts once"
        _logger.warning(text, limit.number, limit.period_s)
    return sorted(set(limits), key=lambda limit: limit.period_s)


def parse_limit(entry: Any) -> RateLimit | None:
    """Read one entry of `requests_limits`; None where it limits nothing.

    Raises:
        ValueError: It has another form; the error does not show it.
    """
    fields = cast("Mapping[str, Any]", entry if isinstance(entry, dict) else {})
    form = re.fullmatch(r"(\d{1,9})([smhdwMy])", str(fields.get("period")))
    number = fields.get("number_of_requests")
    if not form or not isinstance(number, int) or (number < 1 and number != -1):
        message = (
            "a request limit is {period: <n><s|m|h|d|w|M|y>, number_of_requests:"
            " <n, or -1 for none>}"
        )
        raise ValueError(message)
    # Calls are kept one by one: nobody makes more than a list can hold.
    if number == -1 or number > sys.maxsize:
        return None
    return RateLimit(int(form[1]) * _UNITS[form[2]], number)


class CollectorRateLimiterController:
    """A context manager that waits until every limit allows one more call."""

    def __init__(
        self, limits: Sequence[RateLimit], clock: Clock, stopping: threading.Event
    ) -> None:
        self._clock = clock
        self._stopping = stopping
        self._lock = threading.Lock()
        self._calls: dict[RateLimit, deque[float]] = {
            limit: deque(maxlen=limit.number) for limit in limits
        }

    def __enter__(self) -> Self:
        while (delay_s := self._take()) and not self._stopping.is_set():
            level = logging.INFO if delay_s > _LONG_WAIT_S else logging.DEBUG
            text = "Local rate limit is blocking new calls for %.5f seconds"
            _logger.log(level, text, delay_s)
            self._clock.wait(self._stopping, delay_s)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Keep the call counted, however it ended."""

    def _take(self) -> float:
        """Count one call, or return the seconds until one is allowed."""
        with self._lock:
            now = self._clock.monotonic()
            delay_s = max(
                (
                    calls[0] + limit.period_s - now
                    for limit, calls in self._calls.items()
                    if len(calls) == limit.number
                ),
                default=0.0,
            )
            if delay_s > 0:
                return delay_s
            for calls in self._calls.values():
                calls.append(now)
            return 0.0
