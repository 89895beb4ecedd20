"""Says in words what a schema asks of a value, for people who will write one.

It knows no schema by name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: Final = {
    "object": "mapping",
    "array": "list",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "empty",
}
_BOUNDS: Final = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
    ("minProperties", "maxProperties", " keys"),
)
NOT_EMPTY: Final = "not empty"
"""What is said of a text, a list or a mapping that may not be empty."""

_STRICT: Final = (("exclusiveMinimum", "more than"), ("exclusiveMaximum", "less than"))


def type_words(node: dict[str, Any]) -> str:
    """Return the kind of value: `whole number`, `list of text`."""
    kinds = node.get("type")
    if kinds is None:
        return _untyped(node)
    names = [kinds] if isinstance(kinds, str) else kinds
    words = [_TYPES[name] for name in names]
    inner = _entry(node)
    if words == ["list"] and inner:
        return f"list of {type_words(inner)}"
    return " or ".join(words)


def _untyped(node: dict[str, Any]) -> str:
    allowed = node.get("enum", [node["const"]] if "const" in node else [])
    if allowed and all(isinstance(each, str) for each in allowed):
        return "text"
    return "mapping" if "properties" in node else "any"


def range_words(node: dict[str, Any]) -> list[str]:
    """Return what a value is restricted to: `1 to 65535`, `one of a, b`."""
    return [*_allowed(node), *_bounds(node)]


def _allowed(node: dict[str, Any]) -> Iterator[str]:
    if "const" in node:
        yield f"only {value_text(node['const'])}"
    if "enum" in node:
        yield f"one of {', '.join(value_text(each) for each in node['enum'])}"
    inner = _entry(node)
    if "enum" in inner:
        yield f"each one of {', '.join(value_text(each) for each in inner['enum'])}"


def _entry(node: dict[str, Any]) -> dict[str, Any]:
    inner = node.get("items")
    return cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}


def _bounds(node: dict[str, Any]) -> Iterator[str]:
    for key, words in _STRICT:
        if key in node:
            yield f"{words} {node[key]}"
    for low, high, unit in _BOUNDS:
        least, most = node.get(low), node.get(high)
        if least == 1 and most is None and unit:
            yield NOT_EMPTY
        elif least is not None and most is not None:
            yield f"{least} to {most}{unit}"
        elif least is not None:
            yield f"at least {least}{unit}"
        elif most is not None:
            yield f"at most {most}{unit}"


def value_text(value: object) -> str:
    """Return a value as people write it in YAML, on one line."""
    if isinstance(value, dict | list):
        text = yaml.safe_dump(
            value, default_flow_style=True, sort_keys=False, width=10_000
        )
        return text.strip()
    if isinstance(value, str):
        return yaml.safe_dump(value, width=10_000).removesuffix("...\n").strip()
    return json.dumps(value)
