"""What the relay stored: in memory, in a file that outlives a kill, or as counts.

It knows nothing of sockets. One message is one line of the file:
`connection TAB tag TAB message LF`, with backslash and LF of a message escaped.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

UNPARSED: Final = "unparsed"
"""Tag given to a record without a usable header; its whole text is the message."""

_HEADER: Final = re.compile(
    rb"<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d|\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d\S* "
    rb"\S+ ([^\s:]+): "
)
_ESCAPED: Final = re.compile(rb"\\(.)")
_PLAIN: Final = {b"n": b"\n", b"\\": b"\\"}
_DIGEST_BITS: Final = 128


class Stored(NamedTuple):
    """A stored message; a tuple because a benchmark makes 100,000 a second.

    Attributes:
        connection: Number of the connection it came on, from 1 in each relay.
        tag: Devo table, or `UNPARSED`.
        message: Exact bytes after the header, without the final LF.
    """

    connection: int
    tag: str
    message: bytes


def parse_record(connection: int, record: bytes) -> Stored:
    """Split `<PRI>date host tag: message`.

    Source: measured with devo-sdk 7.0.2 (the header its `send` composes).
    """
    header = _HEADER.match(record)
    if header is None:
        return Stored(connection, UNPARSED, record)
    tag = header.group(1).decode("utf-8", "replace")
    return Stored(connection, tag, record[header.end() :])


class Ledger(Protocol):
    """Where a relay puts messages before it answers for them; used by all threads."""

    def append(self, entries: Sequence[Stored]) -> None:
        """Return only after `entries` are stored."""
        ...

    def entries(self) -> Iterable[Stored]:
        """Return what was kept, in the order of storing."""
        ...

    def close(self) -> None:
        """Let go of files; what was stored stays readable."""
        ...


class MemoryLedger:
    """Keeps messages in memory."""

    def __init__(self) -> None:
        self._entries: list[Stored] = []

    def append(self, entries: Sequence[Stored]) -> None:
        """Add `entries`; one call is one step for every reader."""
        self._entries.extend(entries)

    def entries(self) -> Iterable[Stored]:
        """Return a copy of what was stored so far."""
        return self._entries.copy()

    def close(self) -> None:
        """Keep everything: there is no file."""


class FileLedger:
    """Appends to a file; what `append` returned from survives a SIGKILL.

    A torn last line, left by a kill inside a write, is cut off at the start: it was
    never stored whole, and nobody was answered for it.

    Args:
        path: Created when missing, continued when not.
        sync: Also survive a power cut: fsync in every append.
    """

    def __init__(self, path: Path, *, sync: bool = False) -> None:
        self._path = path
        self._sync = sync
        self._lock = threading.Lock()
        self._file = path.open("a+b", buffering=0)
        self._file.truncate(_whole_lines_end(path))

    def append(self, entries: Sequence[Stored]) -> None:
        """Write `entries` as one block; return when the kernel has it."""
        block = memoryview(b"".join(map(_to_line, entries)))
        with self._lock:
            while block:
                block = block[self._file.write(block) :]
            if self._sync:
                os.fsync(self._file.fileno())

    def entries(self) -> Iterable[Stored]:
        """Read the file from its start, earlier runs included."""
        return read_ledger(self._path)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class CountingLedger:
    """Keeps no message, only how many there were and a digest: for benchmarks.

    Attributes:
        count: Messages stored.
        digest: Sum of the messages' SHA-256 modulo 2**128. Equal multisets of
            messages give equal digests, in whatever order they came.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0
        self.digest = 0

    def append(self, entries: Sequence[Stored]) -> None:
        """Count `entries`."""
        digest = digest_messages(entry.message for entry in entries)
        with self._lock:
            self.count += len(entries)
            self.digest = (self.digest + digest) % (1 << _DIGEST_BITS)

    def entries(self) -> Iterable[Stored]:
        """Return nothing: no message was kept."""
        return ()

    def close(self) -> None:
        """Keep the counts: there is no file."""


def read_ledger(path: Path) -> Iterator[Stored]:
    """Yield the messages of a ledger file, leaving out a torn last line.

    Safe while a relay writes. Connection numbers start again at 1 after a restart.
    """
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield _from_line(line)


def count_by_tag(entries: Iterable[Stored]) -> Counter[str]:
    """Count messages per Devo table."""
    return Counter(entry.tag for entry in entries)


def count_messages(entries: Iterable[Stored]) -> Counter[bytes]:
    """Return the multiset of messages: what is above 1 was delivered again."""
    return Counter(entry.message for entry in entries)


def digest_messages(messages: Iterable[bytes]) -> int:
    """Return what `CountingLedger.digest` is after storing exactly `messages`."""
    size = _DIGEST_BITS // 8
    parts = (hashlib.sha256(message).digest()[:size] for message in messages)
    return sum(int.from_bytes(part, "big") for part in parts) % (1 << _DIGEST_BITS)


def _to_line(entry: Stored) -> bytes:
    message = entry.message.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    return b"%d\t%s\t%s\n" % (entry.connection, entry.tag.encode(), message)


def _from_line(line: bytes) -> Stored:
    connection, tag, message = line[:-1].split(b"\t", 2)
    plain = _ESCAPED.sub(lambda found: _PLAIN[found.group(1)], message)
    return Stored(int(connection), tag.decode(), plain)


def _whole_lines_end(path: Path) -> int:
    """Return the size of `path` without a torn last line, in bytes."""
    end = 0
    with path.open("rb") as file:
        for line in file:
            end += len(line) if line.endswith(b"\n") else 0
    return end
