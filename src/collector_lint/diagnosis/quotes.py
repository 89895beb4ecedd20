"""Quotes that are not closed, or closed too early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis.trouble import KEY, Diagnosis

if TYPE_CHECKING:
    from collector_lint.diagnosis.trouble import Trouble

_QUOTES: Final = "\"'"


def not_closed(trouble: Trouble) -> Diagnosis | None:
    """A quote is open, so that the next one, meant to open, closed it."""
    at = _opened(trouble)
    if at is None:
        return None
    message = "the quote that opens here is not closed"
    return Diagnosis(at, message, f"write {trouble.text[at]} behind the text, too")


def _opened(trouble: Trouble) -> int | None:
    """Return the first quote of a chain in which each closes the one before."""
    known = [
        (start, stop) for start, stop, style in trouble.scalars if _is_quote(style)
    ]
    if "quoted scalar" in trouble.context and "end of stream" in trouble.problem:
        return _chain(trouble, known, trouble.since)
    if "simple key" in trouble.context and _is_quote(trouble.text[trouble.since]):
        is_long = trouble.line_of(trouble.since) < trouble.line
        return _chain(trouble, known, trouble.since) if is_long else None
    if known and trouble.line_of(known[-1][1]) == trouble.line:
        first = _chain(trouble, known, known[-1][0])
        stops = dict(known)
        return first if _swallows(trouble, first, stops[first]) else None
    return None


def _chain(trouble: Trouble, known: list[tuple[int, int]], last: int) -> int:
    """Go back from a text in quotes while the one before took a line that is none."""
    for start, stop in reversed(known):
        if start >= last:
            continue
        if trouble.line_of(stop) != trouble.line_of(last):
            break
        if _swallows(trouble, start, stop):
            last = start
    return last


def _is_quote(style: str) -> bool:
    return style != "" and style in _QUOTES


def _swallows(trouble: Trouble, start: int, stop: int) -> bool:
    """Tell whether a text in quotes goes over a line that gives a key."""
    first, last = trouble.line_of(start), trouble.line_of(stop)
    return any(KEY.match(trouble.lines[n]) for n in range(first + 1, last + 1))


def escape(trouble: Trouble) -> Diagnosis | None:
    """A backslash in double quotes is followed by something unknown."""
    if "quoted scalar" not in trouble.context:
        return None
    if "escape" not in trouble.problem and "decimal number" not in trouble.problem:
        return None
    at = trouble.text.rfind("\\", 0, trouble.at + 1)
    message = "YAML does not know what this \\ in double quotes stands for"
    return Diagnosis(at, message, "write \\\\ for a backslash, or use single quotes")


def text_behind(trouble: Trouble) -> Diagnosis | None:
    """A text goes on behind the quote that closes it."""
    last = max(trouble.scalars, default=None)
    if last is None or not _is_quote(last[2]):
        return None
    _, stop, quote = last
    between = trouble.text[stop : trouble.at]
    if between.strip(" \t") or trouble.behind[:1] in {"", ":", ",", "]", "}", "#"}:
        return None
    if trouble.brackets and trouble.behind[:1] in _QUOTES:
        return None
    message = "the text goes on behind the quote that closes it"
    twice = (
        "'' for one inside single quotes"
        if quote == "'"
        else '\\" for one inside double quotes'
    )
    return Diagnosis(trouble.at, message, f"write {twice}, or remove what is behind")
