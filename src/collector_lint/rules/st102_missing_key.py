"""ST102: missing key."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST102",
    name="missing-key",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A key is missing.",
    why="The collector cannot guess it, and does not start.",
    mend="Add it; the hint says what it means.",
    bad=files.config("  name: collector\n", ""),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
