"""JS113: secret not write only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._schemas import subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_SECRET: Final = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|passphrase|secret|private_key|secret_key|"
    r"(?:api|access|security|auth|bearer|refresh|session|client)_?token|api_?key)$"
)
_TOKEN: Final = "token"  # noqa: S105  (a name)
_READ_BACK: Final = re.compile(r":(?:state|event):")
"""In what the source or the collector itself writes, a token is that of a page."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None:
        return
    is_read_back = _READ_BACK.search(str(target.mapping(()).get("$id")))
    for place in subschemas(document):
        is_token = place.name == _TOKEN and not is_read_back
        is_secret = is_token or _SECRET.search(place.name)
        if not is_secret or "$ref" in place.schema:
            continue
        if place.schema.get("type", "string") != "string" or place.schema.get(
            "writeOnly"
        ):
            continue
        message = "it sounds like a secret, and nothing keeps it out of the log"
        yield document.finding(
            place.path, RULE.id, message, hint="writeOnly: true", at_key=True
        )


RULE: Final = Rule(
    id="JS113",
    name="secret-not-write-only",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A property that sounds like a secret is not marked `writeOnly`.",
    why="The mark is how the collector knows what must never reach a log.",
    mend="Write `writeOnly: true`, or choose another name if it is no secret.",
    bad=files.property_schema("password"),
    good=files.property_schema("password", writeOnly=True),
    check=_check,
)
