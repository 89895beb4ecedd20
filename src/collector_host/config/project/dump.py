"""The configuration as a debug log may show it: masked as the project asks, and more.

Masks of one dump never reach another one or an event, unlike in the SDK.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.project.secrets import (
    is_secret,
    mask_values,
    obfuscation_entries,
    place_of,
)
from collector_lint.document import map_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from collector_host.config.catalogue import Catalogue
    from collector_lint.document import DataPath

_MASKS: Final[dict[str, Any]] = {
    "boolean": False,
    "string": "****SANITIZED****",
    "integer": -1,
    "float": -1.0,
}


def masked(data: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Return a copy of a configuration without secrets.

    Args:
        data: The whole configuration; it stays as it is.
        catalogue: The project's definitions with their `config_obfuscation`.
    """
    masks = {**_MASKS, **mask_values(catalogue)}
    rules = [
        (place_of(entry), _replacing(entry, masks))
        for entry in obfuscation_entries(catalogue)
        if place_of(entry)
    ]

    def change(path: DataPath, value: object) -> object:
        if is_secret(path):
            value = _mask(value, masks)
        for place, replace in rules:
            if _covers(place, path):
                value = replace(value)
        return value

    return cast("dict[str, Any]", map_leaves(data, change))


def _covers(place: Sequence[str], path: DataPath) -> bool:
    """Tell whether a place, with wildcards, is at or above a path."""
    return len(place) <= len(path) and all(
        part in {"*", str(key)} for part, key in zip(place, path, strict=False)
    )


def _replacing(
    entry: Mapping[str, Any], masks: Mapping[str, Any]
) -> Callable[[object], object]:
    patterns = entry.get("string_patterns")
    if patterns:
        mask = str(masks.get("string_pattern", masks["string"]))
        listed = cast(
            "list[Any]", patterns if isinstance(patterns, list) else [patterns]
        )
        return lambda value: _with_groups_masked(value, listed, mask)
    if entry.get("value") is not None:
        return lambda _: entry["value"]
    return lambda value: _mask(value, masks)


def _mask(value: object, masks: Mapping[str, Any]) -> object:
    match value:
        case None:
            return None
        case bool():
            return masks["boolean"]
        case int():
            return masks["integer"]
        case float():
            return masks["float"]
        case _:
            return masks["string"]


def _with_groups_masked(value: object, patterns: list[Any], mask: str) -> object:
    if not isinstance(value, str):
        return value
    for pattern in patterns:
        try:
            match = re.search(pattern, value)
        except (re.error, TypeError):
            return mask  # a warning says so
        if match:
            for index in range(len(match.groups()), 0, -1):
                start, end = match.span(index)
                if start >= 0:
                    value = value[:start] + mask + value[end:]
    return value
