"""AL602: no region of global events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, List, cast

from collector_lint.rule import Rule

from .lint_regions import FORM, nearest
from .lint_services import ACTIONTRAIL, changed, services

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_GLOBAL = ("cn-hangzhou", "ap-southeast-1")
"""Where events of global services are kept. Source: the schema of the service."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, settings in services(target, ACTIONTRAIL):
        key = "regions" if "regions" in settings else "region"
        given = settings.get(key)
        names = cast("List[object]", given if isinstance(given, list) else [given])
        # Of a region in no form of a region the schema tells, and nobody knows it.
        if not all(isinstance(name, str) and FORM.fullmatch(name) for name in names):
            continue
        # A slip of the pen is found elsewhere: to add a region would be no mend.
        meant = set(map(str, names)) | {nearest(str(n)) for n in names}
        if not names or not meant.isdisjoint(_GLOBAL):
            continue
        yield document.finding(
            (*path, key),
            RULE.id,
            "events of global services are missed: sign-ins, RAM, STS",
            hint="add one of " + ", ".join(_GLOBAL),
            severity="warning",
        )


RULE = Rule(
    id="AL602",
    name="no-region-of-global-events",
    group="config",
    severity="warning",
    kinds=("config",),
    what="None of the regions read keeps the events of global services.",
    why="Sign-ins to the console, RAM and STS belong to no region; ActionTrail keeps "
    "them in cn-hangzhou or ap-southeast-1 only. Most attacks begin with them.",
    mend="Read one of the two regions as well, unless another collector does.",
    bad=changed("region: cn-hangzhou", "regions: [eu-central-1, us-east-1]"),
    good=changed("region: cn-hangzhou", "regions: [eu-central-1, ap-southeast-1]"),
    check=_check,
)
