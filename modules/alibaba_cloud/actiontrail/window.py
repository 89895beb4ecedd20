"""Which interval is read next. Pure: no clock, no calls.

Whether the service counts the bounds of a query as part of it is not documented,
so nothing here may depend on it: a query begins one second before the position,
and the sieve drops what comes twice. A second that ends one window is thereby read
again by the next, which begins inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

from ..instants import SECOND, to_wire, whole_second

_MICROSECOND = timedelta(microseconds=1)
_GROW_BELOW = 4


@dataclass(frozen=True)
class Window:
    """An interval to read.

    Attributes:
        start: Position the window continues from, UTC.
        end: Last microsecond of the last second to read, UTC.
    """

    start: datetime
    end: datetime

    @property
    def start_text(self) -> str:
        """Lower bound of the query: the second before the one `start` lies in."""
        return to_wire(whole_second(self.start) - SECOND)

    @property
    def end_text(self) -> str:
        """Upper bound of the query."""
        return to_wire(self.end)


def end_of_previous_second(instant: datetime) -> datetime:
    """Return the last microsecond of the second before the one of `instant`.

    Source:
        The collector's public guide, "Puller output".
    """
    return whole_second(instant) - _MICROSECOND


def next_window(
    position: datetime, end: datetime, longest: timedelta
) -> Optional[Window]:
    """Return the window that continues from a position.

    Args:
        position: How far events were read, UTC.
        end: Last microsecond of a second: how far they may be read now, UTC.
        longest: Longest span of the query.

    Returns:
        The window, or None when no further second may be read.
    """
    if whole_second(end) <= whole_second(position):
        return None
    longest_end = whole_second(position) - SECOND + longest
    return Window(position, min(end, end_of_previous_second(longest_end + SECOND)))


def adapted(
    size: timedelta,
    pages: int,
    *,
    pages_max: int,
    shortest: timedelta,
    longest: timedelta,
) -> timedelta:
    """Return the size of the next window of a backlog.

    A window of many pages is halved, so that little is repeated when the service
    gives up a query; one of few pages grows back.

    Args:
        size: Size of the window just read.
        pages: Pages it took.
        pages_max: Number of pages above which the size is halved.
        shortest: Lower limit.
        longest: Upper limit.
    """
    if pages > pages_max:
        return max(size / 2, shortest)
    if pages < pages_max / _GROW_BELOW:
        return min(size * 2, longest)
    return size
