"""CF326: start in the future."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    document = target.document
    for path, value in leaves(document.data) if document else ():
        if document is None or not path or path[-1] not in _KEYS:
            continue
        start = _instant(value)
        if start is not None and start > workspace.now:
            message = "this time is not there yet: nothing is read until then"
            yield document.finding(path, RULE.id, message, severity="warning")


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_KEYS: Final = ("initial_start_time_in_utc", "initial_start_time", "start_time")


RULE: Final = Rule(
    id="CF326",
    name="start-in-the-future",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A service is to start at a time that is not there yet.",
    why="It waits silently until then; most often the year is wrong.",
    mend="Correct the time; leave the setting out to begin about now.",
    bad=files.config(
        "apples: {}", 'apples: {initial_start_time_in_utc: "2999-01-01T00:00:00Z"}'
    ),
    good=files.config(
        "apples: {}", 'apples: {initial_start_time_in_utc: "2026-01-01T00:00:00Z"}'
    ),
    beside=files.BESIDE_CONFIG,
    check=_check,
)
