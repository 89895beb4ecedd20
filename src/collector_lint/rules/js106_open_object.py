"""JS106: open object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import of_each_subschema
from collector_lint.schema.keywords import meant_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.rules._schemas import Subschema


@of_each_subschema
def _check(document: Document, place: Subschema) -> Iterator[Finding]:
    schema = place.schema
    if place.is_condition or "properties" not in schema or "$ref" in schema:
        return
    # A misspelt keyword is found by another rule.
    given = {meant_keyword(key) or key for key in schema}
    if given.isdisjoint(("additionalProperties", "unevaluatedProperties")):
        message = "an object with properties is open to any other key"
        hint = "additionalProperties: false, or true if that is meant"
        yield document.finding(place.path, RULE.id, message, hint=hint)


RULE: Final = Rule(
    id="JS106",
    name="open-object",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="An object with properties does not say whether other keys are allowed.",
    why="It is open by default, so that a misspelt key is accepted and has no effect.",
    mend=(
        "Write `additionalProperties: false`, or `true` where the keys are the "
        "vendor's."
    ),
    bad=files.schema(without="additionalProperties"),
    good=files.schema(),
    check=_check,
)
