"""Log groups become texts: plain ones as they are, odd ones as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aliyun.log.proto import LogGroupListRaw

from alibaba_cloud.log_service.records import RecordReader, Records, Run
from alibaba_cloud.log_service.wire import salvage
from collector_emulators.log_service import wire
from collector_emulators.log_service.odd_records import odd_records
from fakes.log_service import event_text, group

TIME = 1_672_884_000
TOPIC, SOURCE = "actiontrail_audit_event", "actiontrail_internal"
WANTED = ("__source__", "__topic__")


def _groups(*groups: wire.Group) -> Any:
    """Return groups as the SDK gives them."""
    body = wire.joined(map(wire.encode_group, groups))
    return LogGroupListRaw.FromString(body).LogGroups


def _group(*contents: tuple[bytes, bytes], **changes: Any) -> wire.Group:
    fields = {"topic": TOPIC.encode(), "source": SOURCE.encode(), **changes}
    return wire.Group((wire.Log(TIME, contents),), **fields)


def _all(reader: RecordReader, groups: Any) -> Records:
    [records] = reader.read(groups, size=1_000_000)
    return records


def _read(*groups: wire.Group, field: str | None = "event") -> Any:
    return _all(RecordReader(field, WANTED), _groups(*groups))


def test_plain_event_goes_on_as_it_is() -> None:
    """Its text is not looked into."""
    text = '{"eventId":"1", "odd" : 1.0,}'

    records = _read(_group((b"event", text.encode())))

    assert records.texts == [text.encode()]
    assert records.runs == [Run(0, (SOURCE, TOPIC))]
    assert records.last_time == TIME
    assert not records.oddities


def test_events_of_several_logs_come_in_order() -> None:
    """A group may hold many records."""
    logs = tuple(
        wire.Log(TIME + n, ((b"event", b'{"eventId":"%d"}' % n),)) for n in range(5)
    )

    records = _read(wire.Group(logs))

    assert records.texts == [b'{"eventId":"%d"}' % n for n in range(5)]
    assert records.last_time == TIME + 4


def _whole(**contents: Any) -> dict[str, Any]:
    return {"__time__": TIME, "__topic__": TOPIC, "__source__": SOURCE, **contents}


_ODD: list[tuple[str, tuple[tuple[bytes, bytes], ...], dict[str, Any]]] = [
    ("no-content", (), _whole()),
    ("no-event", ((b"message", b"m"),), _whole(message="m")),
    (
        "event-and-other",
        ((b"event", b'{"a":1}'), (b"owner_id", b"1")),
        _whole(event='{"a":1}', owner_id="1"),
    ),
    ("empty", ((b"event", b""),), _whole(event="")),
    ("list", ((b"event", b"[1]"),), _whole(event="[1]")),
    ("number", ((b"event", b"17"),), _whole(event="17")),
    ("text", ((b"event", b'"x"'),), _whole(event='"x"')),
    ("cut", ((b"event", b'{"a":'),), _whole(event='{"a":')),
    ("brace", ((b"event", b"{"),), _whole(event="{")),
    ("blanks", ((b"event", b"  "),), _whole(event="  ")),
    ("line-feed", ((b"message", b"a\nb"),), _whole(message="a\nb")),
    (
        "key-twice",
        ((b"a", b"1"), (b"a", b"2"), (b"a", b"3")),
        _whole(a=["1", "2", "3"]),
    ),
    ("reserved-key", ((b"__time__", b"7"),), _whole(__time__=[TIME, "7"])),
    ("reserved-topic", ((b"__topic__", b"t"),), _whole(__topic__=[TOPIC, "t"])),
    ("empty-key", ((b"", b"v"),), _whole(**{"": "v"})),
    ("empty-twice", ((b"a", b""), (b"a", b"")), _whole(a=["", ""])),
    ("nul", ((b"a", b"\x00"),), _whole(a="\x00")),
]


@pytest.mark.parametrize(
    ("contents", "expected"),
    [one[1:] for one in _ODD],
    ids=[one[0] for one in _ODD],
)
def test_record_without_a_plain_event_goes_out_whole(
    contents: tuple[tuple[bytes, bytes], ...], expected: dict[str, Any]
) -> None:
    """Nothing of it is left out, and it is counted."""
    records = _read(_group(*contents))

    (text,) = records.texts
    assert json.loads(text) == expected
    assert b"\n" not in text
    assert records.oddities == {"record without an event": 1}


@pytest.mark.parametrize("text", [b' {"a":1}', b'{"a":1}\n', b'\t{"a":1} \r\n'])
def test_blanks_around_an_event_are_cut(text: bytes) -> None:
    """It is an event all the same."""
    records = _read(_group((b"event", text)))

    assert records.texts == [b'{"a":1}']
    assert not records.oddities


def test_several_events_in_one_record_are_events_each() -> None:
    """The SDK's own flattening would keep the last one only."""
    records = _read(_group((b"event", b'{"a":1}'), (b"event", b'{"a":2}')))

    assert records.texts == [b'{"a":1}', b'{"a":2}']
    assert not records.oddities


def test_tags_and_nanoseconds_are_part_of_a_whole_record() -> None:
    """So are tags of the same name."""
    log = wire.Log(TIME, ((b"m", b"1"),), 611_825_920)
    tags = ((b"__pack_id__", b"p"), (b"t", b"1"), (b"t", b"2"))

    records = _read(wire.Group((log,), b"t", b"s", tags), field=None)

    assert json.loads(records.texts[0]) == {
        "__time__": TIME,
        "__time_ns__": 611_825_920,
        "__topic__": "t",
        "__source__": "s",
        "__tag__:__pack_id__": "p",
        "__tag__:t": ["1", "2"],
        "m": "1",
    }


