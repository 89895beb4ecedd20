"""Calls with patience: pace, repetition, interruption."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.calls import Interrupted, PatientCalls
from alibaba_cloud.actiontrail.window import Window
from alibaba_cloud.errors import ApiError, Problem
from alibaba_cloud.pacing import Limiter, shared_limiter
from alibaba_cloud.problems import PERMISSION, THROTTLED, TOKEN_EXPIRED, TRANSPORT
from fakes.actiontrail import START, FakeTrail, settings
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

WINDOW = Window(START, START + timedelta(hours=1))


class _Bench:
    """Calls over a trail that fails as planned."""

    def __init__(
        self, *failures: Problem, retry_after_s: float | None = None, gate: Any = None
    ) -> None:
        self.clock = ManualClock()
        self.trail = FakeTrail([])
        self.limiter = Limiter(self.clock, 2)
        self.interrupt = threading.Event()
        planned = list(failures)

        def before_call(_number: int, _token: str | None) -> None:
            if planned:
                raise ApiError(planned.pop(0), "by plan", retry_after_s)

        self.trail.before_call = before_call
        self.calls = PatientCalls(
            self.trail, settings().rules, self.limiter, self.interrupt, gate=gate
        )


def test_calls_are_spaced_by_the_rate() -> None:
    """Two calls a second are half a second apart; the first waits for nothing."""
    bench = _Bench()

    for _ in range(3):
        bench.calls.page(WINDOW, None)

    assert bench.clock.waits == [0.5, 0.5]


def test_broken_connection_is_repeated_at_once() -> None:
    """The first repetition waits for nothing but the pace."""
    bench = _Bench(TRANSPORT)

    bench.calls.page(WINDOW, None)

    assert bench.calls.made == 2
    assert bench.clock.waits == [0.5]


def test_failures_in_a_row_wait_longer_each_time() -> None:
    """The waits double up to the longest one, then the error is passed on."""
    bench = _Bench(*[TRANSPORT] * 8)

    with pytest.raises(ApiError, match=r"CODE:0400"):
        bench.calls.page(WINDOW, None)

    assert bench.calls.made == 8
    assert bench.clock.waits == [0.5, 2, 4, 8, 16, 30, 30]


def test_throttling_slows_all_users_of_the_quota() -> None:
    """The rate is halved, and given back step by step by answered calls."""
    bench = _Bench(THROTTLED)

    bench.calls.page(WINDOW, None)
    after_refusal = bench.limiter.calls_per_s
    for _ in range(10):
        bench.calls.page(WINDOW, None)

    assert bench.clock.waits[0] == 1
    assert after_refusal == pytest.approx(1.1)
    assert bench.limiter.calls_per_s == 2


def test_wait_the_vendor_asks_for_is_kept() -> None:
    """The next call begins after the time the answer named."""
    bench = _Bench(THROTTLED, retry_after_s=7.0)

    bench.calls.page(WINDOW, None)

    assert bench.clock.waits == [7.0]


def test_expired_credentials_are_fetched_once() -> None:
    """A second refusal in a row is passed on."""
    bench, hopeless = _Bench(TOKEN_EXPIRED), _Bench(TOKEN_EXPIRED, TOKEN_EXPIRED)

    bench.calls.page(WINDOW, None)
    with pytest.raises(ApiError, match=r"CODE:0410"):
        hopeless.calls.page(WINDOW, None)

    assert (bench.trail.refreshed, hopeless.trail.refreshed) == (1, 1)


def test_fatal_error_is_not_repeated() -> None:
    """A missing permission costs one call."""
    bench = _Bench(PERMISSION)

    with pytest.raises(ApiError, match=r"CODE:0415"):
        bench.calls.page(WINDOW, None)

    assert bench.calls.made == 1


def test_interrupt_ends_a_back_off() -> None:
    """A stop does not wait for a service that is away."""
    bench = _Bench(*[TRANSPORT] * 8)
    bench.clock.on_wait = lambda seconds: bench.interrupt.set() if seconds > 2 else None

    with pytest.raises(Interrupted):
        bench.calls.page(WINDOW, None)

    assert bench.calls.made == 3


def test_limits_of_the_host_are_entered_around_each_call() -> None:
    """The host's own rate limits count for this plugin too."""
    entered: list[int] = []

    class Gate(contextlib.AbstractContextManager[None]):
        def __enter__(self) -> None:
            entered.append(1)

        def __exit__(self, *_exception: object) -> None:
            entered.append(-1)

    bench = _Bench(TRANSPORT, gate=Gate())

    bench.calls.page(WINDOW, None)

    assert entered == [1, -1, 1, -1]


def test_users_of_one_key_and_region_share_a_pace() -> None:
    """One limiter for both, with the lower of their rates; none across clocks."""
    clock = ManualClock()

    first = shared_limiter(clock, "key", "cn-hangzhou", 5)
    second = shared_limiter(clock, "key", "cn-hangzhou", 2)

    assert first is second
    assert first.calls_per_s == 2
    assert shared_limiter(clock, "key", "eu-central-1", 5) is not first
    assert shared_limiter(ManualClock(), "key", "cn-hangzhou", 5) is not first


def test_threads_take_turns() -> None:
    """Each of several threads gets a turn of its own."""
    clock = ManualClock()
    limiter = Limiter(clock, 2)

    def turns() -> Iterator[float]:
        for _ in range(3):
            limiter.wait_turn(threading.Event())
            yield clock.monotonic()

    assert list(turns()) == [0, 0.5, 1.0]
