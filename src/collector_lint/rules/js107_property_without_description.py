"""JS107: property without description."""

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
    text = place.schema.get("description")
    if place.name and not (isinstance(text, str) and text.endswith(".")):
        message = "the property has no description that is a sentence"
        yield document.finding(
            place.path, RULE.id, message, at_key=True, severity="warning"
        )


RULE: Final = Rule(
    id="JS107",
    name="property-without-description",
    group="schemas",
    severity="warning",
    kinds=("schema",),
    what="A property has no description that is a full sentence.",
    why=(
        "It is what editors show, what the hints of findings say, and what the "
        "reference is made of."
    ),
    mend="Write a sentence with a full stop: meaning, unit, what happens without it.",
    bad=files.property_schema(description=None),
    good=files.property_schema(),
    check=_check,
)
