"""DF203: service defined twice."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="DF203",
    name="service-defined-twice",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="Two files define the same service of an input.",
    why="Only one of them can count, and both would share one state.",
    mend="Rename one of the services.",
    bad={
        **files.definition(),
        "definitions/pears_2.yaml": files.changed(
            files.DEFINITION, "fruit.pears", "fruit.pears_2"
        ),
    },
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
)
