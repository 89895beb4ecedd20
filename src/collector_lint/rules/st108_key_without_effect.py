"""ST108: key without effect."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST108",
    name="key-without-effect",
    group="structure",
    severity="warning",
    kinds=("config", "catalogue", "definition"),
    what="A key is accepted for compatibility and does nothing.",
    why="Whoever reads the file believes that it does something.",
    mend="Remove it.",
    bad=files.config("  name:", "  queue_generate_metrics: true\n  name:"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
