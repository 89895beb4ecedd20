"""Comments that silence a finding where it is, with a reason.

    name: x  # lint: ignore[ST101] because the new key is not released yet

It holds for its own line, or, alone on a line, for the next one that is neither empty
nor a comment; with `ignore-file` in place of `ignore`, for all lines of the file. Only
YAML has comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint.document import Position, finding_at
from collector_lint.lines import split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target

NO_REASON: Final = "LN001"
NOTHING: Final = "LN002"
UNKNOWN: Final = "LN003"

_COMMENT: Final = re.compile(
    r"(?:^|(?<=\s))#[ \t]*lint:[ \t]*ignore(?P<whole>-file\b)?"
    r"(?:\[(?P<ids>[^\]\n]*)\])?(?P<rest>[^\n]*)",
    re.MULTILINE,
)
_ID: Final = re.compile(r"[A-Z]{2}[0-9]{1,3}")
_REASON: Final = re.compile(r"\s*because\s+\S")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment.

    Attributes:
        position: Where it is.
        line: The line whose findings it silences; None for all lines.
        ids: What it names.
        has_reason: Whether a reason follows.
    """

    position: Position
    line: int | None
    ids: tuple[str, ...]
    has_reason: bool


def suppressions(target: Target) -> tuple[Suppression, ...]:
    """Return every comment of a target that silences something."""
    if target.is_json or "lint:" not in target.text:
        return ()
    scalars = target.spans[0]
    lines = split(target.text)
    return tuple(
        _suppression(target, match, lines)
        for match in _COMMENT.finditer(target.text)
        if not any(span.start <= match.start() < span.end for span in scalars)
    )


def _suppression(target: Target, match: re.Match[str], lines: list[str]) -> Suppression:
    line = target.line_of(match.start())
    column = match.start() - target.starts[line - 1] + 1
    silenced = line
    if not lines[line - 1][: column - 1].strip():
        following = range(line + 1, len(lines) + 1)
        silenced = next(
            (
                n
                for n in following
                if lines[n - 1].strip(" \t\r#") and _is_data(lines[n - 1])
            ),
            line,
        )
    names = (each.strip() for each in (match["ids"] or "").split(","))
    return Suppression(
        Position(line, column),
        None if match["whole"] else silenced,
        tuple(name for name in names if name),
        _REASON.match(match["rest"]) is not None,
    )


def _is_data(line: str) -> bool:
    return not line.lstrip().startswith("#")


def silence(
    target: Target,
    findings: Iterable[Finding],
    known: Collection[str],
    looked_for: Collection[str],
) -> tuple[list[Finding], int]:
    """Apply a target's comments to its findings.

    Args:
        target: Where the findings are.
        findings: What was found in it.
        known: Identifiers of all rules.
        looked_for: Identifiers of the rules of this run.

    Returns:
        The findings that are left, with those about the comments themselves, and how
        many were silenced.
    """
    comments = suppressions(target)
    if not comments:
        return list(findings), 0
    left: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    silenced = 0
    for finding in findings:
        by = [
            comment
            for comment in comments
            if comment.line in {None, finding.line} and finding.code in comment.ids
        ]
        used.update((comment, finding.code) for comment in by)
        if any(comment.has_reason for comment in by):
            silenced += 1
        else:
            left.append(finding)
    left += _about(target, comments, used, known, looked_for)
    return left, silenced


def _about(
    target: Target,
    comments: Iterable[Suppression],
    used: Collection[tuple[Suppression, str]],
    known: Collection[str],
    looked_for: Collection[str],
) -> Iterator[Finding]:
    for comment in comments:
        place = comment.position
        if not comment.ids or not comment.has_reason:
            message = "nothing is silenced without the rule's id and a reason"
            hint = "write # lint: ignore[ST101] because, and then why"
            yield _finding(target, place, NO_REASON, message, hint)
        for name in comment.ids:
            if name not in known:
                # What has not the form of an identifier may be anything.
                shown = name if _ID.fullmatch(name) else "of this name"
                message = f"there is no rule {shown}"
                yield _finding(target, place, UNKNOWN, message, "see --list-rules")
            elif name in looked_for and (comment, name) not in used:
                message = f"there is no {name} here that could be silenced"
                yield _finding(target, place, NOTHING, message, "remove it")


def _finding(
    target: Target, place: Position, code: str, message: str, hint: str
) -> Finding:
    return finding_at(target.name, place, code, message, hint=hint, severity="warning")
