"""ST105: out of range."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST105",
    name="out-of-range",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A number, a length or a count is too small or too large.",
    why="The bound is there because what lies beyond cannot work, or not for long.",
    mend="The message names the bound.",
    bad=files.config(
        "  name: collector", "  name: collector\n  sender_stats_period_in_sec: 0"
    ),
    good=files.config(
        "  name: collector", "  name: collector\n  sender_stats_period_in_sec: 300"
    ),
    beside=files.BESIDE_CONFIG,
)
