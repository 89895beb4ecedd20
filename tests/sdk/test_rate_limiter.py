"""The sliding window over all limits of a module."""

from __future__ import annotations

import threading

import pytest

from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController,
    RateLimit,
    parse_limits,
)
from fakes.clocks import ManualClock


def _limiter(
    *limits: RateLimit,
) -> tuple[CollectorRateLimiterController, ManualClock]:
    clock = ManualClock()
    return CollectorRateLimiterController(limits, clock, threading.Event()), clock


def test_calls_wait_for_the_strictest_limit() -> None:
    """Two per second and three per minute: the fourth call waits for the minute."""
    limiter, clock = _limiter(RateLimit(1, 2), RateLimit(60, 3))
    at: list[float] = []
    for _ in range(4):
        with limiter:
            at.append(clock.monotonic())

    assert at == [0, 0, 1, 60]


def test_no_limit_never_waits() -> None:
    """Without limits the context manager costs nothing."""
    limiter, clock = _limiter()
    for _ in range(100):
        with limiter:
            pass

    assert clock.waits == []


def test_stop_ends_a_wait() -> None:
    """A stop is not held up by a limit."""
    clock = ManualClock()
    stopping = threading.Event()
    limiter = CollectorRateLimiterController([RateLimit(60, 1)], clock, stopping)
    clock.on_wait = lambda _s: stopping.set()
    with limiter, limiter:
        pass

    assert clock.waits == []


def test_limits_are_read_in_both_forms() -> None:
    """A list or one mapping; -1 means none; equal ones count once."""
    assert parse_limits({"period": "1m", "number_of_requests": 5}) == [RateLimit(60, 5)]
    assert parse_limits(
        [
            {"period": "1d", "number_of_requests": -1},
            {"period": "2h", "number_of_requests": 7},
            {"period": "2h", "number_of_requests": 7},
        ]
    ) == [RateLimit(7200, 7)]
    assert parse_limits(None) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"period": "1x", "number_of_requests": 1},
        {"period": "1m", "number_of_requests": 0},
        {"period": "1m"},
        "1m",
    ],
)
def test_malformed_limit_is_an_error(entry: object) -> None:
    """The message shows the form that is meant."""
    with pytest.raises(ValueError, match="a request limit is"):
        parse_limits([entry])


def test_error_about_a_limit_does_not_show_what_stands_there() -> None:
    """It may be a secret in the wrong place."""
    with pytest.raises(ValueError, match="a request limit is") as caught:
        parse_limits([{"period": "canary", "number_of_requests": 1}])

    assert "canary" not in str(caught.value)


def test_more_requests_than_can_be_counted_are_no_limit() -> None:
    """A limiter could not even be built from it."""
    assert parse_limits([{"period": "1s", "number_of_requests": 10**30}]) == []


def test_equal_limits_of_two_levels_are_merged_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Written in other units or not, they count once."""
    limits = parse_limits(
        [
            {"period": "1h", "number_of_requests": 7},
            {"period": "60m", "number_of_requests": 7},
            {"period": "1s", "number_of_requests": 2},
        ]
    )

    assert limits == [RateLimit(1, 2), RateLimit(3600, 7)]
    assert caplog.messages == [
        "The limit of 7 requests in 3600 seconds is given twice and counts once"
    ]
