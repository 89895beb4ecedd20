"""How close a position is to the edge of the source, and what is said about it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collector_host.config.model import Service
from collector_host.runtime.replay import (
    ReplayDistance,
    ReplayWarnings,
    gaps_of,
    position_of,
    replay_distance,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWNER = "alibaba;alibaba_1;actiontrail;None"


def service(retention: float | None = 90, key: str | None = "last_run") -> Service:
    """Return a service as far as its position is concerned."""
    return Service(
        "actiontrail", "predefined", None, {}, (), retention, position_key=key
    )


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-13T00:00:00Z",
        "2026-03-13T02:00:00.000000+02:00",
        "2026-03-13 00:00:00",
        datetime(2026, 3, 13, tzinfo=UTC),
    ],
)
def test_distance_is_the_age_of_the_position(value: object) -> None:
    """Instants are read as texts with any zone, without one, or as datetimes."""
    distance = replay_distance(service(), {"last_run": value}, NOW)

    assert distance is not None
    assert distance.age == timedelta(days=80)
    assert distance.share == pytest.approx(80 / 90)
    assert distance.lost_from == datetime(2026, 6, 11, tzinfo=UTC)


@pytest.mark.parametrize("state", [None, {}, {"last_run": None}, {"last_run": "soon"}])
def test_position_that_is_not_there_has_no_distance(
    state: dict[str, Any] | None,
) -> None:
    """Nothing is invented for a state without a usable position."""
    assert position_of(service(), state) is None
    assert replay_distance(service(), state, NOW) is None


@pytest.mark.parametrize("other", [service(None), service(90, None)])
def test_service_that_does_not_tell_has_no_distance(other: Service) -> None:
    """Without retention or position in the definition there is no figure."""
    assert replay_distance(other, {"last_run": "2026-03-13T00:00:00Z"}, NOW) is None


def _distance(days: float) -> ReplayDistance:
    age = timedelta(days=days)
    return ReplayDistance(NOW - age, age, timedelta(days=90))


def test_warning_comes_from_eighty_percent_on_once_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Just below 72 of 90 days nothing is said; from there on, hourly."""
    warnings = ReplayWarnings()
    with caplog.at_level(logging.WARNING):
        warnings.look(OWNER, _distance(71.9), 0)
        assert not caplog.records
        for minute in range(121):
            warnings.look(OWNER, _distance(72), minute * 60)

    assert len(caplog.messages) == 3
    assert set(caplog.messages) == {
        (
            f"{OWNER} is delivered up to 2026-03-21T00:00:00+00:00, 72.0 days ago, and"
            " the source keeps 90 days: undelivered events are lost from"
            " 2026-06-19T00:00:00Z on"
        )
    }


def test_warning_says_when_events_are_being_lost_already(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Beyond the retention the date lies behind, and the words follow."""
    ReplayWarnings().look(OWNER, _distance(91), 0)

    assert caplog.messages[0].endswith(
        "since 2026-05-31T00:00:00Z undelivered events are being lost"
    )


def test_warning_is_given_at_once_when_the_edge_comes_near_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An owner that recovered starts afresh, and owners do not share their hour."""
    warnings = ReplayWarnings()
    warnings.look(OWNER, _distance(80), 0)
    warnings.look("another", _distance(80), 1)
    warnings.look(OWNER, _distance(10), 2)
    warnings.look(OWNER, _distance(80), 3)

    assert len(caplog.records) == 3


def test_gaps_are_those_a_module_noted() -> None:
    """Anything that is not a list of objects counts as none."""
    gap = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}

    assert gaps_of({"gaps": [gap, "text"]}) == [gap]
    assert gaps_of({"gaps": "text"}) == gaps_of({}) == gaps_of(None) == []
