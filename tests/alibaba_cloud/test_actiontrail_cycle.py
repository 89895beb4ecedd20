"""A whole pull, over a trail in memory."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from alibaba_cloud.actiontrail.state import from_state
from alibaba_cloud.errors import ApiError, Problem, PullError
from alibaba_cloud.problems import PAGE_TOKEN, PERMISSION
from fakes.actiontrail import (
    START,
    FakeHost,
    FakeTrail,
    Killed,
    crowded_trail,
    event,
    module,
    settings,
)

BOUNDS = ("[]", "[)", "(]")
MINUTE = timedelta(minutes=1)
_REGION = "cn-hangzhou"


def _assert_each_once(trail: FakeTrail, host: FakeHost) -> None:
    expected = {one["eventId"]: 1 for one in trail.events}
    assert host.counts() == expected


@pytest.mark.parametrize("bounds", BOUNDS)
def test_every_event_is_sent_once_under_any_meaning_of_the_bounds(bounds: str) -> None:
    """The event at the exact start and 120 in one second arrive, each once."""
    trail, host = crowded_trail(bounds), FakeHost()
    puller = module(trail, host, now=START + timedelta(hours=2))

    for _ in range(3):
        puller.pull()
        puller.clock.advance(60)

    _assert_each_once(trail, host)


@pytest.mark.parametrize("bounds", BOUNDS)
def test_events_at_every_second_are_sent_once_by_pulls_that_meet(bounds: str) -> None:
    """Three events in each second, pulls that end anywhere: none lost, none twice."""
    times = [START + timedelta(seconds=n // 3) for n in range(900)]
    trail = FakeTrail([event(n, time) for n, time in enumerate(times)], bounds)
    host = FakeHost()
    puller = module(trail, host, now=START + timedelta(seconds=600))

    for step in (7, 1, 61, 2, 33, 3, 90, 1, 1, 120, 60):
        puller.clock.advance(step)
        puller.pull()

    _assert_each_once(trail, host)


@pytest.mark.parametrize("bounds", BOUNDS)
def test_a_kill_at_any_step_loses_nothing(bounds: str) -> None:
    """After a kill at each send and save in turn, at most one page comes twice."""
    now = START + timedelta(hours=2)
    complete = FakeHost()
    module(crowded_trail(bounds), complete, now=now).pull()

    for step in range(1, complete.steps + 1):
        trail, host = crowded_trail(bounds), FakeHost()
        host.die_at = step
        with pytest.raises(Killed):
            module(trail, host, now=now).pull()
        again = module(trail, host, now=now + MINUTE)
        again.pull()
        again.clock.advance(60)
        again.pull()

        counts = host.counts()
        assert counts.keys() == {one["eventId"] for one in trail.events}
        assert counts.total() - len(counts) <= 50


def test_a_failed_send_leaves_position_and_memory_alone() -> None:
    """What could not be queued is sent by the next pull of the same process."""

    class FullQueueError(Exception):
        pass

    trail, host = crowded_trail("[]"), FakeHost()
    puller = module(trail, host, now=START + timedelta(hours=2))
    plain_send, broken = host.send, [True, False, True]

    def send(messages: list[str]) -> None:
        if broken and broken.pop():
            raise FullQueueError
        plain_send(messages)

    host.send = send
    for _ in range(2):
        with pytest.raises(FullQueueError):
            puller.pull()
    puller.pull()

    _assert_each_once(trail, host)


def test_every_page_is_saved_behind_its_events() -> None:
    """Also a page of duplicates moves the state: filtering is progress."""
    trail, host = crowded_trail("[]"), FakeHost()
    puller = module(trail, host, now=START + timedelta(hours=2))
    puller.pull()
    saves_before = len(host.saved)

    puller.clock.advance(60)
    puller.pull()

    assert len(host.saved) == saves_before + 2
    page, window = host.saved[-2:]
    assert page["last_run_datetime"] < window["last_run_datetime"]
    assert page["last_ids"] == window["last_ids"] == ["ID-000240"]


def test_nothing_is_asked_before_a_second_has_settled() -> None:
    """Two pulls within a second cost the calls of one."""
    trail, host = FakeTrail([]), FakeHost()
    puller = module(trail, host)
    puller.pull()

    puller.pull()

    assert len(trail.asked) == 1


def _refuse(*calls: int, problem: Problem) -> Any:
    def before_call(number: int, _token: str | None) -> None:
        if number in calls:
            raise ApiError(problem, "by plan")

    return before_call


@pytest.mark.parametrize("bounds", BOUNDS)
def test_refused_page_token_begins_the_window_again(bounds: str) -> None:
    """Once a page got through, a lost token costs a query and no event."""
    trail, host = crowded_trail(bounds), FakeHost()
    trail.before_call = _refuse(2, 4, 6, problem=PAGE_TOKEN)

    module(trail, host, now=START + timedelta(hours=2)).pull()

    _assert_each_once(trail, host)


def test_refused_page_tokens_without_progress_end_the_pull() -> None:
    """A window that never gets beyond its first page does not spin."""
    trail, host = crowded_trail("[]"), FakeHost()

    def before_call(_number: int, token: str | None) -> None:
        if token is not None:
            raise ApiError(PAGE_TOKEN, "always")

    trail.before_call = before_call

    with pytest.raises(PullError, match=r"CODE:0301"):
        module(trail, host, now=START + timedelta(hours=2)).pull()

    assert len(trail.asked) < 20


def test_fatal_error_keeps_what_was_read() -> None:
    """The position stays behind the last page that was queued."""
    trail, host = crowded_trail("[]"), FakeHost()
    trail.before_call = _refuse(3, problem=PERMISSION)

    with pytest.raises(ApiError, match=r"CODE:0415"):
        module(trail, host, now=START + timedelta(hours=2)).pull()

    assert host.state is not None
    assert from_state(host.state, _REGION).time == START + timedelta(hours=1)
    assert len(host.sent) == 100


def test_pull_ends_between_pages_when_asked() -> None:
    """A stop leaves after the page at hand, and the next pull goes on from it."""
    trail, host = crowded_trail("(]"), FakeHost()
    puller = module(trail, host, now=START + timedelta(hours=2))
    puller.ended = lambda: len(trail.asked) == 2

    puller.pull()
    assert len(host.sent) == 100
    puller.pull()

    _assert_each_once(trail, host)


def test_interrupt_ends_the_wait_for_the_next_call() -> None:
    """A stop that comes while the pace is kept makes no further call."""
    trail, host = crowded_trail("[]"), FakeHost()
    puller = module(trail, host, now=START + timedelta(hours=2))
    puller.clock.on_wait = lambda _seconds: puller.interrupt.set()
    puller.ended = lambda: False

    puller.pull()

    assert len(trail.asked) == 1


def test_start_before_the_retention_is_moved_and_the_gap_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What the service no longer keeps is skipped loudly, never silently."""
    trail, host = FakeTrail([]), FakeHost()
    now = START + timedelta(days=100)

    module(trail, host, now=now).pull()
    module(trail, host, now=now + timedelta(days=91)).pull()

    assert host.state is not None
    first, second = host.state["gaps"]
    assert first["start"] == "2023-01-05T00:00:00Z"
    assert first["end"] == "2023-01-15T00:05:00Z"
    assert second["reason"] == "retention"
    assert trail.asked[0][0] == "2023-01-15T00:04:59Z"
    warned = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert [one.getMessage()[:36] for one in warned] == [
        "Events from 2023-01-05T00:00:00+00:0",
        "Events from 2023-04-14T23:49:59.9999",
    ]


