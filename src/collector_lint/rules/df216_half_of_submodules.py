"""DF216: half of submodules."""

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

_CALCULATOR: Final = "submodule_calculator_class"
_PROPERTY: Final = "submodules_property"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for service in services(target):
        for path, _, module in modules(service):
            if module.get(_CALCULATOR) and not module.get(_PROPERTY):
                message = f"{_CALCULATOR} is there without {_PROPERTY}"
                where = (*path, _CALCULATOR)
                yield service.document.finding(
                    where, RULE.id, message, at_key=True, severity="warning"
                )


RULE: Final = Rule(
    id="DF216",
    name="half-of-submodules",
    group="catalogue",
    severity="warning",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A module names a submodule calculator, but not the property it splits.",
    why=(
        "The calculator is handed no name where it expects one. A property without a "
        "calculator is fine: its entries are the submodules."
    ),
    mend="Name the property, too, or leave the calculator out.",
    bad=files.catalogue(
        "            module_properties",
        "            submodule_calculator_class: TreesCalculator\n"
        "            module_properties",
    ),
    good=files.catalogue(
        "            module_properties",
        "            submodules_property: trees\n"
        "            submodule_calculator_class: TreesCalculator\n"
        "            module_properties",
    ),
    check=_check,
)
