"""Types of a lookup's columns, and which values a column takes.

Source: public contract of the SDK; devo-sdk's page about lookups for the names.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal, TypeAlias, get_args

FieldType: TypeAlias = Literal["str", "int", "int4", "int8", "float", "bool", "ip4"]
"""As Devo names them; `int` is `int8` there."""

FIELD_TYPES: Final[tuple[FieldType, ...]] = get_args(FieldType)
KEY_TYPES: Final[tuple[FieldType, ...]] = ("str", "ip4", "int")

_Detected: TypeAlias = Literal["str", "int", "float", "bool", "ip4", "null"]

_TAKEN: Final[dict[FieldType, frozenset[_Detected]]] = {
    "str": frozenset({"str", "ip4", "null"}),
    "int": frozenset({"int", "null"}),
    "int4": frozenset({"int", "null"}),
    "int8": frozenset({"int", "null"}),
    "float": frozenset({"float", "int", "null"}),
    "bool": frozenset({"bool", "null"}),
    "ip4": frozenset({"ip4", "null"}),
}
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP4: Final = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}", re.ASCII)


def detect(value: Any) -> _Detected | None:
    """Return the type a value has, or None when no column can hold it."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "ip4" if _IP4.fullmatch(value) else "str"
        case _:
            return None


def column_type(value: Any) -> FieldType | None:
    """Return the type of a column whose values look like this one.

    Returns:
        `str` for None, which tells nothing; None when no column can hold the value.
    """
    detected = detect(value)
    return "str" if detected == "null" else detected


def takes(declared: FieldType, value: Any) -> bool:
    """Tell whether a column of the declared type takes a value."""
    return detect(value) in _TAKEN[declared]


def kind(value: Any) -> str:
    """Name the type of a value in a reason, e.g. `str` or `dict`."""
    return detect(value) or type(value).__name__
