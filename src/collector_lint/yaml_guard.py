"""Refuses hostile YAML by looking at its events, before anything is built from it.

libyaml's composer crashes the process on deep nesting, and a few nested aliases
describe billions of values; its event parser has neither weakness.
It knows nothing of tags, keys or values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from collector_lint import codes
from collector_lint.document import START, Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.lines import Lines

MAX_DEPTH = 50
MAX_ALIASES = 100
MAX_NODES = 50_000
"""Bounds; depth and nodes are counted as if every alias were written out."""


class RefusedError(Exception):
    """The text must not be built.

    Attributes:
        position: Where the text goes wrong.
        code: Code of the finding.
        hint: How to mend it, or "".
    """

    def __init__(
        self, message: str, position: Position, code: str, *, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.position = position
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class _Size:
    """What a node stands for once its aliases are written out."""

    nodes: int
    height: int


@dataclass(slots=True)
class _Open:
    anchor: str | None
    size: _Size


class _Guard:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._open: list[_Open] = []
        self._anchors: dict[str, _Size] = {}
        self._nodes = 0
        self._aliases = 0
        self._documents = 0
        self._empty: dict[str, int] = {}

    @property
    def idle_anchors(self) -> frozenset[int]:
        """Offset of every empty value with an anchor that no alias uses."""
        return frozenset(self._empty.values())

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._add(_Size(1, 1), event)
            self._name(event.anchor, _Size(1, 1))
            if event.anchor and not event.value and not event.style:
                self._empty[event.anchor] = _offset(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document starts here"
            hint = "one file holds one document: remove the line with ---"
            raise RefusedError(
                message, place(event, self._lines), codes.DOCUMENTS, hint=hint
            )

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        self._add(_Size(1, 1), event)
        self._open.append(_Open(event.anchor, _Size(1, 1)))

    def _end(self) -> None:
        done = self._open.pop()
        self._name(done.anchor, done.size)
        if self._open:
            above = self._open[-1].size
            # The parent counted this node itself when it started.
            above.nodes += done.size.nodes - 1
            above.height = max(above.height, done.size.height + 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            message = f"more than {MAX_ALIASES} aliases"
            raise RefusedError(message, place(event, self._lines), codes.LIMIT)
        hint = "a text that starts with * must be in quotes"
        if any(above.anchor == event.anchor for above in self._open):
            message = "the alias stands for something that contains it"
            raise RefusedError(
                message, place(event, self._lines), codes.ALIAS, hint=hint
            )
        if event.anchor not in self._anchors:
            message = "the alias stands for an anchor that is not set before"
            raise RefusedError(
                message, place(event, self._lines), codes.ALIAS, hint=hint
            )
        self._empty.pop(event.anchor, None)
        self._add(self._anchors[event.anchor], event)

    def _add(self, size: _Size, event: yaml.Event) -> None:
        self._nodes += size.nodes
        if self._nodes > MAX_NODES:
            message = f"more than {MAX_NODES} values"
            raise RefusedError(message, place(event, self._lines), codes.LIMIT)
        if len(self._open) + size.height > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            raise RefusedError(message, place(event, self._lines), codes.LIMIT)
        if self._open:
            above = self._open[-1].size
            above.nodes += size.nodes
            above.height = max(above.height, size.height + 1)

    def _name(self, anchor: str | None, size: _Size) -> None:
        if anchor is not None:
            self._anchors[anchor] = size


def place(marked: yaml.Event | yaml.Node, lines: Lines) -> Position:
    """Return where an event or node starts; a made-up one is at the very start."""
    # The mark's own line would count U+2028 and the like.
    mark = marked.start_mark
    return START if mark is None else Position(*lines.place(mark.index))


def _offset(event: yaml.Event) -> int:
    return -1 if event.start_mark is None else event.start_mark.index


def guard(lines: Lines) -> frozenset[int]:
    """Read all events of a text.

    Returns:
        Offset of every empty value with an anchor that no alias uses: most likely a
        text that starts with `&`.

    Raises:
        RefusedError: The text is beyond a bound, or its aliases do not resolve.
        yaml.YAMLError: The text is not YAML.
    """
    checker = _Guard(lines)
    events: Iterator[yaml.Event] = yaml.parse(lines.text, Loader=yaml.CSafeLoader)
    for event in events:
        checker.take(event)
    return checker.idle_anchors
