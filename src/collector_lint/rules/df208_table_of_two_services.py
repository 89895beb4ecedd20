"""DF208: table of two services."""

from __future__ import annotations

from collections import defaultdict
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
    for path, tag, service in _tables(target, workspace):
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
    targets = list(workspace.of_kind("catalogue", "definition"))
    # Who takes a table over from another service is never the first to send to it.
    for target in sorted(targets, key=lambda one: "like" in one.mapping(())):
        for _, tag, service in _tables(target, workspace):
            users.setdefault(tag, service)
    return users


def _tables(
    target: Target, workspace: Workspace
) -> Iterator[tuple[DataPath, str, tuple[str, str]]]:
    for service in services(target):
        about = (service.input, service.name)
        places = [(*path, "module_properties") for path, _, _ in modules(service)]
        own = [
            ((*path, "tag"), tag)
            for path in (*places, service.properties)
            if isinstance(tag := service.document.mapping(path).get("tag"), str)
        ]
        yield from ((path, tag, about) for path, tag in own)
        like = target.mapping(()).get("like") if target.kind == "definition" else None
        if like is not None and not own:
            for tag in _tags(workspace, (service.input, str(like))):
                yield ("like",), tag, about


def _tags(workspace: Workspace, wanted: tuple[str, str]) -> list[str]:
    """Return the tables of a service that is described whole."""

    def make() -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for target in workspace.of_kind("catalogue", "definition"):
            for service in services(target):
                for path, _, _ in modules(service):
                    where = (*path, "module_properties")
                    tag = service.document.mapping(where).get("tag")
                    if isinstance(tag, str):
                        found[service.input, service.name].append(tag)
        return found

    return workspace.remembered((RULE.id, "tags"), make).get(wanted, [])


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
