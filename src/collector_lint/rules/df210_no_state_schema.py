"""DF210: no state schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    given = target.mapping(())
    if target.document is None or "state_schema" in given or "like" in given:
        return
    message = "no schema describes the state of this service"
    yield target.document.finding(
        ("service",), RULE.id, message, at_key=True, severity="warning"
    )


RULE: Final = Rule(
    id="DF210",
    name="no-state-schema",
    group="catalogue",
    severity="warning",
    kinds=("definition",),
    what="A definition names no schema for the state that its service saves.",
    why=(
        "A state that was edited or restored wrongly is noticed only when the service"
        " misbehaves."
    ),
    mend="Write a schema of the state and name it in `state_schema`.",
    bad=files.definition("state_schema: urn:example:schema:state:pears:1\n", ""),
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
    check=_check,
)
