"""SY004: too deep or too large."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY004",
    name="too-deep-or-too-large",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what=(
        "The text nests more than 50 levels deep, or describes more than 50,000 values."
    ),
    why=(
        "A few lines of nested aliases can describe billions of values, and deep "
        "nesting crashes parsers."
    ),
    mend="Simplify the file; a real configuration is far below both bounds.",
    bad={"config.yaml": "globals: " + "[" * 60 + "]" * 60 + "\n"},
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
