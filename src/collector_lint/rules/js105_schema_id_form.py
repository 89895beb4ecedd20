"""JS105: schema id form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_FORM: Final = re.compile(
    r"(?:urn:[a-z0-9][a-z0-9-]*:|https?://).*?[:/._-]v?[0-9]+(?:\.[0-9]+)*(?:\.schema\.json|\.json)?"
)


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    given = target.mapping(()).get("$id")
    if target.document is None or not isinstance(given, str) or _FORM.fullmatch(given):
        return
    message = "the $id is no absolute URI that ends with a version"
    hint = "e.g. urn:example:schema:service:pears:1"
    yield target.document.finding(("$id",), RULE.id, message, hint=hint)


RULE: Final = Rule(
    id="JS105",
    name="schema-id-form",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A schema's `$id` is no absolute URI with a version at its end.",
    why=(
        "A relative `$id` changes with the place of the file; without a version a "
        "changed schema cannot be told from the old one."
    ),
    mend="Write it as `urn:<plugin>:schema:<kind>:<name>:<version>`.",
    bad=files.schema(id_="pears"),
    good=files.schema(),
    beside=files.BESIDE_CONFIG,
    check=_check,
)
