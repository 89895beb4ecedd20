"""Checks a project's own schemas, catalogue and definitions.

Usage: python -m collector_lint FOLDER. It knows no user configuration.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint.findings import tidy
from collector_lint.loader import load
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.schemas import Schemas

_KINDS: Final = {
    "collector_definitions.yaml": "catalogue",
    "definitions/*.yaml": "definition",
}
_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:{}:1"


def check_project(folder: Path) -> tuple[Finding, ...]:
    """Return every mistake in a project's schemas, catalogue and definitions."""
    generic = set(schemas_folder().resolve().glob("*.schema.json"))
    own = set((folder / "schemas").resolve().rglob("*.schema.json"))
    schemas, findings = load_schemas(sorted(generic | own))
    return tidy([*findings, *_check_definitions(folder, schemas)])


def _check_definitions(folder: Path, schemas: Schemas) -> Iterator[Finding]:
    for pattern, kind in _KINDS.items():
        for file in sorted(folder.glob(pattern)):
            document, findings = load(file)
            yield from findings
            if document is not None:
                yield from schemas.check(document, _SCHEMA.format(kind))


def main() -> int:
    """Check the folder given, or this one; return the exit code."""
    findings = check_project(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
