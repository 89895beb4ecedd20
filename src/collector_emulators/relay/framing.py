"""Cuts a byte stream into records, in all three framings Devo's sender writes.

It knows nothing of sockets, tags or ledgers.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

_LINES: Final = re.compile(rb"(?:<[^\n]*+\n)++")
"""A run of line-framed records: cutting a run at once is what makes it fast."""

_COUNT: Final = re.compile(rb"(\d{1,9}) (?=<)")
_COUNT_BEGUN: Final = re.compile(rb"\d{1,9} ?\Z")
_OTHER_LINE: Final = re.compile(rb"[^\n]*+\n")
_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31


class FramingError(Exception):
    """The stream cannot be cut any further: a damaged gzip member."""


class Unframer:
    """One connection's stream of records, fed piece by piece.

    The first byte tells the framing: `<` a line, a number before ` <` an octet
    count, the gzip mark a member holding any of these. Anything else is a line
    too, as the continuation of a text with an embedded line feed would be. A gzip
    member counts only when it is complete, for its checksum comes last.

    Source: measured with devo-sdk 7.0.2 (`send`, `multiline=True`, `zip=True`).
    """

    def __init__(self) -> None:
        self._held = b""
        self._member = _new_member()
        self._unpacked: list[bytes] = []

    @property
    def broken_off(self) -> bool:
        """Tell whether a record has begun and not ended."""
        return bool(self._held or self._unpacked)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the records completed by `data`, each without its final LF.

        Raises:
            FramingError: A gzip member is damaged; the stream is of no more use.
        """
        records: list[bytes] = []
        rest = self._held + data if self._held else data
        while rest:
            before = len(rest)
            if self._unpacked or rest.startswith(_GZIP):
                rest = self._unpack(rest, records)
            else:
                rest = rest[_cut(rest, records) :]
            if len(rest) == before:
                break
        self._held = rest
        return records

    def _unpack(self, data: bytes, records: list[bytes]) -> bytes:
        """Feed the open gzip member; return what follows it."""
        try:
            self._unpacked.append(self._member.decompress(data))
        except zlib.error as err:
            message = "a gzip member is damaged"
            raise FramingError(message) from err
        if not self._member.eof:
            return b""
        after, text = self._member.unused_data, b"".join(self._unpacked)
        self._member, self._unpacked = _new_member(), []
        records += _all_records(text)
        return after


def _new_member() -> zlib._Decompress:  # pyright: ignore[reportPrivateUsage] zlib's type has no public name
    return zlib.decompressobj(wbits=_GZIP_WINDOW)


def _all_records(text: bytes) -> list[bytes]:
    """Cut a complete text, whose last record may lack its line feed."""
    whole = text if text.endswith(b"\n") else text + b"\n"
    return Unframer().feed(whole)


def _cut(data: bytes, records: list[bytes]) -> int:
    """Append the records at the head of `data`; return their length in bytes.

    Returns:
        0 when the first record is not complete.
    """
    if run := _LINES.match(data):
        records += run.group()[:-1].split(b"\n")
        return run.end()
    if count := _COUNT.match(data):
        end = count.end() + int(count.group(1))
        if len(data) < end:
            return 0
        records.append(data[count.end() : end].removesuffix(b"\n"))
        return end
    if _COUNT_BEGUN.match(data):
        return 0
    if line := _OTHER_LINE.match(data):
        records.append(line.group()[:-1])
        return line.end()
    return 0
