"""The whole collector in front of a Log Service that fails in every way it can.

Real SDK, sockets, signatures, TLS to the relay and state files; only waits between
attempts are shortened. Each run ends complete, or with an error and its position
kept: then the next run, without faults, ends complete.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collector_emulators.faults import Fault
from collector_emulators.log_service import Knobs
from collector_emulators.log_service.page_faults import PAGE_FAULTS
from collector_emulators.log_service.wire_faults import ANSWER_FAULTS, WRONG_ANSWERS
from support.log_store import CLEAN, LogStoreStage
from support.quick import Ended, run_quickly

CODES = (
    "InternalServerError",
    "InvalidParameter",
    "LogStoreNotExist",
    "LogStoreWithoutShard",
    "ProjectForbidden",
    "ProjectNotExist",
    "ReadQuotaExceed",
    "RequestTimeExpired",
    "RequestTimeout",
    "SecurityTokenExpired",
    "ServerBusy",
    "ShardNotExist",
    "ShardReadQuotaExceed",
    "SignatureNotMatch",
    "Unauthorized",
    "NeverHeardOf",
)
CURSOR_CODES = ("InvalidCursor",)
ANSWERS = sorted({*WRONG_ANSWERS, *ANSWER_FAULTS})
TYPES = ("shards", "cursor", "cursor_time", "log")
ADD_A_RECORD = {"empty_log", "invalid_utf8", "large_group", "no_event_log", "raw_event"}
"""Faults whose strike adds a record of its own to an answer."""

_OPTIONS: dict[str, dict[str, Any]] = {
    "delay": {"seconds": 0.5},
    "stall_body": {"seconds": 0.5},
    "raw_event": {"json": '{"eventId":"raw"}'},
}

_LATE = {"delay", "stall_body"}

CASES = [
    *((kind, one) for one in TYPES for kind in (*ANSWERS, *CODES)),
    *((kind, "log") for kind in (*sorted(PAGE_FAULTS), *CURSOR_CODES)),
]
QUICK_CASES = sorted({*CASES[::4], *((kind, "log") for kind in PAGE_FAULTS)})
CALLS = {"shards": 2, "cursor": 3, "cursor_time": 2, "log": 3}
"""Calls that a run makes at least, the first ones of the setup included."""

EACH = [(*case, n + 1) for case in CASES for n in range(CALLS[case[1]])]


def _fault(kind: str, call: str, **when: Any) -> Fault:
    if kind in {*CODES, *CURSOR_CODES}:
        options = {"code": kind, "status": 400, "message": "by plan", "type": call}
        return Fault("error", options=options, **when)
    return Fault(kind, options={"type": call, **_OPTIONS.get(kind, {})}, **when)


def _stage(
    folder: Path, certificates: Path, read_timeout_s: float = 30
) -> LogStoreStage:
    """Return a source whose shards take several pulls each."""
    return LogStoreStage(
        folder,
        certificates=certificates,
        count=120,
        ttl_days=1,
        knobs=Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, max_page_bytes=30_000),
        read_timeout_in_seconds=read_timeout_s,
    )


def _run_under(fault: Fault, folder: Path, certificates: Path) -> None:
    """Run under a fault and judge; where it failed, once more without it."""
    timeout_s = 0.3 if fault.kind in _LATE else 30
    with _stage(folder, certificates, timeout_s) as stage:
        if fault.options["type"] == "cursor_time":
            _let_cursors_expire(stage)
        stage.source.faults.set([fault], seed=3)

        ended = run_quickly(folder)

        struck = sum(fault.kind in call.faults for call in stage.calls)
        assert struck, "the fault never struck"
        added = struck if fault.kind in ADD_A_RECORD else 0
        _judge(stage, ended, added)


def _judge(stage: LogStoreStage, ended: Ended, added: int) -> None:
    assert "Traceback" not in ended.log
    stage.source.faults.set([])
    log = ended.log
    if ended.code:
        assert ended.code == 1, log
        assert "[CODE:" in log
        ended = run_quickly(stage.folder)
        log += ended.log
    assert ended.code == 0, log
    found = stage.figures()
    altered = found.pop("altered")
    duplicates = found.pop("duplicates")
    assert found == {"lost": 0}, log
    assert bool(added) <= altered <= added, log
    assert duplicates <= max(0, altered - 1), log


def _let_cursors_expire(stage: LogStoreStage) -> None:
    """Read everything, miss something, and have more to read."""
    assert run_quickly(stage.folder).code == 0
    stage.miss(20)
    stage.receive(20)


@pytest.mark.parametrize(("kind", "call"), QUICK_CASES)
def test_fault_at_the_first_two_calls_costs_no_record(
    kind: str, call: str, tmp_path: Path, certificates: Path
) -> None:
    """Whatever is answered, to whichever call: complete, or an error and complete."""
    # Log groups left out twice in the same place are taken for the service's way.
    calls = {1} if kind == "skipped_groups" else {1, 2}
    fault = _fault(kind, call, at_calls=frozenset(calls))

    _run_under(fault, tmp_path, certificates)


@pytest.mark.chaos
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("kind", "call", "number"), EACH)
def test_fault_at_one_call_costs_no_record(
    kind: str, call: str, number: int, tmp_path: Path, certificates: Path
) -> None:
    """Each kind at each of the first calls of each type."""
    fault = _fault(kind, call, at_calls=frozenset({number}))

    _run_under(fault, tmp_path, certificates)


def _storm(number: int) -> list[Fault]:
    """Return every kind of answer and many errors, each now and then."""
    kinds = [kind for kind in (*ANSWERS, *CODES[::2]) if kind not in _LATE]
    return [
        _fault(kind, call, probability=0.004 * number)
        for kind in kinds
        for call in TYPES
    ]


@pytest.mark.parametrize(
    "number",
    [1, *(pytest.param(n, marks=pytest.mark.chaos) for n in range(2, 5))],
)
def test_storm_of_everything_is_outlasted(
    number: int, tmp_path: Path, certificates: Path
) -> None:
    """A tenth to a third of all calls fail, in every way at once."""
    with _stage(tmp_path, certificates) as stage:
        stage.source.faults.set(_storm(number), seed=number)
        log = ""
        for _ in range(3):
            log += run_quickly(tmp_path, pulls=2).log
            stage.receive(40)

        _judge(stage, run_quickly(tmp_path), 0)
        failed = [call for call in stage.calls if call.faults]
    assert len(failed) >= 5
    assert "Traceback" not in log


def test_trouble_of_every_kind_in_one_process_costs_no_record(
    tmp_path: Path, certificates: Path
) -> None:
    """The program that ships, with its own waits: one line for each failed call."""
    trouble = [
        _fault("http_502_html", "shards", at_calls=frozenset({1})),
        _fault("reset_during", "cursor", at_calls=frozenset({2})),
        _fault("broken_body", "log", at_calls=frozenset({1})),
        _fault("truncated_body", "log", at_calls=frozenset({5})),
        _fault("wrong_raw_size", "log", at_calls=frozenset({8})),
    ]
    with _stage(tmp_path, certificates) as stage:
        stage.source.faults.set(trouble)

        code, log = stage.once()

        assert code == 0, log
        assert stage.figures() == CLEAN, log
        struck = [call for call in stage.calls if call.faults]
    assert len(struck) == len(trouble)
    assert "Traceback" not in log
