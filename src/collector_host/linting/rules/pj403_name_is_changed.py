"""PJ403: name is changed."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ403",
    name="name-is-changed",
    group="project",
    severity="warning",
    kinds=("project",),
    what="Characters of the collector's name are replaced.",
    why="Dashboards that look for the name as it is written find nothing.",
    mend="Use letters, digits, `_` and `-`.",
    bad=project.project(config=("name: pears", "name: my.pears")),
    good=project.project(config=("name: pears", "name: my_pears")),
)
