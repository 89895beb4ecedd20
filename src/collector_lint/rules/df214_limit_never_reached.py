"""DF214: limit never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._services import limits, modules, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for service in services(target):
        for path, _, module in modules(service):
            known = list(limits(module, path))
            for where, seconds, number in known:
                if any(
                    longer > seconds and most <= number for _, longer, most in known
                ):
                    message = "a limit of a longer period allows no more than this one"
                    yield service.document.finding(
                        where, RULE.id, message, severity="warning"
                    )


RULE: Final = Rule(
    id="DF214",
    name="limit-never-reached",
    group="catalogue",
    severity="warning",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="Of two limits of a module one can never be reached.",
    why=(
        "A longer period that allows no more than a shorter one makes the shorter one"
        " pointless; most likely a number is wrong."
    ),
    mend="Remove the one without effect, or correct the numbers.",
    bad={
        "collector_definitions.yaml": files.changed(
            files.CATALOGUE,
            "            module_properties",
            "            requests_limits:\n"
            "              - {period: 1m, number_of_requests: 500}\n"
            "              - {period: 1h, number_of_requests: 400}\n"
            "            module_properties",
        )
    },
    good=files.catalogue(
        "            module_properties",
        "            requests_limits:\n"
        "              - {period: 1m, number_of_requests: 50}\n"
        "              - {period: 1h, number_of_requests: 400}\n"
        "            module_properties",
    ),
    check=_check,
)
