"""AL603: late events missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from collector_lint.rule import Rule

from .lint_services import ACTIONTRAIL, changed, services

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "settle_time_in_seconds"
_LATENESS_S = 600
"""What the vendor documents an event may need to become visible, in seconds."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, settings in services(target, ACTIONTRAIL):
        late = document.mapping((*path, "late_events"))
        is_off = late.get("enabled") is False
        settle = settings.get(_KEY)
        if not is_off or not isinstance(settle, int) or settle >= _LATENESS_S:
            continue
        yield document.finding(
            (*path, _KEY),
            RULE.id,
            "events that become visible later are missed: there is no second look",
            hint="600 seconds or more, or enable late_events",
            severity="warning",
        )


RULE = Rule(
    id="AL603",
    name="late-events-missed",
    group="config",
    severity="warning",
    kinds=("config",),
    what="Events are read before all are visible, and the second look is off.",
    why="The vendor documents that an event may need ten minutes to become visible. "
    "What appears behind the position is not read any more.",
    mend="Set `settle_time_in_seconds` to 600 or more, or enable `late_events`.",
    bad=changed(
        "region: cn-hangzhou",
        "region: cn-hangzhou\n        settle_time_in_seconds: 60\n"
        "        late_events: {enabled: false}",
    ),
    good=changed(
        "region: cn-hangzhou",
        "region: cn-hangzhou\n        settle_time_in_seconds: 60",
    ),
    check=_check,
)
