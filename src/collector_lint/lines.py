"""Where the lines of a text begin, as editors count them.

YAML 1.1 also ends a line at U+0085, U+2028 and U+2029; editors do not, and places are
for people who jump to them. It knows neither files nor formats.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

_END: Final = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of a text; they end with LF, CR LF or CR."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line, from 0."""
        if "\r" in self.text:
            return (0, *(match.end() for match in _END.finditer(self.text)))
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(starts)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, line: int) -> str:
        """Return a line, from 1, without its end; "" where there is none."""
        if not 0 < line <= len(self.starts):
            return ""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, of an offset."""
        return bisect_right(self.starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset.

        What is behind the last line's end is at its end: a line that holds nothing
        is none that an editor could show.
        """
        at = min(max(offset, 0), len(self.text))
        line = self.line_of(at)
        if line > 1 and at == self.starts[line - 1] == len(self.text):
            return line - 1, len(self[line - 1]) + 1
        return line, at - self.starts[line - 1] + 1


def split(text: str) -> list[str]:
    """Return the lines of a text without their ends; at least one."""
    lines = Lines(text)
    return [lines[number] for number in range(1, len(lines) + 1)]
