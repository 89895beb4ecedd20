"""Findings for people: each with its line, a caret under the place, and a hint.

Parts are named by what they are, so that a terminal colours them and a pipe does not.
Where a line holds values, they are hidden; see `masking`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from collector_lint.masking import shown_line
from collector_lint.reports.folding import folded
from collector_lint.shown_line import around
from collector_lint.target import Target, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule

Piece: TypeAlias = tuple[str, str]
"""A text and its style, "" for none."""
STYLES: Final = {"error": "bold red", "warning": "bold yellow"}
_DIM: Final = "dim"
_HANGING: Final = 4


def pieces(
    result: Result, rules: Mapping[str, Rule], columns: int | None = None
) -> Iterator[Piece]:
    """Yield the whole report.

    Args:
        result: What was found.
        rules: Every rule by its identifier.
        columns: How wide the terminal is; None where nothing has to fit.
    """
    by_name: dict[str, Target] = {}
    for target in result.targets:
        by_name.setdefault(target.file.name, target.file)
    for finding in result.findings:
        target = by_name.get(finding.file) or target_of(finding.file)
        by_name[finding.file] = target
        part = _part(result, finding, target)
        yield from _finding(finding, part, rules, columns)
    yield from summary(result, columns)


def _part(result: Result, finding: Finding, first: Target) -> Target:
    """Return the part of a page that a finding is in."""
    if not finding.file.endswith(".md"):
        return first
    parts = [t for t in result.targets if t.name == finding.file]
    return next(
        (t for t in parts if t.lines[finding.line].strip()),
        first,
    )


def _finding(
    finding: Finding,
    target: Target,
    rules: Mapping[str, Rule],
    columns: int | None,
) -> Iterator[Piece]:
    style = STYLES[finding.severity]
    place = f"{finding.file}:{finding.line}:{finding.column}"
    kind = f"{finding.severity} {finding.code}"
    yield place, "bold"
    yield ": ", ""
    yield kind, style
    head = f"{place}: {kind}"
    yield f"{folded(head, f' {finding.message}', _HANGING, columns)}\n", ""
    gutter = " " * len(str(finding.line))
    if target.text:
        beside = None if columns is None else columns - len(f" {gutter} | ")
        line = around(shown_line(target, finding.line, finding.column), beside)
        yield f" {gutter} |\n {finding.line} | ", _DIM
        yield f"{line.text}\n", ""
        yield f" {gutter} | ", _DIM
        yield f"{' ' * line.column}^{'~' * (line.width - 1)}\n", style
    sign = f" {gutter} = "
    if finding.hint:
        yield sign, _DIM
        yield f"{folded(sign, finding.hint, len(sign), columns)}\n", ""
    rule = rules.get(finding.code)
    if rule is not None:
        more = f"{rule.name}; collector lint --explain {rule.id}"
        yield f"{sign}{folded(sign, more, len(sign), columns)}\n", _DIM
    yield "\n", ""


def summary(result: Result, columns: int | None = None) -> Iterator[Piece]:
    """Yield the last line."""
    files = len({target.file.name for target in result.targets})
    counts = [_count(result.errors, "error"), _count(result.warnings, "warning")]
    found = " and ".join(each for each in counts if each)
    text = f"{found or 'nothing found'} in {_count(files, 'file') or 'no files'}"
    more = [
        f"{number} {word}"
        for number, word in (
            (result.mended, "mended"),
            (result.silenced, "silenced by comments"),
            (result.known, "in the baseline"),
        )
        if number
    ]
    text += f" ({', '.join(more)})" if more else ""
    style = "bold red" if result.errors else "bold yellow" if found else "bold green"
    yield f"{folded('', text, 2, columns)}\n", style


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def statistics(result: Result, rules: Mapping[str, Rule]) -> Iterator[Piece]:
    """Yield one line for each rule that found something, the most frequent first."""
    fixed = Counter(each.code for each in result.findings if each in result.offers)
    counts = sorted(result.by_code.items(), key=lambda each: (-each[1], each[0]))
    for code, number in counts:
        rule = rules.get(code)
        some = "" if fixed[code] == number else f"{fixed[code]} "
        fix = f" [{some}mended by --fix]" if fixed[code] else ""
        yield f"{number:>6}  {code}  {rule.name if rule else ''}{fix}\n", ""
