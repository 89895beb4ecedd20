"""JS109: unportable pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import of_each_subschema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.rules._schemas import Subschema


_UNPORTABLE: Final = re.compile(r"\\[pPZAzGbBdDwWsS]|\(\?(?![:=!])")


@of_each_subschema
def _check(document: Document, place: Subschema) -> Iterator[Finding]:
    pattern = place.schema.get("pattern")
    if not isinstance(pattern, str):
        return
    where = (*place.path, "pattern")
    if _UNPORTABLE.search(pattern):
        message = "engines disagree on what this pattern matches"
        hint = "write classes out, e.g. [0-9]"
        yield document.finding(where, RULE.id, message, hint=hint)
    elif not pattern.startswith("^") and not pattern.endswith("$"):
        message = "the pattern is not anchored: a part of the text is enough"
        yield document.finding(where, RULE.id, message, hint="write ^...$")


RULE: Final = Rule(
    id="JS109",
    name="unportable-pattern",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A pattern is not anchored, or uses what engines disagree on.",
    why=(
        "Editors use the engine of JavaScript and the collector Python's: `\\d` and "
        "`\\w` match other characters, `\\Z` and `(?i)` exist in one only. Without "
        "anchors a part of the text is enough."
    ),
    mend="Write `^...$` with explicit classes such as `[0-9]`.",
    bad=files.property_schema(pattern="[a-z]+"),
    good=files.property_schema(pattern="^[a-z]+$"),
    check=_check,
)
