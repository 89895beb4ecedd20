"""One thing to check: a file, a part of a page, standard input, or a project's folder.

It loads itself when it is first looked at, and knows neither rules nor other targets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, decode, read_regular
from collector_lint.lines import Lines
from collector_lint.loader import parse
from collector_lint.spans import Span, spans

if TYPE_CHECKING:
    from collector_lint.document import DataPath, Document, Position
    from collector_lint.findings import Finding
    from collector_lint.rule import Kind

_WORD = re.compile(r"[^\s,\[\]{}#]*")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class Target:
    """One thing to check.

    Attributes:
        name: What it is called in findings.
        kind: What it is.
        folder: Where names of other files in it start.
        path: The file, or for a project the folder; None where the text came from
            elsewhere.
        data: Bytes of the file; empty for a project.
        unread: What was found when it could not be read.
        fixable: Whether the file may be changed in order to mend it.
        part: The one file of a project that is looked at, as it was named; `data` is
            what stands in it, or will once an editor has saved it.
    """

    name: str
    kind: Kind
    folder: Path
    path: Path | None = None
    data: bytes = field(default=b"", repr=False)
    unread: tuple[Finding, ...] = ()
    fixable: bool = True
    part: str = ""

    @cached_property
    def file(self) -> Target:
        """The file that findings are about: of a part of a project, that part."""
        if not self.part:
            return self
        return Target(self.part, "config", self.folder, data=self.data, fixable=False)

    @cached_property
    def loaded(self) -> tuple[Document | None, tuple[Finding, ...]]:
        """The document, or None, and the mistakes in its syntax."""
        if self.unread or self.kind == "project":
            return None, self.unread
        # The loader tells JSON from YAML by the name.
        return parse(self.data, self.name)

    @property
    def document(self) -> Document | None:
        """The document, or None where nothing could be built."""
        return self.loaded[0]

    @property
    def is_json(self) -> bool:
        """Whether JSON's rules hold."""
        return self.name.endswith(".json")

    @property
    def is_marked(self) -> bool:
        """Whether the file starts with a byte order mark."""
        return self.data.startswith(_MARK)

    @cached_property
    def text(self) -> str:
        """The text without a byte order mark; empty where it cannot be decoded."""
        return decode(self.data, self.name)[0] or ""

    @cached_property
    def spans(self) -> tuple[tuple[Span, ...], bool]:
        """Every scalar in order, and whether the text could be read to its end."""
        return spans(self.text, is_json=self.is_json)

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text, as editors count them."""
        return Lines(self.text)

    @property
    def starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        return self.lines.starts

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; both count from 1."""
        starts = self.starts
        return starts[min(line, len(starts)) - 1] + column - 1

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, of an offset."""
        return self.lines.line_of(offset)

    def span_at(self, line: int, column: int) -> Span | None:
        """Return the scalar that starts at a place, or None."""
        offset = self.offset(line, column)
        return next((each for each in self.spans[0] if each.start == offset), None)

    def word(self, position: Position) -> str:
        """Return what is written at a place, up to a space or a bracket."""
        match = _WORD.match(self.text, self.offset(position.line, position.column))
        return match[0] if match else ""

    def mapping(self, path: DataPath) -> dict[str, object]:
        """Return a copy of the mapping at a path; an empty one if there is none."""
        return dict(self.document.mapping(path)) if self.document else {}


def target_of(name: str) -> Target:
    """Return a file that is no target of a run; empty where it cannot be read."""
    file = Path(name)
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
    except UnreadableError:
        data = b""
    return Target(name, "config", file.absolute().parent, file, data)
