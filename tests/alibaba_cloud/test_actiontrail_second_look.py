"""When there is a second look, what it touches, and what it says."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from alibaba_cloud.actiontrail.remembered import Remembered, Trace
from alibaba_cloud.actiontrail.saving import PositionKeeper
from alibaba_cloud.errors import ApiError
from alibaba_cloud.problems import PAGE_TOKEN, PERMISSION
from fakes.actiontrail import (
    NOW,
    START,
    FakeHost,
    FakeModule,
    FakeTrail,
    event,
    module,
    settings,
)

MINUTE = timedelta(minutes=1)
NOON = START + timedelta(hours=12)
QUICK = {"requests_per_second": 100}


class _Late(FakeTrail):
    """A trail with an event a minute, and some that show up later."""

    def __init__(self) -> None:
        numbers = range(11 * 60, 13 * 60)
        super().__init__(event(n, START + MINUTE * (n + 0.5)) for n in numbers)

    def reveal(self, number: int, time: datetime) -> None:
        """Make another event visible that happened at a time."""
        self.events.append(event(number, time))
        self.events.sort(key=lambda one: one["eventTime"])


def _module(
    trail: FakeTrail, host: FakeHost, service: dict[str, Any] | None = None
) -> FakeModule:
    return module(trail, host, now=NOON, chosen=settings({**QUICK, **(service or {})}))


def _pull(puller: FakeModule, times: int) -> None:
    """Pull a minute apart."""
    for _ in range(times):
        puller.pull()
        puller.clock.advance(60)


def _second_looks(trail: FakeTrail) -> list[tuple[str, str]]:
    """Return the bounds of the calls that read minutes at once, the backlog apart."""
    return [
        (start[11:19], end[11:19])
        for start, end, _ in trail.asked
        if timedelta(minutes=5) < _instant(end) - _instant(start) < timedelta(hours=1)
    ]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_late_event_is_sent_and_the_guide_keys_stay() -> None:
    """The second look moves neither the time nor the identifiers of the guide."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)
    _pull(puller, 1)
    trail.reveal(9999, NOON - 16 * MINUTE)
    _pull(puller, 9)
    before = len(host.saved)

    _pull(puller, 1)

    late = [one for one in host.sent if one["eventId"] == "ID-009999"]
    assert len(late) == 1
    assert host.counts().total() == len(host.counts())
    page, window = host.saved[before : before + 2]
    keys = ("last_run_datetime", "last_ids", "last_event_second", "previous_ids")
    for key in keys:
        assert page[key] == window[key] == host.saved[before - 1][key]
    assert window["second_look"]["read_until"] == "2023-01-05T11:44:59.999999Z"


def test_second_look_comes_every_ten_minutes() -> None:
    """It reads the ten minutes that have settled since, and the second they share."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)

    _pull(puller, 25)

    assert _second_looks(trail) == [("11:34:58", "11:44:59"), ("11:44:58", "11:54:59")]


def test_backlog_costs_no_second_look() -> None:
    """What had settled when it was read is not read again."""
    calls = []
    for enabled in (True, False):
        trail, host = _Late(), FakeHost()
        puller = _module(trail, host, {"late_events": {"enabled": enabled}})
        _pull(puller, 9)
        calls.append(len(trail.asked))

    assert calls[0] == calls[1]


def test_memory_spans_the_distance_of_the_looks_only() -> None:
    """Minutes wholly behind the second look are dropped."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)

    _pull(puller, 45)

    assert host.state is not None
    second_look = host.state["second_look"]
    minutes = sorted(second_look["ids"])
    assert minutes[0][:16] == second_look["read_until"][:16]
    assert len(minutes) <= 26
    assert {len(text) for text in second_look["ids"].values()} == {12}


def test_switched_off_reads_everything_once() -> None:
    """Without a second look there is one call a minute, and nothing late is found."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host, {"late_events": {"enabled": False}})
    _pull(puller, 1)
    trail.reveal(9999, NOON - 16 * MINUTE)
    calls_before = len(trail.asked)

    _pull(puller, 30)

    assert len(trail.asked) - calls_before == 30
    assert host.counts()["ID-009999"] == 0
    assert host.state is not None
    assert len(host.state["second_look"]["ids"]) <= 2


def test_switching_off_finishes_what_is_between_the_looks() -> None:
    """What was read young is looked for once more, and then no longer."""
    trail, host = _Late(), FakeHost()
    _pull(_module(trail, host), 1)
    trail.reveal(9999, NOON - 16 * MINUTE)

    _pull(_module(trail, host, {"late_events": {"enabled": False}}), 12)

    assert host.counts()["ID-009999"] == 1
    assert host.counts().total() == len(host.counts())


def test_state_without_a_second_look_begins_where_the_first_is() -> None:
    """A state of an older version is continued, and nothing of it comes twice."""
    trail, host = _Late(), FakeHost()
    _pull(_module(trail, host), 1)
    assert host.state is not None
    del host.state["second_look"]

    _pull(_module(trail, host), 45)

    counts = host.counts()
    assert counts.total() == len(counts)
    assert len(_second_looks(trail)) >= 1


def test_changed_start_clears_the_second_look() -> None:
    """Everything is read again, so nothing may be taken for known."""
    trail, host = _Late(), FakeHost()
    _pull(_module(trail, host), 1)
    changed = {"initial_start_time_in_utc": "2023-01-05T11:00:00Z"}

    _pull(_module(trail, host, changed), 1)

    counts = host.counts()
    assert counts["ID-000660"] == counts["ID-000700"] == 2


def test_second_look_moves_with_the_state_of_the_region() -> None:
    """Going from `region` to `regions` keeps both positions."""
    trail, host = _Late(), FakeHost()
    _pull(_module(trail, host), 1)
    own = PositionKeeper(FakeHost(host.state), settings()).load(NOW)

    carried = PositionKeeper(FakeHost(), settings()).load(NOW, host.state)

    assert carried == own
    assert len(carried.lagging.remembered) > 10


def test_second_look_that_cannot_end_does_not_hold_up_the_first(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is put off with a warning, and finds what is late once it can."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)
    _pull(puller, 1)
    trail.reveal(9999, NOON - 16 * MINUTE)
    broken = "2023-01-05T11:34:58Z"

    def before_call(_number: int, _token: str | None) -> None:
        if trail.asked[-1][0] == broken:
            raise ApiError(PAGE_TOKEN, "by plan")

    trail.before_call = before_call
    _pull(puller, 12)
    assert "is put off: PullError [CODE:0301]" in caplog.text
    assert host.state is not None
    assert host.state["last_run_datetime"] == "2023-01-05T12:01:59.999999Z"

    trail.before_call = lambda _number, _token: None
    _pull(puller, 1)

    assert host.counts()["ID-009999"] == 1


def test_error_of_the_service_ends_the_pull_in_the_second_look_too() -> None:
    """What the first look could not read either is not tried twice."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)
    _pull(puller, 10)

    def before_call(_number: int, _token: str | None) -> None:
        raise ApiError(PERMISSION, "by plan")

    trail.before_call = before_call
    calls_before = len(trail.asked)
    with pytest.raises(ApiError):
        puller.pull()

    assert len(trail.asked) == calls_before + 1


