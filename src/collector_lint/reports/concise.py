"""Findings with a line each, as editors and `grep` read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_lint.reports.text import STYLES, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.engine import Result
    from collector_lint.reports.text import Piece


def pieces(result: Result) -> Iterator[Piece]:
    """Yield `file:line:column: severity rule message` for each, and the last line."""
    for finding in result.findings:
        yield f"{finding.file}:{finding.line}:{finding.column}", "bold"
        yield ": ", ""
        yield f"{finding.severity} {finding.code}", STYLES[finding.severity]
        yield f" {finding.message}\n", ""
    yield from summary(result)
