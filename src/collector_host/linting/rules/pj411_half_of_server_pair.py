"""PJ411: half of server pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.linting import example_project as project
from collector_lint.document import START, finding_at
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    from collector_host.linting.project_checks import shown_in_project  # noqa: PLC0415
    from collector_host.linting.project_sources import pairs  # noqa: PLC0415

    for pair in pairs(target.folder, here=workspace.here):
        missing = pair.missing
        if missing is not None:
            there = pair.job if missing == pair.collector else pair.collector
            message = "the other file of a Collector Server's pair is not here"
            is_inside = missing.is_relative_to(target.folder)
            place = missing.relative_to(target.folder) if is_inside else missing
            finding = finding_at(
                str(there),
                START,
                RULE.id,
                message,
                hint=f"it is looked for as {place}",
                severity="warning",
            )
            yield shown_in_project(finding, target)


RULE: Final = Rule(
    id="PJ411",
    name="half-of-server-pair",
    group="project",
    severity="warning",
    kinds=("project",),
    what="Of the two files of a Collector Server only one is there.",
    why=(
        "A start that is told of one alone is refused. At the usual places below "
        "`/etc/devo` one alone is silently ignored, and `config/config.yaml` is taken."
    ),
    mend=(
        "Put `job_config.json` and `collector_config.json` beside each other, or into "
        "`job` and `collector`; or remove the one."
    ),
    bad={**project.project(), "config/job_config.json": project.JOB},
    good={**project.project(), **project.server_pair()},
    check=_check,
)
