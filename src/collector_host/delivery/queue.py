"""The bounded queue between pullers and senders, in one order for all outputs.

It knows weights and numbers, not what is inside. Back-pressure is its purpose: a
full queue makes the puller wait, so no item is dropped on the way to a required
output.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collector_host.delivery.items import Barrier, Batch
from collector_host.delivery.ledger import Ledger
from collector_host.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from collector_host.delivery.items import Block
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_SAY_EVERY_S = 60.0
_SPAN = 2
"""Batches between the oldest unconfirmed one and the newest, in times of the bound on
messages: one for what waits in the queue, one for what senders hold."""


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
    """What waits for one output."""

    required: bool
    batches: deque[Batch] = field(default_factory=deque[Batch])
    size_bytes: int = 0
    messages: int = 0

    def has_room(self, block: Block, bounds: Bounds) -> bool:
        """Tell whether a batch fits; into an empty channel every batch fits."""
        return not self.batches or (
            self.size_bytes + len(block.content) <= bounds.size_bytes
            and self.messages + block.events <= bounds.messages
        )

    def is_half_empty(self, bounds: Bounds) -> bool:
        """Tell whether at most half of both bounds is used."""
        return (
            2 * self.size_bytes <= bounds.size_bytes
            and 2 * self.messages <= bounds.messages
        )

    def append(self, batch: Batch) -> None:
        """Add a batch at the end."""
        self.batches.append(batch)
        self.size_bytes += batch.size_bytes
        self.messages += batch.events

    def popleft(self) -> Batch:
        """Take the oldest batch."""
        batch = self.batches.popleft()
        self.size_bytes -= batch.size_bytes
        self.messages -= batch.events
        return batch


class DeliveryQueue:
    """Numbers items and keeps them, in order, for every output.

    Args:
        outputs: Name -> whether the output is required. A full required output
            makes producers wait; a full optional one misses the batch, counted.
        bounds: Limits of each output's channel.
        clock: Time for the waits.
        counters: Output -> where what it misses is counted.
    """

    def __init__(
        self,
        outputs: Mapping[str, bool],
        bounds: Bounds,
        clock: Clock,
        counters: Mapping[str, Counters],
    ) -> None:
        self._channels = {name: Channel(required=r) for name, r in outputs.items()}
        self._ledger = Ledger(name for name, r in outputs.items() if r)
        self._bounds = bounds
        self._clock = clock
        self._counters = counters
        self._changed = threading.Condition()
        self._closed = False
        self._flushing = False
        self._said_at: float | None = None

    def put(self, tag: str, timestamp: str, block: Block) -> None:
        """Queue a batch, waiting for as long as a required output has no room.

        Raises:
            RefusedError: The queue was closed before the call.
        """
        with self._changed:
            self._check_open()
            blocked_at: datetime | None = None
            while not self._has_room(block, required_only=True):
                blocked_at = blocked_at or self._clock.now()
                self._say_blocked(len(block.content))
                self._clock.wait_notified(self._changed, _SAY_EVERY_S)
            if blocked_at:
                self._say_unblocked(blocked_at)
            self._append(tag, timestamp, block)

    def offer(self, tag: str, timestamp: str, block: Block) -> bool:
        """Queue a batch if there is room at once; telemetry takes this door."""
        with self._changed:
            if self._closed or not self._has_room(block, required_only=False):
                return False
            self._append(tag, timestamp, block)
            return True

    def put_barrier(self, owner: str, state: Mapping[str, object] | None) -> None:
        """Queue a state behind everything queued so far; never waits.

        Raises:
            RefusedError: The queue was closed before the call.
        """
        with self._changed:
            self._check_open()
            self._ledger.add(Barrier(self._ledger.next_number, owner, state))

    def take(self, output: str, timeout_s: float | None) -> Batch | None:
        """Take the next batch of an output.

        Returns:
            None when none came within `timeout_s`, or when the queue is empty and
            is being flushed.
        """
        channel = self._channels[output]
        deadline = None if timeout_s is None else self._clock.monotonic() + timeout_s
        with self._changed:
            while not channel.batches:
                left = None if deadline is None else deadline - self._clock.monotonic()
                if self._flushing or (left is not None and left <= 0):
                    return None
                self._clock.wait_notified(self._changed, left)
            batch = channel.popleft()
            # Who waits for room is woken once for half a queue: a change of threads
            # for each batch costs as much as checking and packing it.
            if channel.is_half_empty(self._bounds):
                self._changed.notify_all()
            return batch

    def confirm(self, output: str, numbers: Iterable[int]) -> None:
        """Count batches as confirmed on one output."""
        with self._changed:
            self._ledger.confirm(output, numbers)
            self._changed.notify_all()

    def take_ripe(self) -> list[Barrier]:
        """Take the barriers that may be committed, the newest of each owner."""
        with self._changed:
            return self._ledger.ripe()

    def flush(self, *, flushing: bool = True) -> None:
        """Ask senders to confirm as soon as nothing waits, or no longer."""
        with self._changed:
            self._flushing = flushing
            self._changed.notify_all()

    def close(self) -> None:
        """Refuse every later item; a put that already waits goes on waiting."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_taken(self, timeout_s: float) -> bool:
        """Wait until no batch waits for a required output; False if time ran out."""
        return self._wait_until(
            lambda: not any(c.required and c.batches for c in self._channels.values()),
            timeout_s,
        )

    def wait_confirmed(self, timeout_s: float) -> bool:
        """Wait until every required output confirmed everything queued.

        Returns:
            False if `timeout_s` ran out first.
        """
        return self._wait_until(lambda: not self._ledger.unconfirmed, timeout_s)

    @property
    def unconfirmed(self) -> int:
        """Return how many batches wait for confirmation on a required output."""
        with self._changed:
            return self._ledger.unconfirmed

    def waiting(self, output: str | None = None) -> int:
        """Return how many messages wait for an output, or for the fullest one."""
        with self._changed:
            if output is not None:
                return self._channels[output].messages
            return max((c.messages for c in self._channels.values()), default=0)

    def _wait_until(self, done: Callable[[], bool], timeout_s: float) -> bool:
        deadline = self._clock.monotonic() + timeout_s
        with self._changed:
            while not done():
                left = deadline - self._clock.monotonic()
                if left <= 0:
                    return False
                self._clock.wait_notified(self._changed, left)
            return True

    def _check_open(self) -> None:
        if self._closed:
            message = "the collector is stopping and takes no more items"
            raise RefusedError(message)

    def _has_room(self, block: Block, *, required_only: bool) -> bool:
        # Confirmed batches behind one that is stuck count, too: they are remembered,
        # and after a kill they come again.
        if self._ledger.unconfirmed >= _SPAN * self._bounds.messages:
            return False
        return all(
            channel.has_room(block, self._bounds)
            for channel in self._channels.values()
            if channel.required or not required_only
        )

    def _append(self, tag: str, timestamp: str, block: Block) -> None:
        queued_at = self._clock.monotonic()
        batch = Batch(self._ledger.number(), tag, timestamp, block, queued_at)
        for name, channel in self._channels.items():
            if channel.required or channel.has_room(block, self._bounds):
                channel.append(batch)
            else:
                self._counters[name].add("messages_missed", block.events)
        self._changed.notify_all()

    def _say_unblocked(self, blocked_at: datetime) -> None:
        _logger.debug(
            'Queue "standard_queue", has been waiting %0.3f seconds since %sZ',
            (self._clock.now() - blocked_at).total_seconds(),
            blocked_at.replace(tzinfo=None).isoformat(),
        )

    def _say_blocked(self, size: int) -> None:
        now = self._clock.monotonic()
        if self._said_at is not None and now - self._said_at < _SAY_EVERY_S:
            return
        self._said_at = now
        current = max(c.size_bytes for c in self._channels.values() if c.required)
        _logger.warning(
            'Queue "standard_queue", size_bytes(max/current/next): %d/%d/%d,'
            ' waiting_at: "%sZ": the outputs are slower than the source',
            self._bounds.size_bytes,
            current,
            size,
            self._clock.now().replace(tzinfo=None).isoformat(),
        )
