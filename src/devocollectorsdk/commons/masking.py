"""Masks values of an event, wherever its entries lead.

It fails closed: what cannot be masked as asked is masked otherwise and reported,
and one entry's trouble leaves no other undone. What is given is never changed:
only the containers on the way to a masked value are copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from devocollectorsdk.commons.collector_exceptions import SdkObfuscationError
from devocollectorsdk.commons.masks import Masks, Problem, Replacement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATH_MISSING = 1200
UNSUPPORTED_TYPE = 1202
PATH_ACCESS = 1203
_ANY = "*"

Part: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Entry:
    """One value to mask, or many where its path holds `*`."""

    path: tuple[Part, ...]
    replacement: Replacement


@dataclass(frozen=True, slots=True)
class Report:
    """What happened at one path of one entry."""

    path: tuple[Part, ...]
    problem: Problem

    def error(self) -> SdkObfuscationError:
        """Return the contract's exception for it."""
        where = ".".join(map(str, self.path))
        return SdkObfuscationError(
            self.problem.sub_code, f"{where} {self.problem.text}"
        )


def read_entries(entries: Any) -> tuple[Entry, ...]:
    """Read `[{name: [...], value?, string_patterns?}, ...]`.

    Raises:
        SdkObfuscationError: 1203 or 1202, an entry has another form. It is an error
            rather than a warning, because data would go out unmasked.
    """
    if entries is None:
        return ()
    if not isinstance(entries, list | tuple):
        raise SdkObfuscationError(
            PATH_ACCESS, f"the entries are a list, not {type(entries).__name__}"
        )
    given = cast("list[Any]", entries)
    return tuple(read_entry(number, entry) for number, entry in enumerate(given, 1))


def read_entry(number: int, entry: Any) -> Entry:
    """Read one entry; `number` is what errors call it. Raises as `read_entries`."""
    fields = cast("dict[str, Any]", entry if isinstance(entry, dict) else {})
    path = _path(fields)
    if not path:
        _refuse(number, PATH_ACCESS, "needs a name: a list of keys, `*` for any")
    if any(isinstance(part, bool) or not isinstance(part, str | int) for part in path):
        _refuse(number, PATH_ACCESS, "has a name with parts that are no keys")
    patterns = _read_patterns(number, fields.get("string_patterns"))
    value = fields.get("value")
    return Entry(path, Replacement(value is not None, value, patterns))


def _path(fields: dict[str, Any]) -> tuple[Any, ...]:
    name = fields.get("name")
    if isinstance(name, str):
        return (name,) if name else ()
    return tuple(cast("list[Any]", name)) if isinstance(name, list | tuple) else ()


def _read_patterns(number: int, given: Any) -> tuple[re.Pattern[str], ...]:
    patterns: Any = [given] if isinstance(given, str) else given or []
    if not isinstance(patterns, list):
        _refuse(number, UNSUPPORTED_TYPE, "has string_patterns that are no list")
    try:
        return tuple(re.compile(each) for each in cast("list[Any]", patterns))
    except re.error as error:
        # Its own text may quote the pattern, and so what the pattern is to hide.
        place = f", at character {error.pos + 1}" if error.pos is not None else ""
        text = f"has a string pattern that is no regular expression{place}"
        _refuse(number, UNSUPPORTED_TYPE, text)
    except TypeError:
        _refuse(number, UNSUPPORTED_TYPE, "has a string pattern that is no text")


def _refuse(number: int, sub_code: int, text: str) -> NoReturn:
    raise SdkObfuscationError(sub_code, f"entry {number} {text}") from None


def merged(developer: Any, user: Any) -> list[Any]:
    """Join the entries of a definition and of a user, as they are written.

    A user's entries take the place of the developer's of the same name; the others
    follow. Several entries of one author for one name all count.

    Raises:
        SdkObfuscationError: An entry has another form than `read_entries` takes.
    """
    taken = {entry.path for entry in read_entries(user)}
    kept = [
        written
        for written, entry in zip(developer or [], read_entries(developer), strict=True)
        if entry.path not in taken
    ]
    return [*kept, *(user or [])]


class Masking:
    """Applies entries to events, one after the other.

    Args:
        entries: What to mask.
        masks: Used where an entry names no value.
        check_types: Whether a replacement must have the type of what it replaces.
    """

    def __init__(
        self, entries: Iterable[Entry], masks: Masks, *, check_types: bool = True
    ) -> None:
        self._entries = tuple(entries)
        self._masks = masks
        self._check_types = check_types

    def masked(self, data: Any) -> tuple[Any, list[Report]]:
        """Return masked data, and what could not be done as asked."""
        reports: list[Report] = []
        for entry in self._entries:
            found: list[Problem | None] = []
            data = self._walk(data, entry.path, entry.replacement, found.append)
            if not found:
                found = [Problem(PATH_MISSING, "is not there")]
            reports += [Report(entry.path, each) for each in found if each]
        return data, reports

    def _walk(
        self,
        node: Any,
        path: tuple[Part, ...],
        replacement: Replacement,
        found: Callable[[Problem | None], None],
    ) -> Any:
        if not path:
            value, problem = replacement.masked(
                node, self._masks, check_types=self._check_types
            )
            found(problem)
            return value

        def below(child: Any) -> Any:
            return self._walk(child, path[1:], replacement, found)

        def beside(child: Any) -> Any:
            return self._walk(child, path, replacement, found)

        match node:
            case dict():
                return _in_dict(cast("dict[Any, Any]", node), path[0], below)
            case list() | tuple():
                return _in_list(list(cast("list[Any]", node)), path[0], below, beside)
            case str() if node:
                # It may be the JSON of what the path means to reach.
                text = f"is within a text, not in fields: {path[0]} is not reached"
                found(Problem(PATH_ACCESS, text))
                return self._masks.of(node)
            case _:
                return node


def _in_dict(node: dict[Any, Any], part: Part, below: Callable[[Any], Any]) -> Any:
    keys = [key for key in node if part == _ANY or _same(key, part)]
    return {**node, **{key: below(node[key]) for key in keys}} if keys else node


def _in_list(
    node: list[Any],
    part: Part,
    below: Callable[[Any], Any],
    beside: Callable[[Any], Any],
) -> list[Any]:
    """Mask in a list: at an index, everywhere, or within each of its elements."""
    if part == _ANY:
        return [below(child) for child in node]
    return [
        below(child)
        if _same(index, part)
        else (beside(child) if isinstance(child, dict | list | tuple) else child)
        for index, child in enumerate(node)
    ]


def _same(key: Any, part: Part) -> bool:
    return key == part or str(key) == str(part)
