"""One sender: a thread, a connection at a time, and the unconfirmed tail.

Order and confirmation are its job. It knows neither TLS nor file formats.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

import tenacity

from collector_host.errors import DeliveryError, OutputGoneError
from collector_host.telemetry.waits import Waits
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collector_host.delivery.committer import Committer
    from collector_host.delivery.items import Batch
    from collector_host.delivery.levels import LevelPolicy
    from collector_host.delivery.queue import DeliveryQueue
    from collector_host.delivery.transport import Transport
    from collector_host.delivery.window import Window
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)


class Sender(threading.Thread):
    """Delivers an output's batches, one confirmed connection after another.

    A connection is the unit of work and of retry: opened with its first batch,
    written until a confirmation is due, confirmed, closed. If anything fails, all it
    carried goes again, in order, on the next one.

    Attributes:
        process_role: First part of this thread's log lines.
        output: Name of the output it serves.
        waits: How long batches were queued before they were handed over.
    """

    process_role = "OutputProcess"

    def __init__(  # noqa: PLR0913  (its collaborators)
        self,
        name: str,
        *,
        output: str,
        transport: Transport,
        policy: LevelPolicy,
        window: Window,
        retrying: tenacity.wait.wait_base,
        queue: DeliveryQueue,
        committer: Committer,
        counters: Counters,
        clock: Clock,
        lookups: bool = True,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.output = output
        self._lookups = lookups
        self._transport = transport
        self._policy = policy
        self._window = window
        self._retry_wait = retrying
        self._queue = queue
        self._committer = committer
        self._counters = counters
        self._clock = clock
        self.waits = Waits()
        self._ending = threading.Event()
        self._again: deque[Batch] = deque()
        self._tail: list[Batch] = []
        self._tail_events = 0
        self._tail_bytes = 0
        self._tail_since = 0.0
        self._highest_written = 0

    def end(self) -> None:
        """Ask the thread to end once nothing waits; a running back-off is cut."""
        self._ending.set()

    @property
    def status(self) -> dict[str, object]:
        """Return how it is, for people who read a log."""
        return {
            "alive": self.is_alive(),
            "unconfirmed_events": self._tail_events,
            "unconfirmed_bytes": self._tail_bytes,
            "waiting_to_be_sent_again": len(self._again),
        }

    @property
    def undelivered(self) -> int:
        """Return how many messages it took and has not delivered."""
        return self._tail_events + sum(batch.events for batch in list(self._again))

    def run(self) -> None:
        """Deliver until asked to end and the queue is empty, or a last try failed."""
        while self._await_first():
            try:
                self._until_delivered()(self._deliver_connection)
            except OutputGoneError as error:
                _logger.critical('Output "%s": %s', self.output, error)
                break
            except Exception:  # noqa: BLE001  (already logged by _failed)
                break

    def _await_first(self) -> bool:
        """Wait for something to deliver; False when the thread shall end."""
        while not self._again:
            batch = self._take(None)
            if batch:
                self._again.append(batch)
            elif self._ending.is_set():
                return False
            else:
                self._clock.wait(self._ending, 0.2)  # flushing: nothing waits
        return True

    def _until_delivered(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            wait=self._retry_wait,
            stop=tenacity.stop_when_event_set(self._ending),
            retry=tenacity.retry_if_not_exception_type(OutputGoneError),
            sleep=self._sleep,
            before_sleep=self._say_retry,
            after=self._failed,
            reraise=True,
        )

    def _sleep(self, seconds: float) -> None:
        self._clock.wait(self._ending, seconds)

    def _deliver_connection(self) -> None:
        """Open, write until a confirmation is due, confirm, count as delivered."""
        self._policy.learn(self._transport.probe)
        self._transport.open()
        self._counters.add("connections_opened")
        while batch := self._next():
            self._write(batch)
        point("sender.before_confirm")
        level = self._transport.confirm(self._policy.required)
        point("sender.after_confirm")
        self._policy.saw(level)
        self._delivered()

    def _take(self, timeout_s: float | None) -> Batch | None:
        return self._queue.take(self.output, timeout_s, lookups=self._lookups)

    def _next(self) -> Batch | None:
        """Return the batch to write next, or None when a confirmation is due."""
        limits = self._window.limits
        age_s = self._clock.monotonic() - self._tail_since
        if self._tail and age_s >= limits.interval_s and not self._is_amid:
            return None
        if not self._again:
            batch = self._take(limits.interval_s - age_s)
            if not batch:
                return None
            self._again.append(batch)
        return self._again.popleft() if self._fits(self._again[0]) else None

    @property
    def _is_amid(self) -> bool:
        """Tell whether what was written last belongs to what is next."""
        return bool(self._tail) and self._tail[-1].ahead_bytes > 0

    def _fits(self, batch: Batch) -> bool:
        """Tell whether the tail has room; a batch too large for it goes alone.

        What must stay together is counted whole at its beginning, and is not parted
        for the number of its events.
        """
        size = batch.size_bytes + batch.ahead_bytes
        return not self._tail or (
            (self._is_amid or self._tail_events + batch.events <= self._window.events)
            and self._tail_bytes + size <= self._window.limits.size_bytes
        )

    def _write(self, batch: Batch) -> None:
        if not self._tail:
            self._tail_since = self._clock.monotonic()
        self._tail.append(batch)
        self._tail_events += batch.events
        self._tail_bytes += batch.size_bytes
        again = batch.number <= self._highest_written
        point("sender.before_resend" if again else "sender.before_write")
        started_at = self._clock.monotonic()
        self._transport.write(batch)
        elapsed_s = self._clock.monotonic() - started_at
        if not again:
            self.waits.add(started_at - batch.queued_at)
        point("sender.after_write")
        self._highest_written = max(self._highest_written, batch.number)
        self._counters.add(
            "messages_resent" if again else "messages_sent", batch.events
        )
        self._counters.add("bytes_sent", batch.size_bytes)
        self._counters.add("sending_us", round(elapsed_s * 1e6))

    def _delivered(self) -> None:
        self._counters.add("messages_confirmed", self._tail_events)
        self._counters.add("confirmations")
        numbers = [batch.number for batch in self._tail]
        self._clear_tail()
        self._window.grow()
        self._queue.confirm(self.output, numbers)
        self._committer.commit_ripe()

    def _clear_tail(self) -> None:
        self._tail.clear()
        self._tail_events = self._tail_bytes = 0

    def _failed(self, state: tenacity.RetryCallState) -> None:
        """Take everything unconfirmed back and say why."""
        error = state.outcome.exception() if state.outcome else None
        self._transport.abort()
        events = self._tail_events
        self._again.extendleft(reversed(self._tail))
        self._clear_tail()
        self._window.shrink()
        self._counters.add("confirmations_failed")
        trace = None if isinstance(error, DeliveryError) else error
        _logger.error(
            'Output "%s": %s. %s',
            self.output,
            error,
            _what_now(events),
            exc_info=trace,
        )

    def _say_retry(self, state: tenacity.RetryCallState) -> None:
        wait_s = state.next_action.sleep if state.next_action else 0.0
        _logger.info('Output "%s": next try in %.1f seconds', self.output, wait_s)


def _what_now(events: int) -> str:
    if not events:
        return "Nothing was sent; events wait"
    return f"{events} unconfirmed event(s) will be sent again"
