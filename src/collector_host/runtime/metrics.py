"""The telemetry message that tells Devo how much was sent.

Source: the SDK's public contract, table `devo.collector.metric.message_sent`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from devocollectorsdk.commons.collector_utils import CollectorUtils
from devocollectorsdk.message.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.internal import InternalQueue
    from devocollectorsdk.commons.clock import Clock

TABLE: Final = "devo.collector.metric.message_sent"


class SentMetric:
    """Tells what was sent since it last did.

    Args:
        sent: Gives messages and bytes sent since the start.
        queue: Takes the message, and may drop it.
        clock: Time.
    """

    def __init__(
        self, sent: Callable[[], tuple[int, int]], queue: InternalQueue, clock: Clock
    ) -> None:
        self._sent = sent
        self._queue = queue
        self._clock = clock
        self._since = clock.now()
        self._before = sent()

    def tell(self) -> None:
        """Queue the message."""
        now, (messages, size) = self._clock.now(), self._sent()
        fields = {
            "col_id": CollectorUtils.collector_id,
            "col_name": CollectorUtils.collector_name,
            "col_version": CollectorUtils.collector_version,
            "col_image": CollectorUtils.collector_image,
            "msg_sent": {
                "part_counter": messages - self._before[0],
                "part_bytes": size - self._before[1],
                "since_ts": int(self._since.timestamp() * 1000),
            },
        }
        self._since, self._before = now, (messages, size)
        self._queue.put(Message(now, TABLE, json.dumps(fields)))
