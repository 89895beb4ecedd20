"""What can be read of an answer that the SDK refuses, and what cursors tell."""

from __future__ import annotations

from base64 import b64encode

import pytest
from aliyun.log.proto import LogGroupListRaw
from hypothesis import example, given
from hypothesis import strategies as st

from alibaba_cloud.log_service.cursors import is_before, number_of, steps
from alibaba_cloud.log_service.wire import Group, Log, Pair, Salvaged, salvage
from fakes.log_service import make_cursor

_TEXTS = st.text(max_size=12)
_PAIRS = st.lists(st.tuples(_TEXTS, st.binary(max_size=20)), max_size=3)
_LOGS = st.tuples(
    st.integers(0, 2**32 - 1), st.none() | st.integers(0, 2**32 - 1), _PAIRS
)
_GROUPS = st.tuples(
    st.lists(_LOGS, max_size=4),
    _TEXTS,
    _TEXTS,
    st.lists(st.tuples(_TEXTS, _TEXTS), max_size=3),
)


@st.composite
def _messages(draw: st.DrawFn) -> LogGroupListRaw:
    """Draw an answer; every field of the SDK's may be used."""
    message = LogGroupListRaw()
    for logs, topic, source, tags in draw(st.lists(_GROUPS, max_size=4)):
        group = message.LogGroups.add()
        group.Topic, group.Source = topic, source
        group.MachineUUID = "machine"
        for time, time_ns, contents in logs:
            log = group.Logs.add()
            log.Time = time
            if time_ns is not None:
                log.Time_ns = time_ns
            for key, value in contents:
                content = log.Contents.add()
                content.Key, content.Value = key, value
        for key, value in tags:
            tag = group.LogTags.add()
            tag.Key, tag.Value = key, value
    return message


def _as_groups(message: LogGroupListRaw) -> list[Group]:
    return [
        Group(
            group.Topic,
            group.Source,
            [Pair(tag.Key, tag.Value.encode()) for tag in group.LogTags],
            [
                Log(
                    log.Time,
                    log.Time_ns,
                    [Pair(one.Key, one.Value) for one in log.Contents],
                )
                for log in group.Logs
            ],
        )
        for group in message.LogGroups
    ]


@given(_messages())
def test_right_answer_is_read_as_the_sdk_reads_it(message: LogGroupListRaw) -> None:
    """An independent reader finds the same records in the same bytes."""
    found = salvage(message.SerializeToString())

    assert found == Salvaged(_as_groups(message), 0)


@given(st.binary(max_size=200))
@example(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
@example(b"\xff" * 64)
@example(b"\x0b" * 10)
@example(b"\x0d\x01\x02\x03\x04")
@example(b"\x08\x01")
def test_any_bytes_give_groups_and_a_count(body: bytes) -> None:
    """Nothing is raised, and no more is found than can be in so many bytes."""
    found = salvage(body)

    assert 0 <= found.damaged <= len(body)
    assert len(found.groups) + found.damaged <= len(body)


@given(_messages(), st.data())
def test_truncated_answer_gives_the_groups_before_the_cut(
    message: LogGroupListRaw, data: st.DataObject
) -> None:
    """What is whole is kept; the rest counts as one damaged group at most."""
    body = message.SerializeToString()
    cut = data.draw(st.integers(0, len(body)))

    found = salvage(body[:cut])

    whole = _as_groups(message)
    assert found.groups == whole[: len(found.groups)]
    assert found.damaged <= 1
    if not found.damaged:
        assert body[:cut] == LogGroupListRaw.FromString(body[:cut]).SerializeToString()


@given(_messages(), st.data())
def test_bit_errors_raise_nothing(
    message: LogGroupListRaw, data: st.DataObject
) -> None:
    """A changed byte costs the groups it is in, and never the process."""
    body = bytearray(message.SerializeToString())
    for _ in range(min(3, len(body))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))

    found = salvage(bytes(body))

    assert len(found.groups) + found.damaged <= len(body)


def test_group_with_bad_texts_is_read_with_replacements() -> None:
    """A protobuf package without compiled code refuses such an answer whole."""
    log = b"\x08\x01\x12\x06\x0a\x01\xfe\x12\x01v"
    bad = (
        b"\x0a"
        + bytes([len(log)])
        + log
        + b"\x1a\x02t\xff\x32\x06\x0a\x01\xff\x12\x01x"
    )
    body = b"\x0a" + bytes([len(bad)]) + bad

    found = salvage(body)

    expected = Group(
        "t\ufffd", "", [Pair("\ufffd", b"x")], [Log(1, 0, [Pair("\ufffd", b"v")])]
    )
    assert found == Salvaged([expected], 0)


def test_damaged_group_between_others_costs_only_itself() -> None:
    """Its frame says where the next one begins."""
    good = b"\x0a\x03\x1a\x01t"

    found = salvage(good + b"\x0a\x02\x0a\x7f" + good)

    assert found == Salvaged([Group("t", "", [], [])] * 2, 1)


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "MTY", "bm90IGEgbnVtYmVy", b64encode(b"\xff\xfe").decode(), "\u4e2d"],
    ids=["empty", "sign", "no-padding", "words", "bytes", "chinese"],
)
def test_cursor_of_another_form_tells_nothing(cursor: str) -> None:
    """Nothing promises a number in it: neither distance nor order are made up."""
    other = make_cursor(7)

    assert number_of(cursor) is None
    assert steps(cursor, other) is steps(other, cursor) is None
    assert not is_before(cursor, other)
    assert not is_before(other, cursor)


@given(st.integers(0, 2**80), st.integers(0, 2**80))
def test_cursors_with_numbers_are_compared(first: int, second: int) -> None:
    """The distance is exact, and order follows from it."""
    one, other = make_cursor(first), make_cursor(second)

    assert steps(one, other) == second - first
    assert is_before(one, other) is (first < second)
