"""CF301: unknown input."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF301",
    name="unknown-input",
    group="config",
    severity="error",
    kinds=("config",),
    what="An input has no definition.",
    why="The collector does not start: it does not know what to collect.",
    mend="Take the suggestion, or install the plugin that describes the input.",
    bad=files.config("  fruit:", "  fruits:"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
