"""Reading small files without trusting them: kind, size and encoding.

It knows nothing of what the text means.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_lint import codes
from collector_lint.document import Position, finding_at
from collector_lint.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from collector_lint.findings import Finding

MAX_FILE_BYTES = 1024 * 1024
"""Largest file that is parsed."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 256
"""How many bytes tell UTF-16; an even number."""
_UTF8_MARK = b"\xef\xbb\xbf"
_SAVE_AS_UTF8 = "save the file as UTF-8 text without a byte order mark"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


_UNSAVED: Final[ContextVar[tuple[str, bytes] | None]] = ContextVar(
    "unsaved", default=None
)


class UnreadableError(Exception):
    """A file cannot be used; the message says why, without its content."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of a regular file, and its permission bits."""

    data: bytes
    mode: int


@contextmanager
def standing_for(name: str, data: bytes) -> Generator[None]:
    """Let bytes stand for what a file holds, as long as this lasts.

    What an editor has not saved yet is checked by code that reads files.

    Args:
        name: The file's name; there must be such a file.
        data: What reading it gives.
    """
    token = _UNSAVED.set((os.path.abspath(name), data))  # noqa: PTH100
    try:
        yield
    finally:
        _UNSAVED.reset(token)


def read_regular(file: Path, *, max_bytes: int) -> Content:
    """Read a whole regular file; links are followed, because mounted secrets are links.

    Raises:
        UnreadableError: It is missing, no regular file, forbidden or too large.
    """
    try:
        # Without O_NONBLOCK opening a FIFO would wait for its writer for ever.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                message = "not a regular file"
                raise UnreadableError(message)
            data = stream.read(max_bytes + 1)
    except (OSError, ValueError) as err:
        reason = err.strerror if isinstance(err, OSError) else "not a file name"
        raise UnreadableError((reason or "unreadable").lower()) from err
    if len(data) > max_bytes:
        message = f"larger than {max_bytes} bytes"
        raise UnreadableError(message)
    unsaved = _UNSAVED.get()
    if unsaved is not None and os.path.abspath(file) == unsaved[0]:  # noqa: PTH100
        data = unsaved[1]
    return Content(data, stat.S_IMODE(status.st_mode))


def decode(data: bytes, name: str) -> tuple[str | None, list[Finding]]:
    """Return the text of UTF-8 bytes; None when there is nothing to parse.

    A byte order mark is a finding, but the text behind it is returned, so that
    other mistakes show in the same run.
    """
    if utf16_of(data):
        return None, [_encoding(name, "", "the file is UTF-16, not UTF-8")]
    findings: list[Finding] = []
    if data.startswith(_UTF8_MARK):
        findings.append(_encoding(name, "", "the file starts with a byte order mark"))
        data = data.removeprefix(_UTF8_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as err:
        before = data[: err.start].decode("utf-8")
        return None, [*findings, _encoding(name, before, "not UTF-8 from here on")]
    if control := _CONTROL.search(text):
        message = f"control character U+{ord(control[0]):04X}"
        before = text[: control.start()]
        return None, [*findings, _encoding(name, before, message, "remove it")]
    return text, findings


def utf16_of(data: bytes) -> str | None:
    """Return the name of the UTF-16 that bytes look like, or None.

    Without a byte order mark every second byte of such a text is 0, as far as its
    letters are Latin ones, and no other is.
    """
    if data.startswith(_UTF16_MARKS):
        return "utf-16"
    sample = data[:_SAMPLE]
    first, second = sample[::2], sample[1::2]
    for name, high, low in (
        ("utf-16-le", second, first),
        ("utf-16-be", first, second),
    ):
        if 2 * high.count(0) > len(high) > 1 and not low.count(0):
            return name
    return None


def _encoding(
    name: str, before: str, message: str, hint: str = _SAVE_AS_UTF8
) -> Finding:
    lines = Lines(before)
    line = len(lines)
    place = Position(line, len(before) - lines.starts[-1] + 1)
    return finding_at(name, place, codes.ENCODING, message, hint=hint)
