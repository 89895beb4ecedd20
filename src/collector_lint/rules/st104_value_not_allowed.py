"""ST104: value not allowed."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST104",
    name="value-not-allowed",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A value is not one of those allowed.",
    why="It would be refused at the start.",
    mend="The message lists those allowed, and the nearest one.",
    bad=files.config("type: console", "type: consol"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
