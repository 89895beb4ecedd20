"""PJ406: unresolved reference kept."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ406",
    name="unresolved-reference-kept",
    group="project",
    severity="warning",
    kinds=("project",),
    what=(
        "A value looks like a reference to a variable that is not set; it is used as "
        "it stands."
    ),
    why="A password of `${PASSWORD}` is refused by the vendor.",
    mend=(
        "Set it where the collector runs, or give a default with `${NAME:-default}`."
    ),
    bad=project.project(config=("picked: 3", "picked: ${PICKED_THAT_NOBODY_SETS}")),
    good=project.project(config=("picked: 3", "picked: ${PICKED_THAT_NOBODY_SETS:-3}")),
    machine=True,
)
