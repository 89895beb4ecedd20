"""How texts become the messages of a batch: encoding, line feeds, size limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from collector_host.telemetry.counters import Counters

BATCH_EVENTS = 1000
BATCH_BYTES = 1024 * 1024


class MessageRules:
    r"""Turns texts into batches.

    A line feed inside a text becomes the two characters `\n`, because Devo ends an
    event at the first one. A lone surrogate becomes its `\udXXX` escape: in JSON
    text that is the same string. A text above the limit is cut and marked.

    Args:
        max_event_bytes: Largest event in bytes of UTF-8.
        counters: Where cut events are counted.
    """

    def __init__(self, max_event_bytes: int, counters: Counters) -> None:
        self._max_event_bytes = max_event_bytes
        self._counters = counters

    def encode(self, text: str) -> bytes:
        """Return one message."""
        encoded = text.replace("\n", "\\n").encode("utf-8", "backslashreplace")
        if len(encoded) <= self._max_event_bytes:
            return encoded
        self._counters.add("messages_truncated")
        marker = f"...[truncated, was {len(encoded)} bytes]".encode()
        keep = max(self._max_event_bytes - len(marker), 0)
        return encoded[:keep].decode("utf-8", "ignore").encode() + marker

    def batches(self, texts: Iterable[str]) -> Iterator[tuple[bytes, ...]]:
        """Split into batches of at most 1,000 events or 1 MiB, keeping the order.

        An event larger than that is a batch of its own.
        """
        batch: list[bytes] = []
        size = 0
        for message in map(self.encode, texts):
            if batch and (
                len(batch) == BATCH_EVENTS or size + len(message) > BATCH_BYTES
            ):
                yield tuple(batch)
                batch, size = [], 0
            batch.append(message)
            size += len(message)
        if batch:
            yield tuple(batch)
