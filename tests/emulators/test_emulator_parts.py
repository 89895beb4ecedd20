"""The parts emulators share: clocks, nonces, rates, fault plans, ledger, TLS."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.accounts import AccessKey, Accounts, Nonces, RateLimiter
from collector_emulators.clock import (
    DataClock,
    TransportClock,
    format_instant,
    parse_instant,
)
from collector_emulators.events import Timed, read_events
from collector_emulators.faults import Fault, FaultPlan
from collector_emulators.ledger import (
    Ledger,
    Served,
    compact_json,
    read_ledger,
    served_events,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_data_clock_is_real_until_it_is_set() -> None:
    """Virtual time follows real time, jumps, runs at its speed, and stands still."""
    real = 1000.0
    clock = DataClock(read=lambda: real)

    real += 5
    assert clock.seconds() == 1005
    clock.set(50.0, speed=10)
    real += 2
    assert clock.seconds() == 70
    clock.set(speed=0)
    real += 100
    assert clock.seconds() == 70
    clock.advance(3)
    assert clock.seconds() == 73


def test_transport_clock_can_be_wrong() -> None:
    """A shift plays a server whose clock is wrong."""
    clock = TransportClock(read=lambda: 1000.0)

    clock.shift_s = -1200

    assert clock.seconds() == -200


def test_instants_have_one_text_form() -> None:
    """Fractions and offsets are read; whole UTC seconds are written."""
    assert format_instant(parse_instant("2026-01-01T01:30:00.9+01:30")) == (
        "2026-01-01T00:00:00Z"
    )
    assert parse_instant("2026-01-01T00:00:00") == parse_instant("2026-01-01T00:00:00Z")


def test_nonce_can_be_used_again_when_it_is_forgotten() -> None:
    """Within its memory a nonce works once, after that again."""
    nonces = Nonces(memory_s=900)

    assert nonces.use("a", 0)
    assert nonces.use("b", 800)
    assert not nonces.use("a", 900)
    assert nonces.use("a", 901)
    assert not nonces.use("b", 902)


def test_bucket_refills_up_to_one_second() -> None:
    """Calls come back at the rate, and saving up ends at a second's worth."""
    limiter = RateLimiter()

    def take(now: float, name: str = "a") -> bool:
        return limiter.take(name, per_s=2, now=now)

    assert [take(0), take(0), take(0)] == [True, True, False]
    assert [take(0.5), take(0.5)] == [True, False]
    assert [take(60), take(60), take(60)] == [True, True, False]
    assert take(60, "b")


def test_key_keeps_its_secrets_out_of_its_repr() -> None:
    """Neither secret nor token can reach a log by accident."""
    accounts = Accounts([AccessKey("id", "the-secret")])

    key = accounts.assume_role("id", now=0, duration_s=60)

    assert key.secret not in repr(key)
    assert key.security_token not in repr(key)
    assert "the-secret" not in repr(accounts.find("id"))


def draw(faults: list[Fault], calls: int, seed: int = 0) -> list[list[str]]:
    """Return the kinds that strike at each of the first `calls` calls."""
    plan = FaultPlan(lambda _fault: None)
    plan.set(faults, seed=seed)
    return [[fault.kind for fault in plan.draw().faults] for _ in range(calls)]


def test_fault_strikes_at_its_calls_only() -> None:
    """A fault at calls 2 and 4 strikes there; several can strike at once."""
    faults = [Fault("a", frozenset({2, 4})), Fault("b", frozenset({4}))]

    assert draw(faults, 5) == [[], ["a"], [], ["a", "b"], []]


def test_fault_count_is_a_limit() -> None:
    """A fault that is always due stops after its count."""
    assert draw([Fault("a", count=2)], 4) == [["a"], ["a"], [], []]


def test_probability_is_replayable() -> None:
    """The same seed strikes at the same calls, another seed at others."""
    faults = [Fault("a", probability=0.3)]

    assert draw(faults, 200, seed=1) == draw(faults, 200, seed=1)
    assert draw(faults, 200, seed=1) != draw(faults, 200, seed=2)
    assert 30 < sum(map(len, draw(faults, 200, seed=1))) < 90


def test_wrong_fault_leaves_the_plan_alone() -> None:
    """A plan with a mistake is refused as a whole."""

    def check(fault: Fault) -> None:
        if fault.kind != "a":
            raise ValueError(fault.kind)

    plan = FaultPlan(check)
    plan.set([Fault("a")])

    with pytest.raises(ValueError, match="b"):
        plan.set([Fault("a"), Fault("b")])

    assert [fault.kind for fault in plan.draw().faults] == ["a"]


def call(**fields: Any) -> dict[str, Any]:
    """Return the fields of a call, `fields` among them."""
    return {
        "at": 1.5,
        "data_at": 2.0,
        "region": "r",
        "action": "LookupEvents",
        "parameters": {"MaxResults": "50"},
        "key_id": "id",
        "verdict": "ok",
        **fields,
    }


def test_ledger_file_reads_back_as_written(tmp_path: Path) -> None:
    """What the file says is what was recorded, and spoiled pages do not count."""
    ledger = Ledger(tmp_path / "ledger")
    good = (Served.of("a", b"1"), Served.of("b", b"2"))
    written = [
        ledger.record(**call(events=good)),
        ledger.record(**call(events=good, faults=("reset_before",), is_spoiled=True)),
        ledger.record(**call(verdict="Throttling.User")),
    ]
    ledger.close()

    read = list(read_ledger(tmp_path / "ledger"))

    assert read == written == ledger.calls()
    assert served_events(read) == ledger.served() == {good[0]: 1, good[1]: 1}
    assert ledger.summary().verdicts == {"ok": 2, "Throttling.User": 1}
    assert stat.S_IMODE((tmp_path / "ledger").stat().st_mode) == 0o600


def test_torn_line_is_left_out_and_cut_off(tmp_path: Path) -> None:
    """A line torn by a kill is no entry, and a new start writes behind the last."""
    path = tmp_path / "ledger"
    first = Ledger(path)
    first.record(**call())
    first.close()
    with path.open("ab") as file:
        file.write(b'{"number":2,"at"')
    assert [entry.number for entry in read_ledger(path)] == [1]

    second = Ledger(path)
    second.record(**call())
    second.close()

    assert [entry.number for entry in read_ledger(path)] == [1, 2]


def test_compact_json_is_one_line_of_utf8() -> None:
    """Key order, big integers and characters stay; a lone surrogate is escaped."""
    value = {"b": 10**18 + 1, "a": "é🚀\n", "s": "\ud83d"}

    assert compact_json(value) == (
        b'{"b":1000000000000000001,"a":"\xc3\xa9\xf0\x9f\x9a\x80\\n","s":"\\ud83d"}'
    )


def test_lines_of_events_may_carry_an_arrival() -> None:
    """A line is an event, or an event with its arrival; blank lines are skipped."""
    lines = [
        b'{"eventId":"a"}',
        b"  ",
        b'{"event":{"eventId":"b"},"arrival":"1970-01-01T00:00:09Z"}',
    ]

    assert list(read_events(lines)) == [
        Timed({"eventId": "a"}),
        Timed({"eventId": "b"}, 9.0),
    ]


@pytest.mark.parametrize("line", [b"[1]", b"{", b"null"])
def test_line_that_is_no_object_is_named(line: bytes) -> None:
    """The number of the bad line is in the error."""
    with pytest.raises(ValueError, match="line 2"):
        list(read_events([b"{}", line]))
