"""PJ421: class not exported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.linting import example_project as project
from collector_host.linting.exported import exported
from collector_lint.findings import shown_key
from collector_lint.loader import load
from collector_lint.python.classes import PythonClasses, surely_lacks
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_DEFINITIONS: Final = Path("config_internal") / "collector_definitions.yaml"
_INPUTS: Final = "collector_inputs"
_MAKER: Final = "create_setup_instance"
_BASE: Final = "CollectorPullerAbstract"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    offered = exported(target.folder)
    document, _ = load(Path(target.name) / _DEFINITIONS)
    if offered is None or document is None:
        return
    known = PythonClasses(target.folder / "agent")
    for path, name, at_key in _named(document, known):
        # A class that is nowhere is found by another rule.
        if name not in offered and known.get(name):
            message = f"agent.modules does not have the class {shown_key(name)}"
            hint = "import it in agent/modules/__init__.py"
            yield document.finding(path, RULE.id, message, hint=hint, at_key=at_key)


def _named(
    document: Document, known: PythonClasses
) -> Iterator[tuple[DataPath, str, bool]]:
    for name in document.mapping((_INPUTS,)):
        for service in document.mapping((_INPUTS, name, "services")):
            above = (_INPUTS, name, "services", service, "modules")
            for module in document.mapping(above):
                path = (*above, module)
                yield path, module, True
                setup = document.mapping(path).get("setup_class")
                # A puller of the older layout makes its setup itself.
                if surely_lacks(module, _MAKER, known, _BASE) and setup:
                    yield (*path, "setup_class"), str(setup), False


RULE: Final = Rule(
    id="PJ421",
    name="class-not-exported",
    group="project",
    severity="error",
    kinds=("project",),
    what="A class that the definitions name is in a file, but not in `agent.modules`.",
    why="Host and genuine host look for classes in that package alone.",
    mend=(
        "Import it in `agent/modules/__init__.py`, e.g. with `from .fruit import *`; "
        "`__all__` of the file must have it, if there is one."
    ),
    bad={**project.with_classes(), "agent/modules/__init__.py": ""},
    good={
        **project.with_classes(),
        "agent/modules/__init__.py": "from .fruit import *\n",
    },
    check=_check,
)
