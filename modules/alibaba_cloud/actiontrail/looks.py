"""The two looks: where each has come to, and where a page takes it. Pure.

The first look moves the position of the public guide. The second never touches it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from .sieve import Sifted
    from .state import Position
    from .tally import Tally
    from .window import Window


class Look(Protocol):
    """One way of reading."""

    @property
    def tally(self) -> Tally:
        """What it did in this pull."""
        ...

    @property
    def level(self) -> int:
        """Level of the log lines about its pages."""
        ...

    def reached(self, position: Position) -> datetime:
        """Return how far it has come."""
        ...

    def behind_page(self, position: Position, sifted: Sifted) -> Position:
        """Return the position behind a page that was sent."""
        ...

    def behind_window(self, position: Position, window: Window) -> Position:
        """Return the position behind a window that was read to its end."""
        ...


@dataclass(frozen=True)
class FirstLook:
    """Reads what is new.

    Attributes:
        tally: What it did in this pull.
        settled: What is not later needs no second look, UTC.
    """

    tally: Tally
    settled: datetime
    level: int = logging.INFO

    def reached(self, position: Position) -> datetime:
        """Return how far it has come."""
        return position.time

    def behind_page(self, position: Position, sifted: Sifted) -> Position:
        """Return the position behind a page: at its newest fresh event."""
        reached = sifted.newest or position.time
        return self._moved(replace(position, seen=sifted.seen), reached)

    def behind_window(self, position: Position, window: Window) -> Position:
        """Return the position behind a window: at its end."""
        return self._moved(position, window.end)

    def _moved(self, position: Position, time: datetime) -> Position:
        moved = position.moved_to(time)
        lagging = position.lagging.following(position.time, moved.time, self.settled)
        return replace(moved, lagging=lagging)


@dataclass(frozen=True)
class SecondLook:
    """Reads again what was new, for what has become visible since.

    Attributes:
        tally: What it did in this pull.
    """

    tally: Tally
    level: int = logging.DEBUG

    def reached(self, position: Position) -> datetime:
        """Return how far it has come."""
        return position.lagging.time

    def behind_page(self, position: Position, sifted: Sifted) -> Position:
        """Return the position behind a page: at its last event, fresh or not."""
        return replace(position, lagging=position.lagging.moved_to(sifted.place))

    def behind_window(self, position: Position, window: Window) -> Position:
        """Return the position behind a window: at its end."""
        return replace(position, lagging=position.lagging.moved_to(window.end))
