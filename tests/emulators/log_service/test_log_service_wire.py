"""The hand-written protocol buffers, held against the vendor's own."""

from __future__ import annotations

from typing import Any

import pytest
from aliyun.log.log_logs_raw_pb2 import LogGroupListRaw, LogGroupRaw
from hypothesis import given
from hypothesis import strategies as st

from collector_emulators.log_service.wire import (
    Group,
    Log,
    WireError,
    count_logs,
    decode_group,
    encode_group,
    joined,
    split_list,
)

# The vendor's classes insist on UTF-8 everywhere but in the values of records.
texts = st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
contents = st.lists(st.tuples(texts, st.binary(max_size=300)), max_size=4).map(tuple)
tags = st.lists(st.tuples(texts, texts), max_size=4).map(tuple)
numbers = st.integers(0, 2**32 - 1)
logs = st.builds(Log, numbers, contents, st.none() | numbers)
groups = st.builds(Group, st.lists(logs, max_size=4).map(tuple), texts, texts, tags)


def from_vendor(message: Any) -> Group:
    """Return a group read by the vendor's classes."""
    return Group(
        tuple(
            Log(
                log.Time,
                tuple((c.Key.encode(), c.Value) for c in log.Contents),
                log.Time_ns if log.HasField("Time_ns") else None,
            )
            for log in message.Logs
        ),
        message.Topic.encode(),
        message.Source.encode(),
        tuple((tag.Key.encode(), tag.Value.encode()) for tag in message.LogTags),
    )


@given(groups)
def test_vendor_reads_what_is_written(group: Group) -> None:
    """The vendor's classes see the same group in the bytes, and write them alike."""
    message = LogGroupRaw()
    message.ParseFromString(encode_group(group))

    assert from_vendor(message) == group
    assert decode_group(message.SerializeToString()) == group
    assert count_logs(encode_group(group)) == len(group.logs)


@given(st.lists(groups, max_size=4))
def test_vendor_reads_a_joined_list(several: list[Group]) -> None:
    """Groups joined by hand are the vendor's list of groups."""
    raw = joined(map(encode_group, several))
    message = LogGroupListRaw()
    message.ParseFromString(raw)

    assert [from_vendor(group) for group in message.LogGroups] == several
    assert [decode_group(part) for part in split_list(raw)] == several


def test_unknown_fields_are_passed_over() -> None:
    """Fields of a newer service do no harm, in any wire type."""
    known = encode_group(Group((Log(7, ((b"a", b"b"),)),), b"topic"))
    strangers = b"\x98\x06\x05\xa2\x06\x02hi\xad\x06abcd\xb1\x06abcdefgh"

    assert decode_group(strangers + known) == decode_group(known)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x0a\x05abc", id="too-short"),
        pytest.param(b"\x0a", id="no-length"),
        pytest.param(b"\xff" * 12, id="endless-number"),
        pytest.param(b"\x0b\x00", id="wire-type"),
        pytest.param(b"\x0a\x00", id="log-without-time"),
        pytest.param(b"\x32\x02\x0a\x00", id="tag-without-value"),
    ],
)
def test_bytes_that_are_no_group_are_refused(raw: bytes) -> None:
    """What the vendor's classes would refuse is refused here too."""
    with pytest.raises(WireError):
        decode_group(raw)


def test_list_holds_groups_only() -> None:
    """Bytes with another field are no list."""
    with pytest.raises(WireError):
        split_list(b"\x08\x01")
