"""Writes to a terminal with colours, to a pipe without. It knows no findings."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.reports.text import Piece


_FONT: Final = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Fonts that a picture would fetch from elsewhere."""


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


def picture(pieces: Iterable[Piece], *, title: str, columns: int) -> str:
    """Return pieces as a picture of a terminal, in SVG; nothing is fetched by it."""
    import io  # noqa: PLC0415  (only pages need it)

    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        file=io.StringIO(),
        record=True,
        width=columns,
        highlight=False,
        force_terminal=True,
        color_system="truecolor",
    )
    for text, style in pieces:
        console.print(Text(safe(text), style=style), end="")
    drawn: str = console.export_svg(title=title, unique_id="lint")
    return _FONT.sub("", drawn)


def put(text: str) -> None:
    """Write a text as it is, but without what could control a terminal."""
    sys.stdout.write(safe(text))


def safe(text: str) -> str:
    """Return a text in which names of files cannot move the cursor."""
    return "".join(
        each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text
    )
