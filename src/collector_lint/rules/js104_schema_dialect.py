"""JS104: schema dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    given = target.mapping(()).get("$schema")
    if target.document is not None and given != DIALECT:
        path = ("$schema",) if given is not None else ()
        message = "the schema does not name draft 2020-12"
        yield target.document.finding(
            path, RULE.id, message, hint=f"$schema: {DIALECT}"
        )


RULE: Final = Rule(
    id="JS104",
    name="schema-dialect",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A schema does not say that it is of draft 2020-12.",
    why=(
        "Editors and other validators guess a draft by its absence, and keywords mean"
        " other things there."
    ),
    mend='Write `"$schema": "https://json-schema.org/draft/2020-12/schema"`.',
    bad=files.schema(without="$schema"),
    good=files.schema(),
    check=_check,
)
