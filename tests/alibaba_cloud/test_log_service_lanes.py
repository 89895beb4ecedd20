"""Readings side by side: order, pauses, failures, interruptions, threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from alibaba_cloud.clock import SystemClock
from alibaba_cloud.errors import ApiError
from alibaba_cloud.log_service.lanes import Interrupted, Lane, Lanes, Pause, Workers
from alibaba_cloud.problems import SERVER, UNREADABLE
from fakes.clocks import ManualClock
from fakes.log_service import InlineWorkers

DEADLINE_S = 20


def _never() -> bool:
    return False


class Track:
    """Lanes over inline workers, and what happened on them."""

    def __init__(
        self,
        workers: Any = None,
        ended: Callable[[], bool] = _never,
        clock: ManualClock | None = None,
    ) -> None:
        self.clock = clock or ManualClock()
        self.lanes = Lanes(workers or InlineWorkers(), self.clock, ended)
        self.lines: list[str] = []
        self.failures: list[ApiError] = []

    def add(self, lane: Lane) -> None:
        self.lanes.add(lane, self.failures.append)

    def note(self, text: str) -> None:
        self.lines.append(f"{self.clock.monotonic():g} {text}")


def test_lane_goes_on_with_the_outcome_of_its_call() -> None:
    """A result is what the yield gives, an error is raised there."""
    track = Track()

    def fail() -> None:
        raise ApiError(SERVER, "by plan")

    def lane() -> Lane:
        track.note((yield track.lanes.start(lambda: "result")))
        try:
            yield track.lanes.start(fail)
        except ApiError as error:
            track.note(error.cause)
        return "ignored"

    track.add(lane())
    track.lanes.run()

    assert track.lines == ["0 result", "0 by plan"]


def test_lanes_go_on_in_the_order_their_calls_end() -> None:
    """No lane waits for another one's call."""
    track = Track(InlineWorkers(choose=lambda number: number - 1))

    def lane(name: str) -> Lane:
        track.note((yield track.lanes.start(lambda: name)))

    for name in "abc":
        track.add(lane(name))
    track.lanes.run()

    assert track.lines == ["0 c", "0 b", "0 a"]


def test_pauses_end_when_they_are_due() -> None:
    """The clock waits for the next one only."""
    track = Track()

    def lane(name: str, *pauses: float) -> Lane:
        for seconds in pauses:
            yield Pause(seconds)
            track.note(name)

    track.add(lane("a", 3, 3))
    track.add(lane("b", 2, 0))
    track.add(lane("c", 2.5))
    track.lanes.run()

    assert track.lines == ["2 b", "2 b", "2.5 c", "3 a", "6 a"]
    assert track.clock.waits == [2, 0, 0.5, 0.5, 3]


def test_outcome_that_comes_early_is_kept_for_its_lane() -> None:
    """A call may be started long before the lane asks for it."""
    track = Track()

    def fail() -> None:
        raise ApiError(SERVER, "early")

    def lane() -> Lane:
        first, second = track.lanes.start(lambda: "first"), track.lanes.start(fail)
        track.note((yield track.lanes.start(lambda: "third")))
        track.note((yield first))
        yield second

    track.add(lane())
    track.lanes.run()

    assert track.lines == ["0 third", "0 first"]
    assert [error.cause for error in track.failures] == ["early"]


def test_lane_that_fails_does_not_stop_the_others() -> None:
    """Its failure is handed over, and the run goes on."""
    track = Track()

    def bad() -> Lane:
        yield Pause(1)
        raise ApiError(UNREADABLE, "bad")

    def good() -> Lane:
        yield Pause(2)
        track.note("good")

    track.add(bad())
    track.add(good())
    track.lanes.run()

    assert [error.cause for error in track.failures] == ["bad"]
    assert track.lines == ["2 good"]


def test_error_of_another_kind_ends_the_run() -> None:
    """A full queue or a mistake of the code is nobody's failed shard."""
    track = Track()

    def lane() -> Lane:
        yield Pause(0)
        message = "queue is full"
        raise OverflowError(message)

    track.add(lane())

    with pytest.raises(OverflowError, match="queue is full"):
        track.lanes.run()


def test_run_does_not_wait_for_lanes_in_the_background() -> None:
    """They run beside the others, and are left where they are."""
    track = Track()

    def background() -> Lane:
        while True:
            yield Pause(1)
            track.note("background")

    def needed() -> Lane:
        yield Pause(2.5)

    track.lanes.add(background())
    track.add(needed())
    track.lanes.run()

    assert track.lines == ["1 background", "2 background"]


def test_lane_in_the_background_must_not_fail() -> None:
    """Nobody would be told."""
    track = Track()

    def background() -> Lane:
        yield Pause(1)
        raise ApiError(SERVER, "unseen")

    def needed() -> Lane:
        yield Pause(2)

    track.lanes.add(background())
    track.add(needed())

    with pytest.raises(ApiError, match="unseen"):
        track.lanes.run()


