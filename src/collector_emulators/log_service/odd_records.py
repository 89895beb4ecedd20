"""Records that are hard to carry: one of each sort.

What a sort is called says what is odd about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_emulators.log_service.records import EVENT_KEY, SOURCE, TOPIC
from collector_emulators.log_service.wire import Group, Log

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVENTS: Final[Mapping[str, bytes]] = {
    "bad-utf8-in-event": b'{"eventId":"odd-bad-utf8","x":"\xff\xfe"}',
    "event-not-json": b"not JSON at all",
    "event-torn": b'{"eventId":"odd-torn","x":',
    "event-array": b'[{"eventId":"odd-array"}]',
    "event-number": b"42",
    "event-null": b"null",
    "event-empty": b"",
    "event-blank": b" \r\n ",
    "event-with-line-ends-around": b'\r\n{"eventId":"odd-around"}\r\n',
    "event-with-line-ends-between": b'{\r\n"eventId":"odd-between",\n"x":1\r\n}',
    "event-with-line-end-in-text": b'{"eventId":"odd-inside","x":"a\nb"}',
    "event-with-escaped-line-ends": b'{"eventId":"odd-escaped","x":"a\\r\\nb"}',
    "event-with-origin": (
        b'{"eventId":"odd-origin","origin":"mine","module":7,'
        b'"@devo_pulling_id":"99","@devo_environment":"mine"}'
    ),
    "event-id-twice": b'{"eventId":"odd-first","x":1,"eventId":"odd-second"}',
    "event-id-inside": b'{"x":{"eventId":"odd-inner"},"eventId":"odd-outer"}',
    "event-id-missing": b'{"eventName":"DescribeInstances"}',
    "event-id-null": b'{"eventId":null,"x":1}',
    "event-id-number": b'{"eventId":12345678901234567890,"x":1}',
    "event-id-empty": b'{"eventId":"","x":1}',
    "lone-surrogate": b'{"eventId":"odd-surrogate","x":"\\ud83d"}',
    "nul-escaped": b'{"eventId":"odd-nul","x":"a\\u0000b"}',
    "nul-raw": b'{"eventId":"odd-raw-nul","x":"a\x00b"}',
    "line-separators": '{"eventId":"odd-lines","x":"\u2028\u2029\x85"}'.encode(),
    "four-byte-characters": '{"eventId":"odd-wide","x":"𠜎🚀"}'.encode(),
    "big-integer": b'{"eventId":"odd-integer","x":123456789012345678901234567890}',
    "number-forms": b'{"eventId":"odd-numbers","x":[1.10,1e400,-0,NaN]}',
    "duplicate-keys-inside": b'{"eventId":"odd-keys","x":1,"x":2}',
    "byte-order-mark": b'\xef\xbb\xbf{"eventId":"odd-mark"}',
}
_PLAIN: Final = b'{"eventId":"odd-%b","eventName":"DescribeInstances"}'


def odd_records(time: int, *, large_bytes: int = 5_500_000) -> dict[str, Group]:
    """Return odd groups by the name of their sort, always in the same order.

    Args:
        time: Time of the records, seconds since 1970 UTC.
        large_bytes: Size of the large group's event.
    """
    groups = {name: _group(_log(time, text)) for name, text in _EVENTS.items()}
    deep = b'{"eventId":"odd-deep","x":%b%b}' % (b"[" * 5_000, b"]" * 5_000)
    large = b'{"eventId":"odd-large","userAgent":"%b"}' % (b"x" * large_bytes)
    return {
        **groups,
        "deep-nesting": _group(_log(time, deep)),
        "large-group": _group(_log(time, large)),
        **_odd_contents(time),
        **_odd_frames(time),
    }


def _odd_contents(time: int) -> dict[str, Group]:
    """Return records whose keys and values are odd around the event."""

    def event(name: bytes) -> tuple[bytes, bytes]:
        return EVENT_KEY, _PLAIN % name

    contents = {
        "bad-utf8-beside-event": (event(b"beside"), (b"note", b"\xff\xfe")),
        "bad-utf8-in-key": (event(b"key"), (b"\xffkey", b"x")),
        "no-event": ((b"message", b"hello"), (b"owner_id", b"1000000000000001")),
        "several-contents": (event(b"several"), (b"a", b"1"), (b"b", b"{}")),
        "no-contents": (),
        "duplicate-contents": (
            event(b"one"),
            (b"a", b"1"),
            event(b"two"),
            (b"a", b"2"),
        ),
        "content-named-time": (event(b"time"), (b"__time__", b"7")),
        "content-named-topic": (event(b"topic"), (b"__topic__", b"other")),
        "key-empty": (event(b"empty-key"), (b"", b"x")),
    }
    return {name: _group(Log(time, pairs)) for name, pairs in contents.items()}


def _odd_frames(time: int) -> dict[str, Group]:
    """Return groups that are odd around the records."""

    def log(name: bytes) -> Log:
        return _log(time, _PLAIN % name)

    several = tuple(log(b"of-%d" % number) for number in range(3))
    tags = ((b"__pack_id__", b"E7609E65F76E8285-115B6F6"), (b"__client_ip__", b"::1"))
    return {
        "no-logs": _group(),
        "several-logs": Group(several, TOPIC, SOURCE, tags),
        "several-logs-one-odd": _group(log(b"before"), Log(time), log(b"behind")),
        "no-topic-no-source": Group((log(b"bare"),)),
        "bad-utf8-in-topic": Group((log(b"bad-topic"),), b"\xff", b"\xfe"),
        "bad-utf8-in-tag": Group(
            (log(b"bad-tag"),), TOPIC, SOURCE, ((b"\xff", b"\xfe"),)
        ),
        "nanoseconds": _group(Log(time, ((EVENT_KEY, _PLAIN % b"ns"),), 611_825_920)),
        "time-zero": _group(_log(0, _PLAIN % b"zero")),
        "time-largest": _group(_log(2**32 - 1, _PLAIN % b"largest")),
    }


def _log(time: int, event: bytes) -> Log:
    return Log(time, ((EVENT_KEY, event),))


def _group(*logs: Log) -> Group:
    return Group(logs, TOPIC, SOURCE)
