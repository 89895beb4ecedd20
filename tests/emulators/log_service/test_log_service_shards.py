"""Split, merge, writing and age: what happens to shards while they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aliyun.log import LogException, LogItem, PutLogsRequest

from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    NOW,
    PROJECT,
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

DAY_S = 86_400


def states(client: LogClient) -> dict[int, str]:
    """Return the status of each shard."""
    shards = client.list_shards(*WHERE).get_shards_info()
    return {shard["shardID"]: shard["status"] for shard in shards}


def put(client: LogClient, text: str, **options: Any) -> None:
    """Write one event through the SDK."""
    item = LogItem(int(NOW), contents=[("event", text)])
    request = PutLogsRequest(*WHERE, "topic", "source", [item], **options)
    client.put_logs(request)


def error_of(caught: pytest.ExceptionInfo[LogException]) -> tuple[int, str]:
    """Return status and code of an error the SDK raised."""
    return caught.value.get_resp_status(), caught.value.get_error_code()


def test_split_makes_two_shards_of_one(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The parent is readonly and keeps its groups, new ones go to the children."""
    emulator.append(*WHERE, [event(0)], shard=0)
    key = "2" + "0" * 31

    parent, left, right = client.split_shard(*WHERE, 0, key).get_shards_info()
    emulator.append(*WHERE, [event(1), event(2), event(3)])

    assert (parent["shardID"], parent["status"]) == (0, "readonly")
    assert (left["shardID"], right["shardID"]) == (2, 3)
    assert left["inclusiveBeginKey"] == parent["inclusiveBeginKey"]
    assert left["exclusiveEndKey"] == right["inclusiveBeginKey"] == key
    assert right["exclusiveEndKey"] == parent["exclusiveEndKey"]
    assert event_ids(pull_all(client, 0)[0]) == ["e0"]
    assert read_all(client) == ["e0", "e1", "e2", "e3"]


def test_split_without_a_key_is_even(
    emulator: LogServiceEmulator, caller: Caller, client: LogClient
) -> None:
    """A wanted number of children parts the range evenly."""
    del emulator

    reply = caller.call(
        "POST", f"/logstores/{STORE}/shards/0", {"action": "split", "shardCount": "4"}
    )

    assert reply.status == 200
    begins = [
        shard["inclusiveBeginKey"][0]
        for shard in client.list_shards(*WHERE).get_shards_info()
    ]
    assert begins == ["0", "8", "0", "2", "4", "6"]


@pytest.mark.parametrize("count", ["65", "many"])
def test_number_of_children_is_limited(
    emulator: LogServiceEmulator, caller: Caller, count: str
) -> None:
    """A shard is not cut into more parts than a logstore may have."""
    query = {"action": "split", "shardCount": count}

    reply = caller.call("POST", f"/logstores/{STORE}/shards/0", query)

    assert (reply.status, reply.code) == (400, "ParameterInvalid")
    assert len(emulator.shards(*WHERE)) == 2


