"""What is wrong where the json module gave up, in an operator's words.

A pattern says only what is sure; where none fits, the module's own words are given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint.diagnosis.characters import conflict_at
from collector_lint.diagnosis.json_brackets import CLOSING, TOKEN, misplaced_bracket
from collector_lint.diagnosis.trouble import Diagnosis
from collector_lint.odd_characters import called

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD: Final = re.compile(r"[A-Za-z_$][\w$.-]*")
_LITERALS: Final = {
    **dict.fromkeys(("True", "TRUE", "yes", "on"), "true"),
    **dict.fromkeys(("False", "FALSE", "no", "off"), "false"),
    **dict.fromkeys(("None", "Null", "NULL", "nil", "undefined"), "null"),
}
_KEY_TO_VALUE: Final = re.compile(r'"[\w.$-]+\s*:\s*"')
_WHOLE_ENTRY: Final = re.compile(
    r',\s*(?:"(?:[^"\\\n]|\\.)*"|[\w.+-]+|(?P<open>[\[{]))(?(open)|\s*[,}])'
)


@dataclass(frozen=True, slots=True)
class JsonTrouble:
    """Where the json module gave up.

    Attributes:
        text: The whole text.
        problem: Its words.
        at: Where, blanks skipped.
    """

    text: str
    problem: str
    at: int

    @property
    def character(self) -> str:
        """The character at the place; "" at the end."""
        return self.text[self.at : self.at + 1]

    @property
    def last(self) -> int:
        """Where the last character before the place is that is no blank; or -1."""
        return len(self.text[: self.at].rstrip()) - 1

    @property
    def wants_key(self) -> bool:
        """Whether a key was expected."""
        return "property name" in self.problem

    @property
    def brackets(self) -> list[int]:
        """Where each bracket is that is open at the place, the innermost last."""
        stack: list[int] = []
        for match in TOKEN.finditer(self.text, 0, self.at):
            if match[0] in "[{":
                stack.append(match.start())
            elif match[0] in "]}":
                del stack[-1:]
        return stack


def diagnose_json(text: str, problem: str, at: int) -> Diagnosis:
    """Return what is wrong, and where.

    Args:
        text: The whole text.
        problem: The words of the json module.
        at: Where it gave up.
    """
    blanks = len(text[at:]) - len(text[at:].lstrip())
    # Of a text in quotes the place itself is told.
    skipped = 0 if "control character" in problem else blanks
    trouble = JsonTrouble(text, problem, at + skipped)
    for pattern in PATTERNS:
        found = pattern(trouble)
        if found is not None:
            return found
    message = f"not JSON: {problem[:1].lower()}{problem[1:]}"
    return Diagnosis(trouble.at, message, "look at this place and what is before it")


def _conflict(trouble: JsonTrouble) -> Diagnosis | None:
    return conflict_at(trouble.text, trouble.at)


def _indented(trouble: JsonTrouble) -> Diagnosis | None:
    return misplaced_bracket(trouble.text, trouble.at)


def _end(trouble: JsonTrouble) -> Diagnosis | None:
    if trouble.character:
        return None
    if not trouble.text.strip():
        return Diagnosis(0, "the file is empty", "write {} for no data")
    if not trouble.brackets:
        return None
    opened = trouble.brackets[-1]
    sign = trouble.text[opened]
    message = f"the bracket {sign} that opens here is not closed"
    return Diagnosis(opened, message, f"write {CLOSING[sign]} behind the last entry")


def _quote(trouble: JsonTrouble) -> Diagnosis | None:
    message = "the quote that opens here is not closed"
    hint = 'write " behind the text, too'
    if "Unterminated" in trouble.problem:
        return Diagnosis(trouble.at, message, hint)
    if "control character" not in trouble.problem:
        return None
    if trouble.character in {"\n", "\r"}:
        # A text in quotes has one line.
        start = max(trouble.text.rfind(end, 0, trouble.at) for end in "\r\n") + 1
        line = TOKEN.sub(lambda m: " " * len(m[0]), trouble.text[start : trouble.at])
        return Diagnosis(start + max(line.find('"'), 0), message, hint)
    words = f"{called(trouble.character)} stands inside a text"
    return Diagnosis(trouble.at, words, "write \\t for a tab, \\u00.. for others")


def _quote_of_key(trouble: JsonTrouble) -> Diagnosis | None:
    """The quote that should open the value closed the key."""
    is_tight = trouble.last == trouble.at - 1
    if "':' delimiter" not in trouble.problem or not is_tight:
        return None
    opened = max(trouble.text.rfind('"', 0, trouble.last), 0)
    if not _KEY_TO_VALUE.fullmatch(trouble.text, opened, trouble.at):
        return None
    message = "the quote that opens here is not closed"
    return Diagnosis(opened, message, 'write " before the colon')


def _no_colon(trouble: JsonTrouble) -> Diagnosis | None:
    if "':' delimiter" not in trouble.problem:
        return None
    if _WHOLE_ENTRY.match(trouble.text, trouble.at):
        message = "a comma stands where a colon belongs"
        return Diagnosis(trouble.at, message, "write : between key and value")
    message = "a colon is missing behind the key"
    return Diagnosis(trouble.last + 1, message, 'write "key": value')


def _escape(trouble: JsonTrouble) -> Diagnosis | None:
    if "escape" not in trouble.problem:
        return None
    at = trouble.text.rfind("\\", 0, trouble.at + 1)
    message = "JSON does not know what this \\ stands for"
    return Diagnosis(at, message, "write \\\\ for a backslash")


def _comment(trouble: JsonTrouble) -> Diagnosis | None:
    if not trouble.text.startswith(("//", "/*", "#"), trouble.at):
        return None
    return Diagnosis(trouble.at, "JSON has no comments", "remove it")


def _comma_too_many(trouble: JsonTrouble) -> Diagnosis | None:
    is_before = trouble.last >= 0 and trouble.text[trouble.last] == ","
    if trouble.character in {"}", "]"} and is_before:
        message = "a comma stands behind the last entry"
        return Diagnosis(trouble.last, message, "remove it")
    if trouble.character == "," and "Extra data" not in trouble.problem:
        message = "nothing stands before this comma"
        return Diagnosis(trouble.at, message, "remove it, or write the entry")
    return None


def _bracket(trouble: JsonTrouble) -> Diagnosis | None:
    if trouble.character not in {"}", "]"} or not trouble.brackets:
        return None
    sign = trouble.text[trouble.brackets[-1]]
    if CLOSING[sign] == trouble.character:
        if trouble.text[trouble.last] != ":":
            return None
        return Diagnosis(trouble.at, "a value is missing behind the colon", "write it")
    message = f"{sign} is closed by {trouble.character}"
    return Diagnosis(trouble.at, message, f"write {CLOSING[sign]} here")


def _other_quotes(trouble: JsonTrouble) -> Diagnosis | None:
    if trouble.character not in set("'`\u2018\u2019\u201c\u201d\u201e\u00ab"):
        return None
    message = f"{called(trouble.character)} is no quote of JSON"
    return Diagnosis(trouble.at, message, 'write " around keys and texts')


def _word(trouble: JsonTrouble) -> Diagnosis | None:
    match = _WORD.match(trouble.text, trouble.at)
    if match is None or not (trouble.wants_key or "value" in trouble.problem):
        return None
    if trouble.wants_key:
        return Diagnosis(trouble.at, "the key has no quotes", 'write " around it')
    if match[0] in _LITERALS:
        message = f"JSON does not know {match[0]}"
        return Diagnosis(trouble.at, message, f"write {_LITERALS[match[0]]}")
    return Diagnosis(trouble.at, "the text has no quotes", 'write " around it')


def _number(trouble: JsonTrouble) -> Diagnosis | None:
    tight = trouble.last == trouble.at - 1 and trouble.text[trouble.last].isdigit()
    is_value = "value" in trouble.problem and trouble.character in {"+", ".", "-"}
    if not is_value and not (tight and re.match(r"[\w.]", trouble.character)):
        return None
    hint = "no + and no zero before it, digits on both sides of a point"
    return Diagnosis(trouble.at, "the number is not written as JSON wants it", hint)


def _between(trouble: JsonTrouble) -> Diagnosis | None:
    behind = trouble.last + 1
    if "',' delimiter" in trouble.problem:
        if trouble.character in {":", "="}:
            message = "a second colon in one entry"
            return Diagnosis(trouble.at, message, "write a comma between two entries")
        message = "a comma is missing behind the entry"
        return Diagnosis(behind, message, "write a comma between two entries")
    if trouble.wants_key and trouble.brackets:
        message = "a key is missing here"
        return Diagnosis(trouble.at, message, 'in { } write "key": value')
    if "Extra data" in trouble.problem:
        message = "the data ended before this"
        hint = "a file holds one { } and nothing else; is a bracket closed too early?"
        return Diagnosis(trouble.at, message, hint)
    return None


PATTERNS: Final[tuple[Callable[[JsonTrouble], Diagnosis | None], ...]] = (
    _quote,
    _escape,
    _conflict,
    _quote_of_key,
    _indented,
    _end,
    _comment,
    _no_colon,
    _comma_too_many,
    _bracket,
    _other_quotes,
    _word,
    _number,
    _between,
)
"""Tried in turn; a pattern that is surer comes first."""
