"""AL611: no such shard group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from collector_lint.rule import Rule

from .lint_services import log_service, log_services
from .log_service.mistakes import no_such_group

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "shard_group"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, _ in log_services(target):
        group = document.mapping((*path, _KEY))
        number, of = group.get("number"), group.get("of")
        # A number below 1 is found by the schema.
        if not _is_count(number) or not _is_count(of):
            continue
        mistake = no_such_group(int(str(number)), int(str(of)))
        if mistake:
            yield document.finding(
                (*path, _KEY, "number"),
                RULE.id,
                mistake,
                hint="number counts from 1 up to of",
            )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


RULE = Rule(
    id="AL611",
    name="no-such-shard-group",
    group="config",
    severity="error",
    kinds=("config",),
    what="`shard_group` names a group with a number above the number of groups.",
    why="No shard belongs to it, so nothing would be read; the service refuses to "
    "start.",
    mend="Count from 1: of two collectors one has number 1, the other number 2.",
    bad=log_service("shard_group: {number: 3, of: 2}"),
    good=log_service("shard_group: {number: 2, of: 2}"),
    check=_check,
)
