"""JS110: number without unit."""

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


_QUANTITY: Final = re.compile(
    r"(?:^|_)(?:period|timeout|interval|wait|delay|age|retention|lease|ttl|duration"
    r"|size|bytes|memory|margin)(?:_|$)"
)
_UNIT: Final = re.compile(
    r"(?:milli|micro)?seconds?|minutes?|hours?|days?|weeks?|bytes?|[KMGkmg]i?B\b"
    r"|mebibytes?|messages|events|entries|characters|pages|calls",
    re.IGNORECASE,
)
_UNIT_IN_NAME: Final = re.compile(
    r"_(?:in_)?(?:s|sec|seconds|ms|milliseconds|minutes|hours|days|bytes|kb|mb|gb|messages)(?:_|$)"
)


@of_each_subschema
def _check(document: Document, place: Subschema) -> Iterator[Finding]:
    name = place.name
    if place.schema.get("type") not in ("integer", "number") or not name:
        return
    if not _QUANTITY.search(name) or _UNIT_IN_NAME.search(name):
        return
    if not _UNIT.search(str(place.schema.get("description", ""))):
        message = "neither name nor description tells the unit"
        hint = "e.g. a name that ends with _in_seconds"
        yield document.finding(
            place.path, RULE.id, message, hint=hint, at_key=True, severity="warning"
        )


RULE: Final = Rule(
    id="JS110",
    name="number-without-unit",
    group="schemas",
    severity="warning",
    kinds=("schema",),
    what=(
        "A time, a size or an age has its unit neither in its name nor in its "
        "description."
    ),
    why="Seconds taken for milliseconds work in every test and fail at night.",
    mend="Name it `..._in_seconds`, or name the unit in the description.",
    bad=files.property_schema(
        "timeout",
        description="Longest wait for an answer.",
        type="number",
        examples=[5],
    ),
    good=files.property_schema(
        "timeout_in_seconds",
        description="Longest wait for an answer.",
        type="number",
        examples=[5],
    ),
    check=_check,
)
