"""What a lookup looks like: its name, its columns and its key.

Everything is checked once, when the table is described; rows are checked one by
one. Sub codes of `SdkLookupFactoryError`:

| Sub code | What is wrong |
|---|---|
| 1, 2, 3 | the name is not text; is too short or too long; has other characters |
| 4, 5 | the headers are not a list; are empty |
| 6, 7 | a header is not usable text; stands there twice |
| 8, 9 | the key is not text; is not one of the headers |
| 10, 11, 12 | field types are no list or dict; are not one for each header; unknown |
| 13 | the key's type can be no key |
| 14, 15, 16 | the sample row is not a list; has another length; holds other values |
| 17 | field types and sample row contradict each other |
| 18 | a historic tag was given |
| 19 | what was added is not a list |
| 20 | `send_start` or `send_end` is not a boolean |
| 21 | a job has an unknown action |

The numbers are ours; the contract fixes their range only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from devocollectorsdk.commons.collector_exceptions import SdkLookupFactoryError
from devocollectorsdk.message.lookup_types import (
    FIELD_TYPES,
    KEY_TYPES,
    column_type,
    kind,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devocollectorsdk.message.lookup_types import FieldType

_SHORTEST: Final = 6
_LONGEST: Final = 900
"""So that the longest tag made of it stays below the 1,024 characters of a tag."""
_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_HEADER: Final = re.compile(r'[^"\\\x00-\x1f\x7f]+')
"""What stands between quotes in the control message, unescaped."""


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A lookup without its rows.

    Attributes:
        name: Name of the lookup in Devo.
        headers: Names of the columns, in order.
        key_index: Which of them is the key, from 0.
        types: Type of each column, in order.
    """

    name: str
    headers: tuple[str, ...]
    key_index: int
    types: tuple[FieldType, ...]

    def objection(self, row: Any, *, to_remove: bool = False) -> str | None:
        """Say why a row cannot be taken, or return None.

        Args:
            row: A list or tuple of values in the order of the headers.
            to_remove: Whether the key alone is enough, too.
        """
        if not isinstance(row, list | tuple):
            return f"a row is a list of values, not {type(row).__name__}"
        values = cast("Sequence[Any]", row)
        if to_remove and len(values) == 1:
            return self._objection_to(self.key_index, values[0])
        if len(values) != len(self.headers):
            return f"{len(values)} value(s) for {len(self.headers)} header(s)"
        objections = map(self._objection_to, range(len(values)), values)
        return next(filter(None, objections), None)

    def _objection_to(self, index: int, value: Any) -> str | None:
        header, declared = self.headers[index], self.types[index]
        if value is None and index == self.key_index:
            return f'the key "{header}" is null'
        if takes(declared, value):
            return None
        return f'"{header}" is {declared}, the value is {kind(value)}'


def describe_table(
    lookup_name: Any,
    headers: Any,
    key: Any,
    field_types: Any = None,
    get_field_types_from: Any = None,
) -> LookupTable:
    """Check what a lookup shall look like.

    Args:
        lookup_name: 6 to 900 ASCII letters, digits and `_`.
        headers: Names of the columns.
        key: The header whose values are unique.
        field_types: A list of types in the order of the headers, or a dict from
            header to type.
        get_field_types_from: A sample row to tell the types from. Without either,
            every column is `str`, as in devo-sdk.

    Raises:
        SdkLookupFactoryError: 1 to 17, see above.
    """
    _check_name(lookup_name)
    columns = _columns(headers)
    if not isinstance(key, str):
        raise SdkLookupFactoryError(8, f"the key is text, not {type(key).__name__}")
    if key not in columns:
        raise SdkLookupFactoryError(9, f'the key "{key}" is not one of the headers')
    index = columns.index(key)
    types = _types(columns, field_types, get_field_types_from)
    if types[index] not in KEY_TYPES:
        allowed = ", ".join(KEY_TYPES)
        cause = f'the key "{key}" is {types[index]}; a key is one of: {allowed}'
        raise SdkLookupFactoryError(13, cause)
    return LookupTable(lookup_name, columns, index, types)


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        cause = f"the name of a lookup is text, not {type(name).__name__}"
        raise SdkLookupFactoryError(1, cause)
    if not _SHORTEST <= len(name) <= _LONGEST:
        cause = f'the name "{name}" has not {_SHORTEST} to {_LONGEST} characters'
        raise SdkLookupFactoryError(2, cause)
    if not _NAME.fullmatch(name):
        cause = f'the name "{name}" has other characters than letters, digits and _'
        raise SdkLookupFactoryError(3, cause)


def _columns(headers: Any) -> tuple[str, ...]:
    if not isinstance(headers, list | tuple):
        cause = f"the headers are a list, not {type(headers).__name__}"
        raise SdkLookupFactoryError(4, cause)
    names = tuple(cast("Sequence[Any]", headers))
    if not names:
        raise SdkLookupFactoryError(5, "there are no headers")
    for name in names:
        if not isinstance(name, str) or not _HEADER.fullmatch(name):
            cause = f"the header {name!r} is not text without quotes and \\"
            raise SdkLookupFactoryError(6, cause)
        if names.count(name) > 1:
            raise SdkLookupFactoryError(7, f'the header "{name}" stands there twice')
    return names


def _types(
    headers: tuple[str, ...], declared: Any, sample: Any
) -> tuple[FieldType, ...]:
    given = None if declared is None else _declared(headers, declared)
    told = None if sample is None else _told(headers, sample)
    if given and told:
        pairs = zip(headers, given, cast("Sequence[Any]", sample), strict=True)
        wrong = next((h for h, t, value in pairs if not takes(t, value)), None)
        if wrong is not None:
            cause = f'the field types and the sample row contradict: "{wrong}"'
            raise SdkLookupFactoryError(17, cause)
    return given or told or ("str",) * len(headers)


def _declared(headers: tuple[str, ...], declared: Any) -> tuple[FieldType, ...]:
    if isinstance(declared, dict):
        by_header = cast("dict[Any, Any]", declared)
        if set(by_header) != set(headers):
            cause = "the field types are not one for each header"
            raise SdkLookupFactoryError(11, cause)
        declared = [by_header[header] for header in headers]
    if not isinstance(declared, list | tuple):
        cause = f"the field types are a list or dict, not {type(declared).__name__}"
        raise SdkLookupFactoryError(10, cause)
    types = tuple(cast("Sequence[Any]", declared))
    if len(types) != len(headers):
        cause = f"{len(types)} field type(s) for {len(headers)} header(s)"
        raise SdkLookupFactoryError(11, cause)
    for one in types:
        if one not in FIELD_TYPES:
            cause = f"the field type {one!r} is not one of: {', '.join(FIELD_TYPES)}"
            raise SdkLookupFactoryError(12, cause)
    return types


def _told(headers: tuple[str, ...], sample: Any) -> tuple[FieldType, ...]:
    if not isinstance(sample, list | tuple):
        cause = f"the sample row is a list, not {type(sample).__name__}"
        raise SdkLookupFactoryError(14, cause)
    values = tuple(cast("Sequence[Any]", sample))
    if len(values) != len(headers):
        cause = f"{len(values)} sample value(s) for {len(headers)} header(s)"
        raise SdkLookupFactoryError(15, cause)
    types: list[FieldType] = []
    for header, value in zip(headers, values, strict=True):
        told = column_type(value)
        if told is None:
            cause = f'no column can hold the sample of "{header}", a {kind(value)}'
            raise SdkLookupFactoryError(16, cause)
        types.append(told)
    return tuple(types)
