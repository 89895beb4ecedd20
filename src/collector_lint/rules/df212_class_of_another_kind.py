"""DF212: class of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.python.sources import bases_of, is_unlike, source_classes
from collector_lint.rule import Rule
from collector_lint.rules._services import modules, services, source_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_WORDS: Final = {
    "setup_class": ("setup", "Setup"),
    "submodule_calculator_class": ("submodule calculator", "Calculator"),
}


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    known = source_classes(target, workspace)

    def is_sure(name: str) -> bool:
        # What a name was given later, or stands for, may be of the right kind.
        given = source_names(target, workspace).changed
        return given.isdisjoint((name, *bases_of(name, known)))

    for service in services(target):
        for path, name, module in modules(service):
            is_other = is_unlike(name, "Puller", known)
            is_other = is_other or is_unlike(name, "!Setup", known)
            if is_other and is_sure(name):
                message = f"{shown_key(name)} is no puller class"
                yield service.document.finding(path, RULE.id, message, at_key=True)
            for key, (kind, word) in _WORDS.items():
                given = str(module.get(key))
                if is_unlike(given, word, known) and is_sure(given):
                    message = f"this is no {kind} class"
                    yield service.document.finding((*path, key), RULE.id, message)


RULE: Final = Rule(
    id="DF212",
    name="class-of-another-kind",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what=(
        "A class is not what its place in the catalogue asks for: a setup, a puller, "
        "a calculator."
    ),
    why="It has not the methods that the host calls, and fails at its start.",
    mend="Name a class that is derived from the SDK's base class of that kind.",
    bad={
        **files.catalogue("setup_class: AppleSetup", "setup_class: ApplePuller"),
        files.CLASSES_NAME: files.CLASSES,
    },
    good={
        **files.catalogue(),
        files.CLASSES_NAME: files.CLASSES,
    },
    check=_check,
)
