"""How texts become the messages of a batch: encoding, line feeds, size limits."""

from __future__ import annotations

import operator
from bisect import bisect_right
from itertools import accumulate, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from collector_host.delivery.items import Line
    from collector_host.telemetry.counters import Counters

BATCH_EVENTS = 1000
BATCH_BYTES = 1024 * 1024
_BYTES_OF_A_CHARACTER = len("\\udXXX")
"""At most; of a character that is no surrogate, 4."""


class MessageRules:
    r"""Turns texts into batches.

    A line feed inside a text becomes the two characters `\n`, because Devo ends an
    event at the first one. A lone surrogate becomes its `\udXXX` escape: in JSON
    text that is the same string. A text above the limit is cut and marked. A text to
    which nothing of this applies and that is pure ASCII need not be touched.

    Args:
        max_event_bytes: Largest event in bytes of UTF-8.
        counters: Where cut events are counted.
    """

    def __init__(self, max_event_bytes: int, counters: Counters) -> None:
        self._max_event_bytes = max_event_bytes
        self._counters = counters

    def encode(self, text: str) -> bytes:
        """Return one message."""
        encoded = _utf8(text.replace("\n", "\\n"))
        if len(encoded) <= self._max_event_bytes:
            return encoded
        self._counters.add("messages_truncated")
        marker = f"...[truncated, was {len(encoded)} bytes]".encode()
        keep = max(self._max_event_bytes - len(marker), 0)
        return encoded[:keep].decode("utf-8", "ignore").encode() + marker

    def packed(self, texts: Sequence[str]) -> Iterator[tuple[Line, ...]]:
        """Split a page into the batches that `batches` would make, at less cost.

        A usual page is looked at in passes that run in C, because a step of Python
        for each text costs as much as sending it.
        """
        if self._may_need_a_rule(texts):
            yield from self.batches(texts)
            return
        lines = _lines(texts)
        ends = list(accumulate(map(len, lines)))
        first, before = 0, 0
        while first < len(lines):
            fitting = bisect_right(ends, before + BATCH_BYTES, first)
            end = max(min(fitting, first + BATCH_EVENTS), first + 1)
            yield tuple(lines[first:end])
            first, before = end, ends[end - 1]

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

    def _may_need_a_rule(self, texts: Sequence[str]) -> bool:
        longest = max(map(len, texts), default=0)
        return longest * _BYTES_OF_A_CHARACTER > self._max_event_bytes or any(
            map(operator.contains, texts, repeat("\n"))
        )


def _lines(texts: Sequence[str]) -> Sequence[Line]:
    if all(map(str.isascii, texts)):
        return texts
    return [text if text.isascii() else _utf8(text) for text in texts]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
