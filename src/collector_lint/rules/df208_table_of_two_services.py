"""DF208: table of two services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.findings import shown_key
from collector_lint.rule import Rule
from collector_lint.rules._services import modules, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.document import DataPath
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    users = workspace.remembered(RULE.id, lambda: _users(workspace))
    for path, tag, service in _tables(target):
        first = users[tag]
        if first != service:
            message = f"the service {shown_key(first[1])} sends to the same table"
            if target.document is not None:
                yield target.document.finding(
                    path, RULE.id, message, severity="warning"
                )


def _users(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Return the first service, as input and name, of each table."""
    users: dict[str, tuple[str, str]] = {}
    for target in workspace.of_kind("catalogue", "definition"):
        for _, tag, service in _tables(target):
            users.setdefault(tag, service)
    return users


def _tables(target: Target) -> Iterator[tuple[DataPath, str, tuple[str, str]]]:
    for service in services(target):
        places = [(*path, "module_properties") for path, _, _ in modules(service)]
        for path in (*places, service.properties):
            tag = service.document.mapping(path).get("tag")
            if isinstance(tag, str):
                yield (*path, "tag"), tag, (service.input, service.name)


RULE: Final = Rule(
    id="DF208",
    name="table-of-two-services",
    group="catalogue",
    severity="warning",
    kinds=(
        "catalogue",
        "definition",
    ),
    what="Two services send to the same table.",
    why="Their events cannot be told apart any more, and one schema hardly fits both.",
    mend=(
        "Give each a `tag` of its own. One that is `like` another inherits its table,"
        " too."
    ),
    bad=files.definition("fruit.pears", "fruit.apples"),
    good=files.definition(),
    beside=files.BESIDE_DEFINITION,
    check=_check,
)
