"""What a pull counts, and the line that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devocollectorsdk.commons.collector_exceptions import SdkPullStatisticsError

if TYPE_CHECKING:
    from devocollectorsdk.commons.clock import Clock

_NEGATIVE = 1


class PullStatistics:
    """Figures of one pull.

    Attributes:
        requests: Requests made.
        received: Events received.
        duplicates: Events that were received before, and are not sent again.
        sent: Events sent.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started_at = clock.monotonic()
        self.requests = 0
        self.received = 0
        self.duplicates = 0
        self.sent = 0

    def add(
        self,
        *,
        requests: int = 0,
        received: int = 0,
        duplicates: int = 0,
        sent: int = 0,
    ) -> None:
        """Count more.

        Raises:
            SdkPullStatisticsError: 1, a number is negative.
        """
        if min(requests, received, duplicates, sent) < 0:
            raise SdkPullStatisticsError(_NEGATIVE, "A figure cannot go back")
        self.requests += requests
        self.received += received
        self.duplicates += duplicates
        self.sent += sent

    def report(self, pulling_id: str, *, partial: bool) -> str:
        """Return the statistics line.

        Args:
            pulling_id: `@devo_pulling_id` of the pull.
            partial: Whether the pull goes on.
        """
        elapsed_s = self._clock.monotonic() - self._started_at
        average = self.sent / elapsed_s if elapsed_s > 0 else 0.0
        return (
            f"{'(Partial) ' if partial else ''}Statistics for this pull cycle"
            f" (@devo_pulling_id={pulling_id}):"
            f"Number of requests made: {self.requests}; "
            f"Number of events received: {self.received}; "
            f"Number of duplicated events filtered out: {self.duplicates}; "
            f"Number of events generated and sent: {self.sent}; "
            f"Average of events per second: {average:.3f}."
        )
