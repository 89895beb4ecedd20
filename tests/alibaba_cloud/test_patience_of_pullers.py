"""What pullers do under a host that does less than ours."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from alibaba_cloud import hosts
from alibaba_cloud.hosts import Patience
from alibaba_cloud.log_service.calls import PatientCalls
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self


@pytest.fixture(name="waits")
def _waits() -> list[float]:
    return []


@pytest.fixture(name="clock")
def _clock(waits: list[float]) -> ManualClock:
    clock = ManualClock(datetime(2023, 1, 5, tzinfo=UTC))
    clock.on_wait = waits.append
    return clock


@pytest.fixture(name="is_ours", params=[False, True], ids=["other host", "our host"])
def _is_ours(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[bool]:
    monkeypatch.setattr(hosts, "host_is_ours", lambda: request.param)
    return request.param


def _fail(patience: Patience, clock: ManualClock) -> None:
    with (
        pytest.raises(ValueError, match="pull"),
        patience.pull(clock, threading.Event()),
    ):
        raise ValueError("pull")  # noqa: EM101  (any failure)


def test_pulls_that_fail_are_further_and_further_apart(
    is_ours: bool,  # noqa: FBT001  (a fixture)
    clock: ManualClock,
    waits: list[float],
) -> None:
    """Five minutes at most, and only where the host does not see to it itself."""
    patience = Patience()

    for _ in range(9):
        _fail(patience, clock)

    assert waits == ([] if is_ours else [5, 10, 20, 40, 80, 160, 300, 300])


def test_pull_that_succeeds_ends_the_waiting(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock, waits: list[float]
) -> None:
    """One failure now and then never costs more than the shortest wait."""
    monkeypatch.setattr(hosts, "host_is_ours", lambda: False)
    patience = Patience()

    for _ in range(2):
        _fail(patience, clock)
        with patience.pull(clock, threading.Event()) as is_due:
            assert is_due
    with patience.pull(clock, threading.Event()) as is_due:
        assert is_due

    assert waits == [5, 5]


def test_pull_is_left_out_when_its_wait_was_ended(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    """A stop or pause in the wait means that no call is made any more."""
    monkeypatch.setattr(hosts, "host_is_ours", lambda: False)
    patience, interrupt = Patience(), threading.Event()
    _fail(patience, clock)
    clock.on_wait = lambda _seconds: interrupt.set()

    with patience.pull(clock, interrupt) as is_due:
        assert not is_due


class _Gate:
    """Limits of a host that count on one thread at a time."""

    def __init__(self) -> None:
        self.entered = 0
        self.is_shared = False
        self._inside = threading.Lock()

    def __enter__(self) -> Self:
        self.is_shared |= not self._inside.acquire(blocking=False)
        self.entered += 1
        return self

    def __exit__(self, *_error: object) -> None:
        self._inside.release()


def test_one_thread_at_a_time_passes_the_hosts_limits() -> None:
    """Calls run side by side all the same: the second begins within the first."""
    gate, second_is_in = _Gate(), threading.Event()
    limiter: Any = type("Free", (), {"wait_turn": staticmethod(lambda _: True)})()
    unused: Any = None
    calls = PatientCalls(unused, unused, limiter, threading.Event(), gate)
    second = threading.Thread(target=calls._once, args=(second_is_in.set,))

    def first() -> bool:
        second.start()
        return second_is_in.wait(10)

    assert calls._once(first)
    second.join()
    assert gate.entered == 2
    assert not gate.is_shared
