"""Findings as one JSON object."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from collector_lint.findings import shown_name
from collector_lint.mending.offers import Ends

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule

FORMAT: Final = 1


def render(result: Result, rules: Mapping[str, Rule]) -> str:
    """Return `{"format", "findings", "summary"}`; the format grows, never changes."""
    ends = Ends(result)
    findings = [_finding(each, result, rules, ends) for each in result.findings]
    summary = {
        "files": len({target.file.name for target in result.targets}),
        "errors": result.errors,
        "warnings": result.warnings,
        "silenced": result.silenced,
        "in_baseline": result.known,
        "mended": result.mended,
    }
    whole = {"format": FORMAT, "findings": findings, "summary": summary}
    return json.dumps(whole, indent=2) + "\n"


def _finding(
    finding: Finding, result: Result, rules: Mapping[str, Rule], ends: Ends
) -> dict[str, Any]:
    rule = rules.get(finding.code)
    end = ends.of(finding)
    return {
        **asdict(finding),
        "file": shown_name(finding.file),
        "end_line": end and end.line,
        "end_column": end and end.column,
        "name": rule.name if rule else "",
        "fixable": finding in result.offers,
        "edits": [
            {
                "line": each.start.line,
                "column": each.start.column,
                "end_line": each.end.line,
                "end_column": each.end.column,
                "text": each.text,
            }
            for each in result.offers.get(finding, ())
        ],
    }
