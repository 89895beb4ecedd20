"""Millions of events that are made when they are asked for.

The store of the ActionTrail emulator keeps what it is given in memory; a quarter of
a year of a busy account does not fit. Here an event is a number: its time, its
identifier and its content follow from it.
"""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from collector_emulators.accounts import (
    EXAMPLE_KEY_ID,
    EXAMPLE_KEY_SECRET,
    AccessKey,
    Accounts,
    Nonces,
)
from collector_emulators.actiontrail.knobs import Knobs
from collector_emulators.actiontrail.service import Parts, Service
from collector_emulators.actiontrail.store import Row, Span
from collector_emulators.clock import DataClock, TransportClock, format_instant
from collector_emulators.event_shapes import Moment, make_event
from collector_emulators.faults import FaultPlan
from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.virtual_time import VirtualClock

REGION: Final = "cn-hangzhou"
CALLS_PER_S: Final = 2.0
_ID: Final = "00000000-0000-4000-8000-{:012d}"
_NONCE_MEMORY_S: Final = 5.0
_SHAPES: Final = 97
"""Different contents; the events take turns."""


class LazyTrail:
    """`count` events spread evenly over a span; a store and a view in one.

    Args:
        count: Number of events.
        start: First second, since 1970 UTC.
        end: End of the span, exclusive.
    """

    def __init__(self, count: int, start: float, end: float) -> None:
        self.count = count
        self._start, self._end = start, end
        dice = random.Random(1)  # noqa: S311  (replayable data)
        moment = Moment(start, REGION, 1)
        self._shapes = [make_event(dice, moment) for _ in range(_SHAPES)]

    def view(self, _name: object, matches: object) -> LazyTrail:
        assert matches is None
        return self

    def read(self, span: Span, limit: int) -> tuple[Row, ...]:
        assert span.forward
        left = bisect_left if span.bounds[0] == "[" else bisect_right
        right = bisect_right if span.bounds[1] == "]" else bisect_left
        numbers = range(self.count)
        low = left(numbers, span.start, key=self.time)
        high = right(numbers, min(span.end, span.horizon), key=self.time)
        if span.after is not None:
            low = max(low, span.after.number + 1)
        return tuple(self.row(n) for n in range(low, min(high, low + limit)))

    def row(self, number: int) -> Row:
        """Return an event by its number, from 0."""
        time, event_id = self.time(number), _ID.format(number)
        happened = {"eventId": event_id, "eventTime": format_instant(time)}
        event = self._shapes[number % _SHAPES] | happened
        return Row(time, event_id, number, time, compact_json(event))

    def time(self, number: int) -> float:
        """Return the second of an event, since 1970 UTC."""
        return (self._start + number * (self._end - self._start) / self.count) // 1


def number_of(message: bytes) -> int:
    """Return the number of the event in a message."""
    begin = message.index(b'"eventId":"') + len(b'"eventId":"')
    return int(message[begin + 24 : begin + 36])


class CallBook:
    """When the service was called, and what it said: the ledger of a long run.

    Attributes:
        verdicts: How often each verdict fell.
        times: Virtual second of each call, since 1970 UTC.
        page_times: The same for the calls that asked for more than one event: all
            but the setup's.
    """

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.times = array("d")
        self.page_times = array("d")

    def record(
        self,
        *,
        verdict: str,
        data_at: float,
        parameters: Mapping[str, str],
        **_fields: Any,
    ) -> None:
        self.verdicts[verdict] += 1
        self.times.append(data_at)
        if parameters.get("MaxResults") != "1":
            self.page_times.append(data_at)


def within(times: array[float], first_s: float, last_s: float) -> int:
    """Count the times of an interval, its end excluded."""
    return bisect_left(times, last_s) - bisect_left(times, first_s)


def lazy_service(trail: LazyTrail, clock: VirtualClock, book: CallBook) -> Service:
    """Return the emulated service over a trail, in a clock's time.

    Existence of events and the rate of calls follow the virtual clock; signatures
    are judged by the real one, because the vendor's SDK signs with it.
    """
    parts: Any = Parts(
        region=REGION,
        global_region=REGION,
        accounts=Accounts([AccessKey(EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET)]),
        knobs=Knobs(rate_per_s=CALLS_PER_S, rate_clock="data"),
        store=trail,  # type: ignore[arg-type]
        clock=TransportClock(),
        data_clock=DataClock(clock.epoch_s(), read=clock.monotonic),
        faults=FaultPlan(lambda *_: None),
        ledger=book,  # type: ignore[arg-type]
    )
    service = Service(parts)
    # Nonces are kept for real minutes, in which this service sees days of calls.
    service._gateway._nonces = Nonces(memory_s=_NONCE_MEMORY_S)
    return service
