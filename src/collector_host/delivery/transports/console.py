"""Writes messages as JSON lines to a stream, for people and for pipes.

A pipe never answers: `sent` is all the proof it gives. It knows no network.
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Final

from collector_host.delivery.items import Level
from collector_host.errors import DeliveryError, OutputGoneError, UnconfirmedError

if TYPE_CHECKING:
    from collector_host.delivery.items import Batch

_LONG: Final = ("message_timestamp", "message_tag", "message_content")
_SHORT: Final = ("timestamp", "tag", "content")


class ConsoleTransport:
    """One JSON object a line: timestamp, tag and content of each message.

    Args:
        stream: Binary, e.g. `sys.stdout.buffer`; it stays open.
        short: Whether the fields have the names that the Devo Collector SDK gave them
            before 1.8.
    """

    def __init__(self, stream: IO[bytes], *, short: bool = False) -> None:
        self._stream = stream
        self._keys = _SHORT if short else _LONG

    def open(self) -> None:
        """Do nothing: the stream is open already."""

    def write(self, batch: Batch) -> None:
        """Write one line for each message.

        Raises:
            DeliveryError: The reader is gone, or the file system is full.
        """
        lines = b"".join(
            _line(self._keys, batch, message) for message in batch.messages
        )
        try:
            self._stream.write(lines)
            self._stream.flush()
        except OSError as error:
            raise _broken(error) from error

    def confirm(self, required: Level) -> Level:
        """Flush, and report `sent`.

        Raises:
            DeliveryError: The reader is gone, or the file system is full.
            UnconfirmedError: More than `sent` was required.
        """
        try:
            self._stream.flush()
        except OSError as error:
            raise _broken(error) from error
        if required > Level.SENT:
            message = f"a stream proves sent, {required.label} was required"
            raise UnconfirmedError(message)
        return Level.SENT

    def probe(self) -> Level:
        """Return `sent`."""
        return Level.SENT

    def abort(self) -> None:
        """Do nothing: the stream is not ours to close."""


def _line(keys: tuple[str, str, str], batch: Batch, message: bytes) -> bytes:
    content = message.decode("utf-8", "replace")
    record = dict(zip(keys, (batch.timestamp, batch.tag, content), strict=True))
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _broken(error: OSError) -> DeliveryError:
    if isinstance(error, BrokenPipeError):
        return OutputGoneError("the reader of the output stream is gone")
    return DeliveryError(f"output stream broke: {error.strerror or error}")
