"""JS111: property without example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None:
        return
    for place in subschemas(document):
        schema = place.schema
        if place.name and not {"examples", "const"} & schema.keys():
            message = "the property has no example"
            yield document.finding(
                place.path, RULE.id, message, at_key=True, severity="warning"
            )


RULE: Final = Rule(
    id="JS111",
    name="property-without-example",
    group="schemas",
    severity="warning",
    kinds=("schema",),
    what="A property has no example.",
    why="A reader learns most from one; editors offer it, and findings show it.",
    mend="Write `examples`, with values that could be real.",
    bad=files.property_schema(examples=None),
    good=files.property_schema(),
    check=_check,
)
