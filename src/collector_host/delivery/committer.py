"""From ripe barriers to state on disk."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from collector_host.errors import StateError

if TYPE_CHECKING:
    from collector_host.delivery.items import Barrier
    from collector_host.delivery.queue import DeliveryQueue
    from collector_host.state.protocol import Store
    from collector_host.telemetry.counters import Counters
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_SAY_EVERY_S = 60.0


class Committer:
    """Commits what is ripe, in order, from whichever thread made it ripe.

    A commit that fails keeps its barrier: delivery goes on, and the newest state is
    tried again with the next commit.
    """

    def __init__(
        self, queue: DeliveryQueue, store: Store, counters: Counters, clock: Clock
    ) -> None:
        self._queue = queue
        self._counters = counters
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, Barrier] = {}
        self._said_at: float | None = None

    def commit_ripe(self) -> None:
        """Write the newest ripe state of every owner; errors are logged, not raised."""
        with self._lock:
            for barrier in self._queue.take_ripe():
                self._waiting[barrier.owner] = barrier
            for owner, barrier in list(self._waiting.items()):
                if self._commit(barrier):
                    del self._waiting[owner]

    @property
    def failing(self) -> bool:
        """Tell whether a state that is ripe could not be written."""
        return bool(self._waiting)

    def _commit(self, barrier: Barrier) -> bool:
        try:
            self._store.commit(barrier.owner, barrier.state)
        except StateError as error:
            self._counters.add("commits_failed")
            self._say(barrier.owner, error)
            return False
        self._counters.add("states_committed")
        return True

    def _say(self, owner: str, error: StateError) -> None:
        now = self._clock.monotonic()
        if self._said_at is None or now - self._said_at >= _SAY_EVERY_S:
            self._said_at = now
            _logger.error(
                "The state of %s cannot be saved: %s. Events are delivered, but after"
                " a restart they will be delivered again",
                owner,
                error,
            )
