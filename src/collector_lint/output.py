"""Writes to a terminal with colours, to a pipe without. It knows no findings."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.reports.text import Piece


def is_coloured() -> bool:
    """Tell whether standard output shows colours and the user wants them."""
    if os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def show(pieces: Iterable[Piece]) -> None:
    """Write pieces to standard output."""
    if not is_coloured():
        for text, _ in pieces:
            put(text)
        return
    from rich.console import Console  # noqa: PLC0415  (a pipe needs none of it)
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for text, style in pieces:
        console.print(Text(safe(text), style=style), end="")


def put(text: str) -> None:
    """Write a text as it is, but without what could control a terminal."""
    sys.stdout.write(safe(text))


def safe(text: str) -> str:
    """Return a text in which names of files cannot move the cursor."""
    return "".join(
        each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text
    )
