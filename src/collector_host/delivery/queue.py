"""The bounded queue between pullers and senders, in one order for all outputs.

It knows weights and numbers, not what is inside. Back-pressure is its purpose: a
full queue makes the puller wait, so no item is dropped on the way to a required
output.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from collector_host.delivery.channel import Bounds, Channel
from collector_host.delivery.items import Barrier, Batch
from collector_host.delivery.ledger import Ledger
from collector_host.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from collector_host.delivery.items import Block, LookupPart
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.commons.clock import Clock

__all__ = ["Bounds", "DeliveryQueue"]

_logger = logging.getLogger(__name__)
_SAY_EVERY_S = 60.0
_SPAN = 2
"""Batches between the oldest unconfirmed one and the newest, in times of the bound on
messages: one for what waits in the queue, one for what senders hold."""


class DeliveryQueue:
    """Numbers items and keeps them, in order, for every output.

    Args:
        outputs: Name -> whether the output is required. A full required output
            makes producers wait; a full optional one misses the batch, counted.
        bounds: Limits of each output's channel.
        clock: Time for the waits.
        counters: Output -> where what it misses is counted.
        no_lookups: Outputs that cannot fill lookups.
    """

    def __init__(
        self,
        outputs: Mapping[str, bool],
        bounds: Bounds,
        clock: Clock,
        counters: Mapping[str, Counters],
        no_lookups: Collection[str] = (),
    ) -> None:
        self._channels = {
            name: Channel(required, name not in no_lookups)
            for name, required in outputs.items()
        }
        self._ledger = Ledger(name for name, r in outputs.items() if r)
        self._bounds = bounds
        self._clock = clock
        self._counters = counters
        self._changed = threading.Condition()
        self._closed = False
        self._flushing = False
        self._said_at: float | None = None
        self._parts_waiting = 0

    def put(self, tag: str, timestamp: str, block: Block) -> None:
        """Queue a batch, waiting for as long as a required output has no room.

        Raises:
            RefusedError: The queue was closed before the call.
        """
        with self._changed:
            self._check_open()
            blocked_at: datetime | None = None
            while self._parts_waiting or not self._has_room(block, required_only=True):
                blocked_at = blocked_at or self._clock.now()
                self._say_blocked(len(block.content))
                self._clock.wait_notified(self._changed, _SAY_EVERY_S)
            if blocked_at:
                self._say_unblocked(blocked_at)
            self._append(tag, timestamp, block)

    def put_lookup(self, part: LookupPart) -> None:
        """Queue a part of a lookup as one, waiting for room as `put` does.

        It may be larger than the bounds, and then waits for an empty channel; so
        that it will find one, whatever comes after it waits behind it.

        Raises:
            RefusedError: The queue was closed before the call.
        """
        size, events = part.size_bytes, part.events
        with self._changed:
            self._check_open()
            self._parts_waiting += 1
            try:
                while not self._has_lookup_room(size, events):
                    self._say_blocked(size)
                    self._clock.wait_notified(self._changed, _SAY_EVERY_S)
                self._append_lookup(part, size, events)
            finally:
                self._parts_waiting -= 1
                self._changed.notify_all()

    def offer(self, tag: str, timestamp: str, block: Block) -> bool:
        """Queue a batch if there is room at once; telemetry takes this door."""
        with self._changed:
            if self._closed or self._parts_waiting:
                return False
            if not self._has_room(block, required_only=False):
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

    def take(
        self, output: str, timeout_s: float | None, *, lookups: bool = True
    ) -> Batch | None:
        """Take the next batch of an output.

        Args:
            output: Its name.
            timeout_s: Longest wait, seconds; None is no limit.
            lookups: Whether batches that fill lookups are taken, too.

        Returns:
            None when none came within `timeout_s`, or when the queue is empty and
            is being flushed.
        """
        channel = self._channels[output]
        deadline = None if timeout_s is None else self._clock.monotonic() + timeout_s
        with self._changed:
            while (batch := channel.pop(lookups=lookups)) is None:
                left = None if deadline is None else deadline - self._clock.monotonic()
                if self._flushing or (left is not None and left <= 0):
                    return None
                self._clock.wait_notified(self._changed, left)
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

    def waiting_lookups(self) -> int:
        """Return how many messages of lookups wait for the slowest output."""
        with self._changed:
            return max((c.lookup_messages for c in self._channels.values()), default=0)

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
        size = len(block.content)
        return self._span_is_open() and all(
            channel.has_room(size, block.events, self._bounds)
            for channel in self._channels.values()
            if channel.required or not required_only
        )

    def _has_lookup_room(self, size: int, events: int) -> bool:
        return self._span_is_open() and all(
            channel.has_room(size, events, self._bounds)
            for channel in self._channels.values()
            if channel.required and channel.takes_lookups
        )

    def _span_is_open(self) -> bool:
        return self._ledger.unconfirmed < _SPAN * self._bounds.messages

    def _append(self, tag: str, timestamp: str, block: Block) -> None:
        queued_at = self._clock.monotonic()
        number = self._ledger.number()
        batch = Batch(number, tag, timestamp, block, queued_at=queued_at)
        for name, channel in self._channels.items():
            size = len(block.content)
            if channel.required or channel.has_room(size, block.events, self._bounds):
                channel.append(batch)
            else:
                self._counters[name].add("messages_missed", block.events)
        self._changed.notify_all()

    def _append_lookup(self, part: LookupPart, size: int, events: int) -> None:
        takers: list[Channel] = []
        for name, channel in self._channels.items():
            if not channel.takes_lookups:
                continue
            is_whole = part.upload not in channel.missed_uploads
            if channel.required or (
                is_whole and channel.has_room(size, events, self._bounds)
            ):
                takers.append(channel)
            else:
                channel.miss(part)
                self._counters[name].add("messages_missed", events)
        ahead, queued_at = size, self._clock.monotonic()
        for tag, timestamp, block in part.drafts:
            ahead -= len(block.content)
            number = self._ledger.number()
            batch = Batch(
                number,
                tag,
                timestamp,
                block,
                is_lookup=True,
                ahead_bytes=ahead,
                queued_at=queued_at,
            )
            for channel in takers:
                channel.append(batch)
            for name, channel in self._channels.items():
                if not channel.takes_lookups:
                    self._ledger.confirm(name, [number])

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