def test_backlog_is_read_in_windows_of_at_most_thirty_days() -> None:
    """Eighty days take three queries that share their boundary seconds."""
    trail = FakeTrail([event(n, START + timedelta(days=n)) for n in range(80)])
    host = FakeHost()

    module(trail, host, now=START + timedelta(days=80)).pull()

    assert [(start[:10], end[:10]) for start, end, _ in trail.asked] == [
        ("2023-01-04", "2023-02-03"),
        ("2023-02-03", "2023-03-05"),
        ("2023-03-05", "2023-03-25"),
    ]
    _assert_each_once(trail, host)


def test_crowded_backlog_is_read_in_shorter_windows() -> None:
    """Windows shrink when they take too many pages, and nothing is lost by it."""
    hours = [START + timedelta(minutes=10 * n) for n in range(600)]
    trail = FakeTrail([event(n, time) for n, time in enumerate(hours)])
    host = FakeHost()
    chosen = settings(pages_per_window_maximum=2, window_maximum_in_days=1)

    module(trail, host, now=START + timedelta(days=5), chosen=chosen).pull()

    spans = {(start[:16], end[:16]) for start, end, _ in trail.asked}
    assert len(spans) > 5
    _assert_each_once(trail, host)


def test_event_of_a_wrong_clock_does_not_move_the_position_ahead() -> None:
    """It is sent, and a kill right behind its page still loses nothing."""
    trail, host = crowded_trail("[]"), FakeHost()
    plain_fetch = trail.fetch

    def fetch(*arguments: Any) -> Any:
        page = plain_fetch(*arguments)
        for one in page.events:
            if one["eventId"] == "ID-000007":
                one["eventTime"] = "2033-01-01T00:00:00Z"
        return page

    trail.fetch = fetch
    host.die_at = 3
    with pytest.raises(Killed):
        module(trail, host, now=START + timedelta(hours=2)).pull()
    module(trail, host, now=START + timedelta(hours=2)).pull()

    assert host.counts().keys() == {one["eventId"] for one in trail.events}
    assert host.state is not None
    assert host.state["last_run_datetime"] < "2023-01-05T02"
