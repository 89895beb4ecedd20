"""DF231: puller without pull."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.python.classes import PythonClasses, surely_lacks
from collector_lint.rule import Rule
from collector_lint.rules._services import described, modules, services, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_BASE: Final = "CollectorPullerAbstract"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    root = sources(target, workspace)
    if root is None:
        return
    known = workspace.remembered(("python", root), lambda: PythonClasses(root))
    for service in services(described(target)):
        for path, name, _ in modules(service):
            if surely_lacks(name, "pull", known, _BASE):
                message = f"the class {shown_key(name)} has no method pull"
                hint = "def pull(self, retrieving_timestamp):"
                yield service.document.finding(
                    path, RULE.id, message, hint=hint, at_key=True
                )


RULE: Final = Rule(
    id="DF231",
    name="puller-without-pull",
    group="catalogue",
    severity="error",
    kinds=("catalogue", "definition", "project"),
    what="A puller class has no method `pull`, and inherits none.",
    why="`pull` is abstract: no object of the class can be made, so it never runs.",
    mend="Write the method, or correct its name.",
    bad={
        **files.catalogue(),
        files.CLASSES_NAME: files.changed(files.CLASSES, "def pull(", "def pul("),
    },
    good={**files.catalogue(), files.CLASSES_NAME: files.CLASSES},
    check=_check,
)
