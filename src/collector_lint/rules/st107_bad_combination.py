"""ST107: bad combination."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST107",
    name="bad-combination",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="Values that are fine alone do not go together.",
    why="Which of them was meant is not clear, so nothing is assumed.",
    mend="The message says which; keep one.",
    bad={**files.definition("definition:", "like: apples\ndefinition:")},
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
)
