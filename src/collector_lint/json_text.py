"""From JSON text to plain data with places.

The json module says what the text means; a walk over its tokens says where. It knows
nothing of schemas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from collector_lint import codes
from collector_lint.document import DataPath, Document, Position, finding_at
from collector_lint.lines import Lines
from collector_lint.scalars import MAX_NUMBER_CHARS
from collector_lint.yaml_guard import MAX_DEPTH, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)

_NO_REFERENCE = "in JSON a reference is always text: write the value itself"


def parse_json(text: str, name: str) -> tuple[Document | None, list[Finding]]:
    """Build a document from JSON text.

    Returns:
        The document, or None when the text cannot be built, and every mistake found.
    """
    lines = Lines(text)
    refused = _beyond_bounds(text)
    if refused is not None:
        offset, message = refused
        return None, [finding_at(name, _position(lines, offset), codes.LIMIT, message)]
    try:
        data = cast("object", json.loads(text, parse_int=_integer))
    except json.JSONDecodeError as err:
        return None, [_syntax(name, lines, err)]
    places = _Places(name, lines)
    places.walk(text)
    document = Document(
        file=name,
        data=data,
        keys=_Placed(places.keys, lines),
        values=_Placed(places.values, lines),
        damaged=frozenset(places.damaged),
        quoted=places.quoted,
    )
    return document, places.findings


def _syntax(name: str, lines: Lines, err: json.JSONDecodeError) -> Finding:
    # Most files are right: they wait for none of this.
    from collector_lint.diagnosis.json_syntax import diagnose_json  # noqa: PLC0415

    found = diagnose_json(lines.text, err.msg, err.pos)
    place = _position(lines, found.offset)
    return finding_at(name, place, codes.SYNTAX, found.message, hint=found.hint)


def _position(lines: Lines, offset: int) -> Position:
    return Position(*lines.place(offset))


@dataclass(slots=True)
class _Open:
    """A list or mapping being walked; `key` is None where a key comes next."""

    path: DataPath
    key: str | int | None


class _Placed(Mapping[DataPath, Position]):
    """Places by paths, made of offsets when one is asked for: hardly any is."""

    def __init__(self, offsets: dict[DataPath, int], lines: Lines) -> None:
        self._offsets = offsets
        self._lines = lines

    def __getitem__(self, path: DataPath) -> Position:
        return _position(self._lines, self._offsets[path])

    def __iter__(self) -> Iterator[DataPath]:
        return iter(self._offsets)

    def __len__(self) -> int:
        return len(self._offsets)


class _Places:
    """Finds the offset of every key and value of a text that is valid JSON."""

    def __init__(self, name: str, lines: Lines) -> None:
        self._name = name
        self._lines = lines
        self._open: list[_Open] = []
        self.keys: dict[DataPath, int] = {}
        self.values: dict[DataPath, int] = {}
        self.damaged: set[DataPath] = set()
        self.quoted: dict[DataPath, str] = {}
        self.findings: list[Finding] = []

    def walk(self, text: str) -> None:
        for lexeme, offset in _tokens(text):
            if lexeme in "{[":
                path = self._value(offset)
                self._open.append(_Open(path, None if lexeme == "{" else 0))
            elif lexeme in "}]":
                self._open.pop()
            elif lexeme == ",":
                key = self._open[-1].key
                self._open[-1].key = key + 1 if isinstance(key, int) else None
            elif self._open and self._open[-1].key is None:
                self._key(cast("str", json.loads(lexeme)), offset)
            elif lexeme != ":":
                self._scalar(lexeme, offset)

    def _value(self, offset: int) -> DataPath:
        path: DataPath = ()
        if self._open:
            top = self._open[-1]
            path = (*top.path, cast("str | int", top.key))
        self.values[path] = offset
        return path

    def _key(self, key: str, offset: int) -> None:
        top = self._open[-1]
        top.key = key
        path = (*top.path, key)
        if path in self.keys:
            message = "the key is given twice"
            hint = "remove one of them"
            self._refuse(offset, codes.DUPLICATE_KEY, message, hint, top.path)
        self.keys[path] = offset

    def _scalar(self, lexeme: str, offset: int) -> None:
        path = self._value(offset)
        if "${" in lexeme:
            self.quoted[path] = _NO_REFERENCE
        if not lexeme.startswith('"') and len(lexeme) > MAX_NUMBER_CHARS:
            self.damaged.add(path)
            message = f"a number longer than {MAX_NUMBER_CHARS} characters"
            self._refuse(offset, codes.SCALAR, message, "", path)

    def _refuse(
        self, offset: int, code: str, message: str, hint: str, path: DataPath
    ) -> None:
        place = _position(self._lines, offset)
        finding = finding_at(self._name, place, code, message, path=path, hint=hint)
        self.findings.append(finding)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(text):
        yield match[0], match.start()


def _beyond_bounds(text: str) -> tuple[int, str] | None:
    """Return offset and reason of the first thing beyond a bound."""
    depth = 0
    nodes = 0
    for lexeme, offset in _tokens(text):
        depth += (lexeme in "{[") - (lexeme in "}]")
        nodes += lexeme not in "}],:"
        if depth > MAX_DEPTH:
            return offset, f"nested more than {MAX_DEPTH} levels deep"
        if nodes > MAX_NODES:
            return offset, f"more than {MAX_NODES} values"
    return None


def _integer(digits: str) -> int:
    """Convert a whole number; one that is too long gets its finding from the walk."""
    return int(digits) if len(digits) <= MAX_NUMBER_CHARS else 0
