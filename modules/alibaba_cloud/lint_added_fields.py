"""AL613: unknown reserved field."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Iterator, Tuple

from collector_lint.rule import Rule

from .lint_services import log_service, log_services
from .log_service.mistakes import RESERVED, no_such_field
from .log_service.records import TAG_PREFIX

if TYPE_CHECKING:
    from collector_lint.findings import Finding, Severity
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_KEY = "added_fields"
_NEAR = 0.75
_TAG = re.compile(r"_*tag_*(?P<between>[:.])(?P<name>.+)", re.IGNORECASE)


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for document, path, _ in log_services(target):
        for key, value in document.mapping((*path, _KEY)).items():
            if not isinstance(value, str) or "$" in value:
                continue
            message, severity = _mistake(value)
            if message:
                yield document.finding(
                    (*path, _KEY, key),
                    RULE.id,
                    message,
                    hint=f"{', '.join(RESERVED)}, {TAG_PREFIX}name, or a fixed text",
                    severity=severity,
                )


def _mistake(value: str) -> Tuple[str, Severity]:
    near = _nearest(value)
    meant = f"; did you mean {near}?" if near else ""
    wrong = no_such_field(value)
    if wrong:
        return f"{wrong}{meant}", "error"
    # Only what has underscores at an end is taken for a slip of the pen.
    if near and value not in RESERVED and "_" in (value[0], value[-1]):
        return f"this is taken for a fixed text{meant}", "warning"
    return "", "warning"


def _nearest(value: str) -> str:
    """Return the reserved field that a text is most like, or ""."""
    if value.startswith(TAG_PREFIX):
        return ""
    if _TAG.fullmatch(value):
        return f"{TAG_PREFIX}name"
    near = get_close_matches(value.lower(), RESERVED, n=1, cutoff=_NEAR)
    return near[0] if near else ""


RULE = Rule(
    id="AL613",
    name="unknown-reserved-field",
    group="config",
    severity="error",
    kinds=("config",),
    what="An added field asks for a reserved field that records do not have; one that "
    "only looks like it is a warning.",
    why="What begins with `__` is no fixed text: every event would get an empty one, "
    "so the service refuses to start.",
    mend="Write `__source__`, `__topic__` or `__tag__:name`, or a text without `__` in "
    "front.",
    bad=log_service("added_fields: {origin: __sorce__}"),
    good=log_service('added_fields: {origin: __source__, place: "__tag__:__path__"}'),
    check=_check,
)
