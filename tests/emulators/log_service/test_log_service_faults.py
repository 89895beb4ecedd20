"""Every kind of fault does what its name says, where and when it was planned."""

from __future__ import annotations

import contextlib
import http.client
import json
from typing import TYPE_CHECKING, Any

import lz4.block
import pytest
from aliyun.log import LogException

from collector_emulators.faults import Fault
from collector_emulators.log_service.fault_kinds import FAULT_KINDS
from collector_emulators.log_service.wire import decode_group, split_list
from collector_emulators.log_service.wire_faults import (
    ANSWER_FAULTS,
    SPOILING,
    WRONG_ANSWERS,
)
from emulators.log_service.caller import Caller, Reply
from emulators.log_service.vendor import (
    NOW,
    STORE,
    WHERE,
    event,
    event_ids,
    pull_all,
    read_all,
)

if TYPE_CHECKING:
    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator

COUNT = 4


@pytest.fixture(autouse=True)
def _events(emulator: LogServiceEmulator) -> None:
    """Shard 0 holds a few events."""
    emulator.append(*WHERE, [event(number) for number in range(COUNT)], shard=0)


def plan(emulator: LogServiceEmulator, kind: str, **options: Any) -> None:
    """Let one fault strike once, at the next pull unless `type` says otherwise."""
    options = {"type": "log", **options}
    emulator.faults.set([Fault(kind, count=1, options=options)])


def raw_of(reply: Reply) -> bytes:
    """Return the body of a pull before it was compressed."""
    size = int(reply.headers["x-log-bodyrawsize"])
    return lz4.block.decompress(reply.body, uncompressed_size=size) if size else b""


def ids_of(reply: Reply) -> list[str]:
    """Return the ids of the events of a pull."""
    groups = [decode_group(raw) for raw in split_list(raw_of(reply))]
    values = [dict(log.contents)[b"event"] for group in groups for log in group.logs]
    return [json.loads(value)["eventId"] for value in values]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalServerError", 500),
        ("ServerBusy", 503),
        ("ReadQuotaExceed", 403),
        ("ShardReadQuotaExceed", 403),
        ("Unauthorized", 401),
        ("SignatureNotMatch", 401),
        ("RequestTimeExpired", 400),
        ("InvalidCursor", 400),
        ("ShardNotExist", 404),
    ],
)
def test_error_is_answered_as_planned(
    emulator: LogServiceEmulator, caller: Caller, code: str, status: int
) -> None:
    """Any of the service's errors can strike; the next call is right again."""
    plan(emulator, "error", code=code)
    cursor = caller.cursor()

    reply = caller.pull(cursor)

    assert (reply.status, reply.code) == (status, code)
    assert caller.pull(cursor).status == 200
    assert [call.verdict for call in emulator.requests()] == ["ok", code, "ok"]


