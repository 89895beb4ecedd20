"""Turns a schema of values into one of texts in which references stand for values.

`port: ${PORT:-443}` is a text until it is resolved. An editor sees the text, so every
value that a schema restricts may also be a reference. It knows no schema by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from collector_lint.schema_engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE: Final = "reference"
_POINTER: Final = {"$ref": f"#/$defs/{REFERENCE}"}
_REFERENCE_SCHEMA: Final = {
    "description": "A text with ${NAME}, ${NAME:-default} or ${file:path} in it.",
    "type": "string",
    "pattern": "\\$\\{[^{}]+\\}",
}
_PROBE: Final = "${NAME}"

_WORDS: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "$comment"}
)
_ASSERTIONS: Final = frozenset({"type", "enum", "const", "pattern", "format"})
_MAPS: Final = ("properties", "patternProperties", "$defs")
_SINGLES: Final = ("items", "additionalProperties", "then", "else")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")


def with_references(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a self-contained schema that takes references, too.

    What chooses between rules (`if`), and names of keys, are left as they are.
    """
    changed = _inside(schema)
    definitions = {**changed.get("$defs", {}), REFERENCE: _REFERENCE_SCHEMA}
    return {**changed, "$defs": definitions}


def _changed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    return _either(schema) if _refuses(schema) else _inside(schema)


def _inside(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _part(key, value) for key, value in schema.items()}


def _part(keyword: str, value: Any) -> Any:
    if keyword in _MAPS:
        named = cast("dict[str, Any]", value)
        return {name: _changed(part) for name, part in named.items()}
    if keyword in _LISTS:
        return [_changed(part) for part in cast("list[Any]", value)]
    return _changed(value) if keyword in _SINGLES else value


def _refuses(schema: Mapping[str, Any]) -> bool:
    """Return whether this is about a scalar, and a reference would not fit."""
    own = {key: value for key, value in schema.items() if key in _ASSERTIONS}
    if not own or _kinds(schema) <= {"object", "array", "null"}:
        return False
    return bool(Engine({"urn:part": own}).violations("urn:part", _PROBE))


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    kinds = schema.get("type", "string")
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _either(schema: Mapping[str, Any]) -> dict[str, Any]:
    words = {key: value for key, value in schema.items() if key in _WORDS}
    rules = {key: value for key, value in schema.items() if key not in _WORDS}
    return {**words, "anyOf": [rules, dict(_POINTER)]}
