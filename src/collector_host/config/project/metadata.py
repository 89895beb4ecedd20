"""What a project says about itself: `metadata.json` and `build_time.txt`.

Both are optional, and nothing depends on them but lines in the log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = "UNKNOWN"
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """A project's description of itself; UNKNOWN where it has none."""

    name: str = UNKNOWN
    version: str = UNKNOWN
    owner: str = UNKNOWN
    build_time: str = UNKNOWN


def load_metadata(folder: Path) -> tuple[Metadata, str]:
    """Return what a project says about itself, and a warning or "".

    Args:
        folder: The project's root.
    """
    data: Any = {}
    warning = ""
    try:
        data = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        warning = f"{folder / 'metadata.json'} does not exist"
    except (OSError, ValueError) as error:
        warning = f"{folder / 'metadata.json'} cannot be read: {error}"
    given = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    return (
        Metadata(
            name=_text(given.get("package_name") or given.get("title")),
            version=_text(given.get("version")),
            owner=_text(given.get("owner")),
            build_time=_build_time(folder),
        ),
        warning,
    )


def _build_time(folder: Path) -> str:
    try:
        return _text((folder / "build_time.txt").read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return UNKNOWN


def _text(value: object) -> str:
    return str(value)[:_MAX_LENGTH] if value else UNKNOWN
