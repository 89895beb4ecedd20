"""Lists of shards, cursors and pulls, through the unmodified SDK."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import lz4.block
import pytest
from aliyun.log import LogException

from collector_emulators.log_service.compression import ENCODERS
from collector_emulators.log_service.records import Received, event_group
from collector_emulators.log_service.wire import split_list
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    NOW,
    PROJECT,
    STORE,
    WHERE,
    event,
    event_ids,
    make_client,
    pull_all,
    read_all,
)

if TYPE_CHECKING:
    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator


def fill(emulator: LogServiceEmulator, count: int, **options: Any) -> None:
    """Add events with the numbers from 0, one a group, to shard 0."""
    events = [event(number) for number in range(count)]
    emulator.append(*WHERE, events, shard=0, **options)


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_sdk_reads_everything(emulator: LogServiceEmulator, version: str) -> None:
    """With either signature the SDK reads each event of each shard once."""
    emulator.append(*WHERE, [event(number, text="é🚀") for number in range(25)])
    client = make_client(emulator, auth_version=version)

    assert read_all(client, count=7) == sorted(f"e{number}" for number in range(25))
    assert {call.verdict for call in emulator.requests()} == {"ok"}


def test_sdk_reads_through_a_proxy(
    emulator: LogServiceEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An SDK that takes the emulator for its HTTP proxy needs no other change."""
    emulator.append(*WHERE, [event(1)])
    monkeypatch.setenv("http_proxy", emulator.endpoint)
    client = make_client(emulator, endpoint="cn-hangzhou.log.aliyuncs.com")
    client._session.trust_env = True

    assert read_all(client) == ["e1"]


def test_sdk_reads_by_a_bare_address(emulator: LogServiceEmulator) -> None:
    """In the SDK's mode for bare addresses the project stands in the host only."""
    emulator.append(*WHERE, [event(1)])
    client = make_client(emulator, endpoint=emulator.endpoint)
    client._isRowIp = True

    assert read_all(client) == ["e1"]


def test_shards_part_the_keys(emulator: LogServiceEmulator, client: LogClient) -> None:
    """New shards have even ranges without gaps, and can be written."""
    emulator.create_store(PROJECT, "wide", shards=3)

    narrow = client.list_shards(*WHERE).get_shards_info()
    wide = client.list_shards(PROJECT, "wide").get_shards_info()

    assert narrow == [
        {
            "shardID": 0,
            "status": "readwrite",
            "inclusiveBeginKey": "0" * 32,
            "exclusiveEndKey": "8" + "0" * 31,
            "createTime": int(NOW),
        },
        {
            "shardID": 1,
            "status": "readwrite",
            "inclusiveBeginKey": "8" + "0" * 31,
            "exclusiveEndKey": "f" * 32,
            "createTime": int(NOW),
        },
    ]
    ends = [shard["exclusiveEndKey"] for shard in wide]
    assert [shard["inclusiveBeginKey"] for shard in wide] == ["0" * 32, *ends[:-1]]


