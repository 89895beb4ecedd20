"""What is known where a parser gave up: its words, its places, and the text around.

It decides nothing; the modules beside it do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.lines import Lines

KEY: Final = re.compile(
    r" *(?:- +)*(?:[\w.$/-]+|\"[^\"]*\"|'[^']*'):(?=[ \t]|$)(?P<value>.*)"
)
"""A line of block style that gives a key."""
_CONTENT: Final = re.compile(r"\s*[^\s#]")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, without any value of the file.

    Attributes:
        offset: Where, in characters from 0.
        message: What is wrong.
        hint: How to mend it.
    """

    offset: int
    message: str
    hint: str


@dataclass(frozen=True)
class Trouble:
    """Where a YAML parser gave up.

    Attributes:
        lines: The text.
        problem: Its words for what it met; "" where it says nothing.
        at: Where that was.
        context: Its words for what it was doing, or "".
        since: Where it had begun with that, or -1.
    """

    lines: Lines
    problem: str
    at: int
    context: str = ""
    since: int = -1

    @property
    def text(self) -> str:
        """The whole text."""
        return self.lines.text

    @cached_property
    def line(self) -> int:
        """The line in which the parser gave up, from 1."""
        return self.lines.place(self.at)[0]

    @property
    def before(self) -> str:
        """The part of that line before the place."""
        return self.text[self.start(self.line) : self.at]

    @property
    def behind(self) -> str:
        """The part of that line from the place on."""
        return self.lines[self.line][len(self.before) :]

    @property
    def is_first(self) -> bool:
        """Whether nothing but blanks is before the place in its line."""
        return not self.before.strip(" ")

    def start(self, line: int) -> int:
        """Return the offset of a line's first character."""
        return self.lines.starts[line - 1]

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, of an offset."""
        return self.lines.place(offset)[0]

    def indent(self, line: int) -> int:
        """Return how many blanks a line begins with."""
        text = self.lines[line]
        return len(text) - len(text.lstrip(" "))

    def above(self, line: int) -> Iterator[int]:
        """Yield the lines above that hold more than comments, the nearest first."""
        return (n for n in range(line - 1, 0, -1) if self.has_content(n))

    def below(self, line: int) -> Iterator[int]:
        """Yield the lines below that hold more than comments, the nearest first."""
        last = len(self.lines)
        return (n for n in range(line + 1, last + 1) if self.has_content(n))

    def has_content(self, line: int) -> bool:
        """Tell whether a line is neither empty nor a comment."""
        return _CONTENT.match(self.lines[line]) is not None

    @cached_property
    def tokens(self) -> tuple[yaml.Token, ...]:
        """Every token before the place, in order."""
        found: list[yaml.Token] = []
        try:
            for token in yaml.scan(self.text, Loader=yaml.CSafeLoader):
                if token.start_mark.index >= self.at:
                    break
                found.append(token)
        except yaml.YAMLError:
            pass
        return tuple(found)

    @property
    def scalars(self) -> Iterator[tuple[int, int, str]]:
        """Start, end and style of every scalar before the place."""
        for token in self.tokens:
            if isinstance(token, yaml.ScalarToken):
                yield token.start_mark.index, token.end_mark.index, token.style or ""

    @cached_property
    def brackets(self) -> tuple[int, ...]:
        """Where each bracket is that is open at the place, the innermost last."""
        stack: list[int] = []
        for token in self.tokens:
            if isinstance(
                token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken
            ):
                stack.append(token.start_mark.index)
            elif isinstance(
                token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken
            ):
                del stack[-1:]
        return tuple(stack)


def blanks(number: int) -> str:
    """Return a number of blanks in words."""
    return f"{number} blank{'' if number == 1 else 's'}"
