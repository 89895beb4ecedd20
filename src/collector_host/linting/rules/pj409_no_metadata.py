"""PJ409: no metadata."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.config.project.metadata import UNKNOWN, load_metadata
from collector_host.linting import example_project as project
from collector_lint.document import START, finding_at
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    file = Path(target.name) / "metadata.json"
    metadata, warning = load_metadata(target.folder)
    if not warning and metadata.version != UNKNOWN:
        return
    message = "there is no metadata.json that names a version"
    yield finding_at(str(file), START, RULE.id, message, severity="warning")


RULE: Final = Rule(
    id="PJ409",
    name="no-metadata",
    group="project",
    severity="warning",
    kinds=("project",),
    what="A project has no `metadata.json` that can be read.",
    why=(
        "The genuine host and this one report name and version of what runs; without "
        "them a problem cannot be placed."
    ),
    mend="Write `package_name` and `version` into `metadata.json`.",
    bad={k: v for k, v in project.project().items() if k != "metadata.json"},
    good=project.project(),
    check=_check,
)
