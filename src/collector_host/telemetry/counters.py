"""What the rooms count.

It knows the names of the figures, not who changes or shows them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from devocollectorsdk.commons.clock import Clock

Figure: TypeAlias = Literal[
    "messages_sent",  # handed to a connection for the first time
    "messages_resent",  # handed to a later connection after a failure
    "messages_confirmed",  # proved to be with the receiver
    "messages_truncated",  # cut to the largest size allowed
    "messages_missed",  # not taken by an optional output that was full
    "internal_messages_dropped",  # telemetry that found its queue full
    "bytes_sent",  # message bytes of messages_sent and messages_resent
    "connections_opened",
    "confirmations",  # drains that proved everything
    "confirmations_failed",  # drains, writes or connections that proved nothing
    "states_committed",  # barriers written to the store
    "commits_failed",
    "sending_us",  # microseconds spent in handing messages to connections
]

FIGURES: Final[tuple[Figure, ...]] = get_args(Figure)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All figures at one instant.

    Attributes:
        taken_at: The instant, UTC.
        figures: Totals since the start of the collector, none missing.
    """

    taken_at: datetime
    figures: Mapping[Figure, int]

    def __getitem__(self, figure: Figure) -> int:
        return self.figures[figure]


class Counters:
    """Figures that only grow. Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._mutex = threading.Lock()
        self._figures: dict[Figure, int] = dict.fromkeys(FIGURES, 0)

    def add(self, figure: Figure, amount: int = 1) -> None:
        """Count `amount` more."""
        with self._mutex:
            self._figures[figure] += amount

    def snapshot(self) -> Snapshot:
        """Return all figures as they are now."""
        with self._mutex:
            return Snapshot(self._clock.now(), self._figures.copy())
