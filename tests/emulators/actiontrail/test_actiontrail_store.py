"""The store of events without any HTTP around it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from collector_emulators.actiontrail.store import EventStore, Place, Span
from collector_emulators.events import Timed
from emulators.actiontrail.vendor import NOW, event


def make_store(*events: Timed | dict[str, Any], region: str = "r") -> EventStore:
    """Return a store of region `region` that holds `events`."""
    store = EventStore(region, "global")
    timed = [e if isinstance(e, Timed) else Timed(e) for e in events]
    store.load(timed, now=NOW)
    return store


def span(*, forward: bool = True, after: Place | None = None) -> Span:
    """Return a span over everything before `NOW`."""
    return Span(NOW - 1000, NOW, "[]", forward, after, NOW)


def page_through(store: EventStore, size: int, *, forward: bool) -> list[str]:
    """Read all pages of `size`, each behind the last row of the one before."""
    view, after, ids = store.view((), None), None, list[str]()
    while rows := view.read(span(forward=forward, after=after), size):
        ids += [row.event_id for row in rows]
        after = rows[-1].place
    return ids


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_of_any_size_partition_the_rows(
    size: int,
    forward: bool,  # noqa: FBT001 - a parametrized value
) -> None:
    """Whatever the size, pages give each row once, in order, ties included."""
    dice = random.Random(5)  # noqa: S311 - replayable test data
    events = [event(f"e{dice.randrange(20):02}", dice.randrange(4)) for _ in range(60)]
    store = make_store(*events)

    read = page_through(store, size, forward=forward)

    expected = [e["eventId"] for e in sorted(events, key=_time_and_id)]
    assert read == (expected if forward else expected[::-1])


def _time_and_id(item: dict[str, Any]) -> tuple[str, str]:
    return item["eventTime"], item["eventId"]


def test_event_cannot_arrive_before_it_happens() -> None:
    """An arrival earlier than the event counts as the event's own time."""
    store = make_store(Timed(event("future", -50), NOW - 500))

    rows = store.view((), None).read(
        Span(NOW - 1000, NOW + 1000, "[]", forward=True, after=None, horizon=NOW), 10
    )

    assert rows == ()


def test_event_without_a_time_stands_at_its_arrival() -> None:
    """Without eventTime an event happens when it arrives, else now."""
    store = make_store(Timed({"eventId": "a"}, NOW - 7), {"eventId": "b"})

    rows = store.view((), None).read(span(), 10)

    assert [(row.event_id, row.time) for row in rows] == [("a", NOW - 7), ("b", NOW)]


def test_event_with_capital_names_is_understood() -> None:
    """Some products write field names with a capital; the JSON stays as it is."""
    item = {"EventId": "A", "EventTime": "2025-12-31T23:59:00Z", "AcsRegion": "other"}

    assert len(make_store(item)) == 0
    assert make_store({**item, "AcsRegion": "r"}).view((), None).rows[0].event_id == "A"


def test_unreadable_time_is_refused_and_nothing_loaded() -> None:
    """A batch with an unreadable eventTime changes nothing."""
    store = make_store(event("a", 1))

    with pytest.raises(ValueError, match="soon"):
        store.load([Timed(event("b", 1)), Timed({"eventTime": "soon"})], now=NOW)

    assert len(store) == 1
