"""The mend of values and keys that YAML reads as something else than text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_lint.mending.edits import Edit, quoted
from collector_lint.once import QUOTES

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

HINT = QUOTES


def quote_scalar(target: Target, finding: Finding, workspace: Workspace) -> Edit | None:
    """Return the change that writes the scalar of a finding in quotes.

    Only where the finding itself proposes it, in YAML, and on one line.
    """
    del workspace
    if target.is_json or finding.hint != HINT:
        return None
    span = target.span_at(finding.line, finding.column)
    if span is None or not span.is_plain:
        return None
    raw = target.text[span.start : span.end]
    return None if "\n" in raw else Edit(span.start, span.end, quoted(raw))
