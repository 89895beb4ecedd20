"""Turns a schema of values into one for editors, which see texts.

`port: ${PORT:-443}` is a text until it is resolved, so every value that a schema
restricts may also be a reference. And editors show the words of a part in place of
those of the whole, so parts are left without. It knows no schema by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from collector_lint.schema.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE: Final = "reference"
_POINTER: Final = {"$ref": f"#/$defs/{REFERENCE}"}
_REFERENCE_SCHEMA: Final = {
    # No description: editors would show it beside the setting's own.
    "type": "string",
    "pattern": "^.*\\$\\{[^{}]+\\}.*$",
}
_PROBE: Final = "${NAME}"

_WORDS: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "$comment"}
)
_ASSERTIONS: Final = frozenset({"type", "enum", "const", "pattern", "format"})
_MAPS: Final = ("properties", "patternProperties", "$defs")
_SINGLES: Final = ("items", "additionalProperties")
_BRANCHES: Final = ("then", "else")
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
        changed = {name: _changed(part) for name, part in named.items()}
        return _titled(changed) if keyword == "properties" else changed
    if keyword in _LISTS:
        return [_unspoken(_changed(part)) for part in cast("list[Any]", value)]
    if keyword in _BRANCHES:
        return _unspoken(_changed(value))
    return _changed(value) if keyword in _SINGLES else value


def _titled(named: dict[str, Any]) -> dict[str, Any]:
    """Head each setting with its key; editors else take the title of the file."""
    return {
        name: {"title": name, **part} if isinstance(part, dict) else part
        for name, part in named.items()
    }


def _unspoken(part: Any) -> Any:
    """Drop what is said of an alternative: it would stand before the whole's words."""
    if not isinstance(part, dict):
        return part
    alternative = cast("dict[str, Any]", part)
    return {k: v for k, v in alternative.items() if k not in {"title", "description"}}


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
