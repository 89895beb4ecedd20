"""The certificate, chain and key of each output, for the rules about them.

What is wrong is told by the check that also runs before a start. It reads files of the
machine, so only rules that are asked for with `--here` come here.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.files import find_file
from collector_host.config.project.references import resolve_whole
from collector_host.config.project.sources import load_sources
from collector_host.config.receivers import TLS
from collector_host.delivery.transports.credentials import NOUNS, faults
from collector_host.linting.project_checks import shown_in_project
from collector_host.linting.project_sources import project_sources
from collector_lint.own_checkers import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from collector_host.delivery.transports.credentials import Fault, Kind
    from collector_host.delivery.transports.material import Setting
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_SETTINGS: Final[tuple[Setting, ...]] = ("chain", "cert", "key")


@dataclass(frozen=True, slots=True)
class _Place:
    """The configuration, where an output's `config` is in it, and the files found."""

    document: Document
    path: DataPath
    files: dict[Setting, Path]


def faulty_files(
    target: Target, workspace: Workspace, code: str, *kinds: Kind
) -> Iterator[Finding]:
    """Yield the faults of some kinds.

    Args:
        target: A configuration or a project.
        workspace: Holds the current time.
        code: The rule they belong to.
        kinds: Kinds of faults.
    """
    for place in _places(target, workspace):
        for fault in _faults(place, target, workspace):
            if fault.kind in kinds:
                finding = place.document.finding(
                    (*place.path, fault.setting),
                    code,
                    f"the {NOUNS[fault.setting]} {fault.what}",
                    hint=fault.hint,
                    severity="error" if fault.is_error else "warning",
                )
                yield shown_in_project(finding, target)


def _faults(place: _Place, target: Target, workspace: Workspace) -> list[Fault]:
    """Return what is wrong; several rules ask, and the files are read once."""
    key = ("output files", id(target), place.document.file, place.path)
    return workspace.remembered(key, lambda: faults(place.files, workspace.now))


def open_keys(target: Target, workspace: Workspace, code: str) -> Iterator[Finding]:
    """Yield the keys that every user of the machine may read."""
    for place in _places(target, workspace):
        key = place.files.get("key")
        if key is not None and _is_open(key):
            message = "every user of this machine may read this key"
            where = (*place.path, "key")
            finding = place.document.finding(
                where, code, message, hint="chmod o-r", severity="warning"
            )
            yield shown_in_project(finding, target)


def _is_open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _places(target: Target, workspace: Workspace) -> Iterator[_Place]:
    for document, folder in _documents(target, workspace):
        for name in document.mapping(("outputs",)):
            if document.mapping(("outputs", name)).get("type") in TLS:
                path = ("outputs", name, "config")
                yield _Place(document, path, _files(document, path, folder))


def _files(document: Document, path: DataPath, folder: Path) -> dict[Setting, Path]:
    """Return the files that are there; others are told by CF308."""
    found: dict[Setting, Path] = {}
    for setting in _SETTINGS:
        name = document.mapping(path).get(setting)
        if isinstance(name, str) and name and not document.is_damaged((*path, setting)):
            file = find_file(name, folder)
            found.update({setting: file} if file else {})
    return found


def _documents(target: Target, workspace: Workspace) -> Iterator[tuple[Document, Path]]:
    """Yield configurations, references resolved, and where their names start."""
    folder = target.folder
    if target.kind != "project":
        document = resolved(target, workspace)
        if document is not None:
            yield document, folder
        return
    for sources in project_sources(target, here=workspace.here):
        # What cannot be read is told by the check of the project.
        with suppress(ConfigFindingsError):
            document, _ = load_sources(sources)
            yield (
                resolve_whole(
                    document, environment=workspace.environment, folder=folder
                )[0],
                folder / "config",
            )
