"""The changes that `--fix` would make, for programs that make them themselves.

They hold no value of a file: what stays is not repeated, so that around a value that
wants quotes there are two changes of one character each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint.document import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.mending.edits import Edit
    from collector_lint.mending.fixing import Change
    from collector_lint.target import Target

_LONGEST: Final = 1000
"""Longest text, in characters, in which what changes is looked for."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A change of a file, up to the character before `end`; both may be the same."""

    start: Position
    end: Position
    text: str


def offered(changes: Iterable[Change]) -> dict[Finding, tuple[Replacement, ...]]:
    """Return how each finding is mended that `--fix` would mend.

    A byte order mark stands before the first place of a text, so that there is a mend
    of it, but no change that could be named.
    """
    return {
        finding: tuple(_replacements(change.target, edit))
        for change in changes
        for finding, edit in change.mends
    }


def _replacements(target: Target, edit: Edit) -> Iterator[Replacement]:
    if edit.start < 0:
        return
    old = target.text[edit.start : edit.end]
    for start, end, text in _differences(old, edit.text):
        first = _position(target, edit.start + start)
        yield Replacement(first, _position(target, edit.start + end), text)


def _differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    if old and old in new:
        before, _, behind = new.partition(old)
        yield from ((at, at, t) for at, t in ((0, before), (len(old), behind)) if t)
    elif len(old) <= _LONGEST:
        from difflib import SequenceMatcher  # noqa: PLC0415  (hardly ever needed)

        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                yield i1, i2, new[j1:j2]


def _position(target: Target, offset: int) -> Position:
    line = target.line_of(offset)
    return Position(line, offset - target.offset(line, 1) + 1)


class Ends:
    """Where what stands at the place of a finding ends.

    Args:
        result: The findings and what they are in.
    """

    def __init__(self, result: Result) -> None:
        self._targets: dict[str, list[Target]] = {}
        for target in result.targets:
            self._targets.setdefault(target.name, []).append(target)

    def of(self, finding: Finding) -> Position | None:
        """Return the place behind it, or None where no key or value begins there."""
        for target in self._targets.get(finding.file, ()):
            span = target.span_at(finding.line, finding.column)
            if span is not None:
                return _position(target, span.end)
        return None
