"""Writes a commented YAML file to start from, out of a schema and the least data.

What must be filled in is left empty, or names an environment variable where it is a
secret: a check names each such place. Everything else that may be set is there behind
a `#`, with its default or an example. It knows no schema by name.
"""

from __future__ import annotations

import re
import textwrap
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from collector_lint.publishing.nodes import Nodes
from collector_lint.publishing.words import NOT_EMPTY, range_words, value_text
from collector_lint.schema.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from collector_lint.publishing.nodes import Node

_Keys: TypeAlias = tuple[str, ...]
_WIDTH: Final = 88
_NUMBERS: Final = ("integer", "number")
_STEP: Final = "  "
_SETTING: Final = re.compile(r"(?P<space> *)#(?=\S|  )(?P<text>.*)")
"""A setting that is not in use; words have one space behind the `#`."""


class Start:
    """A file to start from.

    Args:
        schema: Self-contained; it has an `$id`.
        data: An example that the schema accepts.
        kept: Places whose keys and values are there whether they are needed or not.
        instant: The example of instants; "" for those of the schema.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        data: Mapping[str, Any],
        kept: Collection[_Keys],
        instant: str = "",
    ) -> None:
        self._nodes = Nodes(schema)
        self._schema_id = str(schema["$id"])
        self._engine = Engine({self._schema_id: schema})
        self._kept = frozenset(kept)
        self._instant = instant
        self._data = deepcopy(dict(data))
        self._shrink(self._data, ())

    @property
    def data(self) -> dict[str, Any]:
        """The least data, with examples where the file leaves a gap."""
        return self._data

    def lines(self) -> Iterator[str]:
        """Yield the lines of the file."""
        yield from self._block(self._nodes.root, ())

    def _shrink(self, part: dict[str, Any], path: _Keys) -> None:
        for key in list(part):
            where = (*path, key)
            value = part.pop(key)
            if where not in self._kept and self._is_valid(self._data):
                continue
            part[key] = value
            if inner := _mapping(value):
                self._shrink(inner, where)
        order = list(self._nodes.properties(self._node(path), part))
        known = {key: part[key] for key in order if key in part}
        others = {key: part[key] for key in part if key not in known}
        part.clear()
        part.update({**known, **others})

    def _is_valid(self, data: object) -> bool:
        return not self._engine.violations(self._schema_id, data)

    def _node(self, path: _Keys) -> Node:
        node, data = self._nodes.root, self._data
        for key in path:
            node = self._nodes.child(node, key, data)
            data = _mapping(data.get(key))
        return node

    def _value(self, path: _Keys) -> Any:
        value: Any = self._data
        for key in path:
            value = _mapping(value).get(key)
        return value

    def _block(self, node: Node, path: _Keys) -> Iterator[str]:
        given = _mapping(self._value(path))
        for key in given:
            yield from self._used(self._nodes.child(node, key, given), (*path, key))
        for key, child in self._nodes.properties(node, given).items():
            if key not in given and not child.get("deprecated"):
                yield from self._unused(child, (*path, key))

    def _used(self, node: Node, path: _Keys) -> Iterator[str]:
        indent = _STEP * (len(path) - 1)
        value = self._value(path)
        if not indent:
            yield ""
        yield from _comment(node, indent)
        if isinstance(value, dict) or (value is None and "properties" in node):
            yield f"{indent}{value_text(path[-1])}:"
            yield from self._block(node, path)
        else:
            yield f"{indent}{value_text(path[-1])}:{self._filling(node, path)}"

    def _filling(self, node: Node, path: _Keys) -> str:
        value = self._value(path)
        if path in self._kept or "enum" in node or "const" in node:
            return f" {value_text(value)}"
        if node.get("writeOnly"):
            return f" {_variable(node, path)}"
        return f"  # fill in, for example: {value_text(value)}"

    def _unused(self, node: Node, path: _Keys) -> Iterator[str]:
        shown = node.get("default", next(iter(node.get("examples", ())), None))
        if self._instant and node.get("format") == "date-time":
            shown = self._instant
        if not self._fits(path, shown):
            return
        indent = _STEP * (len(path) - 1)
        yield from _comment(node, indent)
        children = self._nodes.properties(node, None)
        if children and not node.get("required"):
            yield f"{indent}#{path[-1]}:"
            for key, child in children.items():
                if not child.get("deprecated"):
                    yield from _hidden(self._unused(child, (*path, key)), indent)
        else:
            yield f"{indent}#{path[-1]}: {_suggestion(node, path, shown)}"

    def _fits(self, path: _Keys, value: object) -> bool:
        """Return whether the data would still be valid with this beside it."""
        data: Any = deepcopy(self._data)
        part = data
        for key in path[:-1]:
            if not isinstance(part.get(key), dict):
                part[key] = {}
            part = part[key]
        part[path[-1]] = value
        return self._is_valid(data)


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _variable(node: Node, path: _Keys) -> str:
    reference = f"${{{path[-1].upper()}}}"
    # Without quotes a secret of digits only would be a number.
    return reference if node.get("type") in _NUMBERS else f'"{reference}"'


def _suggestion(node: Node, path: _Keys, shown: object) -> str:
    if "default" in node:
        return value_text(shown)
    if node.get("writeOnly"):
        return f"{_variable(node, path)}  # for example: {value_text(shown)}"
    return f"{value_text(shown)}  # for example"


def _hidden(lines: Iterator[str], indent: str) -> Iterator[str]:
    """Move the `#` of inner settings below the one of the key above them."""
    for line in lines:
        inner = _SETTING.fullmatch(line.removeprefix(indent))
        yield f"{indent}#{inner['space']}{inner['text']}" if inner else line


def _comment(node: Node, indent: str) -> Iterator[str]:
    limits = ", ".join(each for each in range_words(node) if each != NOT_EMPTY)
    words = [str(node.get("description", ""))]
    words += [f"{limits[0].upper()}{limits[1:]}."] if limits else []
    width = max(_WIDTH - len(indent) - 2, 40)
    for line in textwrap.wrap(
        " ".join(words), width, break_long_words=False, break_on_hyphens=False
    ):
        yield f"{indent}# {line}"