def test_error_can_be_one_of_the_future(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """A code nobody knows needs its status and message."""
    plan(emulator, "error", code="Novelty", status=418, message="new")

    reply = caller.pull(caller.cursor())

    assert (reply.status, reply.code, reply.message) == (418, "Novelty", "new")
    with pytest.raises(KeyError):
        plan(emulator, "error", code="Novelty")


@pytest.mark.parametrize("kind", sorted(WRONG_ANSWERS))
def test_wrong_answer_replaces_the_service_s(
    emulator: LogServiceEmulator, caller: Caller, kind: str
) -> None:
    """A gateway's page or a hollow success has none of the service's headers."""
    plan(emulator, kind)
    expected = WRONG_ANSWERS[kind]

    reply = caller.pull(caller.cursor())

    assert (reply.status, reply.body) == (expected.status, expected.body)
    assert not [name for name in reply.headers if name.startswith("x-log-")]
    assert emulator.requests()[-1].verdict == "fault"


@pytest.mark.parametrize("kind", ["close_before", "reset_before"])
def test_connection_ends_before_the_answer(
    emulator: LogServiceEmulator, caller: Caller, kind: str
) -> None:
    """Nothing is answered, and the ledger does not count the page as served."""
    cursor = caller.cursor()
    plan(emulator, kind)

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        caller.pull(cursor)

    assert emulator.requests()[-1].is_spoiled
    assert emulator.ledger.summary().served == 0


@pytest.mark.parametrize("kind", ["truncated_body", "reset_during"])
def test_connection_ends_in_the_body(
    emulator: LogServiceEmulator, caller: Caller, kind: str
) -> None:
    """Half of the announced body comes."""
    cursor = caller.cursor()
    plan(emulator, kind)

    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        caller.pull(cursor)

    assert emulator.requests()[-1].is_spoiled


def test_idle_connection_is_closed(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """The answer is whole, then the connection is gone without announcement."""
    cursor = caller.cursor()
    plan(emulator, "close_after")

    reply = caller.pull(cursor)

    assert ids_of(reply) == ["e0", "e1", "e2", "e3"]
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        caller.pull(cursor)
    assert emulator.ledger.summary().served == COUNT


def test_connection_is_reset_behind_the_answer(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """The answer left, though the reset may overtake it; the ledger counts it."""
    cursor = caller.cursor()
    plan(emulator, "reset_after")

    with contextlib.suppress(ConnectionError):
        caller.pull(cursor)

    assert not emulator.requests()[-1].is_spoiled
    assert emulator.ledger.summary().served == COUNT


@pytest.mark.parametrize("kind", ["delay", "stall_body"])
def test_slow_answer_runs_into_the_client_s_timeout(
    emulator: LogServiceEmulator, caller: Caller, kind: str
) -> None:
    """The wait is before the answer, or in the middle of its body."""
    cursor = caller.cursor()
    impatient = Caller(emulator, timeout=0.3)
    plan(emulator, kind, seconds=3600)

    with pytest.raises(TimeoutError):
        impatient.pull(cursor)

    impatient.connection.close()


@pytest.mark.parametrize("kind", ["delay", "stall_body", "chunked"])
def test_patient_client_gets_the_whole_answer(
    emulator: LogServiceEmulator, caller: Caller, kind: str
) -> None:
    """A short wait, or a body in pieces, changes nothing."""
    cursor = caller.cursor()
    plan(emulator, kind, seconds=0.01)

    assert ids_of(caller.pull(cursor)) == ["e0", "e1", "e2", "e3"]


def test_missing_headers_break_the_sdk(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Without its headers a right body is a ValueError in the SDK."""
    cursor = client.get_begin_cursor(*WHERE, 0).get_cursor()
    plan(emulator, "missing_headers")

    with pytest.raises(ValueError, match="X-Log-Bodyrawsize"):
        client.pull_logs(*WHERE, 0, cursor)


def test_headers_to_miss_can_be_named(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """A single header can be left out."""
    cursor = caller.cursor()
    plan(emulator, "missing_headers", names=["x-log-cursor"])

    reply = caller.pull(cursor)

    assert "x-log-cursor" not in reply.headers
    assert reply.headers["x-log-count"] == str(COUNT)


@pytest.mark.parametrize(("by", "expected"), [(-1, -1), (7, 7), (-(10**9), None)])
def test_raw_size_is_wrong(
    emulator: LogServiceEmulator, caller: Caller, by: int, expected: int | None
) -> None:
    """The announced size is off, but stays positive."""
    cursor = caller.cursor()
    right = int(caller.pull(cursor).headers["x-log-bodyrawsize"])
    plan(emulator, "wrong_raw_size", by=by)

    reply = caller.pull(cursor)

    wrong = int(reply.headers["x-log-bodyrawsize"])
    assert wrong == (1 if expected is None else right + expected)


def test_broken_body_cannot_be_decompressed(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The SDK lets the error of its lz4 library through."""
    cursor = client.get_begin_cursor(*WHERE, 0).get_cursor()
    plan(emulator, "broken_body")

    with pytest.raises(lz4.block.LZ4BlockError):
        client.pull_logs(*WHERE, 0, cursor)


def test_broken_protobuf_shows_when_it_is_read(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The SDK returns the answer and raises at the first look into it."""
    cursor = client.get_begin_cursor(*WHERE, 0).get_cursor()
    plan(emulator, "broken_protobuf")

    answer = client.pull_logs(*WHERE, 0, cursor)

    with pytest.raises(LogException, match="BadResponse"):
        answer.get_loggroup_list()


def test_cursor_is_empty(emulator: LogServiceEmulator, caller: Caller) -> None:
    """The header is there, without a value."""
    cursor = caller.cursor()
    plan(emulator, "empty_cursor")

    assert caller.pull(cursor).headers["x-log-cursor"] == ""


def test_json_is_torn(emulator: LogServiceEmulator, client: LogClient) -> None:
    """A list of shards ends in the middle."""
    plan(emulator, "truncated_json", type="shards")

    with pytest.raises(LogException, match="Bad json"):
        client.list_shards(*WHERE)


def test_cursor_is_stuck(emulator: LogServiceEmulator, caller: Caller) -> None:
    """There are groups, and the next cursor is the one that was asked."""
    cursor = caller.cursor()
    plan(emulator, "stuck_cursor")

    reply = caller.pull(cursor)

    assert reply.headers["x-log-cursor"] == cursor
    assert len(ids_of(reply)) == COUNT


def test_groups_are_skipped(emulator: LogServiceEmulator, client: LogClient) -> None:
    """An empty answer moves the cursor on; the rest follows, the ledger agrees."""
    plan(emulator, "skipped_groups", groups=3)

    records, _cursor = pull_all(client, 0)

    assert event_ids(records) == ["e3"]
    assert emulator.ledger.summary().served == 1


def test_groups_come_twice(emulator: LogServiceEmulator, client: LogClient) -> None:
    """The last groups stand twice in one answer."""
    plan(emulator, "duplicate_groups", groups=2)

    records, _cursor = pull_all(client, 0)

    assert event_ids(records) == ["e0", "e1", "e2", "e3", "e2", "e3"]
    assert emulator.ledger.summary().served == 6


def test_groups_come_again(emulator: LogServiceEmulator, client: LogClient) -> None:
    """The next answer starts with groups of the one before, if it moves at all."""
    plan(emulator, "repeated_groups", groups=2)
    records, _cursor = pull_all(client, 0)
    plan(emulator, "repeated_groups", groups=9)
    all_records, _cursor = pull_all(client, 0)

    assert event_ids(records) == ["e0", "e1", "e2", "e3", "e2", "e3"]
    assert event_ids(all_records) == ["e0", "e1", "e2", "e3"]


def test_groups_are_joined(emulator: LogServiceEmulator, client: LogClient) -> None:
    """All records come in one group with tags; nothing to join stays nothing."""
    plan(emulator, "joined_groups")
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()

    answer = client.pull_logs(*WHERE, 0, begin)
    plan(emulator, "joined_groups")
    empty = client.pull_logs(*WHERE, 0, answer.get_next_cursor())

    records = answer.get_flatten_logs_json()
    assert answer.get_loggroup_count() == 1
    assert event_ids(records) == ["e0", "e1", "e2", "e3"]
    assert {record["__tag__:__joined__"] for record in records} == {"1"}
    assert empty.get_loggroup_count() == 0


@pytest.mark.parametrize(
    ("kind", "records", "contents"),
    [
        ("empty_group", 0, None),
        ("empty_log", 1, {}),
        ("no_event_log", 1, {b"message": b"no event"}),
        ("invalid_utf8", 1, {b"event": b'{"eventId":"bad-utf8","x":"\xff"}'}),
        ("raw_event", 1, {b"event": b"{]"}),
    ],
)
def test_odd_group_is_added(
    emulator: LogServiceEmulator,
    caller: Caller,
    kind: str,
    records: int,
    contents: dict[bytes, bytes] | None,
) -> None:
    """One group more stands behind the right ones, and in the ledger."""
    cursor = caller.cursor()
    plan(emulator, kind, json="{]")

    reply = caller.pull(cursor)

    group = decode_group(split_list(raw_of(reply))[COUNT])
    assert len(group.logs) == records
    if contents is not None:
        assert dict(group.logs[0].contents) == contents
    assert reply.headers["x-log-count"] == str(COUNT + 1)
    assert emulator.requests()[-1].event_count == COUNT + records


def test_large_group_is_added(emulator: LogServiceEmulator, client: LogClient) -> None:
    """A single event of 6 MB comes through the SDK."""
    plan(emulator, "large_group")

    records, _cursor = pull_all(client, 0)

    assert len(records[-1]["event"]) > 6_000_000


def test_time_passes_while_reading(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Records grow too old between two pulls."""
    emulator.append(*WHERE, [event(9)], shard=0, at=NOW)
    plan(emulator, "time_passes", seconds=31 * 86_400)
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()

    with pytest.raises(LogException) as caught:
        client.pull_logs(*WHERE, 0, begin)

    assert caught.value.get_error_code() == "InvalidCursor"
    assert emulator.data_clock.seconds() == NOW + 31 * 86_400


def test_shards_change_while_reading(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A split and a merge between two pulls lose nothing."""
    faults = [
        Fault("split_shard", frozenset({1}), options={"type": "log"}),
        Fault("merge_shards", frozenset({2}), options={"type": "log", "target": 3}),
    ]
    emulator.faults.set(faults)

    records, _cursor = pull_all(client, 0)
    emulator.append(*WHERE, [event(9)])

    states = [shard["status"] for shard in emulator.shards(*WHERE)]
    assert event_ids(records) == ["e0", "e1", "e2", "e3"]
    assert states == ["readonly", "readonly", "readwrite", "readonly", "readwrite"]
    assert read_all(client) == ["e0", "e1", "e2", "e3", "e9"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("shard_vanishes", "ShardNotExist"), ("store_deleted", "LogStoreNotExist")],
)
def test_what_is_read_vanishes(
    emulator: LogServiceEmulator, caller: Caller, kind: str, code: str
) -> None:
    """The shard or the whole logstore is gone for good."""
    cursor = caller.cursor()
    plan(emulator, kind)

    replies = [caller.pull(cursor), caller.pull(cursor)]

    assert [(reply.status, reply.code) for reply in replies] == [(404, code)] * 2


def test_world_fault_that_does_not_fit_changes_nothing(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """A merge without a neighbour is passed over."""
    cursor = caller.cursor()
    plan(emulator, "merge_shards", target=1)

    assert caller.pull(cursor).status == 200
    assert len(emulator.shards(*WHERE)) == 2


def test_fault_strikes_the_calls_it_is_bound_to(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """Only calls that match are counted: the second pull of shard 0 fails."""
    options = {
        "type": ["log", "cursor_time"],
        "method": "GET",
        "shard": 0,
        "project": WHERE[0],
        "logstore": WHERE[1],
        "code": "ServerBusy",
    }
    emulator.faults.set([Fault("error", frozenset({2}), options=options)])

    zero, one = caller.cursor(shard=0), caller.cursor(shard=1)
    statuses = [
        caller.pull(zero).status,
        caller.pull(one, shard=1).status,
        caller.pull(one, shard=1).status,
        caller.pull(zero).status,
        caller.pull(zero).status,
    ]

    assert statuses == [200, 200, 200, 503, 200]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("fire", {}, id="kind"),
        pytest.param("error", {}, id="no-code"),
        pytest.param("delay", {}, id="no-seconds"),
        pytest.param("raw_event", {}, id="no-text"),
        pytest.param("empty_group", {"type": "pull"}, id="type"),
        pytest.param("empty_group", {"type": ["log", "pull"]}, id="types"),
    ],
)
def test_wrong_fault_is_refused_at_once(
    emulator: LogServiceEmulator, kind: str, options: dict[str, Any]
) -> None:
    """A mistake in a plan shows when it is made."""
    with pytest.raises((KeyError, ValueError)):
        emulator.faults.set([Fault(kind, options=options)])


@pytest.mark.parametrize("kind", sorted(FAULT_KINDS - {"store_deleted"}))
def test_next_call_is_answered_after_any_fault(
    emulator: LogServiceEmulator, kind: str
) -> None:
    """No fault takes the emulator down, nor strikes more often than planned."""
    options = {"code": "ServerBusy", "seconds": 0, "json": "x", "type": "shards"}
    emulator.faults.set([Fault(kind, count=1, options=options)])
    for _attempt in range(2):
        caller = Caller(emulator)
        with contextlib.suppress(OSError, http.client.HTTPException):
            caller.call("GET", f"/logstores/{STORE}/shards")
        caller.connection.close()

    first, second = emulator.requests()

    assert (first.faults, second.faults) == ((kind,), ())
    assert second.verdict == "ok"


def test_spoiling_faults_are_answer_faults() -> None:
    """The set of faults that hide a page names existing ones."""
    assert set(ANSWER_FAULTS) >= SPOILING
