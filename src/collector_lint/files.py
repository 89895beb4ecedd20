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

_MARKS = {
    # That of UTF-32 begins with that of UTF-16.
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SAMPLE = 256
"""How many bytes tell UTF-16 and UTF-32; a multiple of 4."""
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
    if wide := wide_encoding(data):
        message = f"the file is {wide[:6].upper()}, not UTF-8"
        return None, [_encoding(name, "", message)]
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


def wide_encoding(data: bytes) -> str | None:
    """Return the name of the UTF-16 or UTF-32 that bytes look like, or None.

    Without a byte order mark every second byte of a text in UTF-16 is 0, as far as its
    letters are Latin ones, and no other is; in UTF-32 also the third of every four.
    """
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    for name, width, low, high in (
        ("utf-32-le", 4, 0, 2),
        ("utf-32-be", 4, 3, 1),
        ("utf-16-le", 2, 0, 1),
        ("utf-16-be", 2, 1, 0),
    ):
        zeros = sample[high::width]
        if 2 * zeros.count(0) > len(zeros) > 1 and not sample[low::width].count(0):
            return name
    return None


def _encoding(
    name: str, before: str, message: str, hint: str = _SAVE_AS_UTF8
) -> Finding:
    lines = Lines(before)
    line = len(lines)
    place = Position(line, len(before) - lines.starts[-1] + 1)
    return finding_at(name, place, codes.ENCODING, message, hint=hint)
