"""Reads log groups that the SDK refuses, one by one, as far as they can be read.

Pure and slow: a log group comes here only after its answer failed twice.

Source:
    Vendor documentation of Log Service, "Data encoding": LogGroupList is a series of
    LogGroup (field 1); LogGroup has Logs 1, Topic 3, Source 4, LogTags 6; Log has
    Time 1, Contents 2, Time_ns 4; Content and LogTag have Key 1, Value 2.
"""

from __future__ import annotations

from typing import Iterator, List, NamedTuple, Tuple, Union

_Value = Union[int, bytes]
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MORE, _SEVEN_BITS, _VARINT_MAX_SHIFT = 0x80, 0x7F, 63


class Pair(NamedTuple):
    """A content or a tag; the key with replacements where it is no UTF-8."""

    Key: str
    Value: bytes


class Log(NamedTuple):
    """One record."""

    Time: int
    Time_ns: int
    Contents: List[Pair]


class Group(NamedTuple):
    """One log group."""

    Topic: str
    Source: str
    LogTags: List[Pair]
    Logs: List[Log]


class Salvaged(NamedTuple):
    """What could be read.

    Attributes:
        groups: In their order.
        damaged: How many could not be read; what follows a broken frame counts as
            one.
    """

    groups: List[Group]
    damaged: int


def salvage(body: bytes) -> Salvaged:
    """Return what can be read of the body of a pull."""
    groups: List[Group] = []
    damaged = 0
    frames = _fields(body)
    while True:
        try:
            number, value = next(frames)
        except StopIteration:
            return Salvaged(groups, damaged)
        except ValueError:
            return Salvaged(groups, damaged + 1)
        if number == 1 and isinstance(value, bytes):
            try:
                groups.append(_group(value))
            except ValueError:
                damaged += 1


def _group(data: bytes) -> Group:
    topic = source = b""
    logs: List[Log] = []
    tags: List[Pair] = []
    for number, value in _fields(data):
        if not isinstance(value, bytes):
            continue
        if number == 1:
            logs.append(_log(value))
        elif number == 3:  # noqa: PLR2004  (field numbers, see above)
            topic = value
        elif number == 4:  # noqa: PLR2004
            source = value
        elif number == 6:  # noqa: PLR2004
            tags.append(_pair(value))
    return Group(_text(topic), _text(source), tags, logs)


def _log(data: bytes) -> Log:
    time = time_ns = 0
    contents: List[Pair] = []
    for number, value in _fields(data):
        if number == 1 and isinstance(value, int):
            time = value
        elif number == 2 and isinstance(value, bytes):  # noqa: PLR2004
            contents.append(_pair(value))
        elif number == 4 and isinstance(value, int):  # noqa: PLR2004
            time_ns = value
    return Log(time, time_ns, contents)


def _pair(data: bytes) -> Pair:
    key = value = b""
    for number, part in _fields(data):
        if isinstance(part, bytes):
            key, value = (part, value) if number == 1 else (key, part)
    return Pair(_text(key), value)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _fields(data: bytes) -> Iterator[Tuple[int, _Value]]:
    """Yield field numbers and values; groups, a form long out of use, are refused.

    Raises:
        ValueError: The data end within a field, or have no such form.
    """
    place = 0
    while place < len(data):
        head, place = _varint(data, place)
        number, kind = head >> 3, head & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield number, value
            continue
        if kind == _BYTES:
            size, place = _varint(data, place)
        elif kind in _FIXED_SIZES:
            size = _FIXED_SIZES[kind]
        else:
            message = f"wire type {kind}"
            raise ValueError(message)
        part = data[place : place + size]
        if len(part) < size:
            message = "the data end within a field"
            raise ValueError(message)
        place += size
        yield number, part if kind == _BYTES else int.from_bytes(part, "little")


def _varint(data: bytes, place: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(data) or shift > _VARINT_MAX_SHIFT:
            message = "the data end within a number"
            raise ValueError(message)
        byte = data[place]
        value |= (byte & _SEVEN_BITS) << shift
        place += 1
        shift += 7
        if not byte & _MORE:
            return value, place
