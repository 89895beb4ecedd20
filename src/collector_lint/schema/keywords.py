"""The keywords of draft 2020-12, and what stands beside each, in plain words.

It knows neither files nor the schema library.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, cast

from collector_lint.names import suggestion

if TYPE_CHECKING:
    from collector_lint.document import DataPath

_SCHEMA: Final = "a schema: a mapping, true or false"
_SCHEMAS: Final = "a mapping of names to schemas"
_LIST: Final = "a list of schemas, at least one"
_COUNT: Final = "a whole number, 0 or more"
_NAMES: Final = "a list of different names"
_FLAG: Final = "true or false"
_TEXT: Final = "text"
_NUMBER: Final = "a number"
_URI: Final = "a URI"

KEYWORDS: Final = {
    "$schema": _URI,
    "$id": "a URI without a part behind #",
    "$ref": _URI,
    "$dynamicRef": _URI,
    "$anchor": "a name of letters, digits, _, - and .",
    "$dynamicAnchor": "a name of letters, digits, _, - and .",
    "$comment": _TEXT,
    "$defs": _SCHEMAS,
    "$vocabulary": "a mapping of URIs to true or false",
    "title": _TEXT,
    "description": _TEXT,
    "default": "",
    "examples": "a list",
    "deprecated": _FLAG,
    "readOnly": _FLAG,
    "writeOnly": _FLAG,
    "type": "the name of a type, or a list of different ones",
    "enum": "a list",
    "const": "",
    "multipleOf": "a number above 0",
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "exclusiveMinimum": _NUMBER,
    "exclusiveMaximum": _NUMBER,
    "minLength": _COUNT,
    "maxLength": _COUNT,
    "pattern": "a regular expression",
    "format": _TEXT,
    "contentEncoding": _TEXT,
    "contentMediaType": _TEXT,
    "contentSchema": _SCHEMA,
    "minItems": _COUNT,
    "maxItems": _COUNT,
    "uniqueItems": _FLAG,
    "minContains": _COUNT,
    "maxContains": _COUNT,
    "items": _SCHEMA,
    "prefixItems": _LIST,
    "contains": _SCHEMA,
    "unevaluatedItems": _SCHEMA,
    "minProperties": _COUNT,
    "maxProperties": _COUNT,
    "required": _NAMES,
    "dependentRequired": "a mapping of names to lists of different names",
    "dependentSchemas": _SCHEMAS,
    "properties": _SCHEMAS,
    "patternProperties": "a mapping of regular expressions to schemas",
    "additionalProperties": _SCHEMA,
    "unevaluatedProperties": _SCHEMA,
    "propertyNames": _SCHEMA,
    "allOf": _LIST,
    "anyOf": _LIST,
    "oneOf": _LIST,
    "not": _SCHEMA,
    "if": _SCHEMA,
    "then": _SCHEMA,
    "else": _SCHEMA,
}
"""Keyword -> what must stand beside it; "" where anything may."""
_OLDER: Final = frozenset(
    {"definitions", "dependencies", "additionalItems", "$recursiveRef"}
    | {"$recursiveAnchor", "divisibleBy", "extends", "disallow"}
)
"""Keywords of older drafts: no slips of the pen."""
_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_OTHER_NAMES: Final = {
    **dict.fromkeys(("int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("str", "text", "date", "datetime", "date-time"), "string"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("dict", "map", "mapping", "struct"), "object"),
    **dict.fromkeys(("list", "tuple", "set", "sequence"), "array"),
    **dict.fromkeys(("none", "nil", "empty"), "null"),
    "bool": "boolean",
}
_NEAR: Final = 0.8
_LENGTHS: Final = 1
"""A longer difference is a name of its own, such as one for another language."""
_SHORT: Final = frozenset({"not", "if", "then", "else"})
"""Too near to other words, such as a note."""


def meant_keyword(key: str) -> str:
    """Return the keyword that an unknown key is a slip of the pen for, or ""."""
    if key in KEYWORDS or key in _OLDER or key.startswith("x-"):
        return ""
    folded = {
        each.lower(): each
        for each in KEYWORDS.keys() - _SHORT
        if abs(len(each) - len(key)) <= _LENGTHS
    }
    near = get_close_matches(key.lower(), sorted(folded), n=1, cutoff=_NEAR)
    return folded[near[0]] if near else ""


def invalid_words(schema: object, path: DataPath) -> str:
    """Say what is wrong with a part of something that is no schema, or "".

    Args:
        schema: The whole.
        path: The part that the schema of schemas refuses.
    """
    words = [key for key in path if isinstance(key, str)]
    keyword = next((key for key in reversed(words) if key in KEYWORDS), "")
    value = _at(schema, path)
    if keyword == "type":
        return _type_words(value)
    if keyword == "pattern":
        return _pattern_words(value)
    if keyword == "patternProperties" and isinstance(value, dict):
        found = [_pattern_words(each) for each in cast("dict[object, object]", value)]
        return next(filter(None, found), "")
    if path and path[-1] == keyword and KEYWORDS[keyword]:
        return f"{keyword} must be {KEYWORDS[keyword]}"
    if not isinstance(value, dict | bool):
        return f"this must be {_SCHEMA}"
    return ""


def _type_words(value: object) -> str:
    given = cast("list[object]", value) if isinstance(value, list) else [value]
    for each in given:
        if each in _TYPES:
            continue
        if not isinstance(each, str):
            break
        other = _OTHER_NAMES.get(each.lower(), "")
        near = f"; did you mean {other}?" if other else suggestion(each, _TYPES)
        return "there is no such type" + (near or f", only {', '.join(_TYPES)}")
    return f"type must be {KEYWORDS['type']}"


def _pattern_words(value: object) -> str:
    if not isinstance(value, str):
        return "pattern must be text"
    try:
        re.compile(value)
    except re.error as error:
        where = "" if error.pos is None else f", at character {error.pos + 1}"
        return f"the pattern is no regular expression: {error.msg}{where}"
    except (RecursionError, OverflowError):
        return "the pattern is too large"
    return ""


def _at(value: object, path: DataPath) -> object:
    for key in path:
        value = cast("dict[str | int, object]", value)[key]
    return value
