"""DF211: class not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.names import suggestion
from collector_lint.python.sources import source_classes
from collector_lint.rule import Rule
from collector_lint.rules._services import modules, services, source_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_KEYS: Final = ("setup_class", "submodule_calculator_class")


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    known = source_classes(target, workspace)
    if not known:
        return  # the modules are kept elsewhere
    for service in services(target):
        for path, name, module in modules(service):
            wanted = [(path, name, True)]
            wanted += [
                ((*path, key), str(module[key]), False)
                for key in _KEYS
                if module.get(key)
            ]
            for where, class_name, at_key in wanted:
                if class_name in known:
                    continue
                # Names may be bound otherwise than by a class statement.
                if source_names(target, workspace).lack(class_name):
                    near = suggestion(class_name, known)
                    message = (
                        f"no Python file has a class {shown_key(class_name)}{near}"
                    )
                    yield service.document.finding(
                        where, RULE.id, message, at_key=at_key
                    )


RULE: Final = Rule(
    id="DF211",
    name="class-not-found",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what=(
        "A puller, setup or calculator class is in no Python file below the "
        "catalogue's folder, nor is its name bound there in another way."
    ),
    why="The service fails at its start, wherever it is enabled.",
    mend="Take the suggestion, or write the class.",
    bad={
        **files.catalogue("ApplePuller", "AplePuller"),
        files.CLASSES_NAME: files.CLASSES,
    },
    good={
        **files.catalogue(),
        files.CLASSES_NAME: files.CLASSES,
    },
    check=_check,
)
