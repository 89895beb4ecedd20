"""Where scalars stand in a text: what masks and mends need to know.

It walks over tokens, so that it also knows the part before a mistake. It knows
nothing of what the data means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON: Final = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*")(?P<key>\s*:)?|(?P<other>[^\s{}\[\],:"]+)', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Span:
    """One scalar as written, quotes included; offsets count characters from 0."""

    start: int
    end: int
    is_key: bool
    is_plain: bool


def spans(text: str, *, is_json: bool) -> tuple[tuple[Span, ...], bool]:
    """Return every scalar in order, and whether the text could be read to its end."""
    if is_json:
        return tuple(_json_spans(text)), True
    found: list[Span] = []
    try:
        _collect(text, found)
    except yaml.YAMLError:
        return tuple(found), False
    return tuple(found), True


def _collect(text: str, found: list[Span]) -> None:
    key = False
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.KeyToken):
            key = True
        elif isinstance(token, yaml.ScalarToken):
            start, end = _marks(token)
            found.append(Span(start, end, key, not token.style))
            key = False
        elif not isinstance(token, yaml.AnchorToken | yaml.TagToken):
            key = False


def _marks(token: yaml.ScalarToken) -> tuple[int, int]:
    return token.start_mark.index, token.end_mark.index


def _json_spans(text: str) -> Iterator[Span]:
    for match in _JSON.finditer(text):
        name = "text" if match["text"] is not None else "other"
        start, end = match.span(name)
        yield Span(start, end, match["key"] is not None, name == "other")
