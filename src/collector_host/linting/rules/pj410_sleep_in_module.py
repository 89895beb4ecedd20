"""PJ410: sleep in module."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.linting import example_project as project
from collector_lint.document import Position, finding_at
from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.python.sources import python_files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    for file in python_files(target.folder / "agent"):
        try:
            data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
            tree = ast.parse(data)
        except (UnreadableError, SyntaxError, ValueError, RecursionError):
            continue  # whoever imports it says so
        name = str(Path(target.name) / file.relative_to(target.folder))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_sleep(node.func):
                place = Position(node.lineno, node.col_offset + 1)
                message = "a stop cannot end this wait"
                hint = "self.pull_pause(seconds)"
                yield finding_at(
                    name, place, RULE.id, message, hint=hint, severity="warning"
                )


def _is_sleep(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
            return True
        case ast.Name(id="sleep"):
            return True
        case _:
            return False


RULE: Final = Rule(
    id="PJ410",
    name="sleep-in-module",
    group="project",
    severity="warning",
    kinds=("project",),
    what="A module calls `time.sleep`.",
    why=(
        "A stop cannot end it: the collector waits until the grace time is over, and "
        "is then killed."
    ),
    mend="Wait with `self.pull_pause(seconds)`, which a stop ends.",
    bad={
        **project.project(),
        "agent/modules/fruit.py": "import time\n\n\nclass PearSetup: ...\n\n\n"
        "class PearPuller:\n"
        "    def pull(self, retrieving_timestamp):\n"
        "        time.sleep(60)\n",
    },
    good={
        **project.project(),
        "agent/modules/fruit.py": "class PearSetup: ...\n\n\nclass PearPuller:\n"
        "    def pull(self, retrieving_timestamp):\n"
        "        self.pull_pause(60)\n",
    },
    check=_check,
)
