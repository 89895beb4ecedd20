"""Changes of a text at known places, so that comments and layout stay.

It knows neither rules nor files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One replacement; offsets count characters from 0.

    Attributes:
        start: First character replaced; -1 is the byte order mark before the text.
        end: Character behind the last one replaced.
        text: What comes in its place.
    """

    start: int
    end: int
    text: str


DROP_MARK = Edit(-1, 0, "")
"""Removes the byte order mark."""


def apply_edits(text: str, edits: Iterable[Edit], *, marked: bool) -> tuple[str, int]:
    """Return the text with edits applied, and how many were.

    Of edits that overlap only the first is applied: the others may be wrong by then.

    Args:
        text: The text without its byte order mark.
        edits: In any order.
        marked: Whether the file starts with a byte order mark; it then stands at the
            start of the result, unless an edit removes it.
    """
    whole = f"\ufeff{text}" if marked else text
    shift = 1 if marked else 0
    pieces: list[str] = []
    done = 0
    at = 0
    for edit in sorted(set(edits)):
        start, end = edit.start + shift, edit.end + shift
        if start < at or start > end:
            continue
        pieces += [whole[at:start], edit.text]
        at = end
        done += 1
    return "".join([*pieces, whole[at:]]), done


def quoted(text: str) -> str:
    """Return a plain text of one line as YAML text in quotes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
