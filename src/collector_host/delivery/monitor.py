"""Says now and then how an output is doing."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING

from collector_host.telemetry.statistics import (
    METRIC_TAG,
    metric_fields,
    sdk_sender_lines,
    sender_lines,
    sender_status_line,
)
from devocollectorsdk.message.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_host.delivery.internal import InternalQueue
    from collector_host.delivery.queue import DeliveryQueue
    from collector_host.delivery.sender import Sender
    from collector_host.delivery.settings import OutputSettings
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)


class Monitor(threading.Thread):
    """Logs the sender statistics of one output every period, and at the end.

    Attributes:
        process_role: First part of this thread's log lines.
        telemetry: Takes a message about each period in the SDK's form, if there is
            one; what the last report tells comes too late to be sent.
    """

    process_role = "OutputProcess"

    def __init__(  # noqa: PLR0913  (its collaborators)
        self,
        output: OutputSettings,
        *,
        period_s: float,
        queue: DeliveryQueue,
        counters: Counters,
        clock: Clock,
        stopping: threading.Event,
        senders: Sequence[Sender] = (),
    ) -> None:
        name = f"{output.kind}SenderManagerMonitor(standard_senders,{output.name})"
        super().__init__(name=name, daemon=True)
        self._output = output
        self._period_s = period_s
        self._queue = queue
        self._counters = counters
        self._clock = clock
        self._stopping = stopping
        self._senders = senders
        self._before = counters.snapshot()
        self.telemetry: InternalQueue | None = None

    def run(self) -> None:
        """Log until the stop, and once more then."""
        while not self._clock.wait(self._stopping, self._period_s):
            self.report()
        self.report()

    def report(self) -> None:
        """Log what happened since the last report."""
        now = self._counters.snapshot()
        describe = sdk_sender_lines if self._output.sdk_statistics else sender_lines
        lines = describe(
            "Standard",
            self._before,
            now,
            senders=self._output.senders,
            queue_size=self._queue.waiting(self._output.name),
        )
        fields = metric_fields(self._before, now)
        self._before = now
        for line in lines:
            _logger.info("%s", line)
        if self._output.sdk_statistics:
            self._report_senders()
            if self.telemetry and not self._stopping.is_set():
                text = json.dumps(fields)
                self.telemetry.put(Message(now.taken_at, METRIC_TAG, text))

    def _report_senders(self) -> None:
        for sender in self._senders:
            _logger.info(
                "enqueued_elapsed_times_in_seconds_stats: %s", sender.waits.take()
            )
            _logger.info("%s", sender_status_line(sender.name, sender.status))
