"""The host's own checks of configurations and catalogues, for the linter.

They are those that a start makes; nothing is decided here but what is compared with
what: a configuration with the catalogue beside it, else with the installed plugins'.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from collector_host.config.catalogue import Catalogue, load_catalogue
from collector_host.config.inputs import check_inputs
from collector_host.config.outputs import check_outputs, check_queue
from collector_host.plugins.manager import Plugins
from collector_lint.loader import load_installed
from collector_lint.own_checkers import resolved, structure
from collector_lint.schemas import Schemas, load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def known_catalogue(workspace: Workspace) -> tuple[Catalogue, Schemas]:
    """Return what configurations are compared with."""
    catalogue, schemas, _ = _described(workspace)
    return catalogue, schemas


def _described(
    workspace: Workspace,
) -> tuple[Catalogue, Schemas, tuple[Finding, ...]]:
    """Return catalogue, schemas, and what is wrong in those of the workspace."""

    def make() -> tuple[Catalogue, Schemas, tuple[Finding, ...]]:
        if has_catalogue(workspace):
            known = {
                t.path or Path(t.name): t
                for t in workspace.of_kind("catalogue", "definition")
            }

            def loader(file: Path) -> tuple[Document | None, tuple[Finding, ...]]:
                target = known[file]
                findings = (*target.loaded[1], *structure(target, workspace))
                return target.document, findings

            catalogue, findings = load_catalogue(
                known, workspace.schemas, loader=loader
            )
            return catalogue, workspace.schemas, findings
        return (*_installed(), ())

    return workspace.remembered("catalogue", make)


@cache
def _installed() -> tuple[Catalogue, Schemas]:
    """Return what the installed plugins describe; it stays the same while we run."""
    plugins = Plugins.installed()
    own = sorted(schemas_folder().glob("*.schema.json"))
    schemas, _ = load_schemas([*own, *plugins.schemas], loader=load_installed)
    catalogue, _ = load_catalogue(plugins.definitions, schemas)
    return catalogue, schemas


def has_catalogue(workspace: Workspace) -> bool:
    """Tell whether the workspace has a catalogue of its own."""
    return next(workspace.of_kind("catalogue"), None) is not None


def check_catalogue(target: Target, workspace: Workspace) -> Iterable[Finding]:
    """Find what a catalogue and its definitions do not agree on."""
    if not has_catalogue(workspace):
        return ()
    return [each for each in _described(workspace)[2] if each.file == target.name]


def check_config(target: Target, workspace: Workspace) -> Iterable[Finding]:
    """Find what a start with this configuration would refuse or warn of."""
    document = resolved(target, workspace)
    if document is None:
        return
    catalogue, schemas = known_catalogue(workspace)
    yield from check_outputs(document, target.folder)
    yield from check_queue(document)
    yield from check_inputs(document, catalogue, schemas)
