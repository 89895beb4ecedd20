"""Finds the configurations that a page of Markdown shows whole.

A fenced block marked `yaml complete` is one, also in a list, where it is indented;
other blocks are parts of something. Source: CommonMark, "Fenced code blocks".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE: Final = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})(?P<words>[^\n]*)")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_COMPLETE: Final = re.compile(r"\s*(?:yaml|yml) complete\s*")


def complete_blocks(page: str) -> Iterator[str]:
    """Yield each block with as many empty lines before it as the page has there.

    So a place in the block is the same place in the page. An indented block stays
    indented, which YAML reads as if it were not.
    """
    fence = ""
    wanted = False
    block: list[str] = []
    for number, line in enumerate(_LINE.findall(page)):
        match = _FENCE.match(line)
        if not fence and match:
            fence = match["fence"]
            wanted = _COMPLETE.fullmatch(match["words"]) is not None
            block = ["\n"] * (number + 1)
        elif fence and match and _closes(match, fence):
            if wanted:
                yield "".join(block)
            fence = ""
        elif fence:
            block.append(line)
    if fence and wanted:  # a block that nothing closes ends with the page
        yield "".join(block)


def _closes(match: re.Match[str], fence: str) -> bool:
    return match["fence"].startswith(fence) and not match["words"].strip()
