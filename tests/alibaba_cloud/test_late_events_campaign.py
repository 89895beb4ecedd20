"""Two hours of events, some of them later than documented: none lost, none twice."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.late_trail import (
    ONE_LOOK,
    Death,
    Outcome,
    collect,
    death,
    late_events,
)
from support.mutants import late_events as mutants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from collector_emulators.actiontrail.knobs import Bounds
    from collector_emulators.events import Timed

ALL_BOUNDS: tuple[Bounds, ...] = ("[]", "[)", "(]")
SOON = {"settle_time_in_seconds": 120}
BEHIND = (0, 1, 40)
"""Saves that a process loses when it dies: none, that of a page, unconfirmed ones."""


def _late_ids(events: Sequence[Timed], settle_s: float = 600) -> set[str]:
    """Return what becomes visible later than the first look allows for."""
    return {
        one.event["eventId"]
        for one in events
        if (one.arrival or 0) - _second(one.event["eventTime"]) > settle_s
    }


def _second(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _assert_each_once(outcome: Outcome) -> None:
    assert outcome.lost == set()
    assert outcome.duplicates == 0


@pytest.mark.parametrize("service", [{}, SOON], ids=["as-shipped", "first-look-at-120"])
@pytest.mark.parametrize("bounds", ALL_BOUNDS)
def test_late_events_are_sent_once_under_any_meaning_of_the_bounds(
    bounds: Bounds, service: dict[str, Any]
) -> None:
    """One in a hundred is later than ten minutes, a tenth shares a second."""
    _assert_each_once(collect(late_events(2000), service, bounds=bounds))


@pytest.mark.parametrize("bounds", ALL_BOUNDS)
def test_one_look_loses_most_of_what_is_late_and_nothing_else(bounds: Bounds) -> None:
    """The rule of the public guide is what the second look is for."""
    events = late_events(2000)
    late = _late_ids(events)

    outcome = collect(events, ONE_LOOK, bounds=bounds)

    assert outcome.lost <= late
    assert len(outcome.lost) > len(late) / 2
    assert outcome.duplicates == 0


@pytest.mark.chaos
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("service", [{}, SOON], ids=["as-shipped", "first-look-at-120"])
@pytest.mark.parametrize("bounds", ALL_BOUNDS)
def test_twenty_thousand_events_are_sent_once(
    bounds: Bounds, service: dict[str, Any], seed: int
) -> None:
    """The same at the size that is published, with several seeds."""
    events = late_events(20_000, seed=seed)

    _assert_each_once(collect(events, service, bounds=bounds, seed=seed))


def _deaths(bounds: Bounds, stride: int) -> Iterator[Death]:
    """Let the process die at every so many saves of a small trail."""
    events = late_events(300, hours=0.5, late=0.05)
    whole = collect(events, bounds=bounds)
    for step in range(0, len(whole.host.steps_taken), stride):
        for behind in BEHIND:
            yield death(events, whole, step, behind=behind, bounds=bounds)


def _assert_no_loss(deaths: Iterator[Death]) -> None:
    for one in deaths:
        assert one.lost == 0
        assert one.duplicates <= one.bound


def test_death_at_some_pages_loses_nothing() -> None:
    """Twice comes at most what was sent behind the state that survived."""
    _assert_no_loss(_deaths("[]", stride=20))


@pytest.mark.chaos
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("bounds", ALL_BOUNDS)
def test_death_at_every_page_loses_nothing(bounds: Bounds) -> None:
    """The same at every single save."""
    _assert_no_loss(_deaths(bounds, stride=1))


def test_long_absence_loses_nothing_that_was_late() -> None:
    """A process that is away for hours goes on where both looks were."""
    events = late_events(800)
    whole = collect(events)
    step = whole.host.steps_taken[len(whole.host.steps_taken) // 2]

    after = collect(events, begin=replace(step, at=step.at + timedelta(hours=9)))

    sent = [one["eventId"] for one in whole.host.sent[: step.sent] + after.host.sent]
    assert sorted(sent) == sorted(whole.expected)


def test_limit_of_the_memory_costs_duplicates_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Past it events are sent again, which is counted and logged, and none is lost."""
    events = late_events(800)

    outcome = collect(events, {"late_events": {"remembered_ids_maximum": 100}})

    assert outcome.lost == set()
    assert 0 < outcome.duplicates < len(events)
    for step in outcome.host.steps_taken:
        texts = step.state["second_look"]["ids"].values()
        assert sum(map(len, texts)) <= 100 * 12
    assert "More than 100 events since" in caplog.text
    again = [one.args for one in caplog.records if "again, or late" in one.msg]
    assert sum(int(args[0]) for args in again if args) >= outcome.duplicates


def test_damaged_minute_costs_duplicates_of_that_minute_only() -> None:
    """What cannot be read of the memory is sent again rather than lost."""
    events = late_events(600)
    whole = collect(events)
    step = whole.host.steps_taken[len(whole.host.steps_taken) * 2 // 3]
    state = copy.deepcopy(step.state)
    texts = state["second_look"]["ids"]
    minute = list(texts)[len(texts) // 2]
    in_minute = len(texts[minute]) // 12
    texts[minute] = "?"

    after = collect(events, begin=replace(step, state=state))

    sent = [one["eventId"] for one in whole.host.sent[: step.sent] + after.host.sent]
    assert set(sent) == whole.expected
    assert len(sent) - len(set(sent)) == in_minute > 0


def test_late_events_carry_the_name_of_the_pull_that_found_them() -> None:
    """Not of the pull that would have sent them, had they been there."""
    events = late_events(600, late=0.05)
    late = _late_ids(events)

    outcome = collect(events)

    found = [one for one in outcome.host.sent if one["eventId"] in late]
    ages = [float(one["@devo_pulling_id"]) - _second(one["eventTime"]) for one in found]
    assert len(found) == len(late)
    assert max(ages) > 1500


@pytest.mark.parametrize(
    "mutant",
    [mutants.forget_where_the_second_look_is, mutants.follow_without_a_distance],
)
def test_campaign_finds_late_events_that_are_lost(
    mutant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its own saved position at a distance the second look finds nothing."""
    mutant(monkeypatch.setattr)

    assert collect(late_events(600)).lost


def test_campaign_finds_what_is_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the memory between the looks everything is sent again."""
    mutants.forget_between_the_looks(monkeypatch.setattr)

    assert collect(late_events(600)).duplicates > 300


def test_campaign_finds_what_a_death_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A position that moves before its page is queued loses the page."""
    mutants.save_before_sending(monkeypatch.setattr)

    assert any(one.lost for one in _deaths("[]", stride=8))
