"""JS103: schema reference leads nowhere."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="JS103",
    name="schema-reference-leads-nowhere",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A schema refers to something that is not there, or to itself without end.",
    why="Everything that uses the schema fails at the first check.",
    mend="Correct the `$ref`; nothing is ever fetched from elsewhere.",
    bad={
        **files.schema(
            properties={
                "variety": {
                    "description": "Which pears.",
                    "$ref": "#/$defs/variety",
                    "examples": ["conference"],
                }
            }
        )
    },
    good=files.schema(),
)
