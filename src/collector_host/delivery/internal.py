"""Telemetry messages: delivered if there is room, else dropped and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_host.delivery.items import Block
from collector_host.delivery.transports.framing import check_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.messages import MessageRules
    from collector_host.delivery.queue import DeliveryQueue
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.message.message import Message


class InternalQueue:
    """What modules know as their internal queue.

    Args:
        queue: Where messages go.
        rules: How texts become messages.
        counters: Where drops are counted.
        mask: Hides secrets in a text.
        deliver: Whether messages are delivered at all.
    """

    def __init__(
        self,
        queue: DeliveryQueue,
        rules: MessageRules,
        counters: Counters,
        *,
        mask: Callable[[str], str],
        deliver: bool,
    ) -> None:
        self._mask = mask
        self._queue = queue
        self._rules = rules
        self._counters = counters
        self._deliver = deliver

    def put(self, message: Message) -> None:
        """Take a message; never waits and never raises for lack of room."""
        if not self._deliver:
            return
        if not self._offer(message):
            self._counters.add("internal_messages_dropped")

    def _offer(self, message: Message) -> bool:
        try:
            # A tag no receiver can take would be sent again and again.
            check_tag(message.tag)
        except ValueError:
            return False
        text = self._rules.encode(self._mask(message.content))
        return self._queue.offer(message.tag, message.timestamp, Block.of([text]))

    def qsize(self) -> int:
        """Return how many messages wait in the queue."""
        return self._queue.waiting()
