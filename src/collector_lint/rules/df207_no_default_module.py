"""DF207: no default module."""

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
        found = [module for _, _, module in modules(service)]
        if not found or service.block.get("module_type_mandatory") is True:
            continue
        if not any(module.get("default") is True for module in found):
            message = f"no module of {shown_key(service.name)} runs by default"
            path = (*service.path, "modules")
            yield service.document.finding(path, RULE.id, message, at_key=True)


RULE: Final = Rule(
    id="DF207",
    name="no-default-module",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="No module of a service is a default one, and `types` is not mandatory.",
    why=(
        "Whoever enables the service without naming `types` gets an error, and "
        "nothing tells what to name."
    ),
    mend=(
        "Write `default: true` in a module, or `module_type_mandatory: true` in the "
        "service."
    ),
    bad=files.catalogue("default: true", "default: false"),
    good=files.catalogue(),
    check=_check,
)
