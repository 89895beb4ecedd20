"""JS102: invalid schema."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="JS102",
    name="invalid-schema",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A schema is not a valid JSON Schema of draft 2020-12.",
    why=(
        "A rule that is misspelt or has the wrong type checks nothing, or refuses "
        "everything."
    ),
    mend="Mend the keyword that the message names.",
    bad=files.property_schema(type="text"),
    good=files.property_schema(),
)
