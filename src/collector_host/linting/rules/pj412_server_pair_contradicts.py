"""PJ412: server pair contradicts."""

from __future__ import annotations

from typing import Final

from collector_host.linting import example_project as project
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="PJ412",
    name="server-pair-contradicts",
    group="project",
    severity="warning",
    kinds=("project",),
    what=(
        "The files of a Collector Server say one thing twice and differently: under an"
        " older and a newer name, as a port in the address and beside it, or by two "
        "loggers of one name."
    ),
    why="One of the two counts, and nothing tells which; another host may differ.",
    mend="Keep one of them. What a job overrides on purpose is no contradiction.",
    bad={
        **project.project(),
        **project.server_pair(
            '"type": "console"',
            '"type": "console", "name": "a"}, {"name": "a", "type": "stdout"',
        ),
    },
    good={**project.project(), **project.server_pair()},
)
