"""JS112: required key unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.names import suggestion
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
    known, required = schema.get("properties"), schema.get("required")
    if schema.get("additionalProperties") is not False or "patternProperties" in schema:
        return
    if not isinstance(known, dict) or not isinstance(required, list):
        return
    names = cast("dict[str, object]", known)
    for index, key in enumerate(cast("list[object]", required)):
        if isinstance(key, str) and key not in names:
            message = f"{shown_key(key)} is required and not allowed"
            path = (*place.path, "required", index)
            yield document.finding(path, RULE.id, f"{message}{suggestion(key, names)}")


RULE: Final = Rule(
    id="JS112",
    name="required-key-unknown",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A closed object requires a key that it does not allow.",
    why="No document can ever satisfy it.",
    mend="Correct the name in `required`, or describe the property.",
    bad=files.schema(required=["varieti"], examples=[]),
    good=files.schema(required=["variety"]),
    check=_check,
)