def test_cursor_of_a_time_is_the_first_group_received_since(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Times are those of arrival; before all is the begin, behind all the end."""
    for number in range(3):
        emulator.append(*WHERE, [event(number)], shard=0, at=NOW - 100 + 10 * number)

    def ids_from(time: int) -> list[str]:
        cursor = client.get_cursor(*WHERE, 0, time).get_cursor()
        return event_ids(pull_all(client, 0, cursor)[0])

    assert ids_from(int(NOW) - 1000) == ["e0", "e1", "e2"]
    assert ids_from(int(NOW) - 90) == ["e1", "e2"]
    assert ids_from(int(NOW) - 89) == ["e2"]
    assert ids_from(int(NOW)) == []


def test_cursor_time_is_the_time_of_arrival(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A cursor tells when its group arrived; the end tells now."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 50.5)
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()
    end = client.get_end_cursor(*WHERE, 0).get_cursor()

    def time_of(cursor: str) -> int:
        return client.get_cursor_time(*WHERE, 0, cursor).get_cursor_time()

    assert time_of(begin) == int(NOW - 50.5)
    assert time_of(end) == int(NOW)
    previous = client.get_previous_cursor_time(*WHERE, 0, end)
    assert previous.get_cursor_time() == int(NOW - 50.5)


def test_end_of_data_is_a_cursor_that_stays(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """At the end a pull gives no group and its own cursor; later groups follow."""
    fill(emulator, 2)
    _records, end = pull_all(client, 0)

    empty = client.pull_logs(*WHERE, 0, end)
    emulator.append(*WHERE, [event(9)], shard=0)
    more, _end = pull_all(client, 0, end)

    assert empty.get_loggroup_count() == 0
    assert empty.get_next_cursor() == end
    assert empty.get_header("x-log-end-of-cursor") == "1"
    assert event_ids(more) == ["e9"]


def test_pull_ends_at_count_and_end_cursor(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Neither more groups than asked for nor any behind the end cursor."""
    fill(emulator, 10)
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()

    first = client.pull_logs(*WHERE, 0, begin, count=4)
    middle = first.get_next_cursor()
    second = client.pull_logs(*WHERE, 0, begin, end_cursor=middle)
    nothing = client.pull_logs(*WHERE, 0, middle, end_cursor=middle)

    assert event_ids(first.get_flatten_logs_json()) == ["e0", "e1", "e2", "e3"]
    assert second.get_next_cursor() == middle
    assert nothing.get_loggroup_count() == 0
    assert nothing.get_next_cursor() == middle


def test_pull_ends_at_a_size(emulator: LogServiceEmulator, client: LogClient) -> None:
    """A reply stays below the size, but always has one group."""
    sizes = [400, 400, 3000, 100]
    emulator.append(
        *WHERE, [event(n, x="x" * size) for n, size in enumerate(sizes)], shard=0
    )
    emulator.knobs.max_page_bytes = 1500
    cursor = client.get_begin_cursor(*WHERE, 0).get_cursor()

    counts: list[int] = []
    while not counts or counts[-1]:
        answer = client.pull_logs(*WHERE, 0, cursor)
        counts.append(answer.get_loggroup_count())
        cursor = answer.get_next_cursor()

    assert counts == [2, 1, 1, 0]


@pytest.mark.parametrize("encoding", ["lz4", "deflate", "gzip", ""])
def test_body_is_compressed_as_asked(
    emulator: LogServiceEmulator, caller: Caller, encoding: str
) -> None:
    """The header names the encoding, the raw size is that before compressing."""
    fill(emulator, 30)
    decode = {
        "lz4": lambda body, size: lz4.block.decompress(body, uncompressed_size=size),
        "": lambda body, _size: body,
    }

    reply = caller.call(
        "GET",
        f"/logstores/{STORE}/shards/0",
        {"type": "log", "cursor": caller.cursor(), "count": "1000"},
        accept_encoding=encoding,
    )

    size = int(reply.headers["x-log-bodyrawsize"])
    raw = decode.get(encoding, lambda body, _size: zlib.decompress(body))(
        reply.body, size
    )
    assert len(raw) == size
    assert reply.headers.get("x-log-compresstype", "") == encoding
    assert len(split_list(raw)) == int(reply.headers["x-log-count"]) == 30


def test_first_known_encoding_is_taken(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """The order of the list decides; a list without any known one is refused."""
    fill(emulator, 1)
    query = {"type": "log", "cursor": caller.cursor()}
    path = f"/logstores/{STORE}/shards/0"

    mixed = caller.call("GET", path, query, accept_encoding="br, gzip;q=0.5, lz4")
    unknown = caller.call("GET", path, query, accept_encoding="br")

    assert mixed.headers["x-log-compresstype"] == "gzip"
    assert (unknown.status, unknown.code) == (400, "NotSupportedAcceptEncoding")


@pytest.mark.skipif("zstd" not in ENCODERS, reason="the package zstd is not here")
def test_zstd_is_made_when_its_package_is_there(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The SDK reads a zstd reply."""
    fill(emulator, 3)

    assert read_all(client, accept_compress_type="zstd") == ["e0", "e1", "e2"]


def test_query_may_leave_nothing_and_move_on(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A query keeps the groups that hold its text; the cursor passes the others."""
    fill(emulator, 5)
    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()

    none = client.pull_logs(*WHERE, 0, begin, query="no such text")
    one = client.pull_logs(*WHERE, 0, begin, query="e3")

    assert none.get_loggroup_count() == 0
    assert none.get_next_cursor() != begin
    assert none.get_header("x-log-rawdatacount") == "5"
    assert event_ids(one.get_flatten_logs_json()) == ["e3"]


def test_records_are_unseen_before_they_arrive(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A group with an arrival to come is there once the data clock gets to it."""
    group = event_group(event(1), time=int(NOW))
    emulator.append(*WHERE, [Received(group, NOW + 60), event(0)], shard=0)

    before, end = pull_all(client, 0)
    emulator.advance(60)
    after, _end = pull_all(client, 0, end)

    assert event_ids(before) == ["e0"]
    assert event_ids(after) == ["e1"]


def test_answers_carry_the_service_s_headers(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """Each answer says which service it is, with an id and the time."""
    fill(emulator, 1)

    good, bad = caller.pull(caller.cursor()), caller.pull("nonsense")

    for reply in (good, bad):
        assert reply.headers["server"] == "AliyunSLS"
        assert len(reply.headers["x-log-requestid"]) == 24
        assert reply.headers["x-log-time"].isdecimal()
    assert good.headers["content-type"] == "application/x-protobuf"
    assert bad.message == "Cursor nonsense is invalid"


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        pytest.param(
            "shards/0", {"from": "soon"}, (400, "ParameterInvalid"), id="from"
        ),
        pytest.param("shards/9", {"from": "end"}, (404, "ShardNotExist"), id="shard"),
        pytest.param(
            "shards/0",
            {"type": "log", "cursor": "?"},
            (400, "InvalidCursor"),
            id="text",
        ),
        pytest.param(
            "shards/0",
            {"type": "log", "cursor": "MTIz"},
            (400, "InvalidCursor"),
            id="number",
        ),
        pytest.param("shards/0", {"type": "log"}, (400, "InvalidCursor"), id="none"),
        pytest.param(
            "shards/0", {"type": "log", "count": "0"}, (400, "ParameterInvalid"), id="0"
        ),
        pytest.param(
            "shards/0",
            {"type": "log", "count": "1001"},
            (400, "ParameterInvalid"),
            id="1001",
        ),
        pytest.param(
            "shards/0",
            {"type": "log", "count": "x"},
            (400, "ParameterInvalid"),
            id="count",
        ),
        pytest.param(
            "shards/0",
            {"type": "log", "processor": "p"},
            (400, "ParameterInvalid"),
            id="processor",
        ),
        pytest.param(
            "shards/0", {"type": "what"}, (400, "UnsupportedByEmulator"), id="type"
        ),
        pytest.param("nothing", {}, (400, "UnsupportedByEmulator"), id="path"),
    ],
)
def test_wrong_parameters_are_refused(
    emulator: LogServiceEmulator,
    caller: Caller,
    path: str,
    query: dict[str, str],
    expected: tuple[int, str],
) -> None:
    """Each mistake has the service's code."""
    fill(emulator, 1)
    query = {"type": "cursor", **query}

    reply = caller.call("GET", f"/logstores/{STORE}/{path}", query)

    assert (reply.status, reply.code) == expected


def test_only_protobuf_is_served(emulator: LogServiceEmulator, caller: Caller) -> None:
    """A pull that accepts JSON only is refused."""
    fill(emulator, 1)
    query = {"type": "log", "cursor": caller.cursor()}

    reply = caller.call(
        "GET", f"/logstores/{STORE}/shards/0", query, accept="application/json"
    )

    assert (reply.status, reply.code) == (400, "NotSupportedAcceptContentType")


def test_cursor_belongs_to_its_shard(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A cursor of another shard is none, for pulls and for times."""
    emulator.append(*WHERE, [event(0), event(1)])
    other = client.get_begin_cursor(*WHERE, 1).get_cursor()

    with pytest.raises(LogException) as pulled:
        client.pull_logs(*WHERE, 0, other)
    with pytest.raises(LogException) as timed:
        client.get_cursor_time(*WHERE, 0, other)

    assert pulled.value.get_error_code() == "InvalidCursor"
    assert timed.value.get_error_code() == "InvalidCursor"


def test_what_does_not_exist_is_named(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """A missing logstore and a missing project have codes of their own."""
    emulator.create_store("other", "store")

    with pytest.raises(LogException) as no_store:
        client.list_shards(PROJECT, "missing")
    with pytest.raises(LogException) as no_project:
        client.list_shards("missing", STORE)

    assert no_store.value.get_error_code() == "LogStoreNotExist"
    assert no_project.value.get_error_code() == "ProjectNotExist"


def test_ledger_has_every_record_of_a_pull(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """The ledger names each call, what it asked for, and what it was served."""
    fill(emulator, 3)
    pull_all(client, 0)

    cursor, pull, _end = emulator.requests()

    assert (cursor.action, cursor.event_count) == ("GetCursor", 0)
    assert pull.action == "PullLogs"
    assert pull.parameters["shard"] == "0"
    assert [served.event_id for served in pull.events] == ["e0", "e1", "e2"]
    assert pull.event_count == 3
    assert emulator.ledger.summary().distinct == 3
