"""Colons, dashes and comments that are not written as YAML wants them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis.trouble import KEY, Diagnosis
from collector_lint.odd_characters import called

if TYPE_CHECKING:
    from collector_lint.diagnosis.trouble import Trouble

_TIGHT: Final = re.compile(r" *(?:- +)*[\w.-]{2,}:(?=[^\s/:])")
_TIGHT_ODD: Final = re.compile(r" *(?:- +)*[\w.-]{2,}:(?=[^\S \t\r\n])")
_OTHER_COLON: Final = re.compile(
    r" *(?:- +)*[\w.-]+(?: *)(?=[\uff1a\ufe55\ua789\u2236=])"
)
_DASH: Final = re.compile(r" *-(?=[^\s-])")
_SLASHES: Final = re.compile(r" *(?=//|/\*)")
_INDENT: Final = re.compile(r" *")
_WORD: Final = re.compile(r" *(?:- +)*[\w.-]+(?= |$)")
_BLOCK: Final = re.compile(r".*[:\-]\s+[|>][-+0-9]*\s*(?:#.*)?$")
_LATER: Final = re.compile(r"\s*(?:- +)*[^\s\"'\[{#&*!|>][^:]*:+\s+(?P<value>[^\s\"'])")


def second_colon(trouble: Trouble) -> Diagnosis | None:
    """A value without quotes holds a colon with a blank behind it."""
    if "mapping values" not in trouble.problem or trouble.brackets:
        return None
    match = _LATER.match(trouble.lines[trouble.line])
    if match is None:
        return None
    value = trouble.start(trouble.line) + match.start("value")
    if value == trouble.at:
        return Diagnosis(value, "a second colon behind the key", "remove one of them")
    if value > trouble.at:
        return None
    message = "the value holds a colon with a blank behind it"
    return Diagnosis(value, message, "write the value in quotes")


def nothing_before_colon(trouble: Trouble) -> Diagnosis | None:
    """A line begins with the colon."""
    is_start = trouble.is_first or "node content" in trouble.problem
    if not is_start or not trouble.behind.startswith(":"):
        return None
    return Diagnosis(trouble.at, "no key is before the colon", "write key: value")


def below_block(trouble: Trouble) -> Diagnosis | None:
    """A line of a text of several lines is indented less than the others."""
    line = trouble.line_of(trouble.since) if "key" in trouble.context else trouble.line
    if trouble.brackets or KEY.match(trouble.lines[line]):
        return None
    given = trouble.indent(line)
    header = next((n for n in trouble.above(line) if trouble.indent(n) <= given), None)
    if header is None or not _BLOCK.match(trouble.lines[header]):
        return None
    message = f"the line is indented less than the text that line {header} begins"
    hint = "give all lines of the text the same number of blanks, more than its key"
    return Diagnosis(trouble.start(line) + given, message, hint)


def no_key(trouble: Trouble) -> Diagnosis | None:
    """A line that should give a key or an entry does not."""
    line = _line_without_key(trouble)
    if line is None:
        return None
    text, start = trouble.lines[line], trouble.start(line)
    for pattern, message, hint in _FORMS:
        match = pattern.match(text)
        if match is not None:
            sign = text[match.end() : match.end() + 1]
            words = message.format(called(sign) if sign else "")
            return Diagnosis(start + match.end(), words, hint)
    return None


def _line_without_key(trouble: Trouble) -> int | None:
    if trouble.brackets:
        return None
    if "expected ':'" in trouble.problem and trouble.since >= 0:
        return trouble.line_of(trouble.since)
    if "mapping values" not in trouble.problem:
        return None
    # The text above went on into this line, so its own line gave no key.
    above = next(trouble.above(trouble.line), None)
    if above is None or KEY.match(trouble.lines[above]):
        return None
    before = next(trouble.above(above), None)
    if before is not None and trouble.indent(before) < trouble.indent(above):
        opener = KEY.match(trouble.lines[before])
        if opener and opener["value"].strip():
            return None
    return above


_FORMS: Final = (
    (_TIGHT_ODD, "behind the colon stands {}, not a blank", "write a blank there"),
    (
        _TIGHT,
        "a blank is missing behind the colon",
        "write a blank between key and value",
    ),
    (_OTHER_COLON, "{} stands where : belongs", "write : and a blank"),
    (
        _DASH,
        "a blank is missing behind the dash",
        "write - and a blank before an entry",
    ),
    (_SLASHES, "a comment begins with #", "write # instead"),
    (
        _WORD,
        "a colon is missing behind the key",
        "write key: value; a line that goes on a text must be indented more",
    ),
    (_INDENT, "the line gives no key with a colon", "write key: value"),
)
