"""Brackets that are not closed, and what is missing between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

from collector_lint.diagnosis.trouble import KEY, Diagnosis

if TYPE_CHECKING:
    from collector_lint.diagnosis.trouble import Trouble

_ENDS: Final = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_CLOSING: Final = {"[": "]", "{": "}"}


def reference(trouble: Trouble) -> Diagnosis | None:
    """A reference stands in brackets without quotes."""
    at = trouble.at
    if not trouble.brackets or trouble.text[at - 1 : at + 1] != "${":
        return None
    message = "inside [ ] and { } a reference must be in quotes"
    return Diagnosis(at - 1, message, 'write "${…}"')


def not_closed(trouble: Trouble) -> Diagnosis | None:
    """A bracket is open where the lines below go on without it."""
    if not trouble.brackets:
        return None
    opened = trouble.brackets[-1]
    first = trouble.line_of(opened)
    closing = _CLOSING[trouble.text[opened]]
    message = f"the bracket {trouble.text[opened]} that opens here is not closed"
    hint = f"write {closing} behind the last entry"
    is_end = not trouble.text[trouble.at :].strip()
    if is_end or _leaves(trouble, first):
        return Diagnosis(opened, message, hint)
    return None


def _leaves(trouble: Trouble, first: int) -> bool:
    """Tell whether a line of block style comes before the bracket is closed."""
    inside = trouble.indent(first)
    for line in range(first + 1, trouble.line + 1):
        text = trouble.lines[line]
        is_block = KEY.match(text) or text.lstrip(" ").startswith("- ")
        if is_block and trouble.indent(line) <= inside:
            return True
    return False


def still_open(trouble: Trouble) -> Diagnosis | None:
    """Something does not fit into a bracket that an earlier line opened."""
    if not trouble.brackets:
        return None
    opened = trouble.brackets[-1]
    line = trouble.line_of(opened)
    if line == trouble.line:
        return None
    sign = trouble.text[opened]
    message = f"this does not fit into the bracket {sign} that line {line} opens"
    hint = f"write {_CLOSING[sign]} behind its last entry, or a comma between two"
    return Diagnosis(trouble.at, message, hint)


def wrong_pair(trouble: Trouble) -> Diagnosis | None:
    """A bracket is closed that is not open."""
    closing = trouble.behind[:1]
    if closing not in {"]", "}"}:
        return None
    if not trouble.brackets:
        if trouble.is_first or not re.search(r"[\]}\"'\w]\s*$", trouble.before):
            return None
        message = f"nothing is open that {closing} could close"
        return Diagnosis(trouble.at, message, "remove it")
    opened = trouble.text[trouble.brackets[-1]]
    if _CLOSING[opened] == closing:
        return None
    message = f"{opened} is closed by {closing}"
    return Diagnosis(trouble.at, message, f"write {_CLOSING[opened]} here")


def text_behind(trouble: Trouble) -> Diagnosis | None:
    """A text goes on behind a closed bracket."""
    closing = trouble.text[: trouble.at].rstrip(" \t")[-1:]
    is_closed = trouble.tokens and isinstance(trouble.tokens[-1], _ENDS)
    if trouble.brackets or not is_closed or closing not in _CLOSING.values():
        return None
    message = "the text goes on behind the bracket that closes the value"
    hint = "begin the next key in its own line, or write the whole value in quotes"
    return Diagnosis(trouble.at, message, hint)


def comma(trouble: Trouble) -> Diagnosis | None:
    """Two entries have no comma between them."""
    if not trouble.brackets or "expected ','" not in trouble.problem:
        return None
    if trouble.behind.startswith(":"):
        message = "a second colon in one entry"
        hint = "write a comma between entries; a text with : in it must be in quotes"
        return Diagnosis(trouble.at, message, hint)
    message = "a comma is missing before this"
    return Diagnosis(trouble.at, message, "write a comma between two entries")
