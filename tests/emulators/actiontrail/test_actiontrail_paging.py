"""Reading through LookupEvents with the vendor SDK."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from collector_emulators.actiontrail import ActionTrailEmulator, Knobs
from collector_emulators.clock import DataClock, format_instant
from collector_emulators.events import Timed
from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import Served, compact_json
from emulators.actiontrail.vendor import NOW, event, lookup, make_client, read_all

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

DAY_S = 86_400


def ids(events: list[Any]) -> list[str]:
    """Return the ids of `events`, in order."""
    return [item["eventId"] for item in events]


def test_pages_hold_every_event_once(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Paging to the end gives each event once, as loaded, oldest first."""
    volume = Volume(320, NOW - DAY_S, NOW - 3600, burst=120)
    loaded = list(generate(7, volume))
    emulator.load(loaded)

    read = read_all(client)

    expected = Counter(compact_json(item.event) for item in loaded)
    assert Counter(map(compact_json, read)) == expected
    assert [e["eventTime"] for e in read] == sorted(e["eventTime"] for e in read)
    assert emulator.ledger.served() == Counter(
        Served.of(str(item.event["eventId"]), compact_json(item.event))
        for item in loaded
    )


def test_backward_is_the_default_direction(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Without Direction the newest event comes first, over all pages."""
    emulator.load(event(f"e{n}", ago_s=n) for n in range(1, 6))

    read = read_all(client, direction=None, max_results="2")

    assert ids(read) == ["e1", "e2", "e3", "e4", "e5"]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param("[]", ["start", "inside", "end"], id="both"),
        pytest.param("[)", ["start", "inside"], id="start"),
        pytest.param("(]", ["inside", "end"], id="end"),
    ],
)
@pytest.mark.parametrize("direction", ["FORWARD", "BACKWARD"])
def test_bounds_knob_decides_about_both_ends(
    emulator: ActionTrailEmulator,
    client: Client,
    bounds: Any,
    expected: list[str],
    direction: str,
) -> None:
    """Each of the three meanings of a window can be chosen."""
    emulator.knobs.bounds = bounds
    emulator.load([event("start", 100), event("inside", 50), event("end", 10)])

    window = {
        "start_time": format_instant(NOW - 100),
        "end_time": format_instant(NOW - 10),
    }
    read = read_all(client, direction=direction, max_results="1", **window)

    assert ids(read) == (expected if direction == "FORWARD" else expected[::-1])


def test_event_is_hidden_until_it_arrives(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """An event is found when its arrival has passed, not when it happened."""
    emulator.load([event("soon", 100), Timed(event("late", 100), NOW + 30)])

    before = read_all(client)
    emulator.data_clock.advance(30)
    after = read_all(client)

    assert ids(before) == ["soon"]
    assert ids(after) == ["late", "soon"]


@pytest.mark.parametrize(
    ("snapshot", "expected"), [(False, ["a", "b", "c"]), (True, ["a", "c"])]
)
def test_snapshot_knob_hides_what_arrives_while_paging(
    emulator: ActionTrailEmulator,
    client: Client,
    snapshot: bool,  # noqa: FBT001 - a parametrized value
    expected: list[str],
) -> None:
    """With a snapshot, an event that arrives between two pages stays unseen."""
    emulator.knobs.snapshot = snapshot
    emulator.load([event("a", 30), Timed(event("b", 20), NOW + 1), event("c", 10)])

    first = lookup(client, max_results="1")
    emulator.data_clock.advance(1)
    rest = lookup(client, max_results="1", next_token=first.next_token)
    read = first.events + rest.events
    while rest.next_token:
        rest = lookup(client, max_results="1", next_token=rest.next_token)
        read += rest.events

    assert ids(read) == expected


def test_last_page_without_token_knob(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A full last page has a token to an empty one, or none at all."""
    emulator.load([event("only", 10)])

    with_token = lookup(client)
    emulator.knobs.token_on_last_page = False
    without_token = lookup(client)

    assert with_token.next_token
    assert lookup(client, next_token=with_token.next_token).events == []
    assert without_token.next_token is None


def test_page_without_max_results_has_the_default_size(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """The page size that the vendor does not document is a knob."""
    emulator.load(event(f"e{n}", ago_s=n) for n in range(1, 40))

    assert len(lookup(client, max_results=None).events) == 20


def test_window_defaults_to_seven_days(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Without times the last seven days are read, and the answer says so."""
    emulator.load([event("old", 8 * DAY_S), event("new", 6 * DAY_S)])

    body = lookup(client, start_time=None, end_time=None)

    assert ids(body.events) == ["new"]
    assert (body.start_time, body.end_time) == (
        format_instant(NOW - 7 * DAY_S),
        format_instant(NOW),
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"max_results": "0"}, "InvalidQueryParameter", id="size-0"),
        pytest.param({"max_results": "51"}, "InvalidQueryParameter", id="size-51"),
        pytest.param({"max_results": "ten"}, "InvalidQueryParameter", id="size-text"),
        pytest.param({"direction": "forward"}, "InvalidQueryParameter", id="direction"),
        pytest.param(
            {"start_time": "2025-12-31"}, "InvalidParameterStartTime", id="start-form"
        ),
        pytest.param(
            {"end_time": "2025-13-01T00:00:00Z"}, "InvalidParameterEndTime", id="month"
        ),
        pytest.param({"end_time": None}, "InvalidParameterCombination", id="lone"),
        pytest.param(
            {"end_time": format_instant(NOW - DAY_S)},
            "InvalidParameterCombination",
            id="empty-window",
        ),
        pytest.param(
            {"start_time": format_instant(NOW - 91 * DAY_S)},
            "InvalidParameterStartTime",
            id="too-old",
        ),
        pytest.param(
            {"start_time": format_instant(NOW - 31 * DAY_S)},
            "InvalidParameterStartTime",
            id="too-long",
        ),
    ],
)
def test_wrong_parameter_has_its_code(
    client: Client, change: dict[str, Any], code: str
) -> None:
    """Each wrong parameter is refused with the documented code."""
    with pytest.raises(ClientException) as caught:
        lookup(client, **change)

    assert (caught.value.code, caught.value.status_code) == (code, 400)


def test_relaxed_limits_answer_what_is_kept(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Without strict limits an old start gives what retention left over."""
    emulator.knobs.update({"too_old_error": None, "max_span_days": None})
    emulator.load([event("gone", 91 * DAY_S), event("kept", 89 * DAY_S)])

    read = read_all(client, start_time=format_instant(NOW - 120 * DAY_S))

    assert ids(read) == ["kept"]


def test_global_events_live_in_one_region() -> None:
    """A region shows its own events; isGlobal ones are in the global region."""
    events = [
        event("here", 3, acsRegion="eu-central-1"),
        event("there", 2, acsRegion="cn-hangzhou"),
        event("global", 1, acsRegion="eu-central-1", isGlobal=True),
    ]
    clock = DataClock(NOW, speed=0)
    knobs = Knobs(rate_per_s=None)

    read = {}
    for region in ("eu-central-1", "cn-hangzhou"):
        with ActionTrailEmulator(
            region=region, data_clock=clock, knobs=knobs
        ) as emulator:
            emulator.load(events)
            read[region] = ids(read_all(make_client(emulator)))

    assert read == {"eu-central-1": ["here"], "cn-hangzhou": ["there", "global"]}
