"""How texts become the messages of a batch: encoding, line feeds, size limits."""

from __future__ import annotations

import logging
import operator
from bisect import bisect_right
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, TypeGuard, cast

from collector_host.delivery.items import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.message.lines import Lines

_logger = logging.getLogger(__name__)
BATCH_EVENTS = 1000
BATCH_BYTES = 2 * 1024 * 1024
"""Room for 1,000 usual events out of a Log Store, which are 1.7 MB: each batch costs
its share of locks, wake-ups and saved positions, whatever its size."""
_BYTES_OF_A_CHARACTER = len("\\udXXX")
"""At most; of a character that is no surrogate, 4."""


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
        self._cut = 0

    def encode(self, text: str) -> bytes:
        """Return one message."""
        encoded = _utf8(text.replace("\n", "\\n"))
        if len(encoded) <= self._max_event_bytes:
            return encoded
        self._counters.add("messages_truncated")
        self._say_cut(len(encoded))
        marker = f"...[truncated, was {len(encoded)} bytes]".encode()
        keep = max(self._max_event_bytes - len(marker), 0)
        return encoded[:keep].decode("utf-8", "ignore").encode() + marker

    def _say_cut(self, size_bytes: int) -> None:
        """Say it of the first event that is cut, the tenth, the hundredth."""
        self._cut += 1
        if str(self._cut).strip("0") == "1":
            _logger.warning(
                "An event of %d bytes was cut to %d (max_event_bytes) and marked:"
                " number %d since the start",
                *(size_bytes, self._max_event_bytes, self._cut),
            )

    def whole(self, text: str) -> bytes:
        """Return one message that must not be cut.

        Raises:
            ValueError: It is larger than the largest event.
        """
        encoded = _utf8(text.replace("\n", "\\n"))
        if len(encoded) > self._max_event_bytes:
            message = (
                f"{len(encoded)} bytes, max_event_bytes is {self._max_event_bytes}"
            )
            raise ValueError(message)
        return encoded

    def packed(self, texts: Sequence[str]) -> Iterator[Block]:
        """Split a page into the batches that `batches` would make, at less cost.

        A usual page is looked at in passes that run in C, because a step of Python
        for each text costs as much as sending it.
        """
        if self._may_need_a_rule(texts):
            yield from self.batches(texts)
            return
        lines = texts if all(map(str.isascii, texts)) else list(map(_utf8, texts))
        ends = list(accumulate(len(line) + 1 for line in lines))
        first, before = 0, 0
        while first < len(lines):
            fitting = bisect_right(ends, before + BATCH_BYTES, first)
            end = max(min(fitting, first + BATCH_EVENTS), first + 1)
            yield _block(lines[first:end])
            first, before = end, ends[end - 1]

    def of_lines(self, lines: Lines) -> Iterator[Block]:
        """Take joined messages, as they are if nothing is too large."""
        is_small = len(lines.content) < BATCH_BYTES and lines.number <= BATCH_EVENTS
        if is_small and lines.longest_bytes <= self._max_event_bytes:
            yield Block(lines.content, lines.number)
        else:
            yield from self.batches(lines.texts)

    def batches(self, texts: Iterable[str]) -> Iterator[Block]:
        """Split into batches of at most 1,000 events or 2 MiB, keeping the order.

        An event larger than that is a batch of its own.
        """
        yield from self.joined(map(self.encode, texts))

    @staticmethod
    def joined(messages: Iterable[bytes]) -> Iterator[Block]:
        """Split what is encoded already, as `batches` does."""
        batch: list[bytes] = []
        size = 0
        for message in messages:
            if batch and (
                len(batch) == BATCH_EVENTS or size + len(message) + 1 > BATCH_BYTES
            ):
                yield Block.of(batch)
                batch, size = [], 0
            batch.append(message)
            size += len(message) + 1
        if batch:
            yield Block.of(batch)

    def _may_need_a_rule(self, texts: Sequence[str]) -> bool:
        longest = max(map(len, texts), default=0)
        return longest * _BYTES_OF_A_CHARACTER > self._max_event_bytes or any(
            map(operator.contains, texts, repeat("\n"))
        )


def _block(lines: Sequence[str] | Sequence[bytes]) -> Block:
    if _are_texts(lines):
        return Block("\n".join(lines).encode(), len(lines))
    return Block.of(cast("Sequence[bytes]", lines))


def _are_texts(lines: Sequence[str] | Sequence[bytes]) -> TypeGuard[Sequence[str]]:
    return isinstance(lines[0], str)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
