"""CF310: older service name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.mending.edits import Edit
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _rename(target: Target, finding: Finding, workspace: Workspace) -> Edit | None:
    """Write the proper name in place of the older one, where that is a warning only."""
    from collector_host.linting.checks import known_catalogue  # noqa: PLC0415

    span = target.span_at(finding.line, finding.column)
    parts = finding.path.split(".")
    if span is None or finding.severity == "error" or len(parts) != _PARTS:
        return None
    known = known_catalogue(workspace)[0].inputs.get(parts[2])
    raw = target.text[span.start : span.end]
    proper = known.proper_name(parts[4]) if known else parts[4]
    if parts[4] not in raw or proper == parts[4]:
        return None
    return Edit(span.start, span.end, raw.replace(parts[4], proper))


_PARTS: Final = 5
"""`$.inputs.<input>.services.<service>`."""


RULE: Final = Rule(
    id="CF310",
    name="older-service-name",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A service is called by an older name, or by two names at once.",
    why=(
        "Two names of one service would share one state; an older name may go one day."
    ),
    mend=(
        "Write the name that the message gives; the state is the same. `--fix` "
        "renames it."
    ),
    bad=files.config("apples: {}", "pear_trees: {}"),
    good=files.config("apples: {}", "pears: {}"),
    beside={
        **files.BESIDE_DEFINITION,
        **files.definition("definition:", "aliases: [pear_trees]\ndefinition:"),
    },
    fix=_rename,
)
