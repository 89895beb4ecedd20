"""Generated and odd records: what they are, and how a judge knows them again."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.generator import Volume
from collector_emulators.ledger import compact_json
from collector_emulators.log_service.odd_records import odd_records
from collector_emulators.log_service.record_lines import read_records
from collector_emulators.log_service.records import (
    Received,
    event_group,
    make_entry,
    read_record,
    record_fields,
    served_record,
)
from collector_emulators.log_service.trail import (
    Shape,
    generate_records,
    trail_event,
)
from collector_emulators.log_service.wire import Group, Log, decode_group
from emulators.log_service.vendor import NOW, WHERE, pull_all

if TYPE_CHECKING:
    from aliyun.log import LogClient

    from collector_emulators.log_service import LogServiceEmulator

VOLUME = Volume(200, NOW - 3600, NOW - 1200)


def generated(shape: Shape, seed: int = 1) -> list[Received]:
    """Return the generated groups."""
    return list(generate_records(seed, VOLUME, shape))


def group_of(received: Received) -> Group:
    """Return the group of a record."""
    assert isinstance(received.group, Group)
    return received.group


def texts(records: list[Received]) -> list[bytes]:
    """Return the texts of all events."""
    return [
        dict(log.contents)[b"event"]
        for received in records
        for log in group_of(received).logs
    ]


def test_records_are_those_of_a_trail() -> None:
    """One event in a group, whole, as text, with topic, source, tags and times."""
    records = generated(Shape())

    group = group_of(records[0])
    (log,) = group.logs
    assert len(records) == 200
    assert (group.topic, group.source) == (
        b"actiontrail_audit_event",
        b"actiontrail_internal",
    )
    assert [key for key, _value in group.tags] == [b"__pack_id__", b"__receive_time__"]
    assert [key for key, _value in log.contents] == [b"event"]
    event = json.loads(log.contents[0][1])
    assert list(event) == sorted(event)
    assert event["eventCategory"] == "Management"
    assert int(NOW - 3600) <= log.time < NOW - 1200
    assert records[0].at is not None
    assert records[0].at >= log.time


def test_same_seed_gives_the_same_records() -> None:
    """Another seed gives others."""
    assert generated(Shape()) == generated(Shape())
    assert texts(generated(Shape())) != texts(generated(Shape(), seed=2))


def test_groups_hold_so_many_events() -> None:
    """The last group holds what is left, and is received with its last event."""
    records = generated(Shape(events_per_group=30))

    assert [len(group_of(r).logs) for r in records] == [30] * 6 + [20]
    assert len(set(texts(records))) == 200


def test_events_are_lengthened_to_a_size() -> None:
    """Small events grow until the average is about the size wanted."""
    sizes = [len(text) for text in texts(generated(Shape(event_bytes=4000)))]

    assert 3900 < sum(sizes) / len(sizes) < 4100
    assert min(sizes) > 3000


def test_some_events_are_delivered_again() -> None:
    """The share of repeats is as wanted, each is received later than the first."""
    records = generated(Shape(duplicates=0.25))

    found = texts(records)
    repeats = [
        (first, second)
        for first in records
        for second in records
        if first is not second and texts([first]) == texts([second])
    ]
    assert 30 < len(found) - len(set(found)) < 70
    assert all(a.at != b.at for a, b in repeats)


def test_group_needs_an_event() -> None:
    """Groups without events are odd records, not generated ones."""
    with pytest.raises(ValueError, match="needs an event"):
        generated(Shape(events_per_group=0))


def test_parameters_stand_twice_in_an_event() -> None:
    """A trail writes them once more, as text."""
    written = trail_event({"requestParameters": {"b": 1, "a": 2}, "eventId": "x"})

    assert written["requestParameterJson"] == '{"b":1,"a":2}'
    assert list(written) == sorted(written)


def test_odd_records_survive_the_way(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Every sort but bad UTF-8 outside values is read back by the SDK unharmed."""
    odd = odd_records(int(NOW), large_bytes=20_000)
    # The vendor's classes cannot read these at all.
    unreadable = {"bad-utf8-in-key", "bad-utf8-in-topic", "bad-utf8-in-tag"}
    groups = {name: group for name, group in odd.items() if name not in unreadable}
    emulator.append(*WHERE, groups.values(), shard=0)

    begin = client.get_begin_cursor(*WHERE, 0).get_cursor()
    answer = client.pull_logs(*WHERE, 0, begin)

    read = [
        [
            (log.Time, [(c.Key, _bytes(c.Value)) for c in log.Contents])
            for log in group.Logs
        ]
        for group in answer.get_loggroup_list().LogGroups
    ]
    expected = [
        [(log.time, [(k.decode(), v) for k, v in log.contents]) for log in group.logs]
        for group in groups.values()
    ]
    assert read == expected


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def test_odd_records_have_names_in_the_ledger(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Each record of each odd group is in the ledger, with an id or without."""
    odd = odd_records(int(NOW), large_bytes=20_000)
    groups = [odd["event-id-twice"], odd["no-logs"], odd["no-event"]]
    emulator.append(*WHERE, [*groups, odd["several-logs"]], shard=0)

    pull_all(client, 0)

    events = emulator.requests()[1].events
    assert [served.event_id for served in events] == [
        "odd-second",
        "",
        "odd-of-0",
        "odd-of-1",
        "odd-of-2",
    ]


def test_large_odd_group_exceeds_five_megabytes() -> None:
    """The large group is larger than what older limits of the service allow."""
    entry = make_entry(odd_records(0)["large-group"])

    assert len(entry.framed) > 5 * 1024 * 1024
    assert entry.served[0].event_id == "odd-large"


def served(event: bytes, *more: tuple[bytes, bytes]) -> Any:
    """Name a record with this event and more contents."""
    log = Log(7, ((b"event", event), *more))
    return served_record(Group((log,), b"t", b"s", ((b"k", b"v"),)), log)


def digest(value: object) -> str:
    """Return the SHA-256 of the compact JSON of `value`."""
    return sha256(compact_json(value)).hexdigest()


def test_record_with_an_event_is_known_by_it() -> None:
    """Blanks, order of bytes and what stands beside the event do not matter."""
    found = served(b' {"eventId" : "a", "x": 1.10}\r\n', (b"beside", b"1"))

    assert found == ("a", digest({"eventId": "a", "x": 1.1}))
    assert found.event_id == "a"


@pytest.mark.parametrize(
    "event", [b"", b"not JSON", b"[1]", b"42", b"null", b'{"torn":', b"[" * 100_000]
)
def test_record_without_an_event_is_known_by_its_fields(event: bytes) -> None:
    """Its canonical JSON has all fields, sorted by name."""
    fields = {
        "__source__": "s",
        "__tag__:k": "v",
        "__time__": 7,
        "__topic__": "t",
        "a": "1",
        "event": event.decode(),
    }

    assert served(event, (b"a", b"1")) == ("", digest(fields))


def test_bad_utf8_counts_as_replacement_characters() -> None:
    """The same record has the same name, however it is decoded."""
    found = served(b'{"eventId":"a","x":"\xff"}')

    assert found == ("a", digest({"eventId": "a", "x": "\ufffd"}))


@pytest.mark.parametrize("event_id", [b"null", b"5", b"{}"])
def test_id_that_is_no_text_is_none(event_id: bytes) -> None:
    """Only texts are ids."""
    assert served(b'{"eventId":%b}' % event_id).event_id == ""


def test_flat_record_can_be_read_back() -> None:
    """A line in the form of the vendor's clients is the same record again."""
    group = Group(
        (Log(7, ((b"event", b'{"a":1}'), (b"n", b"5"))),),
        b"topic",
        b"source",
        ((b"__pack_id__", b"x"),),
    )

    fields = record_fields(group, group.logs[0])

    assert read_record(fields) == group
    assert read_record({**fields, "n": 5}) == group


def test_lines_may_be_records_or_events() -> None:
    """The form of a line decides; the tag of its receipt is when it came."""
    lines = [
        b'{"__time__":7,"__topic__":"t","__tag__:__receive_time__":"9","event":"{}"}',
        b'{"__time__":8,"event":"x"}',
        b'{"eventId":"a","eventTime":"1970-01-01T00:00:05Z"}',
        b'{"event":{"eventId":"b"},"arrival":"1970-01-01T00:00:06Z"}',
        b"",
    ]

    records = list(read_records(lines))

    assert [received.at for received in records] == [9.0, None, None, 6.0]
    assert [group_of(received).logs[0].time for received in records] == [7, 8, 5, 0]
    assert group_of(records[2]) == event_group(
        {"eventId": "a", "eventTime": "1970-01-01T00:00:05Z"}, time=5
    )


@pytest.mark.parametrize("line", [b'{"__time__":"x"}', b"[]", b"{"])
def test_line_that_is_no_record_is_refused(line: bytes) -> None:
    """A file with a mistake is not served."""
    with pytest.raises(ValueError, match=r"__time__|line 1"):
        list(read_records([line]))


def test_records_come_in_any_form(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Groups, messages, flat records and events can be appended."""
    group = event_group({"eventId": "a"}, time=5)
    flat = record_fields(group, group.logs[0])
    raw = make_entry(group).framed[2:]
    assert decode_group(raw) == group

    added = emulator.append(
        *WHERE, [group, raw, flat, {"eventId": "a"}, Received(group)], shard=0
    )

    records, _cursor = pull_all(client, 0)
    assert added == 5
    assert {record["event"] for record in records} == {'{"eventId":"a"}'}
    assert [record["__time__"] for record in records] == [5, 5, 5, int(NOW), 5]
