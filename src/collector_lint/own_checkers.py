"""What loading, references and schemas find: several rules at once each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint.rule import KINDS, Checker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.document import Document
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:{}:1"


def resolved(target: Target, workspace: Workspace) -> Document | None:
    """Return a configuration with its references resolved, or None."""
    return _resolved(target, workspace)[0]


def _resolved(
    target: Target, workspace: Workspace
) -> tuple[Document | None, Iterable[Finding]]:
    def make() -> tuple[Document | None, Iterable[Finding]]:
        document = target.document
        if document is None:
            return None, ()
        from collector_lint.references import resolve  # noqa: PLC0415  (starts fast)

        return resolve(
            document, environment=workspace.environment, folder=target.folder
        )

    return workspace.remembered(("resolved", id(target)), make)


def _check_syntax(target: Target, workspace: Workspace) -> Iterable[Finding]:
    del workspace
    # A state is written by programs alone: any other byte is damage, said once.
    return target.loaded[1] if target.kind != "state" else target.unread


def _check_references(target: Target, workspace: Workspace) -> Iterable[Finding]:
    return _resolved(target, workspace)[1]


def structure(target: Target, workspace: Workspace) -> tuple[Finding, ...]:
    """Return what the linter's own schemas find in a target."""
    key = ("structure", id(target))
    return workspace.remembered(key, lambda: _structure(target, workspace))


def _structure(target: Target, workspace: Workspace) -> tuple[Finding, ...]:
    document = target.document
    if target.kind == "config":
        document = resolved(target, workspace)
    schema = _SCHEMA.format(target.kind)
    if document is None or schema not in workspace.schemas.ids:
        return ()
    return workspace.schemas.check(document, schema)


def _check_schemas(target: Target, workspace: Workspace) -> Iterable[Finding]:
    found = workspace.loaded_schemas[1]
    return [finding for finding in found if finding.file == target.name]


CHECKERS: Final = (
    Checker("syntax", KINDS, _check_syntax),
    Checker("references", ("config",), _check_references),
    Checker("structure", ("config", "catalogue", "definition"), structure),
    Checker("schemas", ("schema",), _check_schemas),
)
