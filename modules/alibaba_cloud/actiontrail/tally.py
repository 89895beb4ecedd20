"""What one look of a pull did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .remembered import Remembered
    from .sieve import Sifted

_DECIMALS = 11


@dataclass
class Tally:
    """Counters of one look of a pull.

    Attributes:
        pull_name: Value of `@devo_pulling_id`.
        received: Events the service gave.
        duplicates: Those left out because they were sent before.
        sent: Those queued for delivery.
        forgotten: Those of them that may have been sent before, because what was
            read at their time is no longer remembered.
    """

    pull_name: str
    received: int = 0
    duplicates: int = 0
    sent: int = 0
    forgotten: int = 0

    def add(self, sifted: Sifted, remembered: Remembered) -> None:
        """Count a page.

        Args:
            sifted: The page, sifted.
            remembered: What was remembered when it was sifted.
        """
        fresh = [trace.place for trace in sifted.traces if trace.is_fresh]
        self.received += len(sifted.traces)
        self.duplicates += len(sifted.traces) - len(fresh)
        self.sent += len(fresh)
        self.forgotten += sum(map(remembered.is_forgotten, fresh))

    def line(self, requests: int, elapsed_s: float) -> str:
        """Return the statistics of the first look as the public guide prints them.

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
