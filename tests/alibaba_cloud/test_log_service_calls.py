"""Patience: how often a call is repeated, after what wait, and in which form."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from alibaba_cloud import problems
from alibaba_cloud.errors import ApiError, Problem
from alibaba_cloud.log_service.calls import PatientCalls
from alibaba_cloud.log_service.lanes import Interrupted, Lane, Lanes
from alibaba_cloud.pacing import Limiter
from fakes.clocks import ManualClock
from fakes.log_service import FakeStore, InlineWorkers, settings

RULES = settings().rules


class Caller:
    """Makes one call whose outcomes follow a script; the last one is repeated."""

    def __init__(self, *script: Problem | str, attempts: int = 8) -> None:
        self.script = list(script)
        self.clock = ManualClock()
        self.client = FakeStore()
        self.interrupt = threading.Event()
        self.gates = 0
        self.unreadable: list[int] = []
        self.failures: list[ApiError] = []
        self.result: Any = None
        client: Any = self.client
        self.calls = PatientCalls(
            client,
            settings(attempts_per_call=attempts).rules,
            Limiter(self.clock, 1e9),
            self.interrupt,
            self,
        )
        workers: Any = InlineWorkers()
        self.lanes = Lanes(workers, self.clock, lambda: False)

    def __enter__(self) -> None:
        self.gates += 1

    def __exit__(self, *_exception: object) -> None:
        """Nothing is held."""

    def call(self, unreadable: int) -> str:
        self.unreadable.append(unreadable)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Problem):
            raise ApiError(step, "by plan")
        return step

    def run(self, *, is_started: bool = False) -> Caller:
        started = (
            self.calls.start(self.lanes, lambda: self.call(0)) if is_started else None
        )

        def lane() -> Lane:
            self.result = yield from self.calls.patiently(
                self.lanes, "PullLogs of shard 0", self.call, started
            )

        self.lanes.add(lane(), self.failures.append)
        self.lanes.run()
        return self

    @property
    def waits(self) -> list[float]:
        """Waits between the calls, without those too short to see."""
        return [one for one in self.clock.waits if one > 1e-6]


def test_call_that_succeeds_is_made_once() -> None:
    """Through the gate of the host, and counted."""
    caller = Caller("answer").run()

    assert (caller.result, caller.waits, caller.failures) == ("answer", [], [])
    assert caller.calls.made == caller.gates == 1


@pytest.mark.parametrize("problem", [problems.TRANSPORT, problems.SERVER])
def test_first_repetition_follows_at_once_and_then_waits_double(
    problem: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    """The usual reason is a connection that was closed while it was idle."""
    caller = Caller(*[problem] * 5, "answer").run()

    assert caller.result == "answer"
    assert caller.waits == [1, 2, 4, 8]
    assert caller.calls.made == 6
    assert caplog.messages[0].startswith(
        f"Call 1, PullLogs of shard 0, failed: ApiError [CODE:0{problem.number}]"
    )
    assert len(caplog.messages) == 5


def test_refusal_for_pace_waits_before_the_first_repetition_too() -> None:
    """Who is told to ask less often does not ask again at once."""
    caller = Caller(*[problems.THROTTLED] * 3, "answer").run()

    assert caller.waits == [0.5, 1, 2]


def test_attempts_and_waits_are_bounded() -> None:
    """After so many attempts the shard is left alone for this pull."""
    caller = Caller(problems.THROTTLED).run()

    assert [error.problem for error in caller.failures] == [problems.THROTTLED]
    assert caller.calls.made == RULES.attempts_per_call == 8
    assert caller.waits == [0.5, 1, 2, 4, 8, 16, 30]
    assert max(caller.waits) == RULES.retry_maximum_s


@pytest.mark.parametrize(
    "problem",
    [
        problems.SIGNATURE,
        problems.STORE_PERMISSION,
        problems.CURSOR_EXPIRED,
        problems.SHARD_GONE,
        problems.CLOCK,
        problems.UNKNOWN,
    ],
    ids=lambda problem: str(problem.number),
)
def test_failure_that_waiting_does_not_help_ends_at_once(problem: Problem) -> None:
    """Repeating it would only delay the message."""
    caller = Caller(problem).run()

    assert [error.problem for error in caller.failures] == [problem]
    assert (caller.calls.made, caller.waits) == (1, [])


def test_expired_credentials_are_fetched_again_once() -> None:
    """A second refusal with fresh ones is final."""
    renewed = Caller(problems.TOKEN_EXPIRED, "answer").run()
    refused = Caller(problems.TOKEN_EXPIRED).run()

    assert (renewed.result, renewed.client.refreshed) == ("answer", 1)
    assert (refused.calls.made, refused.client.refreshed) == (2, 1)
    assert [error.problem for error in refused.failures] == [problems.TOKEN_EXPIRED]
    assert renewed.waits == refused.waits == []


def test_call_learns_how_many_answers_could_not_be_decoded() -> None:
    """It asks for another form: not compressed, then as much as can be read."""
    script = [problems.UNREADABLE, problems.SERVER, problems.UNREADABLE]

    caller = Caller(*script, "answer").run()

    assert caller.unreadable == [0, 1, 1, 2]


def test_call_that_was_started_before_is_its_first_attempt() -> None:
    """It is not made twice, and its repetitions are."""
    caller = Caller(problems.SERVER, "answer").run(is_started=True)

    assert caller.result == "answer"
    assert caller.calls.made == 2
    assert caller.unreadable == [0, 0]


def test_single_attempt_is_not_repeated() -> None:
    """One attempt means one."""
    caller = Caller(problems.SERVER, "answer", attempts=1).run()

    assert caller.calls.made == 1
    assert len(caller.failures) == 1


def test_interruption_ends_the_wait_for_a_turn() -> None:
    """The call is not made any more."""
    caller = Caller("answer")
    caller.interrupt.set()

    with pytest.raises(Interrupted):
        caller.run()

    assert caller.unreadable == []


def test_calls_keep_the_pace() -> None:
    """All users of a quota share one limiter."""
    clock, client = ManualClock(), FakeStore()
    any_client: Any = client
    calls = PatientCalls(any_client, RULES, Limiter(clock, 2), threading.Event())
    workers: Any = InlineWorkers()
    lanes = Lanes(workers, clock, lambda: False)

    def lane() -> Lane:
        for _ in range(4):
            yield from calls.patiently(lanes, "ListShards", lambda _: 1)

    lanes.add(lane(), lambda _error: None)
    lanes.run()

    assert clock.monotonic() == 1.5


def test_gate_is_left_when_a_call_fails() -> None:
    """The host's limits are not held by a call that is over."""
    journal: list[str] = []

    @contextlib.contextmanager
    def gate() -> Iterator[None]:
        journal.append("enter")
        try:
            yield
        finally:
            journal.append("leave")

    caller = Caller(problems.SIGNATURE)
    caller.calls._gate = gate()
    caller.run()

    assert journal == ["enter", "leave"]
