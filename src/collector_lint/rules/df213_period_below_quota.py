"""DF213: period below quota."""

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
            period = module.get("request_period_in_seconds")
            for where, seconds, number in limits(module, path):
                if isinstance(period, int | float) and period * number < seconds:
                    message = f"{number} requests in {seconds} s allow no such period"
                    hint = f"request_period_in_seconds: {-(-seconds // number)} or more"
                    yield service.document.finding(
                        where, RULE.id, message, hint=hint, severity="warning"
                    )


RULE: Final = Rule(
    id="DF213",
    name="period-below-quota",
    group="catalogue",
    severity="warning",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A module asks more often than its own `requests_limits` allow.",
    why=(
        "Every pull but the first waits for the limiter, so that the period is never "
        "kept."
    ),
    mend="Lengthen `request_period_in_seconds`, or raise the limit.",
    bad=files.catalogue(
        "            module_properties",
        "            requests_limits: [{period: 1d, number_of_requests: 100}]\n"
        "            module_properties",
    ),
    good=files.catalogue(
        "            module_properties",
        "            requests_limits: [{period: 1d, number_of_requests: 10000}]\n"
        "            module_properties",
    ),
    check=_check,
)
