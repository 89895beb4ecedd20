"""PJ401: broken contract."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ401",
    name="broken-contract",
    group="project",
    severity="error",
    kinds=("project",),
    what="A project's file breaks a rule of the Devo Collector SDK's contract.",
    why=(
        "The genuine host would end with the class and code that the message begins "
        "with."
    ),
    mend="Mend what is named; docs/errors.md lists the codes.",
    bad=project.project(config=("  name: pears\n", "")),
    good=project.project(),
)
