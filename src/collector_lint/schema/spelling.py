"""Schemas spelled so that jsonschema says what is wanted of it.

It loses the place where a schema is just `false`, and it would go on with classes of
its own where a schema says `$schema`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBIDDEN: Final = "false"
"""Keyword that stands for a schema that is just `false`."""
NOTHING: Final = object()
"""Value of that keyword; no schema of a file holds it."""

_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS: Final = ("properties", "patternProperties", "dependentSchemas", "$defs")
_SINGLES: Final = ("if", "then", "else", "not")
_OBJECTS_ONLY: Final = ("items", "additionalProperties", "contains", "propertyNames")
"""What jsonschema says of these where they are `false` names the place."""


def spelled(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that means the same, without `$schema` and bare `false`."""
    return {
        key: _value(key, value) for key, value in schema.items() if key != "$schema"
    }


def _value(keyword: str, value: Any) -> Any:
    if keyword in _LISTS and isinstance(value, list):
        return [_part(part) for part in cast("list[Any]", value)]
    if keyword in _MAPS and isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return {name: _part(part) for name, part in named.items()}
    if keyword in _SINGLES or (keyword in _OBJECTS_ONLY and value is not False):
        return _part(value)
    return value


def _part(schema: Any) -> Any:
    if schema is False:
        return {FORBIDDEN: NOTHING}
    if isinstance(schema, dict):
        return spelled(cast("dict[str, Any]", schema))
    return schema
