"""PJ402: unread key."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ402",
    name="unread-key",
    group="project",
    severity="warning",
    kinds=("project",),
    what="Nothing reads a key, most likely it is misspelt.",
    why="The genuine host accepts it silently, and the default stays.",
    mend="Take the suggestion; leave it if your module knows better.",
    bad=project.project(config=("picked: 3", "picket: 3")),
    good=project.project(),
)
