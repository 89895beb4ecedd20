"""What waits for one output, and how much of it may."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collector_host.delivery.items import Batch

if TYPE_CHECKING:
    from collector_host.delivery.items import LookupPart


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait for one output.

    Attributes:
        size_bytes: Bytes; a single batch above it is admitted alone.
        messages: Number of messages.
    """

    size_bytes: int
    messages: int


@dataclass(slots=True)
class Channel:
    """What waits for one output.

    Attributes:
        takes_lookups: Whether it is an output that can fill lookups.
        missed_uploads: Uploads of which an optional output missed a part. It gets
            no more of them: without its end, an upload changes nothing.
    """

    required: bool
    takes_lookups: bool = True
    batches: deque[Batch] = field(default_factory=deque[Batch])
    size_bytes: int = 0
    messages: int = 0
    lookup_messages: int = 0
    missed_uploads: set[str] = field(default_factory=set[str])

    def has_room(self, size_bytes: int, messages: int, bounds: Bounds) -> bool:
        """Tell whether that much fits; into an empty channel everything fits."""
        return not self.batches or (
            self.size_bytes + size_bytes <= bounds.size_bytes
            and self.messages + messages <= bounds.messages
        )

    def is_half_empty(self, bounds: Bounds) -> bool:
        """Tell whether at most half of both bounds is used."""
        return (
            2 * self.size_bytes <= bounds.size_bytes
            and 2 * self.messages <= bounds.messages
        )

    def miss(self, part: LookupPart) -> None:
        """Note that a part does not reach this output, nor what belongs to it."""
        if part.is_last:
            self.missed_uploads.discard(part.upload)
        else:
            self.missed_uploads.add(part.upload)

    def append(self, batch: Batch) -> None:
        """Add a batch at the end."""
        self.batches.append(batch)
        self.size_bytes += batch.size_bytes
        self.messages += batch.events
        self.lookup_messages += batch.events if batch.is_lookup else 0

    def pop(self, *, lookups: bool) -> Batch | None:
        """Take the oldest batch, or the oldest that fills no lookup."""
        if not lookups and self.messages == self.lookup_messages:
            return None
        if not self.batches:
            return None
        index = next(
            i for i, b in enumerate(self.batches) if lookups or not b.is_lookup
        )
        batch = self.batches[index]
        del self.batches[index]
        self.size_bytes -= batch.size_bytes
        self.messages -= batch.events
        self.lookup_messages -= batch.events if batch.is_lookup else 0
        return batch
