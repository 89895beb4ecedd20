"""The protocol buffers of Log Service, written out by hand.

A list of groups is `0x0A`, length and bytes of each group, joined. It knows the
form of the bytes only, and keeps texts as bytes: nothing here minds bad UTF-8.

Source: the vendor's published `sls_logs.proto`:
`LogGroup{Log Logs=1; Reserved=2; Topic=3; Source=4; MachineUUID=5; LogTag LogTags=6}`,
`Log{uint32 Time=1; Content Contents=2; fixed32 Time_ns=4}`,
`Content{Key=1; Value=2}`, `LogTag{Key=1; Value=2}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VARINT: Final = 0
_FIXED64: Final = 1
_BYTES: Final = 2
_FIXED32: Final = 5
_VARINT_BYTES_MAX: Final = 10


class WireError(ValueError):
    """Bytes that are no protocol buffer of the expected message."""


Pairs = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Log:
    """One record.

    Attributes:
        time: Seconds since 1970 UTC, as the writer says.
        contents: Keys and values in their order; a key may occur twice.
        time_ns: Nanoseconds of the second; None when absent.
    """

    time: int
    contents: Pairs = ()
    time_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Records that were written together and share topic, source and tags."""

    logs: tuple[Log, ...] = ()
    topic: bytes = b""
    source: bytes = b""
    tags: Pairs = ()


def encode_group(group: Group) -> bytes:
    """Return `group` as a LogGroup message."""
    parts = [_field(0x0A, _encode_log(log)) for log in group.logs]
    if group.topic:
        parts.append(_field(0x1A, group.topic))
    if group.source:
        parts.append(_field(0x22, group.source))
    parts += [_field(0x32, _pair(key, value)) for key, value in group.tags]
    return b"".join(parts)


def decode_group(raw: bytes) -> Group:
    """Read a LogGroup message; fields it does not know are passed over.

    Raises:
        WireError: If `raw` is no LogGroup.
    """
    logs: list[Log] = []
    tags: list[tuple[bytes, bytes]] = []
    texts = {3: b"", 4: b""}
    for number, value in _fields(raw):
        match number, value:
            case 1, bytes():
                logs.append(_decode_log(value))
            case 6, bytes():
                tags.append(_decode_pair(value))
            case ((3 | 4), bytes()):
                texts[number] = value
            case _:
                pass
    return Group(tuple(logs), texts[3], texts[4], tuple(tags))


def count_logs(raw: bytes) -> int:
    """Count the records of a LogGroup message without reading them.

    Raises:
        WireError: If `raw` is no LogGroup.
    """
    return sum(number == 1 for number, _ in _fields(raw))


def framed(group: bytes) -> bytes:
    """Return the message of one group as a part of a LogGroupList."""
    return _field(0x0A, group)


def split_list(raw: bytes) -> list[bytes]:
    """Return the messages of the groups of a LogGroupList.

    Raises:
        WireError: If `raw` is no LogGroupList.
    """
    groups: list[bytes] = []
    for number, value in _fields(raw):
        if number != 1 or not isinstance(value, bytes):
            message = "a LogGroupList holds groups only"
            raise WireError(message)
        groups.append(value)
    return groups


def _encode_log(log: Log) -> bytes:
    parts = [b"\x08", _varint(log.time)]
    parts += [_field(0x12, _pair(key, value)) for key, value in log.contents]
    if log.time_ns is not None:
        parts += [b"\x25", log.time_ns.to_bytes(4, "little")]
    return b"".join(parts)


def _decode_log(raw: bytes) -> Log:
    time: int | None = None
    time_ns: int | None = None
    contents: list[tuple[bytes, bytes]] = []
    for number, value in _fields(raw):
        match number, value:
            case 1, int():
                time = value
            case 2, bytes():
                contents.append(_decode_pair(value))
            case 4, int():
                time_ns = value
            case _:
                pass
    if time is None:
        message = "a Log needs its Time"
        raise WireError(message)
    return Log(time, tuple(contents), time_ns)


def _pair(key: bytes, value: bytes) -> bytes:
    return _field(0x0A, key) + _field(0x12, value)


def _decode_pair(raw: bytes) -> tuple[bytes, bytes]:
    found = {
        number: value for number, value in _fields(raw) if isinstance(value, bytes)
    }
    if not found.keys() >= {1, 2}:
        message = "a pair needs its key and its value"
        raise WireError(message)
    return found[1], found[2]


def _field(tag: int, content: bytes) -> bytes:
    return b"%c%b%b" % (tag, _varint(len(content)), content)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    place, end = 0, len(raw)
    while place < end:
        tag, place = _read_varint(raw, place)
        kind = tag & 7
        if kind == _VARINT:
            number, place = _read_varint(raw, place)
            yield tag >> 3, number
            continue
        if kind == _BYTES:
            size, place = _read_varint(raw, place)
        elif kind in {_FIXED32, _FIXED64}:
            size = 4 if kind == _FIXED32 else 8
        else:
            message = f"there is no wire type {kind}"
            raise WireError(message)
        value = raw[place : place + size]
        if len(value) < size:
            message = "the message ends too early"
            raise WireError(message)
        place += size
        yield tag >> 3, value if kind == _BYTES else int.from_bytes(value, "little")


def _read_varint(raw: bytes, place: int) -> tuple[int, int]:
    number = 0
    for index, byte in enumerate(raw[place : place + _VARINT_BYTES_MAX]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return number, place + index + 1
    message = "a number ends too early or not at all"
    raise WireError(message)


def joined(groups: Iterable[bytes]) -> bytes:
    """Return messages of groups as a LogGroupList."""
    return b"".join(map(framed, groups))
