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


_PAIR: Final = ("submodules_property", "submodule_calculator_class")


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for service in services(target):
        for path, _, module in modules(service):
            given = [key for key in _PAIR if module.get(key)]
            if len(given) == 1:
                other = next(key for key in _PAIR if key not in given)
                message = f"{given[0]} is there without {other}"
                yield service.document.finding(
                    (*path, given[0]), RULE.id, message, at_key=True, severity="warning"
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
    what=(
        "A module names a submodule calculator, but not the property it splits, or a "
        "property that no calculator splits."
    ),
    why=(
        "With one of the two alone, the host runs one module for everything, and what"
        " was to be split is read by nobody or all at once."
    ),
    mend="Name both, or neither.",
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
