"""Turns messages into the lines and pieces that go on the wire.

It knows neither sockets nor devo-sdk.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, AnyStr, Final, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from collector_host.delivery.items import Line

PIECE_BYTES: Final = 64 * 1024
"""Measured with devo-sdk 7.0.2: 4.8 times the speed of one call per message, and
larger pieces gain less than 5 % more."""

TAG_MAX_BYTES: Final = 1024

_TAG: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def check_tag(tag: str) -> None:
    """Refuse a tag that would break the header or name no table.

    devo-sdk checks nothing: a blank or a colon in a tag would silently become
    part of the message.

    Raises:
        ValueError: Fewer than two levels, an empty level, a character other than
            ASCII letters, digits, `_` and `-`, or more than 1,024 bytes.

    Source: Devo documentation of tags.
    """
    if len(tag) > TAG_MAX_BYTES:
        message = f"tag of {len(tag)} bytes is longer than {TAG_MAX_BYTES}"
        raise ValueError(message)
    if not _TAG.fullmatch(tag):
        message = f"tag {tag!r} is not two or more levels of letters, digits, _ and -"
        raise ValueError(message)


def pieces(
    header: bytes, lines: Sequence[Line], *, limit_bytes: int = PIECE_BYTES
) -> Iterator[bytes]:
    """Join whole lines into pieces of at most `limit_bytes`, in order.

    A line that is larger than the limit is a piece of its own. Every piece ends
    with a line feed.

    Args:
        header: Starts every line, e.g. `<14>Jan  1 00:00:00 host my.app.a.b: `.
        lines: Messages of one table.
        limit_bytes: Largest piece made of more than one line.
    """
    added = len(header) + len(b"\n")
    ends = list(accumulate([len(line) + added for line in lines]))
    first, before = 0, 0
    while first < len(lines):
        end = max(bisect_right(ends, before + limit_bytes, first), first + 1)
        yield _piece(header, lines[first:end])
        first, before = end, ends[end - 1]


def _piece(header: bytes, lines: Sequence[Line]) -> bytes:
    if _are_texts(lines):
        start = header.decode()
        return ("\n" + start).join(_framed(start, lines, "\n")).encode()
    encoded = [line.encode() if isinstance(line, str) else line for line in lines]
    return (b"\n" + header).join(_framed(header, encoded, b"\n"))


def _are_texts(lines: Sequence[Line]) -> TypeGuard[Sequence[str]]:
    return bytes not in set(map(type, lines))


def _framed(header: AnyStr, lines: Sequence[AnyStr], end: AnyStr) -> list[AnyStr]:
    """Add header and end to the outer two lines, which spares a copy of the whole."""
    framed = list(lines)
    framed[0] = header + framed[0]
    framed[-1] += end
    return framed
