"""DF202: definition of unknown input."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="DF202",
    name="definition-of-unknown-input",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A definition belongs to an input that no catalogue describes.",
    why="Users could never reach the service.",
    mend="Correct `input`, or describe the input in `collector_definitions.yaml`.",
    bad=files.definition("input: fruit", "input: fruits"),
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
)
