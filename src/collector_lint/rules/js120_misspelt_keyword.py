"""JS120: misspelt keyword."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
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
    for key in place.schema:
        meant = meant_keyword(key)
        if meant and meant not in place.schema:
            message = f"no keyword {shown_key(key)}; did you mean {meant}?"
            yield document.finding(
                (*place.path, key),
                RULE.id,
                message,
                at_key=True,
                severity="warning",
            )


RULE: Final = Rule(
    id="JS120",
    name="misspelt-keyword",
    group="schemas",
    severity="warning",
    kinds=("schema",),
    what="A schema has a key that is no keyword, and nearly one.",
    why="Unknown keywords are allowed and check nothing, so that the rule is missing.",
    mend="Take the suggestion; call keys of your own `x-…`.",
    bad=files.property_schema(minlenght=1),
    good=files.property_schema(minLength=1),
    check=_check,
)
