"""Writes to a terminal with colours, to a pipe without. It knows no findings.

Whatever happens to standard output is told in one way, never as a traceback.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from collector_lint.reports.text import Piece

_NARROW: Final = 20
"""A narrower terminal breaks lines itself: nothing could be read in them."""
_FONT: Final = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Fonts that a picture would fetch from elsewhere."""


class OutputError(Exception):
    """Standard output cannot be written; the message says why."""


class ReaderGoneError(OutputError):
    """Whoever read standard output has ended, as `head` does: that is no mistake."""


def is_coloured() -> bool:
    """Tell whether standard output shows colours and the user wants them."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(sys.stdout) and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int | None:
    """Return how wide the terminal is; None where standard output is none."""
    if not sys.stdout or not sys.stdout.isatty():
        return None
    return max(shutil.get_terminal_size().columns, _NARROW)


def show(pieces: Iterable[Piece]) -> None:
    """Write pieces to standard output.

    Raises:
        OutputError: It cannot be written.
    """
    if not is_coloured():
        for text, _ in pieces:
            put(text)
        return
    from rich.console import Console  # noqa: PLC0415  (a pipe needs none of it)
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for text, style in pieces:
        with _told():
            console.print(Text(_fitting(safe(text)), style=style), end="")


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
    """Write a text as it is, but without what could control a terminal.

    Raises:
        OutputError: It cannot be written.
    """
    put_report(safe(text))


def put_report(text: str) -> None:
    """Write a text for programs, every character of it.

    Raises:
        OutputError: It cannot be written.
    """
    if sys.stdout:  # None where it was closed before the start
        with _told():
            sys.stdout.write(_fitting(text))


def put_exact(text: str) -> None:
    """Write a text as UTF-8, whatever the encoding of standard output is.

    Raises:
        OutputError: It cannot be written.
    """
    if sys.stdout:
        with _told():
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8"))


def finish() -> None:
    """Write what is still in the buffer; an end without that may lose it.

    Raises:
        OutputError: It cannot be written.
    """
    if sys.stdout:
        with _told():
            sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line to standard error, if that is possible at all."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(safe(f"{text}\n"))
        sys.stderr.flush()


def discard() -> None:
    """Let what is still in the buffer go nowhere: Python tries again at its end."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except OSError as error:
        discard()
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from error
        message = f"standard output cannot be written: {error.strerror}"
        raise OutputError(message) from error


def _fitting(text: str) -> str:
    """Return a text without what the encoding of standard output has not."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def safe(text: str) -> str:
    """Return a text in which names of files cannot move the cursor."""
    return "".join(
        each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text
    )