def test_merge_makes_one_shard_of_two(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Both old shards are readonly, the new one covers their ranges."""
    emulator.append(*WHERE, [event(0), event(1)])

    new, left, right = client.merge_shard(*WHERE, 0).get_shards_info()
    emulator.append(*WHERE, [event(2)])

    assert (new["shardID"], new["status"]) == (2, "readwrite")
    assert new["inclusiveBeginKey"] == left["inclusiveBeginKey"]
    assert new["exclusiveEndKey"] == right["exclusiveEndKey"]
    assert {left["status"], right["status"]} == {"readonly"}
    assert read_all(client) == ["e0", "e1", "e2"]


@pytest.mark.parametrize(
    ("shard", "key", "expected"),
    [
        pytest.param(0, "9" + "0" * 31, (400, "ParameterInvalid"), id="outside"),
        pytest.param(0, "0" * 32, (400, "ParameterInvalid"), id="at-begin"),
        pytest.param(0, "5", (400, "ParameterInvalid"), id="short"),
        pytest.param(0, "x" * 32, (400, "ParameterInvalid"), id="no-number"),
        pytest.param(7, "2" + "0" * 31, (404, "ShardNotExist"), id="no-shard"),
    ],
)
def test_wrong_split_is_refused(
    emulator: LogServiceEmulator,
    client: LogClient,
    shard: int,
    key: str,
    expected: tuple[int, str],
) -> None:
    """A key must be one inside a shard that exists."""
    del emulator

    with pytest.raises(LogException) as caught:
        client.split_shard(*WHERE, shard, key)

    assert error_of(caught) == expected
    assert states(client) == {0: "readwrite", 1: "readwrite"}


def test_readonly_shard_is_neither_split_nor_merged(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Only shards that can be written can be cut up; the last has no neighbour."""
    emulator.split(*WHERE, 0)

    with pytest.raises(LogException) as split:
        client.split_shard(*WHERE, 0, "2" + "0" * 31)
    with pytest.raises(LogException) as merged:
        client.merge_shard(*WHERE, 1)

    assert error_of(split) == error_of(merged) == (400, "ParameterInvalid")


def test_shard_is_deleted_once_it_is_readonly(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A shard that can be written stays."""
    with pytest.raises(LogException) as caught:
        client.delete_shard(*WHERE, 0)
    emulator.split(*WHERE, 0)
    client.delete_shard(*WHERE, 0)

    assert error_of(caught) == (400, "ParameterInvalid")
    assert states(client) == {1: "readwrite", 2: "readwrite", 3: "readwrite"}


@pytest.mark.parametrize("compress", [True, False], ids=["lz4", "plain"])
def test_sdk_writes_and_reads_back(
    emulator: LogServiceEmulator, client: LogClient, *, compress: bool
) -> None:
    """What the SDK puts, it pulls: topic, source, tags, time and text."""
    del emulator
    put(client, '{"eventId":"put"}', compress=compress, logtags=[("tag", "é")])

    records = pull_all(client, 0)[0] + pull_all(client, 1)[0]

    assert len(records) == 1
    expected = {
        "__time__": int(NOW),
        "__topic__": "topic",
        "__source__": "source",
        "__tag__:tag": "é",
        "event": '{"eventId":"put"}',
    }
    assert {name: records[0][name] for name in expected} == expected


@pytest.mark.parametrize(("digit", "shard"), [("1", 0), ("9", 1), ("f", 1)])
def test_key_decides_the_shard(
    emulator: LogServiceEmulator, client: LogClient, digit: str, shard: int
) -> None:
    """A group put with a hash key goes to the shard that holds the key."""
    del emulator
    put(client, '{"eventId":"put"}', hashKey=digit * 32)

    assert event_ids(pull_all(client, shard)[0]) == ["put"]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        pytest.param(b"\x0a\x05abc", {}, (400, "PostBodyInvalid"), id="no-group"),
        pytest.param(
            b"", {"content_type": None}, (400, "MissingContentType"), id="no-type"
        ),
        pytest.param(
            b"", {"content_type": "text/plain"}, (415, "InvalidContentType"), id="type"
        ),
        pytest.param(
            b"", {"x_log_bodyrawsize": None}, (400, "MissingBodyRawSize"), id="no-size"
        ),
        pytest.param(
            b"", {"x_log_bodyrawsize": "x"}, (400, "InvalidBodyRawSize"), id="size"
        ),
        pytest.param(
            b"",
            {"x_log_bodyrawsize": "99999999"},
            (413, "PostBodyTooLarge"),
            id="large",
        ),
        pytest.param(
            b"", {"x_log_compresstype": "rar"}, (400, "InvalidCompressType"), id="rar"
        ),
        pytest.param(
            b"abc",
            {"x_log_compresstype": "lz4", "x_log_bodyrawsize": "50"},
            (400, "PostBodyInvalid"),
            id="broken-lz4",
        ),
    ],
)
def test_wrong_write_is_refused(
    emulator: LogServiceEmulator,
    caller: Caller,
    body: bytes,
    headers: dict[str, str | None],
    expected: tuple[int, str],
) -> None:
    """A body must be a group, of the size and in the encoding announced."""
    headers = {"content_type": "application/x-protobuf", **headers}

    reply = caller.call("POST", f"/logstores/{STORE}/shards/lb", body=body, **headers)

    assert (reply.status, reply.code) == expected
    assert [shard["groups"] for shard in emulator.shards(*WHERE)] == [0, 0]


def test_records_vanish_when_they_are_too_old(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """What is older than the logstore keeps is skipped from the beginning on."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 29 * DAY_S)
    emulator.append(*WHERE, [event(1)], shard=0)
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()

    emulator.advance(2 * DAY_S)
    later = client.get_begin_cursor(*WHERE, 0).get_cursor()

    assert later != begin
    assert read_all(client) == ["e1"]
    assert client.get_cursor(*WHERE, 0, 0).get_cursor() == later


def test_expired_cursor_is_an_error_or_a_jump(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A knob decides what a pull behind the retention gets; times are refused."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 29 * DAY_S)
    emulator.append(*WHERE, [event(1)], shard=0)
    old = client.get_begin_cursor(*WHERE, 0).get_cursor()
    emulator.advance(2 * DAY_S)

    with pytest.raises(LogException) as pulled:
        client.pull_logs(*WHERE, 0, old)
    emulator.knobs.expired_cursor = "jump"
    records, _cursor = pull_all(client, 0, old)
    with pytest.raises(LogException) as timed:
        client.get_cursor_time(*WHERE, 0, old)

    assert error_of(pulled) == error_of(timed) == (400, "InvalidCursor")
    assert event_ids(records) == ["e1"]


def test_readonly_shard_vanishes_with_its_last_record(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """It stays while it holds something, and an empty one as long as that."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 20 * DAY_S)
    emulator.split(*WHERE, 0)
    emulator.merge(*WHERE, 2)
    before = states(client)

    emulator.advance(11 * DAY_S)
    without_first = states(client)
    emulator.advance(20 * DAY_S)

    assert list(before) == [0, 1, 2, 3, 4]
    assert list(without_first) == [1, 2, 3, 4]
    assert list(states(client)) == [1, 4]


def test_store_made_again_has_other_cursors(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A cursor into a deleted logstore is invalid in its successor."""
    emulator.append(*WHERE, [event(0)], shard=0)
    _records, old = pull_all(client, 0)

    emulator.delete_store(*WHERE)
    with pytest.raises(LogException) as gone:
        client.pull_logs(*WHERE, 0, old)
    emulator.create_store(*WHERE)
    with pytest.raises(LogException) as invalid:
        client.pull_logs(*WHERE, 0, old)

    assert error_of(gone) == (404, "LogStoreNotExist")
    assert error_of(invalid) == (400, "InvalidCursor")


def test_store_without_shards_says_so(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """When every shard is gone, the list is refused and records are dropped."""
    emulator.create_store(PROJECT, "lost", shards=1)
    emulator.delete_shard(PROJECT, "lost", 0)
    emulator.append(PROJECT, "lost", [event(0)])

    with pytest.raises(LogException) as caught:
        client.list_shards(PROJECT, "lost")

    assert error_of(caught) == (400, "LogStoreWithoutShard")
