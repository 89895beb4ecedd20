"""A line of Python as it is shown: code without the texts and remarks in it."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING, Final

from collector_lint.shown_line import HIDDEN, ShownLine

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN_KINDS: Final = frozenset(
    {
        tokenize.STRING,
        tokenize.COMMENT,
        tokenize.NUMBER,
        # From Python 3.12 on a text with expressions is no single token.
        getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING),
    }
)


def of_python(text: str, line: int, column: int) -> ShownLine | None:
    """Return a line with a place in it; both count from 1.

    Returns:
        None where the text is no Python: nothing tells there what a text is.
    """
    try:
        hidden = list(_hidden_of_line(text, line))
    except (tokenize.TokenError, SyntaxError):  # the latter also of indentation
        return None
    raw = io.StringIO(text).readlines()[line - 1].rstrip("\r\n")
    shown, at, place = "", 0, 0
    for first, last in [*hidden, (len(raw), len(raw))]:
        if at < column <= first + 1:
            place = len(shown) + column - 1 - at
        shown += raw[at:first].replace("\t", " ")
        if first < last:
            place = len(shown) if first < column <= last else place
            shown += HIDDEN
        at = last
    return ShownLine(shown, place, 1)


def _hidden_of_line(text: str, line: int) -> Iterator[tuple[int, int]]:
    """Yield where texts, numbers and remarks are in a line, also if longer than it."""
    lines = io.StringIO(text).readlines()
    for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
        (first, start), (last, end) = token.start, token.end
        if token.type not in _HIDDEN_KINDS or not first <= line <= last:
            continue
        length = len(lines[line - 1].rstrip("\r\n"))
        yield (start if first == line else 0), (end if last == line else length)
