"""DF209: name of two services."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.rule import Rule
from collector_lint.rules._services import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    owners = workspace.remembered(RULE.id, lambda: _owners(workspace))
    for service in services(target):
        for path, name in service.aliases:
            others = owners[service.input, name] - {service.name}
            if others:
                message = f"it is also a name of the service {shown_key(min(others))}"
                yield service.document.finding(path, RULE.id, message)


def _owners(workspace: Workspace) -> dict[tuple[str, str], set[str]]:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for target in workspace.of_kind("catalogue", "definition"):
        for service in services(target):
            for name in (service.name, *(alias for _, alias in service.aliases)):
                owners[service.input, name].add(service.name)
    return owners


RULE: Final = Rule(
    id="DF209",
    name="name-of-two-services",
    group="catalogue",
    severity="error",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="A service's name or alias is also that of another service of its input.",
    why=(
        "A state is addressed by the service's name: both would write one state, and "
        "each would undo the other's progress."
    ),
    mend="Rename one of them, or remove the alias.",
    bad=files.definition("definition:", "aliases: [apples]\ndefinition:"),
    good=files.definition("definition:", "aliases: [pear_trees]\ndefinition:"),
    beside=files.BESIDE_DEFINITION,
    check=_check,
)
