"""The state document, and how a position is found again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from alibaba_cloud.actiontrail.lagging import Lagging
from alibaba_cloud.actiontrail.remembered import Remembered, Trace
from alibaba_cloud.actiontrail.saving import PositionKeeper
from alibaba_cloud.actiontrail.sieve import Seen
from alibaba_cloud.actiontrail.state import Gap, Position, from_state, to_state
from alibaba_cloud.errors import PrePullError
from fakes.actiontrail import NOW, START, FakeHost, settings

HOUR = timedelta(hours=1)
GUIDE_STATE: dict[str, Any] = {
    "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
    "last_run_datetime": "2023-01-10T09:55:09Z",
    "last_ids": ["A"],
}


def _remembered() -> Remembered:
    traces = [
        Trace(START + n * HOUR / 4, bytes([n] * 9), is_fresh=True) for n in (2, 3)
    ]
    return Remembered().with_traces(traces, 9)


def _position() -> Position:
    return Position(
        region="cn-hangzhou",
        start=START,
        time=START + HOUR,
        lagging=Lagging(START + HOUR / 2, _remembered()),
        seen=Seen(START, {"A": "01", "B": "02"}, {"C": "03"}),
        gaps=(Gap(START - HOUR, START, "retention"),),
    )


def test_position_reads_back_from_its_document() -> None:
    """Nothing is lost between a position and its document."""
    position = _position()

    assert from_state(to_state(position), "cn-hangzhou") == position


def test_guide_keys_alone_are_a_state() -> None:
    """A state with the three keys of the public guide is continued."""
    position = from_state(GUIDE_STATE, "cn-hangzhou")

    assert position.region == "cn-hangzhou"
    assert position.seen.last == {"A": ""}
    assert position.seen.second == position.time
    assert position.lagging == Lagging(position.time)


@pytest.mark.parametrize(
    "change",
    [
        {"last_run_datetime": "soon"},
        {"last_run_datetime": None},
        {"gaps": [{"start": "2023-01-05T00:00:00Z"}]},
        {"fingerprints": ["A"]},
        {"second_look": "soon"},
        {"second_look": {"ids": {}}},
        {"second_look": {"read_until": "2023-01-05T00:00:00Z", "ids": []}},
    ],
    ids=[
        "no-instant",
        "nothing",
        "half-a-gap",
        "wrong-kind",
        "no-second-look",
        "half-a-second-look",
        "no-minutes",
    ],
)
def test_damaged_state_is_an_error_not_a_new_start(change: dict[str, Any]) -> None:
    """What cannot be understood stops the module, and is named."""
    with pytest.raises(PrePullError, match=r"CODE:0200"):
        from_state({**GUIDE_STATE, **change}, "cn-hangzhou")


def test_position_never_moves_back() -> None:
    """An earlier time leaves it where it is."""
    position = _position()

    assert position.moved_to(START) == position


def test_gap_that_continues_the_last_one_extends_it() -> None:
    """A service that cannot be read for days leaves one gap, not one a minute."""
    position = Position.beginning("cn-hangzhou", START)

    position = position.kept_above(START + HOUR).kept_above(START + 2 * HOUR)

    assert position.gaps == (Gap(START, START + 2 * HOUR, "retention"),)
    assert position.lagging.time == START + 2 * HOUR


def test_what_only_the_second_look_has_missed_is_no_gap() -> None:
    """It was read once; the second look goes on where the service still answers."""
    position = _position()

    kept = position.kept_above(START + 0.75 * HOUR)

    assert (kept.time, kept.gaps) == (position.time, position.gaps)
    assert kept.lagging.time == START + 0.75 * HOUR
    assert list(kept.lagging.remembered.minutes) == [START + 0.75 * HOUR]


def test_minute_that_cannot_be_read_is_forgotten(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Damage to what is remembered costs duplicates, and no event."""
    document = to_state(_position())
    texts = document["second_look"]["ids"]
    damaged, whole = texts
    for text in ("@", "AAAA", None):
        texts[damaged] = text

        remembered = from_state(document, "cn-hangzhou").lagging.remembered

        assert [*remembered.minutes] == [START + 0.75 * HOUR], whole
        assert remembered.forgotten_before == START + HOUR / 2 + HOUR / 60
    assert len(caplog.records) == 3