def test_lane_may_add_lanes_and_end_at_once() -> None:
    """A lane that has nothing to wait for is over when it was added."""
    track = Track()

    def child(name: str) -> Lane:
        track.note(name)
        return
        yield

    def parent() -> Lane:
        yield Pause(1)
        track.add(child("child"))

    track.add(child("first"))
    track.add(parent())
    track.lanes.run()

    assert track.lines == ["0 first", "1 child"]


def test_run_without_lanes_is_over() -> None:
    """There is nothing to wait for."""
    track = Track()

    track.lanes.run()

    assert track.clock.waits == []


def test_run_ends_when_everything_has_to_end() -> None:
    """Between two outcomes, and before the first."""
    answers = [False, True]
    track = Track(ended=lambda: answers.pop(0))

    def lane() -> Lane:
        track.note((yield track.lanes.start(lambda: "one")))
        track.note((yield track.lanes.start(lambda: "two")))

    track.add(lane())

    with pytest.raises(Interrupted):
        track.lanes.run()
    assert track.lines == ["0 one"]


def test_wake_up_ends_a_long_pause() -> None:
    """A stop that comes in a wait of a minute is seen at once."""
    stop = threading.Event()
    workers = InlineWorkers()
    track = Track(workers, stop.is_set)

    def lane() -> Lane:
        yield Pause(60)

    def stopped(_seconds: float) -> None:
        stop.set()
        workers.wake()

    track.clock.on_wait = stopped
    track.add(lane())

    with pytest.raises(Interrupted):
        track.lanes.run()
    assert track.clock.monotonic() == 0


def test_outcomes_of_a_run_that_ended_early_are_dropped() -> None:
    """The next run of the same workers gets its own only."""
    workers = InlineWorkers()
    first = Track(workers, ended=lambda: True)
    second = Track(workers)

    def lane(track: Track, name: str) -> Lane:
        track.note((yield track.lanes.start(lambda: name)))

    first.add(lane(first, "first"))
    with pytest.raises(Interrupted):
        first.lanes.run()
    second.add(lane(second, "second"))
    second.lanes.run()

    assert (first.lines, second.lines) == ([], ["0 second"])
    assert second.lanes._early == {}


def _take(workers: Workers) -> Any:
    """Wait for an outcome in real time."""
    for _ in range(100):
        outcome = workers.take(SystemClock(), DEADLINE_S)
        if outcome is not None:
            return outcome
    message = "no outcome"
    raise AssertionError(message)


def test_calls_are_made_side_by_side_in_daemon_threads() -> None:
    """Each of two calls ends only after the other has begun."""
    workers = Workers(2, "puller")
    both = threading.Barrier(2, timeout=DEADLINE_S)
    lanes = Lanes(workers, SystemClock(), _never)
    found: list[tuple[str, bool]] = []

    def call() -> tuple[str, bool]:
        both.wait()
        thread = threading.current_thread()
        return thread.name, thread.daemon

    def lane() -> Lane:
        found.append((yield lanes.start(call)))

    failures: list[ApiError] = []
    for _ in range(2):
        lanes.add(lane(), failures.append)
    lanes.run()

    assert sorted(found) == [("puller:0", True), ("puller:1", True)]
    assert failures == []


class _Room(threading.Semaphore):
    """Tells how often a thread found no room."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.blocked = threading.Semaphore(0)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - the library's
        if super().acquire(blocking=False):
            return True
        self.blocked.release()
        return super().acquire(blocking, timeout)


def test_no_more_results_than_threads_wait_to_be_taken() -> None:
    """Memory is bounded: a call begins only where there is room for its result."""
    workers = Workers(2, "puller")
    room = _Room(2)
    workers._room = room
    begun: list[int] = []
    lanes = Lanes(workers, SystemClock(), _never)
    for number in range(4):
        lanes.start(lambda number=number: begun.append(number))
    for _ in range(2):
        assert room.blocked.acquire(timeout=DEADLINE_S)

    before = sorted(begun)
    for _ in range(4):
        _take(workers)

    assert before == [0, 1]
    assert sorted(begun) == [0, 1, 2, 3]


def test_whatever_a_call_raises_comes_back_in_its_lane() -> None:
    """Also what is no error: a thread that died would leave its lane for ever."""
    workers = Workers(1, "puller")
    lanes = Lanes(workers, SystemClock(), _never)

    def interrupted() -> None:
        raise Interrupted

    def leave() -> None:
        raise SystemExit

    lanes.start(interrupted)
    lanes.start(leave)
    lanes.start(lambda: "alive")

    outcomes = [_take(workers) for _ in range(3)]

    assert isinstance(outcomes[0][2], Interrupted)
    assert isinstance(outcomes[1][2], SystemExit)
    assert outcomes[2][1] == "alive"


def test_wake_up_before_the_wait_is_not_lost() -> None:
    """Whoever begins to wait afterwards returns at once, and then waits again."""
    workers = Workers(1, "puller")
    clock = ManualClock()
    workers.wake()

    assert workers.take(clock, None) is None
    assert workers.take(clock, 1) is None
    assert clock.waits == [1]
