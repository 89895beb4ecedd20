"""LN001: suppression without reason."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="LN001",
    name="suppression-without-reason",
    group="linter",
    severity="warning",
    kinds=KINDS,
    what="A comment silences a finding without naming the rule, or without a reason.",
    why=(
        "In a year nobody knows whether the finding may be silenced still. Nothing is"
        " silenced by such a comment."
    ),
    mend="Write the rule's identifier and why: `# lint: ignore[ST108] because ...`.",
    bad=files.config("  name: collector", "  name: collector  # lint: ignore"),
    good=files.config(
        "  name: collector",
        "  queue_generate_metrics: true  # lint: ignore[ST108] because others read it\n"
        "  name: collector",
    ),
    beside=files.BESIDE_CONFIG,
)
