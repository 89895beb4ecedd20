"""Finds the configurations that a page of Markdown shows whole.

A fenced block marked `yaml complete` is one; other blocks are parts of something.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = re.compile(
    r"^```(?:yaml|yml) complete[ \t]*\n(?P<text>.*?)^```[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def complete_blocks(page: str) -> Iterator[str]:
    """Yield each block with as many empty lines before it as the page has there.

    So a place in the block is the same place in the page.
    """
    for match in _BLOCK.finditer(page):
        yield "\n" * page.count("\n", 0, match.start("text")) + match["text"]
