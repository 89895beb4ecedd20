"""DF217: retentions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._services import modules, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    outer = target.mapping(()).get("retention_in_days")
    for service in services(target):
        for path, _, _ in modules(service):
            where = (*path, "module_properties")
            inner = service.document.mapping(where).get("retention_in_days", outer)
            if outer is not None and inner != outer:
                message = "the definition itself says another number of days"
                where = (*where, "retention_in_days")
                yield service.document.finding(where, RULE.id, message)


RULE: Final = Rule(
    id="DF217",
    name="retentions-differ",
    group="catalogue",
    severity="error",
    kinds=("definition",),
    what="A definition says twice how far back the vendor answers, and differently.",
    why=(
        "The host warns by one number that a backlog is about to be lost, and the "
        "module reads by the other."
    ),
    mend="Write the same number in both places.",
    bad={
        "definitions/pears.yaml": files.changed(
            files.changed(
                files.DEFINITION, "definition:", "retention_in_days: 90\ndefinition:"
            ),
            "tag:",
            "retention_in_days: 30\n        tag:",
        )
    },
    good={
        "definitions/pears.yaml": files.changed(
            files.changed(
                files.DEFINITION, "definition:", "retention_in_days: 90\ndefinition:"
            ),
            "tag:",
            "retention_in_days: 90\n        tag:",
        )
    },
    beside=files.BESIDE_DEFINITION,
    check=_check,
)
