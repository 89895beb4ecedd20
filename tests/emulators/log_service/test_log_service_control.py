"""The control door: what can be seen and turned from outside, with the secret."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    PROJECT,
    STORE,
    WHERE,
    event,
    make_client,
    pull_all,
    read_all,
)

if TYPE_CHECKING:
    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator

PLACE = {"project": PROJECT, "logstore": STORE}


def call(
    emulator: LogServiceEmulator,
    name: str,
    body: object = None,
    *,
    secret: str | None = None,
) -> Any:
    """Call a control route: GET without a body, POST with one."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body)
    request = urllib.request.Request(  # noqa: S310 - always http on loopback
        emulator.control_url + name,
        data=data.encode() if isinstance(data, str) else data,
        headers={"X-Emulator-Secret": secret or emulator.control_secret},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as response:
        return json.loads(response.read())


def refused_status(emulator: LogServiceEmulator, name: str, **arguments: Any) -> int:
    """Return the HTTP status of a refused control call."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(emulator, name, **arguments)
    with caught.value:
        return caught.value.code


def test_control_refuses_without_the_secret(emulator: LogServiceEmulator) -> None:
    """A wrong secret opens nothing."""
    assert refused_status(emulator, "clock", secret="guess") == 403  # noqa: S106


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("knobs", {"colour": "red"}, id="unknown-knob"),
        pytest.param("knobs", {"expired_cursor": "wait"}, id="no-choice"),
        pytest.param("knobs", {"shard_reads_per_s": "two"}, id="text-for-number"),
        pytest.param("knobs", {"max_count": True}, id="flag-for-number"),
        pytest.param("knobs", {"end_of_cursor": 1}, id="number-for-flag"),
        pytest.param("faults", {"faults": [{"kind": "fire"}]}, id="unknown-fault"),
        pytest.param("faults", {"faults": [{"kind": "error"}]}, id="fault-options"),
        pytest.param("keys", {"key_id": "nobody", "active": False}, id="unknown-key"),
        pytest.param("clock", [1], id="no-object"),
        pytest.param("split", {**PLACE, "shard": 9}, id="no-shard"),
        pytest.param("split", {**PLACE, "shard": 0, "key": "x"}, id="no-key"),
        pytest.param("merge", {**PLACE, "shard": 1}, id="no-neighbour"),
        pytest.param("shards", {"project": "x", "logstore": "y"}, id="no-project"),
        pytest.param("stores", PLACE, id="store-again"),
        pytest.param("append", b'{"project":"x","logstore":"y"}\n{}', id="nowhere"),
        pytest.param("append", json.dumps(PLACE).encode() + b"\n{", id="torn-record"),
    ],
)
def test_control_refuses_what_makes_no_sense(
    emulator: LogServiceEmulator, name: str, body: object
) -> None:
    """A mistake is a 400, and nothing has changed."""
    before = call(emulator, "knobs"), emulator.shards(*WHERE)

    assert refused_status(emulator, name, body=body) == 400
    assert (call(emulator, "knobs"), emulator.shards(*WHERE)) == before


def test_records_come_in_as_lines(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The first line says where, each other line is a record or an event."""
    record = {"__time__": 7, "__topic__": "t", "event": json.dumps(event(1))}
    lines = [{**PLACE, "shard": 0}, record, event(2)]

    answer = call(emulator, "append", "\n".join(map(json.dumps, lines)).encode())

    records, _cursor = pull_all(client, 0)
    assert answer == {"appended": 2}
    assert [found["__topic__"] for found in records] == ["t", "actiontrail_audit_event"]


def test_shards_are_changed_from_outside(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A split, a merge and a new logstore; the list tells what shards hold."""
    emulator.append(*WHERE, [event(0)], shard=0)

    split = call(emulator, "split", {**PLACE, "shard": 0})
    merged = call(emulator, "merge", {**PLACE, "shard": 2})
    listed = call(emulator, "shards", PLACE)
    call(emulator, "stores", {"project": PROJECT, "logstore": "new", "shards": 3})

    assert split == {"children": [2, 3]}
    assert merged == {"merged": 4}
    assert [shard["groups"] for shard in listed] == [1, 0, 0, 0, 0]
    assert listed[0]["oldest"] == client.get_begin_cursor(*WHERE, 0).get_cursor()
    assert len(client.list_shards(PROJECT, "new").get_shards_info()) == 3


def test_clock_knobs_and_faults_take_effect_at_once(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """What is set from outside holds for the next call."""
    emulator.append(*WHERE, [event(0)], shard=0)
    cursor = caller.cursor()
    options = {"code": "ServerBusy", "type": "log"}
    fault = {"kind": "error", "at_calls": [1], "options": options}

    call(emulator, "faults", {"faults": [fault], "seed": 3})
    knobs = call(emulator, "knobs", {"max_count": 5, "shard_reads_per_s": 500})
    clock = call(emulator, "clock", {"now": "2026-03-01T00:00:00Z", "speed": 0})

    assert knobs["max_count"] == 5
    assert clock["now"] == "2026-03-01T00:00:00Z"
    assert caller.pull(cursor).code == "ServerBusy"
    assert caller.pull(cursor, count="6").code == "ParameterInvalid"
    assert caller.pull(cursor, count="5").code == "InvalidCursor"


def test_key_is_rotated_from_outside(emulator: LogServiceEmulator) -> None:
    """An old key is disabled, a new one added; secrets are never shown."""
    call(emulator, "keys", {"key_id": "new", "secret": "new-secret"})
    shown = call(emulator, "keys", {"key_id": EXAMPLE_KEY_ID, "active": False})

    with pytest.raises(Exception, match="disabled"):
        read_all(make_client(emulator))
    rotated = make_client(
        emulator,
        accessKeyId="new",
        accessKey="new-secret",
    )
    assert read_all(rotated) == []
    assert shown[EXAMPLE_KEY_ID]["active"] is False
    assert EXAMPLE_KEY_SECRET not in json.dumps(shown)


def test_books_can_be_read_from_outside(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """Requests, counters and the summary tell what was asked and served."""
    emulator.append(*WHERE, [event(0), event(1)], shard=0)
    cursor = caller.cursor()
    caller.pull(cursor)
    caller.pull(cursor, count="1")

    asked, first, second = call(emulator, "requests")

    assert (asked["action"], asked["events"]) == ("GetCursor", 0)
    assert (first["verdict"], first["events"]) == ("ok", 2)
    assert second["parameters"]["count"] == "1"
    assert call(emulator, "counters") == {"e0": 2, "e1": 1}
    assert call(emulator, "summary") == {
        "calls": 3,
        "verdicts": {"ok": 3},
        "pages": 2,
        "served": 3,
        "distinct": 2,
    }


def test_port_can_be_closed_from_outside(emulator: LogServiceEmulator) -> None:
    """A refusal closes the service alone, and can be ended early."""
    assert call(emulator, "refuse", {"seconds": 3600}) == {"seconds": 3600.0}

    caller = Caller(emulator)
    with pytest.raises(ConnectionRefusedError):
        caller.cursor()
    caller.connection.close()
    emulator.listen()

    assert caller.cursor()
    caller.connection.close()
