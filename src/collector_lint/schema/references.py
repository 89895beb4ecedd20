"""Where the `$ref`s of a schema are, and which of them lead back to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.document import DataPath

ENDLESS: Final = "the schema refers to itself without end"
_REF: Final = "$ref"
_SAME_VALUE: Final = ("not", "if", "then", "else")
_SAME_VALUE_LISTS: Final = ("allOf", "anyOf", "oneOf")
_VALUES: Final = frozenset({"const", "enum", "default", "examples"})
"""Keywords whose values are no schemas."""


def place_of(schema: object, reference: str) -> DataPath:
    """Return where a schema has a `$ref`, or its root."""
    places = (path for path, text in _references(schema, ()) if text == reference)
    return next(places, ())


def endless(schema: Mapping[str, object]) -> DataPath | None:
    """Return the place of the first `$ref` that leads back to itself, or None.

    Only ways inside one file count, and only those on which the checked value stays
    the same: one that leads into a property ends where the data does.
    """
    own = str(schema.get("$id", ""))
    finder = _Finder(schema, own)
    return next(
        (path for path, _ in _references(schema, ()) if finder.leads_back(path[:-1])),
        None,
    )


def _references(value: object, path: DataPath) -> Iterator[tuple[DataPath, str]]:
    if isinstance(value, dict):
        for key, child in cast("dict[str, object]", value).items():
            if key == _REF and isinstance(child, str):
                yield (*path, key), child
            elif key not in _VALUES or path[-1:] == ("properties",):
                yield from _references(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(cast("list[object]", value)):
            yield from _references(child, (*path, index))


class _Finder:
    def __init__(self, schema: Mapping[str, object], own: str) -> None:
        self._schema = schema
        self._own = own

    def leads_back(self, start: DataPath) -> bool:
        """Tell whether a `$ref` at a place leads to that place again."""
        reached: set[DataPath] = set()
        waiting = list(self._behind_reference(start))
        while waiting:
            path = waiting.pop()
            if path == start:
                return True
            if path not in reached:
                reached.add(path)
                waiting += self._behind_reference(path)
                waiting += self._beside(path)
        return False

    def _behind_reference(self, path: DataPath) -> Iterator[DataPath]:
        node = self._at(path)
        given = cast("dict[str, object]", node) if isinstance(node, dict) else {}
        text = given.get(_REF)
        if not isinstance(text, str):
            return
        base, _, pointer = text.partition("#")
        if base not in {"", self._own} or (pointer and pointer[0] != "/"):
            return
        target = self._resolved(pointer)
        if target is not None:
            yield target

    def _beside(self, path: DataPath) -> Iterator[DataPath]:
        """Yield the schemas below one that look at the same value."""
        node = self._at(path)
        if not isinstance(node, dict):
            return
        given = cast("dict[str, object]", node)
        yield from ((*path, key) for key in _SAME_VALUE if key in given)
        for key in _SAME_VALUE_LISTS:
            group = given.get(key)
            if isinstance(group, list):
                entries = cast("list[object]", group)
                yield from ((*path, key, index) for index in range(len(entries)))

    def _resolved(self, pointer: str) -> DataPath | None:
        path: DataPath = ()
        for part in pointer.split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            node = self._at(path)
            is_index = isinstance(node, list) and name.isascii() and name.isdigit()
            path = (*path, int(name) if is_index else name)
            if self._at(path) is None:
                return None
        return path

    def _at(self, path: DataPath) -> object:
        value: object = self._schema
        for key in path:
            if isinstance(value, dict):
                value = cast("dict[object, object]", value).get(key)
            elif isinstance(value, list) and isinstance(key, int):
                entries = cast("list[object]", value)
                value = entries[key] if key < len(entries) else None
            else:
                return None
        return value
