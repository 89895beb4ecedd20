"""Findings as one JSON object."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.rule import Rule

FORMAT: Final = 1


def render(result: Result, rules: Mapping[str, Rule]) -> str:
    """Return `{"format", "findings", "summary"}`; the format grows, never changes."""
    findings: list[dict[str, Any]] = []
    for finding in result.findings:
        rule = rules.get(finding.code)
        fixable = rule is not None and rule.fix is not None
        name = rule.name if rule else ""
        findings.append({**asdict(finding), "rule": name, "fixable": fixable})
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
