"""The services that a catalogue or a definition describes, as rules see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular
from collector_lint.python.names import Names, names_below
from collector_lint.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.document import DataPath, Document
    from collector_lint.workspace import Workspace

_PERIOD: Final = re.compile(r"(\d{1,9})\s*([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        document: The file.
        path: Where the service is; it may be that there is nothing.
        input: Name of its input.
        name: Its name.
        properties: Where a definition changes the properties of all its modules.
        aliases: Place and text of each further name.
    """

    document: Document
    path: DataPath
    input: str
    name: str
    properties: DataPath
    aliases: tuple[tuple[DataPath, str], ...] = ()

    @property
    def block(self) -> Mapping[str, object]:
        """What stands there."""
        return self.document.mapping(self.path)


def services(target: Target) -> Iterator[Service]:
    """Yield every service of a catalogue, or the one of a definition."""
    document = target.document
    if document is None:
        return
    if target.kind == "definition":
        given = document.mapping(())
        aliases = tuple(_aliases(given))
        yield Service(
            document,
            ("definition",),
            str(given.get("input")),
            str(given.get("service")),
            ("module_properties",),
            aliases,
        )
        return
    for name in document.mapping(("collector_inputs",)):
        above = ("collector_inputs", name, "services")
        for service in document.mapping(above):
            path = (*above, service)
            yield Service(document, path, name, service, (*path, "module_properties"))


def _aliases(given: Mapping[str, object]) -> Iterator[tuple[DataPath, str]]:
    aliases = given.get("aliases")
    if isinstance(aliases, list):
        for index, each in enumerate(cast("list[object]", aliases)):
            yield ("aliases", index), str(each)


def modules(
    service: Service,
) -> Iterator[tuple[DataPath, str, Mapping[str, object]]]:
    """Yield place, class and content of each module of a service."""
    above = (*service.path, "modules")
    for name in service.document.mapping(above):
        path = (*above, name)
        yield path, name, service.document.mapping(path)


def limits(
    module: Mapping[str, object], path: DataPath
) -> Iterator[tuple[DataPath, int, int]]:
    """Yield place, seconds and number of requests of each limit of a module.

    A number below 1 stands for no limit.
    """
    given = module.get("requests_limits")
    if not isinstance(given, list):
        return
    for index, each in enumerate(cast("list[object]", given)):
        limit = cast("dict[str, object]", each) if isinstance(each, dict) else {}
        match = _PERIOD.fullmatch(str(limit.get("period")))
        number = limit.get("number_of_requests")
        if match and isinstance(number, int) and number > 0:
            where = (*path, "requests_limits", index)
            yield where, int(match[1]) * _SECONDS[match[2]], number


def described(target: Target) -> Target:
    """Return a project's definitions as a catalogue; another target is itself."""
    if target.kind != "project":
        return target
    name = Path("config_internal") / "collector_definitions.yaml"
    file = target.folder / name
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError:
        data = b""
    shown = str(Path(target.name) / name)
    return Target(shown, "catalogue", file.parent, file, data, fixable=False)


def sources(target: Target, workspace: Workspace) -> Path | None:
    """Return the folder in which a target's classes are looked for, if there is one."""
    if target.kind == "project":
        return target.folder / "agent"
    roots = workspace.roots
    return next((root for root in roots if target.folder.is_relative_to(root)), None)


def source_names(target: Target, workspace: Workspace) -> Names:
    """Return every name that is bound where a target's classes are looked for."""
    root = sources(target, workspace)
    if root is None:
        return Names()
    return workspace.remembered(("names", root), lambda: names_below(root))
