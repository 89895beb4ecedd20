"""The clock of the long campaigns, before it judges anything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fakes.virtual_time import VirtualClock

START = datetime(2026, 1, 1, tzinfo=UTC)
JOIN_S = 10


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    """Start a clock that this test's own thread takes part in."""
    with VirtualClock(START) as running:
        yield running


class Participant(threading.Thread):
    """A thread as the collector has them."""

    process_role = "InputProcess"

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.start()

    def run(self) -> None:
        self._work()


def test_wait_of_a_day_ends_at_its_deadline(clock: VirtualClock) -> None:
    """A wait nobody ends takes its whole virtual time, and tells so."""
    assert clock.wait(threading.Event(), 86_400) is False
    assert clock.now() == START + timedelta(days=1)


def test_waits_end_in_the_order_of_their_deadlines(clock: VirtualClock) -> None:
    """Threads wake at their own deadlines, whoever began to wait first."""
    woken: list[tuple[float, str]] = []

    def sleeper(name: str, period_s: float) -> Callable[[], None]:
        def work() -> None:
            for _ in range(3):
                clock.wait(threading.Event(), period_s)
                woken.append((clock.monotonic(), name))

        return work

    threads = [Participant(sleeper("slow", 7.0)), Participant(sleeper("quick", 2.0))]
    clock.wait(threading.Event(), 30)
    for thread in threads:
        thread.join(JOIN_S)

    assert woken == [
        *((2.0, "quick"), (4.0, "quick"), (6.0, "quick")),
        *((7.0, "slow"), (14.0, "slow"), (21.0, "slow")),
    ]


def test_event_that_is_set_ends_a_wait_at_once(clock: VirtualClock) -> None:
    """A thread woken by another one runs before time goes on."""
    event = threading.Event()
    seen: list[tuple[bool, float]] = []
    waiter = Participant(
        lambda: seen.append((clock.wait(event, 100), clock.monotonic()))
    )
    clock.wait(threading.Event(), 5)

    event.set()
    clock.wait(threading.Event(), 1_000)
    waiter.join(JOIN_S)

    assert seen == [(True, 5.0)]


def test_notified_condition_ends_a_wait_at_once(clock: VirtualClock) -> None:
    """The same for a condition, whose lock the waiter holds."""
    condition = threading.Condition()
    seen: list[tuple[bool, float]] = []

    def work() -> None:
        with condition:
            seen.append((clock.wait_notified(condition, 100), clock.monotonic()))

    waiter = Participant(work)
    clock.wait(threading.Event(), 5)
    with condition:
        condition.notify_all()
    clock.wait(threading.Event(), 1_000)
    waiter.join(JOIN_S)

    assert seen == [(True, 5.0)]


def test_time_stands_still_while_a_participant_works(clock: VirtualClock) -> None:
    """A thread that is busy with the world outside uses no virtual time."""
    at_work, may_end = threading.Event(), threading.Event()
    seen: list[float] = []

    def work() -> None:
        at_work.set()
        assert may_end.wait(JOIN_S)
        seen.append(clock.monotonic())

    waiter = Participant(work)
    assert at_work.wait(JOIN_S)
    threading.Timer(0.05, may_end.set).start()
    clock.wait(threading.Event(), 3_600)
    waiter.join(JOIN_S)

    assert seen == [0.0]


def test_plan_is_carried_out_at_its_time(clock: VirtualClock) -> None:
    """What is planned happens between two waits, at the second asked for."""
    times: list[float] = []
    event = threading.Event()
    clock.plan(40, lambda: times.append(clock.monotonic()))
    clock.plan(50, event.set)

    assert clock.wait(event, 1_000) is True
    assert (times, clock.monotonic()) == ([40.0], 50.0)


def test_wait_that_nothing_can_end_is_an_error(clock: VirtualClock) -> None:
    """Threads that all wait for each other fail instead of hanging."""
    with pytest.raises(AssertionError, match="none of them for a time"):
        clock.wait(threading.Event(), None)
