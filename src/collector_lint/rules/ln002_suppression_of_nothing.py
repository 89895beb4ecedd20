"""LN002: suppression of nothing."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="LN002",
    name="suppression-of-nothing",
    group="linter",
    severity="warning",
    kinds=KINDS,
    what="A comment silences a finding that is not there.",
    why=(
        "It would silence the next mistake of that kind without anybody having looked"
        " at it."
    ),
    mend="Remove it.",
    bad=files.config(
        "  name: collector",
        "  name: collector  # lint: ignore[ST106] because it was longer",
    ),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
