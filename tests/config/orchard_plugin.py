"""The files of a small plugin, and a loader bound to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from collector_host.config.loading import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from collector_host.config.model import Config

FOLDER = Path(__file__).parent / "orchard"
DEFINITIONS = (FOLDER / "collector_definitions.yaml", FOLDER / "apples.yaml")
SCHEMAS = tuple(sorted(FOLDER.glob("*.schema.json")))


def load_config(
    path: Path,
    *,
    definitions: Sequence[Path] = DEFINITIONS,
    schemas: Sequence[Path] = SCHEMAS,
    secrets: Sequence[str] = ("credentials.user",),
    environment: Mapping[str, str] | None = None,
) -> Config:
    """Load a configuration against the plugin's files."""
    return load(
        path,
        definitions=definitions,
        schemas=schemas,
        secrets=secrets,
        environment=environment or {},
    )
