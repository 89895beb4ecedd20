"""A line as it is shown, long ones cut around a place, and lines of broken JSON.

In a text that is no JSON nothing tells for sure what a value is: brackets, commas,
colons and plain keys are shown, the rest is hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

HIDDEN: Final = "…"
_CUT: Final = "..."
_AROUND: Final = 60
"""How many characters of a long line are shown on each side of a place."""
_PIECE: Final = re.compile(
    r'(?P<key>(?:(?<=[{,])|(?<=[{,] )|^)\s*"[A-Za-z_$][\w.$-]{0,63}"\s*:)'
    r'|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<layout>[\s{}\[\],:]|(?:true|false|null)(?=[\s,}\]]|$))"
    r'|(?P<other>[^\s{}\[\],:"]+)',
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line to show.

    Attributes:
        text: Its text.
        column: Where the place that was asked for is in it, from 0.
        width: How many characters of the text stand there.
    """

    text: str
    column: int
    width: int


def around(line: ShownLine, columns: int | None = None) -> ShownLine:
    """Return a line, cut on both sides of its place where it is long.

    Args:
        line: The line.
        columns: How wide it may be; None where nothing but its length counts.
    """
    if columns is not None and len(line.text) > columns:
        return _fitting(line, columns)
    first = max(line.column - _AROUND, 0)
    if first <= len(_CUT):  # the sign of a cut takes as much
        first = 0
    last = line.column + line.width + _AROUND
    if len(line.text) <= 2 * _AROUND:
        return line
    before = _CUT if first else ""
    behind = _CUT if last < len(line.text) else ""
    text = f"{before}{line.text[first:last]}{behind}"
    return replace(line, text=text, column=line.column - first + len(before))


def _fitting(line: ShownLine, columns: int) -> ShownLine:
    """Return the part of a line around its place that fits into some columns."""
    room = max(columns - 2 * len(_CUT), 1)
    width = min(line.width, room)
    first = line.column - (room - width) // 2
    last = first + room
    if line.column + width <= room + len(_CUT):
        first, last = 0, room + len(_CUT)
    elif last + len(_CUT) >= len(line.text):
        first, last = len(line.text) - room - len(_CUT), len(line.text)
        width = min(width, last - line.column) or 1
    before = _CUT if first else ""
    behind = _CUT if last < len(line.text) else ""
    text = f"{before}{line.text[first:last]}{behind}"
    return ShownLine(text, line.column - first + len(before), width)


def of_broken_json(raw: str, column: int) -> ShownLine:
    """Return a line of a text that is no JSON, with a place in it from 1."""
    pieces: list[str] = []
    length = 0
    place: tuple[int, int] | None = None
    for match in _PIECE.finditer(raw):
        shown = _shown(match)
        if match.start() < column <= match.end() and place is None:
            at = column - 1 - match.start()
            is_aligned = len(shown) == len(match[0])
            place = (length + at, 1) if is_aligned else (length, len(shown))
        pieces.append(shown)
        length += len(shown)
    at, width = place or (length, 1)
    return ShownLine("".join(pieces), at, width)


def _shown(match: re.Match[str]) -> str:
    text = match[0]
    if match["text"] is not None:
        end = '"' if len(text) > 1 and text.endswith('"') else ""
        return f'"{HIDDEN}{end}'
    if match["other"] is not None:
        return HIDDEN
    return re.sub(r"\s", " ", text)
