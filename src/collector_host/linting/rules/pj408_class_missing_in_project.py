"""PJ408: class missing in project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.linting import example_project as project
from collector_lint.findings import shown_key
from collector_lint.loader import load
from collector_lint.names import suggestion
from collector_lint.python.names import names_below
from collector_lint.python.sources import classes_below
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_DEFINITIONS: Final = Path("config_internal/collector_definitions.yaml")


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    root = target.folder / "agent"
    known = classes_below(root)
    document, _ = load(Path(target.name) / _DEFINITIONS)
    if not known or document is None:
        return
    for path, name, at_key in _named(document):
        if name in known:
            continue
        bound = workspace.remembered(("names", root), lambda: names_below(root))
        # Names may be bound otherwise than by a class statement.
        if bound.lack(name):
            message = f"no file below agent has a class {shown_key(name)}"
            near = suggestion(name, known)
            yield document.finding(path, RULE.id, f"{message}{near}", at_key=at_key)


def _named(document: Document) -> Iterator[tuple[DataPath, str, bool]]:
    for name in document.mapping((_INPUTS,)):
        for service in document.mapping((_INPUTS, name, "services")):
            above = (_INPUTS, name, "services", service, "modules")
            for module in document.mapping(above):
                path = (*above, module)
                yield path, module, True
                setup = document.mapping(path).get("setup_class")
                if isinstance(setup, str) and setup:
                    yield (*path, "setup_class"), setup, False


_INPUTS: Final = "collector_inputs"


RULE: Final = Rule(
    id="PJ408",
    name="class-missing-in-project",
    group="project",
    severity="error",
    kinds=("project",),
    what=(
        "A puller or setup class that the definitions name is nowhere below `agent`, "
        "nor is its name bound there in another way."
    ),
    why=(
        "The genuine host says so only when it starts that module, behind everything "
        "else."
    ),
    mend=(
        "Take the suggestion, or write the class and import it in "
        "`agent/modules/__init__.py`."
    ),
    bad=project.with_classes(
        definitions=("setup_class: PearSetup", "setup_class: PearsSetup")
    ),
    good=project.with_classes(),
    check=_check,
)
