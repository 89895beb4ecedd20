"""DF206: no setup class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.rule import Rule
from collector_lint.rules._services import modules, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for service in services(target):
        for path, name, module in modules(service):
            if not module.get("setup_class"):
                message = f"the module {shown_key(name)} has no setup class"
                yield service.document.finding(
                    path, RULE.id, message, at_key=True, severity="warning"
                )


RULE: Final = Rule(
    id="DF206",
    name="no-setup-class",
    group="catalogue",
    severity="warning",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A module has no setup class.",
    why=(
        "The setup proves credentials and rights before the first pull. Without one a"
        " wrong password shows in the middle of the night, when it expires."
    ),
    mend="Write a setup class and name it, even if it only makes one small call.",
    bad=files.catalogue("            setup_class: AppleSetup\n", ""),
    good=files.catalogue(),
    check=_check,
)
