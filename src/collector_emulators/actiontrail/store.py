"""The events of one region, in the order LookupEvents pages through them.

Events are kept as their compact JSON, so that a page is a join of bytes and a
million events fit into memory. It knows nothing of parameters or tokens.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.clock import parse_instant
from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from collector_emulators.events import Timed

_KEPT_VIEWS: Final = 8

_time_of = attrgetter("time")


class Row(NamedTuple):
    """One stored event; rows compare by time, id and order of loading.

    Attributes:
        time: Event time, seconds since 1970 UTC.
        event_id: "" when the event has none.
        number: Order of loading.
        arrival: Virtual time from which the event can be found.
        body: Compact JSON.
    """

    time: float
    event_id: str
    number: int
    arrival: float
    body: bytes

    @property
    def place(self) -> Place:
        """Where the row stands in the order."""
        return Place(self.time, self.event_id, self.number)


class Place(NamedTuple):
    """Where a row stands in the order of all rows."""

    time: float
    event_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Span:
    """What to read: a window, a direction, and a place to go on behind.

    Attributes:
        start: Seconds since 1970 UTC.
        end: Seconds since 1970 UTC.
        bounds: Which ends belong to the window: `[]`, `[)` or `(]`.
        forward: True for the oldest first.
        after: Last place already read; None at the start.
        horizon: Virtual time; what arrives later is not seen.
    """

    start: float
    end: float
    bounds: str
    forward: bool
    after: Place | None
    horizon: float


class View:
    """Rows in order; never changed once made."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def read(self, span: Span, limit: int) -> tuple[Row, ...]:
        """Return up to `limit` visible rows of `span`, in its direction."""
        return tuple(islice(self._visible(span), limit))

    def _visible(self, span: Span) -> Iterator[Row]:
        low, high = self._limits(span)
        steps = range(low, high) if span.forward else range(high - 1, low - 1, -1)
        for index in steps:
            row = self.rows[index]
            if row.arrival <= span.horizon:
                yield row

    def _limits(self, span: Span) -> tuple[int, int]:
        left = bisect_left if span.bounds[0] == "[" else bisect_right
        right = bisect_right if span.bounds[1] == "]" else bisect_left
        low = left(self.rows, span.start, key=_time_of)
        high = right(self.rows, span.end, key=_time_of)
        # Nothing arrives before it happens: rows behind the horizon are unseen.
        high = min(high, bisect_right(self.rows, span.horizon, key=_time_of))
        if span.after is None:
            return low, high
        if span.forward:
            return max(low, bisect_right(self.rows, span.after, key=_place_of)), high
        return low, min(high, bisect_left(self.rows, span.after, key=_place_of))


def _place_of(row: Row) -> Place:
    return row.place


class EventStore:
    """The events of one region.

    Args:
        region: Events of other regions are left out.
        global_region: The region that keeps the events marked `isGlobal`.
    """

    def __init__(self, region: str, global_region: str) -> None:
        self._region = region
        self._global_region = global_region
        self._lock = threading.Lock()
        self._loaded = 0
        self._all = View([])
        self._views: dict[object, View] = {}

    def __len__(self) -> int:
        return len(self._all.rows)

    def load(self, events: Iterable[Timed], *, now: float) -> int:
        """Add events and return how many of them this region keeps.

        An event without a time stands at its arrival, or without that at `now`.
        One without `acsRegion` belongs here.

        Args:
            events: In any order.
            now: Virtual time, seconds since 1970 UTC.

        Raises:
            ValueError: If an eventTime cannot be read.
        """
        with self._lock:
            rows = [
                self._row(event, arrival, now)
                for event, arrival in events
                if self._keeps(event)
            ]
            # A sort of two sorted runs is one merge.
            self._all = View(sorted(chain(self._all.rows, sorted(rows))))
            self._views = {}
            return len(rows)

    def view(self, name: object, matches: Callable[[Row], bool] | None) -> View:
        """Return the rows that match, searched once for each `name`.

        Args:
            name: Hashable name of the filter.
            matches: The filter; None for all rows.
        """
        if matches is None:
            return self._all
        with self._lock:
            if name not in self._views:
                if len(self._views) == _KEPT_VIEWS:
                    del self._views[next(iter(self._views))]
                found = [row for row in self._all.rows if matches(row)]
                self._views[name] = View(found)
            return self._views[name]

    def _keeps(self, event: Mapping[str, Any]) -> bool:
        if event_field(event, "isGlobal") is True:
            return self._region == self._global_region
        return event_field(event, "acsRegion") in {self._region, None}

    def _row(self, event: Mapping[str, Any], arrival: float | None, now: float) -> Row:
        text = event_field(event, "eventTime")
        if text is not None:
            time = parse_instant(str(text))
        else:
            time = now if arrival is None else arrival
        self._loaded += 1
        return Row(
            time,
            str(event_field(event, "eventId") or ""),
            self._loaded,
            time if arrival is None else max(time, arrival),
            compact_json(event),
        )


def event_field(event: Mapping[str, Any], name: str) -> Any:
    """Return a field of `event`; some products write names with a capital."""
    value = event.get(name)
    return event.get(name[0].upper() + name[1:]) if value is None else value


def parse_body(row: Row) -> Mapping[str, Any]:
    """Return the event of `row` as an object."""
    return json.loads(row.body)
