"""Tells whether a schema or a definition that nobody named belongs to a collector.

Many programs keep JSON Schemas; ours are called by a `urn:`, lie beside a catalogue, or
are named by a definition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CATALOGUE: Final = "collector_definitions.yaml"
_LEVELS: Final = 3
_ID: Final = re.compile(r'"\$id"\s*:\s*"([^"\s]+)"')
_OWN_ID: Final = re.compile(r"urn:[^:]+:schema:")
_REFERENCE: Final = re.compile(
    r"(?:settings|state|event)_schema[\"']?\s*:\s*[\"']?([^\"'\s,}]+)"
)


def lies_beside_catalogue(file: Path, folder: str) -> bool:
    """Tell whether a file lies in a folder of this name beside a catalogue, or below.

    Args:
        file: The file.
        folder: `definitions` or `schemas`.
    """
    if folder not in file.parts:
        # Most files; the folders above the working one are in no relative name.
        if file.is_absolute():
            return False
        file = file.absolute()
    return any(
        above.name == folder and (above.parent / CATALOGUE).is_file()
        for above in (*file.parents,)[:_LEVELS]
    )


def schema_id(text: str) -> str:
    """Return the first `$id` of a text that may be damaged, or ""."""
    found = _ID.search(text)
    return found[1] if found else ""


def is_own_schema(file: Path, text: str) -> bool:
    """Tell whether a schema shows by itself that it is one of a collector."""
    own = _OWN_ID.match(schema_id(text)) is not None
    return own or lies_beside_catalogue(file, "schemas")


def referred_to(texts: Iterable[bytes]) -> frozenset[str]:
    """Return the schemas that catalogues and definitions name."""
    return frozenset(
        each
        for text in texts
        for each in _REFERENCE.findall(text.decode("utf-8", "replace"))
    )
