"""DF215: position key not in state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.names import suggestion
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    given = target.mapping(())
    key, wanted = given.get("position_key"), given.get("state_schema")
    if target.document is None or not isinstance(key, str):
        return
    for schema in workspace.of_kind("schema"):
        known = schema.mapping(("properties",))
        if schema.mapping(()).get("$id") == wanted and known and key not in known:
            message = f"the state has no such key{suggestion(key, known)}"
            yield target.document.finding(("position_key",), RULE.id, message)


RULE: Final = Rule(
    id="DF215",
    name="position-key-not-in-state",
    group="catalogue",
    severity="error",
    kinds=("definition",),
    what="`position_key` is no property of the state's schema.",
    why=(
        "The collector shows how far a service is behind by that key; it would always"
        " say that it does not know."
    ),
    mend="Correct the name.",
    bad=files.definition("definition:", "position_key: last_rum\ndefinition:"),
    good=files.definition("definition:", "position_key: last_run\ndefinition:"),
    beside=files.BESIDE_DEFINITION,
    check=_check,
)
