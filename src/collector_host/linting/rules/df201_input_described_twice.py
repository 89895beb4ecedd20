"""DF201: input described twice."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="DF201",
    name="input-described-twice",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="Two catalogues describe the same input.",
    why="Only one of them can count, and which one depends on the order of plugins.",
    mend="Rename one of the inputs, or uninstall one of the plugins.",
    bad={**files.catalogue(), "other/collector_definitions.yaml": files.CATALOGUE},
    good=files.catalogue(),
)
