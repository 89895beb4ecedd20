"""What one pull did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

_DECIMALS = 11


@dataclass
class Tally:
    """Counters of one pull.

    Attributes:
        pull_name: Value of `@devo_pulling_id`.
        received: Events the service gave.
        duplicates: Those left out because they were sent before.
        sent: Those queued for delivery.
    """

    pull_name: str
    received: int = 0
    duplicates: int = 0
    sent: int = 0

    def line(self, requests: int, elapsed_s: float) -> str:
        """Return the statistics of the pull as the public guide prints them.

        Args:
            requests: Calls made, repetitions included.
            elapsed_s: Duration of the pull, seconds.

        Source:
            The collector's public guide, "Puller output".
        """
        rate = round(self.sent / elapsed_s, _DECIMALS) if elapsed_s > 0 else 0.0
        return (
            f"Statistics for this pull cycle (@devo_pulling_id={self.pull_name}):"
            f" Number of requests performed: {requests};"
            f" Number of events received: {self.received};"
            f" Number of duplicated events filtered out: {self.duplicates};"
            f" Number of events generated and sent: {self.sent}"
            f" (from {self.sent} unflattened events);"
            f" Average of events per second: {rate}."
        )
