"""The host's own checks of projects, for the linter: those that a start makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.project.loading import load_project
from collector_host.config.project.sources import load_sources
from collector_host.linting.project_sources import project_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.config.project.sources import Sources
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def check_project(target: Target, workspace: Workspace) -> Iterable[Finding]:
    """Find what a start of this project would refuse or warn of."""
    for sources in project_sources(target, here=workspace.here):
        for finding in _found_at_start(target, sources, workspace):
            yield shown_in_project(finding, target)


def _found_at_start(
    target: Target, sources: Sources, workspace: Workspace
) -> Iterable[Finding]:
    try:
        document, findings = load_sources(sources)
        project = load_project(
            target.folder,
            document,
            findings,
            file=sources.file,
            environment=workspace.environment,
            here=workspace.here,
        )
    except ConfigFindingsError as error:
        return error.findings
    return project.config.warnings


def shown_in_project(finding: Finding, target: Target) -> Finding:
    """Name the file of a finding as the project's folder was named."""
    path = Path(finding.file)
    if not path.is_relative_to(target.folder):
        return finding
    name = Path(target.name) / path.relative_to(target.folder)
    return replace(finding, file=str(name))
