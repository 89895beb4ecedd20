"""PJ407: old definitions layout."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ407",
    name="old-definitions-layout",
    group="project",
    severity="warning",
    kinds=("project",),
    what="Definitions of the oldest layout lack `config_obfuscation`.",
    why="Secrets of the configuration may be logged by modules.",
    mend="Name what the log must not show.",
    bad=project.project(
        definitions=(
            "    config_obfuscation: {key_value_entries: []}\n",
            "",
            "management_process_execution_period_in_seconds",
            "input_controller_execution_periods_in_seconds",
        )
    ),
    good=project.project(),
)