def test_raw_mode_sends_every_record_whole_and_finds_nothing_odd() -> None:
    """Without an event field there is no event to miss."""
    records = _read(_group((b"event", b'{"a":1}')), field=None)

    assert json.loads(records.texts[0]) == _whole(event='{"a":1}')
    assert not records.oddities


_BAD = b'{"a":"\xff"}'


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (_group((b"event", _BAD)), {"a": "\ufffd"}),
        (_group((b"m\xff", b"1")), _whole(**{"m\ufffd": "1"})),
        (_group((b"m", b"\xff")), _whole(m="\ufffd")),
        (_group((b"m", b"1"), topic=b"t\xff"), _whole(m="1", __topic__="t\ufffd")),
        (_group((b"m", b"1"), source=b"\xff"), _whole(m="1", __source__="\ufffd")),
        (
            _group((b"m", b"1"), tags=((b"\xff", b"\xfe"),)),
            _whole(**{"m": "1", "__tag__:\ufffd": "\ufffd"}),
        ),
    ],
    ids=["event", "key", "value", "topic", "source", "tag"],
)
def test_bad_utf8_costs_characters_and_no_record(
    changed: wire.Group, expected: dict[str, Any]
) -> None:
    """The records beside it stay as they are."""
    good = _group((b"event", b'{"eventId":"1"}'))
    right = _group((b"event", '{"eventId":"größer"}'.encode()))
    groups = _groups(good, changed, right, good)

    records = _all(RecordReader("event", WANTED), groups)

    first, odd, beside, last = records.texts
    assert first == last == b'{"eventId":"1"}'
    assert beside.decode() == '{"eventId":"größer"}'
    assert json.loads(odd.decode()) == expected
    assert all(isinstance(value, str) for run in records.runs for value in run.values)


def test_bad_utf8_is_counted() -> None:
    """An operator is told that characters were replaced."""
    assert _read(_group((b"event", _BAD))).oddities == {"text that is no UTF-8": 1}


def test_replacement_characters_of_the_source_are_not_counted() -> None:
    """They were put there before, and nothing is lost here."""
    text = '{"a":"\ufffd"}'.encode()

    records = _read(_group((b"event", text)), _group((b"m", b"\xef\xbf\xbd")))

    assert records.texts[0] == text
    assert records.oddities == {"record without an event": 1}


def test_salvaged_groups_are_read_like_the_sdks() -> None:
    """Both give the same texts of the same bytes."""
    body = wire.joined(map(wire.encode_group, odd_records(TIME).values()))
    reader = RecordReader("event", (*WANTED, "__tag__:__pack_id__"))

    ours = _all(reader, salvage(body).groups)
    theirs = _all(reader, LogGroupListRaw.FromString(body).LogGroups)

    assert ours[:3] == theirs[:3]
    assert len(ours.texts) > 20
    for text in ours.texts:
        assert (text[0], text[-1]) == (ord("{"), ord("}"))


def test_runs_begin_where_a_value_changes() -> None:
    """Groups of the same origin share a run; empty groups begin none."""
    same = _group((b"event", b'{"a":1}'))
    other = _group((b"event", b'{"a":2}'), source=b"other")
    empty = wire.Group((), b"none", b"none")

    records = _read(same, empty, same, other, other, same)

    assert records.runs == [
        Run(0, (SOURCE, TOPIC)),
        Run(2, ("other", TOPIC)),
        Run(4, (SOURCE, TOPIC)),
    ]


def test_values_of_tags_are_found_by_name() -> None:
    """A tag that a group does not have is an empty text."""
    reader = RecordReader("event", ("__tag__:a", "__tag__:b"))
    tags = ((b"a", b"1"),)

    records = _all(reader, _groups(_group((b"event", b"{}"), tags=tags)))

    assert records.runs == [Run(0, ("1", ""))]


def test_answer_without_records_is_empty() -> None:
    """Neither no group nor groups without records have a time."""
    for groups in ((), (wire.Group(),)):
        records = _read(*groups)

        assert (records.texts, records.runs, records.last_time) == ([], [], None)


def test_groups_of_the_fakes_are_read_like_the_sdks() -> None:
    """What other tests use in place of the SDK's objects behaves like them."""
    records = _all(RecordReader("event", WANTED), [group(event_text(1), event_text(2))])

    assert records.texts == [event_text(1).encode(), event_text(2).encode()]
    assert records.runs == [Run(0, (SOURCE, TOPIC))]


@pytest.mark.parametrize("sizes", [(1, 1, 1), (7,), (2, 5), (0, 3, 0), (6, 1, 9)])
def test_parts_are_bounded_and_give_every_record_once(
    sizes: tuple[int, ...],
) -> None:
    """However records lie in groups, only the last part is said to be the last."""
    numbers = iter(range(100))
    groups = [group(*(event_text(next(numbers)) for _ in range(n))) for n in sizes]

    parts = list(RecordReader("event", WANTED).read(groups, size=3))

    texts = [text.decode() for part in parts for text in part.texts]
    assert texts == [event_text(number) for number in range(sum(sizes))]
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(3 <= len(part.texts) < 6 for part in parts[:-1])
    assert all(part.runs[0].start == 0 for part in parts if part.texts)
