"""CF303: unknown module type."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF303",
    name="unknown-module-type",
    group="config",
    severity="error",
    kinds=("config",),
    what="`types` names a module type that the service does not have.",
    why="The module that was meant would not run.",
    mend="Take the suggestion, or leave `types` out.",
    bad=files.config("apples: {}", "apples: {types: [apples, cider]}"),
    good=files.config("apples: {}", "apples: {types: [apples]}"),
    beside=files.BESIDE_CONFIG,
)
