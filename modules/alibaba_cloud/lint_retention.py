"""AL601: start beyond retention."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Iterator

from collector_lint.rule import Rule
from collector_lint.schema.forms import is_instant

from .instants import parse_instant
from .lint_services import ACTIONTRAIL, changed, services, setting

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "initial_start_time_in_utc"
_KEPT = timedelta(days=90)
"""How far back LookupEvents answers. Source: the collector's public guide."""
_REGION = "region: cn-hangzhou"
_AT = "region: cn-hangzhou\n        initial_start_time_in_utc: "


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    for document, path, _ in services(target, ACTIONTRAIL):
        where, text = setting(document, path, _KEY)
        # Any other form has a finding already, and is read by nobody.
        if not isinstance(text, str) or not is_instant(text):
            continue
        if workspace.now - parse_instant(text) > _KEPT:
            yield document.finding(
                where,
                RULE.id,
                "the service answers for the last 90 days only; reading begins there",
                hint="what is older can come from a Log Store, or not at all",
                severity="warning",
            )


RULE = Rule(
    id="AL601",
    name="start-beyond-retention",
    group="config",
    severity="warning",
    kinds=("config",),
    what="The service `actiontrail` is to start more than 90 days ago.",
    why="LookupEvents answers for the last 90 days. What is older is a gap, which is "
    "logged and kept in the state, but it is not delivered.",
    mend="Start later; for older events read a Log Store that a trail filled.",
    bad=changed(_REGION, _AT + '"2020-01-05T00:00:00Z"'),
    good=changed(_REGION, _AT + '"${START:-2999-01-01T00:00:00Z}"'),
    check=_check,
)
