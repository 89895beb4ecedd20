"""The documentation as tests see it: pages, tables, snippets.

It knows Markdown's forms, not what the pages should say.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCE: Final = re.compile(
    r"^```(?P<form>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CODE: Final = re.compile(r"`([^`\n]+)`")


def page(name: str) -> str:
    """Return the text of a page, named from the top level."""
    return (ROOT / name).read_text(encoding="utf-8")


def snippets(text: str) -> Iterator[tuple[str, str]]:
    """Yield form and text of each fenced block; the form is e.g. `yaml complete`."""
    for match in _FENCE.finditer(text):
        yield match["form"], match["text"]


def prose(text: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", text)


def code_words(text: str) -> list[str]:
    """Return everything written as inline code, in order."""
    return _CODE.findall(prose(text))


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next heading of any level."""
    pattern = rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)"
    match = re.search(pattern, prose(text), re.MULTILINE | re.DOTALL)
    assert match, f"there is no heading {heading!r}"
    return match[1]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all table rows, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [i for i, line in enumerate(lines) if set(line) <= set("|- ")]
    outside = {*rules, *(i - 1 for i in rules)}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for i, line in enumerate(lines)
        if i not in outside
    ]


def first_words(text: str) -> list[str]:
    """Return the inline code in the first cell of each table row."""
    return [word for row in rows(text) for word in _CODE.findall(row[0])]
