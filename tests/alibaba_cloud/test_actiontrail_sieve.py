"""The sieve: which events of a page are new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alibaba_cloud.actiontrail.remembered import Remembered
from alibaba_cloud.actiontrail.sieve import Seen, Sieve, Sifted, fingerprint
from fakes.actiontrail import event

BASE = datetime(2023, 1, 10, 9, 55, 9, tzinfo=UTC)


def _sift(
    events: list[Any], seen: Seen | None = None, remembered: Remembered | None = None
) -> Sifted:
    return Sieve("eventId", "eventTime").sift(
        events,
        seen or Seen(),
        remembered or Remembered(),
        since=BASE,
        until=BASE + timedelta(hours=1),
    )


def _at(number: int, second: int = 0, **more: Any) -> dict[str, Any]:
    return event(number, BASE + timedelta(seconds=second), **more)


def test_first_page_is_all_fresh() -> None:
    """Nothing is dropped while nothing is remembered."""
    sifted = _sift([_at(1), _at(2, 1)])

    assert (len(sifted.fresh), sifted.duplicates) == (2, 0)
    assert sifted.newest == BASE + timedelta(seconds=1)


def test_memory_holds_the_newest_second_and_the_one_before() -> None:
    """Identifiers of older seconds are forgotten."""
    seen = _sift([_at(1), _at(2, 1), _at(3, 2), _at(4, 2)]).seen

    assert list(seen.last) == ["ID-000003", "ID-000004"]
    assert list(seen.previous) == ["ID-000002"]


def test_a_second_without_neighbour_has_no_previous_one() -> None:
    """The second before means the second on the clock, not the last one seen."""
    seen = _sift([_at(1), _at(2, 5)]).seen

    assert list(seen.last) == ["ID-000002"]
    assert not seen.previous


def test_repeated_event_is_dropped() -> None:
    """An event of the newest two seconds that comes again is left out."""
    page = [_at(1), _at(2, 1)]

    sifted = _sift([*page, _at(3, 1)], _sift(page).seen)

    assert [one["eventId"] for one in sifted.fresh] == ["ID-000003"]
    assert sifted.duplicates == 2


def test_page_that_overlaps_the_one_before_is_sent_once() -> None:
    """Pages that share events of many seconds cause no duplicates."""
    page = [_at(number, 10 * number) for number in range(5)]
    seen = _sift(page).seen

    repeated = _sift(page, seen)
    overlapping = _sift([*page[2:], _at(9, 90)], repeated.seen)

    assert repeated.fresh == []
    assert [one["eventId"] for one in overlapping.fresh] == ["ID-000009"]


def test_same_identifier_with_other_content_is_fresh() -> None:
    """What changed is delivered, whatever its identifier."""
    seen = _sift([_at(1, errorCode="")]).seen

    sifted = _sift([_at(1, errorCode="NoPermission")], seen)

    assert len(sifted.fresh) == 1


def test_order_of_keys_is_no_other_content() -> None:
    """The same fields in another order are the same event."""
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})


def test_identifier_of_unknown_content_drops_any() -> None:
    """A state of the guide's three keys alone still prevents duplicates."""
    sifted = _sift([_at(1)], Seen(BASE, {"ID-000001": ""}))

    assert (sifted.fresh, sifted.duplicates) == ([], 1)


def test_late_event_is_fresh_and_changes_no_memory() -> None:
    """An event is never dropped because of its age."""
    seen = _sift([_at(1)]).seen

    sifted = _sift([_at(2, -3600)], seen)

    assert len(sifted.fresh) == 1
    assert sifted.seen == seen


def test_time_after_the_window_changes_neither_memory_nor_position() -> None:
    """An event with a wrong clock is sent once, and does not blind the memory."""
    wrong = _at(1, 10**8)
    sifted = _sift([_at(2), wrong, _at(3, 1)])

    again = _sift([wrong, _at(3, 1)], sifted.seen)

    assert sifted.newest == BASE + timedelta(seconds=1)
    assert list(sifted.seen.last) == ["ID-000003"]
    assert again.fresh == []


def test_events_without_identifier_are_told_apart_by_content() -> None:
    """Two different ones are sent, the same one twice is not."""
    one, other = {"eventName": "A"}, {"eventName": "B"}

    sifted = _sift([one, other, one], Seen(BASE))

    assert sifted.fresh == [one, other]


def test_anything_may_be_an_event() -> None:
    """Values that are no objects, and times that are none, are sent."""
    odd = ["text", 7, None, ["x"], {"eventId": 5, "eventTime": "soon"}]

    assert _sift(odd, Seen(BASE)).fresh == odd


def test_event_remembered_from_the_first_look_is_dropped() -> None:
    """What was read before is known by its content, however long ago that was."""
    page = [_at(1), _at(2, 900)]
    remembered = Remembered().with_traces(_sift(page).traces, 9)

    sifted = _sift([*page, _at(2, 900, errorCode="x")], remembered=remembered)

    assert [trace.is_fresh for trace in sifted.traces] == [False, False, True]


def test_event_without_right_time_is_read_where_its_neighbour_was() -> None:
    """A missing, early or late time says nothing about where an event stands."""
    page = [_at(1, -5), _at(2, 7), {"eventId": "x"}, _at(3, 10**8), _at(4, 6)]

    sifted = _sift(page)

    seconds = [(trace.place - BASE).seconds for trace in sifted.traces]
    assert seconds == [0, 7, 7, 7, 7]
    assert sifted.place == BASE + timedelta(seconds=7)


def test_sifting_changes_nothing_it_was_given() -> None:
    """The old memory stays usable when the page could not be sent."""
    seen = _sift([_at(1)]).seen
    before = dict(seen.last)

    _sift([_at(2), _at(3, 1)], seen)

    assert dict(seen.last) == before


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 12), max_size=40).map(sorted), st.integers(1, 9), st.data()
)
def test_rereading_from_a_second_before_any_page_loses_and_repeats_nothing(
    seconds: list[int], page_size: int, data: st.DataObject
) -> None:
    """Whichever page was the last one saved, going on sends the rest, each once."""
    events = [_at(number, second) for number, second in enumerate(seconds)]
    pages = [events[i : i + page_size] for i in range(0, len(events), page_size)]
    seen, sent = Seen(), list[Any]()
    for page in pages[: data.draw(st.integers(0, len(pages)))]:
        sifted = _sift(page, seen)
        seen, sent = sifted.seen, sent + sifted.fresh

    edge = (seen.second or BASE - timedelta(days=1)) - timedelta(seconds=1)
    again = [one for one in events if datetime.fromisoformat(one["eventTime"]) >= edge]
    sent += _sift(again, seen).fresh

    assert sorted(one["eventId"] for one in sent) == [one["eventId"] for one in events]
