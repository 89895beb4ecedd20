"""JS111: property without example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import of_each_subschema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.rules._schemas import Subschema


@of_each_subschema
def _check(document: Document, place: Subschema) -> Iterator[Finding]:
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
