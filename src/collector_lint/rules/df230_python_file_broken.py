"""DF230: python file broken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import Position, finding_at
from collector_lint.python.source import Broken, parse_python
from collector_lint.python.sources import python_files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    is_project = target.kind == "project"
    top = Path(target.name) if is_project else Path(target.name).parent
    for file in python_files(target.folder / ("agent" if is_project else "modules")):
        found = parse_python(file)
        if isinstance(found, Broken):
            name = str(top / file.relative_to(target.folder))
            place = Position(found.line, found.column)
            message = f"no module can import this file: {found.reason}"
            yield finding_at(name, place, RULE.id, message)


RULE: Final = Rule(
    id="DF230",
    name="python-file-broken",
    group="catalogue",
    severity="error",
    kinds=("catalogue", "project"),
    what=(
        "A Python file below `modules`, or below `agent` of a project, cannot be "
        "parsed by this Python."
    ),
    why=(
        "The services of the file fail at their start; in a project all of them, for "
        "`agent.modules` is imported as a whole."
    ),
    mend="Correct the place, which is where the parser gave up.",
    bad={
        **files.catalogue(),
        files.CLASSES_NAME: files.CLASSES,
        "modules/vendor.py": "def sign(request:\n    return request\n",
    },
    good={
        **files.catalogue(),
        files.CLASSES_NAME: files.CLASSES,
        "modules/vendor.py": "def sign(request):\n    return request\n",
    },
    check=_check,
)
