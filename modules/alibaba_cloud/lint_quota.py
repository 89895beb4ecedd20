"""AL604: rate above quota."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from collector_lint.rule import Rule

from .lint_services import ACTIONTRAIL, changed, services, setting

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "requests_per_second"
_QUOTA = 2
"""Calls a second that the vendor documents for an account."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, _ in services(target, ACTIONTRAIL):
        where, rate = setting(document, path, _KEY)
        if isinstance(rate, (int, float)) and rate > _QUOTA:
            yield document.finding(
                where,
                RULE.id,
                "the vendor allows an account 2 calls a second",
                hint="leave it out, or ask the vendor for more",
                severity="warning",
            )


RULE = Rule(
    id="AL604",
    name="rate-above-quota",
    group="config",
    severity="warning",
    kinds=("config",),
    what="`requests_per_second` of `actiontrail` is above the vendor's quota.",
    why="The vendor refuses what is above its quota, and other programs of the account "
    "that share the quota are refused, too.",
    mend="Leave it out, or set 2 or less, unless the vendor granted more.",
    bad=changed(
        "region: cn-hangzhou", "region: cn-hangzhou\n        requests_per_second: 10"
    ),
    good=changed(
        "region: cn-hangzhou", "region: cn-hangzhou\n        requests_per_second: 2"
    ),
    check=_check,
)
