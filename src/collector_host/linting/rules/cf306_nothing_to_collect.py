"""CF306: nothing to collect."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF306",
    name="nothing-to-collect",
    group="config",
    severity="error",
    kinds=("config",),
    what="No input with an enabled service is enabled.",
    why="The collector would run and collect nothing.",
    mend="Enable one.",
    bad=files.config("apples: {}", "apples: {enabled: false}"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
