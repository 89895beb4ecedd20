"""Resolves references in a project's configuration, where they cannot be a mistake.

The SDK knows no references, so that a dollar sign in a password is a dollar sign. Only
a value that is one reference from end to end is resolved, and one to something that is
not there stays the text it is; elsewhere than where it runs, nobody knows its value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector_host.config.project import codes
from collector_lint.document import UNKNOWN, map_leaves
from collector_lint.references import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_WHOLE: Final = re.compile(
    r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<more>:.*)?\}", re.DOTALL
)


def resolve_whole(
    document: Document,
    *,
    environment: Mapping[str, str],
    folder: Path,
    here: bool = True,
) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document with every value that is one reference resolved.

    Args:
        document: What was loaded.
        environment: Variables that references may name.
        folder: Where relative paths of `${file:...}` start.
        here: Whether the project runs with this environment.
    """
    kept: list[Finding] = []

    def prepare(path: DataPath, value: object) -> object:
        if not isinstance(value, str) or "$" not in value:
            return value
        match = _WHOLE.fullmatch(value)
        if match and (match["more"] or match["name"] in environment):
            return value
        if match:
            kept.append(_kept(document, path))
            if not here:
                return UNKNOWN
        return value.replace("$", "$$")

    prepared = replace(document, data=map_leaves(document.data, prepare))
    resolved, findings = resolve(prepared, environment=environment, folder=folder)
    return resolved, (*findings, *kept)


def _kept(document: Document, path: DataPath) -> Finding:
    message = "the value looks like a reference, but there is no such variable"
    hint = "it is used as it stands"
    return document.finding(
        path, codes.REFERENCE_KEPT, message, hint=hint, severity="warning"
    )
