"""Lines of a checked file as they may be shown: no value that may be a secret.

Keys, punctuation and layout are shown; a value is shown where it is true, false, null
or one reference. In files that a developer ships (schemas, catalogues, definitions)
other values are shown, too, except beside a key that sounds like a secret.
Comments are never shown: they hold old values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint.findings import shown_key
from collector_lint.shown_line import HIDDEN, ShownLine, of_broken_json

if TYPE_CHECKING:
    from collector_lint.spans import Span
    from collector_lint.target import Target

_OPEN_KINDS: Final = frozenset({"schema", "catalogue", "definition"})
_HARMLESS: Final = re.compile(
    r"(?:true|false|yes|no|on|off|null|~|\$\{[A-Za-z_][A-Za-z0-9_]*\})", re.IGNORECASE
)
_LAYOUT: Final = re.compile(r"[ \t\-:,\[\]{}?]+|[^ \t\-:,\[\]{}?]+")
_KEY_ONLY: Final = re.compile(
    r"(?P<key>\s*(?:- +)*[A-Za-z0-9_.-]{1,64}[ \t]*:)(?=\s|$)"
)
_TIGHT_KEY: Final = re.compile(r"(?P<key>\s*[a-z][a-z_]{1,40}:)(?=\S)")
"""A key without the blank behind its colon, in a form that passwords do not have."""
_INDENT: Final = re.compile(r"(?P<key>\s*(?:- +)*)")
_KEYWORDS: Final = frozenset(
    {"$id", "$schema", "$ref", "$defs", "$comment", "$anchor", "$dynamicRef"}
)
"""Keys of JSON Schema; another text that starts with $ may be a password."""
_BLANK: Final = re.compile(r"\s")
_SECRET: Final = re.compile(
    r"pass(?:word|wd|phrase)?|secret|token|credential|private|api_?key|key_?id|"
    r"access_?key|proxy|signature|cookie|authorization",
    re.IGNORECASE,
)


def sounds_secret(key: str) -> bool:
    """Tell whether what stands beside a key is most likely a secret."""
    return _SECRET.search(key) is not None


def shown_line(target: Target, line: int, column: int) -> ShownLine:
    """Return a line as it may be shown.

    Args:
        target: The file.
        line: From 1.
        column: The place of interest, from 1.
    """
    spans, is_whole = target.spans
    raw = target.lines[line]
    if target.name.endswith(".py"):
        from collector_lint.python.line import of_python  # noqa: PLC0415  (seldom)

        python = of_python(target.text, line, column)
        return python or ShownLine(HIDDEN, 0, 1)
    if target.is_json and target.document is None:
        return of_broken_json(raw, column)
    if not is_whole or target.document is None:
        return _of_broken(raw, column)
    start = target.starts[line - 1]
    return _Masker(target, spans, start, start + len(raw)).line(start + column - 1)


def _of_broken(raw: str, column: int) -> ShownLine:
    forms = (_KEY_ONLY, _TIGHT_KEY, _INDENT)
    kept = next(match["key"] for form in forms if (match := form.match(raw)))
    rest = raw[len(kept) :]
    text = _BLANK.sub(" ", kept)
    if rest.strip():
        text += f" {HIDDEN}" if kept.endswith(":") and rest[0].isspace() else HIDDEN
    return ShownLine(text, min(column - 1, max(len(text) - 1, 0)), 1)


class _Masker:
    def __init__(
        self, target: Target, spans: tuple[Span, ...], start: int, end: int
    ) -> None:
        self._text = target.text
        self._is_open = target.kind in _OPEN_KINDS
        self._spans = spans
        self._start = start
        self._end = end
        self._pieces: list[str] = []
        self._length = 0
        self._place: tuple[int, int] | None = None

    def line(self, wanted: int) -> ShownLine:
        at = self._start
        key = ""
        for span in self._spans:
            if span.is_key:
                key = self._text[span.start : span.end].strip("\"'")
            if span.end <= self._start or span.start >= self._end:
                continue
            first, last = max(span.start, self._start), min(span.end, self._end)
            self._between(at, first, wanted)
            self._add(first, last, self._shown(span, first, last, key), wanted)
            at = last
        self._between(at, self._end, wanted)
        text = "".join(self._pieces)
        column, width = self._place or (len(text), 1)
        return ShownLine(text, column, max(width, 1))

    def _between(self, first: int, last: int, wanted: int) -> None:
        """Add what is no scalar: layout as it is, a comment or a tag hidden."""
        at = first
        for match in _LAYOUT.finditer(self._text, first, last):
            text = match[0]
            if text.startswith("#"):
                self._add(at, last, f"# {HIDDEN}", wanted)
                return
            shown = text if text[0] in " \t-:,[]{}?" else HIDDEN
            for index, character in enumerate(shown):
                ends = (
                    match.end()
                    if index == len(shown) - 1
                    else match.start() + index + 1
                )
                self._add(
                    match.start() + index, ends, character.replace("\t", " "), wanted
                )
            at = match.end()

    def _add(self, first: int, last: int, shown: str, wanted: int) -> None:
        if first <= wanted < last and self._place is None:
            self._place = (self._length, len(shown))
        self._pieces.append(shown)
        self._length += len(shown)

    def _shown(self, span: Span, first: int, last: int, key: str) -> str:
        raw = self._text[first:last]
        if span.is_key:
            plain = raw.strip("\"'")
            is_name = shown_key(plain) == plain or plain in _KEYWORDS
            return raw if is_name else HIDDEN
        if _HARMLESS.fullmatch(raw.strip("\"'")):
            return raw
        if self._is_open and not sounds_secret(key):
            return raw
        quote = raw[0] if raw[0] in "\"'" and len(raw) > 1 else ""
        return f"{quote}{HIDDEN}{quote}" if raw.strip() else raw
