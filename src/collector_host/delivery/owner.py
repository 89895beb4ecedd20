"""One owner of state: the module's door into the delivery room.

What it sends and what it saves pass here, in one order. Its puller sees it as the
output queue, its persistence object as the backend.
"""

from __future__ import annotations

import threading
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from collector_host.delivery.transports.framing import check_tag
from collector_host.errors import RefusedError
from collector_host.state.encoding import snapshot
from devocollectorsdk.commons.save_order import SaveOrder
from devocollectorsdk.message.lines import Lines
from devocollectorsdk.message.message import Message
from devocollectorsdk.message.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_host.delivery.committer import Committer
    from collector_host.delivery.items import Block
    from collector_host.delivery.messages import MessageRules
    from collector_host.delivery.queue import DeliveryQueue


class Owner:
    """Sends and saves for one module.

    Args:
        name: Whose state it is, e.g. `alibaba;alibaba_1;actiontrail;None`.
        committed: The state on disk, or None.
        queue: Where items go.
        committer: Asked to write when a barrier has nothing to wait for.
        rules: How texts become messages.

    Attributes:
        save_order: Tells whether the module saves behind what it sends.
    """

    def __init__(
        self,
        name: str,
        committed: Mapping[str, Any] | None,
        *,
        queue: DeliveryQueue,
        committer: Committer,
        rules: MessageRules,
    ) -> None:
        self.name = name
        self.save_order = SaveOrder()
        self._staged = committed
        self._queue = queue
        self._committer = committer
        self._rules = rules
        self._lock = threading.RLock()
        self._refused: str | None = None

    def put(self, item: Any) -> None:
        """Queue messages, in order; waits while it is full.

        Args:
            item: A `Messages` or `Lines`, which is what the send methods give, or a
                `Message` or a list of them, whatever their tables and dates.

        Raises:
            RefusedError: The item has a wrong type, or the collector is stopping.
                From now on the owner's state cannot be saved.
        """
        try:
            for tag, timestamp, block in self._batches(item):
                self._queue.put(tag, timestamp, block)
        except BaseException as error:
            self.refuse(str(error))
            raise
        self.save_order.sent()

    def qsize(self) -> int:
        """Return how many messages wait in the queue."""
        return self._queue.waiting()

    def refuse(self, reason: str) -> None:
        """Take no more state: something the module sent was not taken."""
        with self._lock:
            self._refused = self._refused or reason

    def restart(self) -> None:
        """Take state again: the module was built anew from what `staged` gives."""
        with self._lock:
            self._refused = None

    def is_ok(self) -> bool:
        """Tell whether state can be staged."""
        return self._refused is None

    def stage(self, state: Mapping[str, Any] | None) -> None:
        """Queue a barrier that carries a snapshot of `state`.

        Raises:
            TypeError: The state holds something that cannot be kept.
            RefusedError: Something sent before was refused, so that saving would
                step over it.
        """
        copy = None if state is None else snapshot(state)
        with self._lock:
            if self._refused is not None:
                message = f"the state is not saved: {self._refused}"
                raise RefusedError(message)
            try:
                self._queue.put_barrier(self.name, copy)
            except RefusedError as error:
                self.refuse(str(error))
                raise
            self._staged = copy
        self.save_order.saved()
        self._committer.commit_ripe()

    def staged(self) -> dict[str, Any] | None:
        """Return a fresh copy of the state staged last, or None."""
        with self._lock:
            return None if self._staged is None else dict(snapshot(self._staged))

    def _batches(self, item: Any) -> Iterator[tuple[str, str, Block]]:
        if isinstance(item, Messages | Lines):
            _check_tag(item.tag)
            rules = self._rules
            blocks = (
                rules.of_lines(item)
                if isinstance(item, Lines)
                else rules.packed(item.texts)
            )
            yield from ((item.tag, item.timestamp, block) for block in blocks)
            return
        messages = cast("list[Any]", item) if isinstance(item, list) else [item]
        if wrong := next((m for m in messages if not isinstance(m, Message)), None):
            message = f"only messages can be queued, not {type(wrong).__name__}"
            raise RefusedError(message)
        for (tag, at), group in groupby(messages, lambda m: (m.tag, m.timestamp)):
            _check_tag(tag)
            yield from (
                (tag, at, block)
                for block in self._rules.batches(message.content for message in group)
            )


def _check_tag(tag: str) -> None:
    """Refuse a tag no receiver can take: sent again and again, it would block all."""
    try:
        check_tag(tag)
    except ValueError as error:
        raise RefusedError(str(error)) from error