def test_stop_in_the_second_look_ends_the_pull() -> None:
    """A stop between its pages is heeded; the next pull goes on."""
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)
    _pull(puller, 10)
    trail.reveal(9999, NOON - 16 * MINUTE)
    puller.ended = lambda: True
    calls_before = len(trail.asked)

    puller.pull()

    assert len(trail.asked) == calls_before + 1
    assert host.counts()["ID-009999"] == 1


def test_late_events_beyond_the_retention_are_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A second look is never asked of what the service no longer keeps."""
    trail, host = FakeTrail([event(1, NOON)]), FakeHost()
    puller = _module(trail, host)
    puller.pull()
    puller.clock.advance(timedelta(days=90, seconds=-900 - 600).total_seconds())
    caplog.clear()

    puller.pull()

    assert host.state is not None
    assert host.state["gaps"] == []
    assert "Late events from 2023-01-05T11:34:59.999999+00:00 to" in caplog.text


def _shapes(messages: list[str]) -> list[str]:
    return [re.sub(r"[\d.:T+-]+", "#", message) for message in messages]


def test_log_is_the_same_with_and_without_a_second_look_that_finds_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its lines are for debugging; the statistics are those of the first look."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    logs = []
    for enabled in (True, False):
        caplog.clear()
        service = {"late_events": {"enabled": enabled}}
        _pull(_module(_Late(), FakeHost(), service), 25)
        logs.append(caplog.messages)

    assert _shapes(logs[0]) == _shapes(logs[1])
    numbers = [
        [re.findall(r"(?:performed|received|out|sent): (\d+)", line) for line in log]
        for log in logs
    ]
    assert numbers[0] == numbers[1]


def test_found_late_events_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """It says how many, from when, and under which name they are found in Devo."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    trail, host = _Late(), FakeHost()
    puller = _module(trail, host)
    _pull(puller, 10)
    for number in range(3):
        trail.reveal(9000 + number, NOON - (18 + number) * MINUTE)
    caplog.clear()

    puller.pull()

    assert caplog.messages[0].split(" (@")[0] == (
        "Sent 3 late event(s) to cloud.alibaba.actiontrail.events, found by the"
        " second look since 2023-01-05T11:34:59.999999+00:00 to"
        " 2023-01-05T11:44:59.999999+00:00"
    )
    name = host.sent[-1]["@devo_pulling_id"]
    assert caplog.messages[0].endswith(f" (@devo_pulling_id={name})")
    assert sum("late" in message for message in caplog.messages) == 1


def test_remembered_texts_are_not_printed(caplog: pytest.LogCaptureFixture) -> None:
    """Not even at DEBUG: a busy minute is kilobytes."""
    caplog.set_level(logging.DEBUG, logger="alibaba_cloud")
    trail = FakeTrail([event(n, NOON - 15 * MINUTE) for n in range(400)])

    _module(trail, FakeHost()).pull()

    assert "4800 characters" in caplog.text


def test_memory_forgets_whole_minutes_the_oldest_first() -> None:
    """What it forgot it no longer takes up, and says so until it is passed."""
    places = [START, START, START + MINUTE, START + 2 * MINUTE]
    traces = [Trace(one, bytes([n] * 9), is_fresh=True) for n, one in enumerate(places)]

    memory = Remembered().with_traces(traces, 3).with_traces(traces, 3)

    assert [trace.mark in memory for trace in traces] == [False, False, True, True]
    assert memory.forgotten_before == START + MINUTE
    assert memory.is_forgotten(START)
    assert not memory.is_forgotten(START + MINUTE)
    assert memory.since(START + MINUTE).forgotten_before is None


def test_settings_of_the_second_look_are_merged() -> None:
    """What the user leaves out is the definition's."""
    late = settings({"late_events": {"interval_in_seconds": 60}}).rules.late

    assert late.interval == MINUTE
    assert late.settle == timedelta(seconds=1500)
    assert settings({"late_events": None}).rules.late.interval == 10 * MINUTE
