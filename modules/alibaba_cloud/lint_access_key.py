"""AL614: access key elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterator

from collector_lint.document import leaves
from collector_lint.rule import Rule

from .lint_services import changed

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_ID = re.compile(r"(?<![0-9A-Za-z])LTAI[0-9A-Za-z]{12,26}(?![0-9A-Za-z])")
"""How the vendor's identifiers of long-lived access keys begin."""
_PLACE = "access_key_id"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None:
        return
    for path, value in leaves(document.data):
        if path[-1:] == (_PLACE,) or not isinstance(value, str):
            continue
        if _ID.search(value):
            yield document.finding(
                path,
                RULE.id,
                f"this looks like an access key's id, which belongs to {_PLACE}",
                hint="move it, and check what should stand here",
                severity="warning",
            )


RULE = Rule(
    id="AL614",
    name="access-key-elsewhere",
    group="config",
    severity="warning",
    kinds=("config",),
    what="What looks like the id of an access key stands beside another key.",
    why="Elsewhere it is no credential: it gets into events, names and logs, and most "
    "likely its secret stands in a wrong place, too.",
    mend="Move it to `credentials.access_key_id`, and check what was meant here.",
    bad=changed("    id: a1", "    id: a1\n    environment: LTAIexample00000"),
    good=changed(
        "{type: default}",
        '{access_key_id: LTAIexample00000, access_key_secret: "${SECRET}"}',
    ),
    check=_check,
)