def test_first_run_without_a_start_begins_a_day_back_and_stays_there() -> None:
    """The default start is taken once, and saved."""
    chosen = settings({"initial_start_time_in_utc": None})
    host = FakeHost()

    first = PositionKeeper(host, chosen).load(NOW)
    second = PositionKeeper(host, chosen).load(NOW + HOUR)

    assert first.start == NOW.replace(microsecond=0) - 24 * HOUR
    assert second == first


def test_same_instant_written_otherwise_is_no_change() -> None:
    """Instants are compared, not texts."""
    chosen = settings({"initial_start_time_in_utc": "2023-01-05T08:00:00+08:00"})
    host = FakeHost(GUIDE_STATE)

    position = PositionKeeper(host, chosen).load(NOW)

    assert position.seen.last == {"A": ""}
    assert not host.saved


def test_changed_start_begins_again() -> None:
    """Position and memory are given up, as the public guide says."""
    chosen = settings({"initial_start_time_in_utc": "2023-01-06T00:00:00Z"})
    host = FakeHost(GUIDE_STATE)

    position = PositionKeeper(host, chosen).load(NOW)

    assert position == Position.beginning("cn-hangzhou", position.start)
    assert host.state is not None
    assert host.state["last_run_datetime"] == "2023-01-06T00:00:00Z"
    assert host.state["last_ids"] == []


def test_changed_start_begins_again_whatever_the_other_form_left() -> None:
    """A stale state under `regions` that has the new start does not undo a reset."""
    chosen = settings({"initial_start_time_in_utc": "2023-01-06T00:00:00Z"})
    stale = {
        **GUIDE_STATE,
        "initial_start_time_in_utc": "2023-01-06T00:00:00Z",
        "region": "cn-hangzhou",
    }

    position = PositionKeeper(FakeHost(GUIDE_STATE), chosen).load(NOW, stale)

    assert position.time.isoformat() == "2023-01-06T00:00:00+00:00"


def test_start_in_the_future_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Otherwise a collector that reads nothing looks healthy."""
    chosen = settings({"initial_start_time_in_utc": "2036-01-06T00:00:00Z"})

    PositionKeeper(FakeHost(), chosen).load(NOW)

    assert (
        "initial_start_time_in_utc is in the future: nothing is read before"
        " 2036-01-06T00:00:00+00:00"
    ) in caplog.messages


def test_state_of_another_region_is_not_continued(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A changed region begins at the start, or its earlier events would be skipped."""
    host = FakeHost({**GUIDE_STATE, "region": "eu-central-1"})

    position = PositionKeeper(host, settings()).load(NOW)

    assert position.time == START
    assert [one.levelno for one in caplog.records] == [logging.WARNING]


def test_own_state_of_another_region_does_not_hide_the_right_one() -> None:
    """However far the wrong region was read, the right one continues its own."""
    host = FakeHost({**GUIDE_STATE, "region": "eu-central-1"})
    older = {"region": "cn-hangzhou", "last_run_datetime": "2023-01-09T00:00:00Z"}

    position = PositionKeeper(host, settings()).load(NOW, {**GUIDE_STATE, **older})

    assert position.time.isoformat() == "2023-01-09T00:00:00+00:00"


@pytest.mark.parametrize(
    ("own", "elsewhere", "expected"),
    [
        (None, {"region": "cn-hangzhou"}, "2023-01-10T09:55:09"),
        (None, {"region": "eu-central-1"}, "2023-01-05T00:00:00"),
        (None, {"initial_start_time_in_utc": "2023-01-01T00:00:00Z"}, "2023-01-05"),
        ({"last_run_datetime": "2023-01-09T00:00:00Z"}, {}, "2023-01-10T09:55:09"),
        ({}, {"last_run_datetime": "2023-01-09T00:00:00Z"}, "2023-01-10T09:55:09"),
    ],
    ids=["taken-over", "other-region", "other-start", "own-is-behind", "own-is-ahead"],
)
def test_state_under_the_other_form_is_taken_over_when_it_is_further(
    own: dict[str, Any] | None, elsewhere: dict[str, Any], expected: str
) -> None:
    """Going from `region` to `regions` or back continues where the region was."""
    host = FakeHost(None if own is None else {**GUIDE_STATE, **own})

    position = PositionKeeper(host, settings()).load(NOW, {**GUIDE_STATE, **elsewhere})

    assert position.time.isoformat().startswith(expected)
    assert PositionKeeper(host, settings()).load(NOW) == position
