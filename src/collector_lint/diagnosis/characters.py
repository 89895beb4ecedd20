"""Characters that look like others or like nothing, and those no text begins with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis.trouble import Diagnosis
from collector_lint.odd_characters import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.diagnosis.trouble import Trouble

_CONFLICT: Final = re.compile(r"(?:<{7}|>{7}|={7})(?=[ \r\n]|\Z)")
_ENDS: Final = re.compile("[\u0085\u2028\u2029]")
_INDENT: Final = re.compile(r"[\s\u200b\ufeff]*")
_NEVER_FIRST: Final = {
    "@": "@",
    "`": "`",
    "%": "%",
    ",": ",",
    "]": "]",
    "}": "}",
    "|": "|",
    ">": ">",
    "*": "*",
    "&": "&",
    "!": "!",
    "?": "? and a blank",
    "-": "- and a blank",
}
_SIGNS: Final = frozenset(",]}")
_CANNOT_START: Final = (
    "cannot start any token",
    "expected node content",
    "scanning an alias",
    "scanning an anchor",
    "scanning a tag",
    "scanning a block scalar",
    "mapping keys are not allowed",
    "sequence entries are not allowed",
)


def line_end_of_yaml(trouble: Trouble) -> Diagnosis | None:
    """A character ends the line for YAML, but not for an editor."""
    start = trouble.start(min(_suspects(trouble)))
    match = _ENDS.search(trouble.text, start, trouble.at)
    if match is None:
        return None
    message = f"YAML ends the line here, at U+{ord(match[0]):04X}"
    return Diagnosis(match.start(), message, "remove this character, which is not seen")


def odd_blank_in_indentation(trouble: Trouble) -> Diagnosis | None:
    """A line is indented with something else than blanks."""
    for line in _suspects(trouble):
        text = trouble.lines[line]
        indent = _INDENT.match(text)
        odd = indent[0].lstrip(" ") if indent else ""
        if odd:
            offset = trouble.start(line) + len(indent[0] if indent else "") - len(odd)
            message = f"{called(odd[0])} is in the indentation"
            return Diagnosis(offset, message, "indent with spaces only")
    return None


def _suspects(trouble: Trouble) -> Iterator[int]:
    yield trouble.line
    # A line that goes on a text is noticed at the next one.
    yield from list(trouble.above(trouble.line))[:1]


def conflict(trouble: Trouble) -> Diagnosis | None:
    """Git left the marks of a conflict."""
    first = trouble.line_of(trouble.since) if trouble.since >= 0 else trouble.line
    for line in range(max(first - 1, 1), trouble.line + 1):
        found = conflict_at(trouble.text, trouble.start(line))
        if found is not None:
            return found
    return None


def conflict_at(text: str, at: int) -> Diagnosis | None:
    """Return what is wrong if a mark of a conflict is the line that begins there."""
    if at and text[at - 1] not in "\r\n":
        return None
    if not _CONFLICT.match(text, at):
        return None
    message = "a merge of git left the marks of a conflict"
    hint = "keep one of the two parts, and remove the lines with the marks"
    return Diagnosis(at, message, hint)


def fence(trouble: Trouble) -> Diagnosis | None:
    """A block of Markdown was copied with its fence."""
    if not trouble.is_first or not trouble.behind.startswith("```"):
        return None
    message = "a fence of Markdown is no YAML"
    return Diagnosis(trouble.at, message, "remove the lines with ```")


def template(trouble: Trouble) -> Diagnosis | None:
    """A value is a template of another tool that was not filled in."""
    at = trouble.text.find("{{", trouble.start(trouble.line))
    if at < 0:
        at = trouble.text.find("{%", trouble.start(trouble.line))
    if at < 0 or at > trouble.at:
        return None
    if not re.search(
        r"(?:^|[:\-]\s)\s*$",
        trouble.lines[trouble.line][: at - trouble.start(trouble.line)],
    ):
        return None
    message = "a text that starts with { is read as a mapping"
    hint = "write it in quotes; {{ }} is filled in by nobody here, ${NAME} is"
    return Diagnosis(at, message, hint)


def never_first(trouble: Trouble) -> Diagnosis | None:
    """A text starts with a character that means something else there."""
    words = f"{trouble.problem} {trouble.context}"
    is_sign = trouble.is_first and trouble.behind[:1] in _SIGNS
    if not is_sign and not any(each in words for each in _CANNOT_START):
        return None
    at = trouble.at
    if trouble.since >= 0 and trouble.line_of(trouble.since) == trouble.line:
        at = trouble.since
    character = trouble.text[at : at + 1]
    if character not in _NEVER_FIRST:
        return None
    before = trouble.text[trouble.start(trouble.line) : at]
    if character == "-" and before.strip():
        message = "a list cannot begin in the line of its key"
        hint = "begin it in the next line; a text that starts with - must be in quotes"
        return Diagnosis(at, message, hint)
    message = f"a text cannot start with {_NEVER_FIRST[character]}"
    return Diagnosis(at, message, "write it in quotes")
