"""Joins what a plugin and the host say of the same settings into one schema.

It knows no setting by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANNOTATIONS: Final = ("title", "description", "default", "examples", "deprecated")


def both(own: Mapping[str, Any], general: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that asks for both, in the words of the first."""
    clashes = {
        key: value
        for key, value in general.items()
        if key not in _ANNOTATIONS and own.get(key, value) != value
    }
    joined = {**general, **own}
    return joined | ({"allOf": [*own.get("allOf", ()), clashes]} if clashes else {})


def instead(own: Mapping[str, Any], general: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that asks what the second asks, in the words of the first."""
    words = {key: own[key] for key in _ANNOTATIONS if key in own}
    return {**general, **words}
