"""How much may be read: bytes and pulls of a shard, pulls of a project.

Source: vendor documentation of the limits of data read and write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_emulators.accounts import RateLimiter
from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collector_emulators.clock import DataClock, TransportClock
    from collector_emulators.log_service.knobs import Knobs
    from collector_emulators.log_service.routes import Ask


class Quotas:
    """Buckets of the shards and projects."""

    def __init__(
        self, knobs: Knobs, clock: TransportClock, data_clock: DataClock
    ) -> None:
        self._knobs = knobs
        self._clock = clock
        self._data_clock = data_clock
        self._limiter = RateLimiter()

    def take_read(self, ask: Ask) -> None:
        """Count one pull.

        Raises:
            ApiError: ReadQuotaExceed or ShardReadQuotaExceed.
        """
        knobs = self._knobs
        if not self._take(f"{ask.project} reads", knobs.project_reads_per_s):
            raise ApiError(code="ReadQuotaExceed")
        if not self._take(f"{_name(ask)} reads", knobs.shard_reads_per_s):
            message = "shard read qps exceed quota limits"
            raise ApiError(code="ShardReadQuotaExceed", message=message)

    def take_bytes(self, ask: Ask, size: int) -> None:
        """Count the bytes of one page, before they are compressed.

        Raises:
            ApiError: ShardReadQuotaExceed.
        """
        per_s = self._knobs.shard_bytes_per_s
        name = f"{_name(ask)} bytes"
        now = self._now()
        if per_s and not self._limiter.take_bytes(name, size, per_s=per_s, now=now):
            message = "shard read bytes exceed quota limits"
            raise ApiError(code="ShardReadQuotaExceed", message=message)

    def _take(self, name: str, per_s: float) -> bool:
        return not per_s or self._limiter.take(name, per_s=per_s, now=self._now())

    def _now(self) -> float:
        is_data = self._knobs.rate_clock == "data"
        return (self._data_clock if is_data else self._clock).seconds()


def _name(ask: Ask) -> str:
    return f"{ask.project}/{ask.logstore}/{ask.shard}"
