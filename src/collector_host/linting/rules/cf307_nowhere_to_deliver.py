"""CF307: nowhere to deliver."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF307",
    name="nowhere-to-deliver",
    group="config",
    severity="error",
    kinds=("config",),
    what="No output is enabled, or none of those enabled is required.",
    why="Progress would be saved although nothing was delivered.",
    mend="Enable one, or make one required.",
    bad=files.config("    type: console", "    type: console\n    required: false"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
