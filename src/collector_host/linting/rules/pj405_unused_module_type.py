"""PJ405: unused module type."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ405",
    name="unused-module-type",
    group="project",
    severity="warning",
    kinds=("project",),
    what="`types` names a module type that the service does not have.",
    why=(
        "The genuine host ignores it silently, and the module that was meant does not"
        " run."
    ),
    mend="Take the suggestion.",
    bad=project.project(config=("picked: 3", "types: [pears, plums]")),
    good=project.project(config=("picked: 3", "types: [pears]")),
)
