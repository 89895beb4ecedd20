"""Calls with patience: paced, repeated where that helps. Lanes use them.

It knows what an error asks for, not what a call is for.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from itertools import count
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Optional

from ..errors import ApiError, Reaction
from ..problems import UNREADABLE
from .lanes import Interrupted, Lane, Lanes, Pause, Ticket

if TYPE_CHECKING:
    from ..pacing import Limiter
    from .client import LogStoreClient
    from .settings import Rules

_logger = logging.getLogger(__name__)
_HELPED_BY_WAITING = frozenset({Reaction.RETRY, Reaction.SLOW_DOWN})


class PatientCalls:
    """Makes calls, with the patience the rules allow.

    Args:
        client: What is called.
        rules: Number of attempts and waits.
        limiter: Pace shared with all users of the same quota.
        interrupt: Set by another thread to end every wait for a turn.
        gate: Entered before each call, by one thread at a time: the host's own
            limits. That several threads may is nowhere promised.

    Attributes:
        made: Calls started so far, repetitions included.
    """

    def __init__(
        self,
        client: LogStoreClient,
        rules: Rules,
        limiter: Limiter,
        interrupt: threading.Event,
        gate: Optional[ContextManager[Any]] = None,
    ) -> None:
        self.client = client
        self._rules = rules
        self._limiter = limiter
        self._interrupt = interrupt
        self._gate: ContextManager[Any] = gate or contextlib.nullcontext()
        self._at_gate = threading.Lock()
        self.made = 0

    def start(self, lanes: Lanes, call: Callable[[], Any]) -> Ticket:
        """Start one try of a call."""
        self.made += 1
        return lanes.start(lambda: self._once(call))

    def patiently(
        self,
        lanes: Lanes,
        what: str,
        call: Callable[[int], Any],
        started: Optional[Ticket] = None,
    ) -> Lane:
        """Return the outcome of a call, repeated as often as the rules allow.

        Args:
            lanes: Where the lane runs.
            what: The call in a log line.
            call: Makes it; given how many answers could not be decoded so far.
            started: The first try, if it was started already.

        Raises:
            ApiError: Repeating does not help, or did not.
        """
        refreshed, unreadable = False, 0
        for attempt in count(1):
            try:
                ticket = started or self.start(lanes, _bound(call, unreadable))
                return (yield ticket)
            except ApiError as error:
                is_renewable = error.reaction is Reaction.REFRESH and not refreshed
                helps = is_renewable or error.reaction in _HELPED_BY_WAITING
                if not helps or attempt >= self._rules.attempts_per_call:
                    # Whoever catches it has the one line about it.
                    raise
                _logger.warning("Call %d, %s, failed: %s", attempt, what, error)
                if is_renewable:
                    refreshed = True
                    self.client.refresh_credentials()
                else:
                    yield Pause(self._wait_s(error, attempt))
                unreadable += error.problem is UNREADABLE
            started = None
        return None  # pragma: no cover  (the loop has no end)

    def _wait_s(self, error: ApiError, attempt: int) -> float:
        """Return the wait before a repetition.

        After a failure the first one follows at once: the usual reason is a
        connection that the other side closed while it was idle.
        """
        if error.reaction is not Reaction.SLOW_DOWN and attempt == 1:
            return 0.0
        wait_s = self._rules.retry_initial_s * 2 ** (attempt - 1)
        return min(wait_s, self._rules.retry_maximum_s)

    def _once(self, call: Callable[[], Any]) -> Any:
        if not self._limiter.wait_turn(self._interrupt):
            raise Interrupted
        with self._at_gate, self._gate:
            pass
        return call()


def _bound(call: Callable[[int], Any], unreadable: int) -> Callable[[], Any]:
    return lambda: call(unreadable)
