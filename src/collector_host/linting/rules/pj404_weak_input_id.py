"""PJ404: weak input id."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ404",
    name="weak-input-id",
    group="project",
    severity="warning",
    kinds=("project",),
    what="An input has no id, or that of another input.",
    why=(
        "It is a part of the address of its state: two inputs with one id share a "
        "state."
    ),
    mend="Give each a short one of its own; a change begins a new state.",
    bad=project.project(config=("    id: f1\n", "")),
    good=project.project(),
)
