"""Findings as workflow commands, which GitHub shows beside the changed lines.

Source: GitHub documentation, "Workflow commands for GitHub Actions"; the toolkit
escapes %, CR and LF in a message, and also : and , in a property.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.engine import Result
    from collector_lint.findings import Finding
    from collector_lint.rule import Rule

_DATA: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_NO_TEXT: Final = re.compile("[\ud800-\udfff]")
"""What stands for bytes of a name that are no text, and cannot be written."""
_PROPERTY: Final = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(result: Result, rules: Mapping[str, Rule]) -> str:
    """Return one line for each finding."""
    return "".join(
        f"{_command(finding, rules.get(finding.code))}\n" for finding in result.findings
    )


def _command(finding: Finding, rule: Rule | None) -> str:
    title = f"{finding.code} {rule.name}" if rule else finding.code
    properties = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": title,
    }
    shown = ",".join(f"{k}={_escaped(v, _PROPERTY)}" for k, v in properties.items())
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return f"::{finding.severity} {shown}::{_escaped(text, _DATA)}"


def _escaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for character, escape in table:
        text = text.replace(character, escape)
    return _NO_TEXT.sub("\ufffd", text)
