"""RF102: variable not set."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="RF102",
    name="variable-not-set",
    group="references",
    severity="error",
    kinds=("config",),
    what="An environment variable that a reference names is not set.",
    why="The collector does not start without it.",
    mend="Set it where the collector runs, or give a default with `${NAME:-default}`.",
    bad=files.config("name: collector", "name: ${NAME_THAT_NOBODY_SETS}"),
    good=files.config("name: collector", "name: ${NAME_THAT_NOBODY_SETS:-collector}"),
    beside=files.BESIDE_CONFIG,
    machine=True,
)
