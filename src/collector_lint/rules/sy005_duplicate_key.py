"""SY005: duplicate key."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY005",
    name="duplicate-key",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="A mapping gives the same key twice.",
    why="Most readers silently take the last one, so what stands above has no effect.",
    mend="Remove one of them.",
    bad=files.config("  name: collector", "  name: collector\n  name: other"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
