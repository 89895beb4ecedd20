"""CF304: no module would run."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF304",
    name="no-module-would-run",
    group="config",
    severity="error",
    kinds=("config",),
    what="A service would run no module.",
    why="It would be there and collect nothing.",
    mend="Name some in `types`.",
    bad=files.config(),
    good=files.config("apples: {}", "apples: {types: [apples]}"),
    beside=files.catalogue(
        "        type: predefined\n",
        "        type: predefined\n        module_type_mandatory: true\n",
    ),
)
