"""What one look of a pull did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..statistics import statistics_line

if TYPE_CHECKING:
    from .remembered import Remembered
    from .sieve import Sifted


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
        """
        return statistics_line(
            self.pull_name,
            requests=requests,
            received=self.received,
            duplicates=self.duplicates,
            sent=self.sent,
            elapsed_s=elapsed_s,
        )
