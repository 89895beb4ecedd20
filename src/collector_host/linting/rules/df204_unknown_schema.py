"""DF204: unknown schema."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="DF204",
    name="unknown-schema",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A definition names a schema that does not exist.",
    why="What the schema should find is then found by the vendor, at night.",
    mend="Correct the `$id`, or write the schema.",
    bad=files.definition("service:pears:1", "service:pear:1"),
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
)
