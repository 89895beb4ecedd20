"""JS103: schema reference leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.schema.references import ENDLESS, endless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    """Find what leads to itself; what leads nowhere is found where schemas load."""
    del workspace
    place = endless(target.mapping(()))
    if target.document is not None and place is not None:
        yield target.document.finding(place, RULE.id, ENDLESS)


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
    check=_check,
)
