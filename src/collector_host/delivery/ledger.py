"""Which items are confirmed, and which barriers may therefore be committed.

Pure bookkeeping: no threads, no clock, no disk. The rule is one for every case
(several outputs, senders, connections): a barrier is ripe when every item numbered
below it is confirmed on every required output.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.delivery.items import Barrier


class LowWater:
    """The lowest number not yet confirmed, where confirmations come in any order."""

    def __init__(self) -> None:
        self.number = 1
        self._above: set[int] = set()

    def confirm(self, numbers: Iterable[int]) -> None:
        """Count `numbers` as confirmed; a second time changes nothing."""
        self._above.update(n for n in numbers if n >= self.number)
        while self.number in self._above:
            self._above.remove(self.number)
            self.number += 1


class Ledger:
    """What was queued and what of it is confirmed.

    Args:
        required: Names of the outputs every item must reach.
    """

    def __init__(self, required: Iterable[str]) -> None:
        self._low = {name: LowWater() for name in required}
        self._barriers: dict[int, dict[str, Barrier]] = {}
        self.next_number = 1

    def number(self) -> int:
        """Return the number of a new item."""
        number = self.next_number
        self.next_number += 1
        return number

    def add(self, barrier: Barrier) -> None:
        """Remember a barrier, which carries the number of the next item.

        Of one owner only the newest behind the same item counts, so a quiet source
        that is polled for long costs nothing while the receiver is away.
        """
        self._barriers.setdefault(barrier.number, {})[barrier.owner] = barrier

    def confirm(self, output: str, numbers: Iterable[int]) -> None:
        """Count items as confirmed on one output; optional outputs do not matter."""
        if low := self._low.get(output):
            low.confirm(numbers)

    @property
    def unconfirmed(self) -> int:
        """Return how many items wait for confirmation on a required output."""
        return self.next_number - self._watermark()

    def ripe(self) -> list[Barrier]:
        """Take the barriers that may be committed: the newest of each owner."""
        watermark = self._watermark()
        newest: dict[str, Barrier] = {}
        for number in list(takewhile(lambda n: n <= watermark, self._barriers)):
            newest |= self._barriers.pop(number)
        return list(newest.values())

    def _watermark(self) -> int:
        lows = (low.number for low in self._low.values())
        return min(lows, default=self.next_number)
