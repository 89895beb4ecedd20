"""Brackets of an indented JSON text: which one is not closed, missing, or too many.

A parser counts brackets only, so it meets a missing one far below, often at the end of
the file. Where a text is indented, a bracket is closed in its own line or at the
indentation of the line that opens it. What contradicts that is told only if all other
brackets of the text keep to it: otherwise the indentation proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from collector_lint.diagnosis.trouble import Diagnosis
from collector_lint.lines import Lines

TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\]]', re.DOTALL)
"""A text in quotes, which may hold brackets, or a bracket."""
CLOSING: Final = {"[": "]", "{": "}"}
_OPENING: Final = {"]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class _Bracket:
    sign: str
    at: int
    line: int
    indent: int


@dataclass(slots=True)
class _Walk:
    """Brackets that are open, and the one that does not fit."""

    lines: Lines
    open: list[_Bracket] = field(default_factory=list["_Bracket"])
    closed: _Bracket | None = None
    """The last one that closed another."""
    found: Diagnosis | None = None

    def take(self, bracket: _Bracket) -> bool:
        """Take the next bracket; return False where the indentation proves nothing."""
        if bracket.sign in CLOSING:
            self.open.append(bracket)
            return True
        if not self._closes(bracket):
            if self.found is not None or not self.open:
                return False
            top = self.open[-1]
            if bracket.indent < top.indent:
                self.found = _not_closed(self.lines, top)
                self.open.pop()
                if not self._closes(bracket):
                    return False
            elif bracket.indent > top.indent:
                self.found = self._too_many(bracket)
                return self.found is not None
            else:
                return False
        self.open.pop()
        self.closed = bracket
        return True

    def _closes(self, bracket: _Bracket) -> bool:
        if not self.open or CLOSING[self.open[-1].sign] != bracket.sign:
            return False
        top = self.open[-1]
        return bracket.line == top.line or bracket.indent == top.indent

    def _too_many(self, bracket: _Bracket) -> Diagnosis | None:
        key = _line_of_key(self.lines, bracket)
        if key:
            sign = _OPENING[bracket.sign]
            text = self.lines[key].rstrip()
            message = f"the bracket {sign} that line {bracket.line} closes is missing"
            at = self.lines.starts[key - 1] + len(text)
            return Diagnosis(at, message, f"write {sign} behind the colon")
        last = self.closed
        if last is None or last.indent != bracket.indent:
            return None
        if self.lines.text[last.at + 1 : bracket.at].strip(" \t\r\n,"):
            return None
        message = f"nothing is open here that {bracket.sign} could close"
        return Diagnosis(bracket.at, message, "remove it")


def misplaced_bracket(text: str, at: int) -> Diagnosis | None:
    """Return which bracket the indentation proves to be wrong.

    Args:
        text: The whole text.
        at: Where the parser gave up; what is wrong behind it is not its trouble.
    """
    walk = _Walk(Lines(text))
    for match in TOKEN.finditer(text):
        if match[0] in "{}[]":
            line = walk.lines.line_of(match.start())
            indent = _indent(walk.lines[line])
            if not walk.take(_Bracket(match[0], match.start(), line, indent)):
                return None
    found = walk.found
    return found if found and not walk.open and found.offset <= at else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _not_closed(lines: Lines, opened: _Bracket) -> Diagnosis:
    message = f"the bracket {opened.sign} that opens here is not closed"
    closing = CLOSING[opened.sign]
    following = next(
        line
        for line in range(opened.line + 1, len(lines) + 1)
        if lines[line].strip() and _indent(lines[line]) <= opened.indent
    )
    is_entry = lines[following].lstrip()[0] in '"{['
    more = " and a comma" if is_entry else ""
    hint = f"write {closing}{more} above line {following}, as the indentation tells"
    return Diagnosis(opened.at, message, hint)


def _line_of_key(lines: Lines, closing: _Bracket) -> int:
    """Return the line of a key that has no value and is indented as a bracket; or 0."""
    for line in range(closing.line - 1, 0, -1):
        text = lines[line].rstrip()
        if text and _indent(text) <= closing.indent:
            is_key = _indent(text) == closing.indent and text.endswith('":')
            return line if is_key else 0
    return 0
