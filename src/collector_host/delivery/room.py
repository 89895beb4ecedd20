"""The delivery room as the runtime sees it: built, started, flushed, ended."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import TYPE_CHECKING

import tenacity

from collector_host.delivery.committer import Committer
from collector_host.delivery.internal import InternalQueue
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.lookups import Lookups
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.monitor import Monitor
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import DeliveryQueue
from collector_host.delivery.sender import Sender
from collector_host.delivery.window import Window
from collector_host.telemetry.counters import Counters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from collector_host.delivery.settings import DeliverySettings, OutputSettings
    from collector_host.state.protocol import Store
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_JITTER_S = 1.0
_LAST_WORD_S = 0.5


class DeliveryRoom:
    """Queue, senders and committer of one collector."""

    def __init__(
        self,
        settings: DeliverySettings,
        store: Store,
        counters: Counters,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._counters = counters
        self._clock = clock
        required = {output.name: output.required for output in settings.outputs}
        by_output = {name: Counters(clock) for name in required}
        self._needed = {name for name, needed in required.items() if needed}
        self._required = [by_output[name] for name in self._needed]
        without = [o.name for o in settings.outputs if not o.takes_lookups]
        self._queue = DeliveryQueue(
            required, settings.bounds, clock, by_output, without
        )
        self._committer = Committer(self._queue, store, counters, clock)
        self._rules = MessageRules(settings.max_event_bytes, counters)
        self._lookups = Lookups(self._rules, tuple(required), without)
        self._stopping = threading.Event()
        self._senders = [
            sender
            for output in settings.outputs
            for sender in self._senders_of(output, by_output[output.name])
        ]
        self._monitors = [
            Monitor(
                output,
                period_s=output.statistics_period_s or settings.statistics_period_s,
                queue=self._queue,
                counters=by_output[output.name],
                clock=clock,
                stopping=self._stopping,
                senders=[one for one in self._senders if one.output == output.name],
            )
            for output in settings.outputs
        ]

    def owner(self, name: str) -> Owner:
        """Open the door of one module, with its saved state.

        Raises:
            StateError: The saved state cannot be read.
        """
        return Owner(
            name,
            self._store.load(name),
            queue=self._queue,
            committer=self._committer,
            rules=self._rules,
            lookups=self._lookups,
        )

    def internal_queue(
        self, mask: Callable[[str], str] = str, *, deliver: bool
    ) -> InternalQueue:
        """Return the queue of telemetry messages; they never block a module.

        What outputs tell of themselves goes there, too.

        Args:
            mask: Hides secrets in a text.
            deliver: Whether messages are delivered at all.
        """
        internal = InternalQueue(
            self._queue, self._rules, self._counters, mask=mask, deliver=deliver
        )
        for monitor in self._monitors:
            monitor.telemetry = internal
        return internal

    def start(self) -> None:
        """Start the senders."""
        for thread in (*self._senders, *self._monitors):
            thread.start()

    def commit(self) -> None:
        """Write states that are ripe but could not be written before."""
        self._committer.commit_ripe()

    def flush(self, *, flushing: bool = True) -> None:
        """Confirm whenever nothing waits, instead of at the usual interval."""
        self._queue.flush(flushing=flushing)

    def close(self) -> None:
        """Take no more items."""
        self._queue.close()

    def wait_empty(self, timeout_s: float) -> bool:
        """Wait until the senders have taken everything."""
        return self._queue.wait_taken(timeout_s)

    def wait_confirmed(self, timeout_s: float) -> bool:
        """Wait until everything queued is confirmed, and commit."""
        done = self._queue.wait_confirmed(timeout_s)
        self._committer.commit_ripe()
        return done

    def end(self, drain_s: float) -> bool:
        """End the senders after a last confirmation.

        Optional outputs get what is left of the time; what they miss is said.

        Returns:
            True if all is confirmed and every state is on disk.

        Args:
            drain_s: Longest wait for that confirmation, seconds.
        """
        began_at = self._clock.monotonic()
        for sender in self._senders:
            sender.end()
        self._queue.flush()
        confirmed = self.wait_confirmed(drain_s) and not self._committer.failing
        self._end_optional(began_at + drain_s)
        self._stopping.set()
        for monitor in self._monitors:
            monitor.join(_LAST_WORD_S)
        return confirmed

    def _end_optional(self, deadline: float) -> None:
        missed: Counter[str] = Counter()
        for sender in self._senders:
            if sender.output not in self._needed:
                if sender.is_alive():
                    sender.join(max(0.0, deadline - self._clock.monotonic()))
                missed[sender.output] += sender.undelivered
        for output in missed:
            if number := missed[output] + self._queue.waiting(output):
                _logger.warning(
                    'Output "%s" is optional: %d message(s) were not delivered to it,'
                    " and will not be",
                    *(output, number),
                )

    @property
    def is_broken(self) -> bool:
        """Tell whether a required output has lost a sender: no more progress."""
        return not all(s.is_alive() for s in self._senders if s.output in self._needed)

    @property
    def unconfirmed(self) -> int:
        """Return how many batches are not confirmed on every required output."""
        return self._queue.unconfirmed

    @property
    def lost_lookups(self) -> int:
        """Return how many jobs of lookups no output has taken."""
        return self._lookups.lost

    @property
    def delivered(self) -> int:
        """Return how many messages the slowest required output has confirmed."""
        confirmed = (one.snapshot()["messages_confirmed"] for one in self._required)
        return min(confirmed, default=0)

    def _senders_of(
        self, output: OutputSettings, counters: Counters
    ) -> Iterator[Sender]:
        policy = LevelPolicy(output.name, output.confirm, self._clock)
        for index in range(output.senders):
            kind = output.kind
            yield Sender(
                f"{kind}Sender(standard_senders,{kind.lower()}_sender_{index})",
                output=output.name,
                transport=output.transport(),
                policy=policy,
                window=Window(output.window),
                retrying=tenacity.wait_exponential_jitter(
                    multiplier=output.retry_initial_s,
                    max=output.retry_maximum_s,
                    jitter=min(_JITTER_S, output.retry_initial_s),
                ),
                queue=self._queue,
                committer=self._committer,
                counters=counters,
                clock=self._clock,
                lookups=index == 0,
            )
