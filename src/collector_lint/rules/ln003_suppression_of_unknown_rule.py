"""LN003: suppression of unknown rule."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="LN003",
    name="suppression-of-unknown-rule",
    group="linter",
    severity="warning",
    kinds=KINDS,
    what="A comment names a rule that does not exist.",
    why="It silences nothing; most likely the identifier is misspelt.",
    mend="`collector lint --list-rules` lists all.",
    bad=files.config(
        "  name: collector",
        "  name: collector  # lint: ignore[ST999] because it is fine",
    ),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
