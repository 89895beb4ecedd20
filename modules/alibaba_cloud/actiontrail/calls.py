"""Calls with patience: paced, repeated where that helps, ended by an interrupt.

It knows what an error asks for, not what a page is for.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, ContextManager, Optional, Protocol

from ..errors import ApiError, Reaction

if TYPE_CHECKING:
    import threading

    from ..pacing import Limiter
    from .answers import Page
    from .settings import Rules
    from .window import Window

_logger = logging.getLogger(__name__)


class PageSource(Protocol):
    """One call, one page."""

    def fetch(self, window: Window, token: Optional[str], page_size: int) -> Page:
        """Return one page, or raise ApiError."""
        ...

    def refresh_credentials(self) -> None:
        """Fetch the credentials again at the next call."""
        ...


class Interrupted(Exception):  # noqa: N818  (a stop or pause is no error)
    """A stop or pause was asked for while a call was due."""


class PatientCalls:
    """Gets pages, with the patience the rules allow.

    Args:
        source: Where pages come from.
        rules: Number of attempts and waits.
        limiter: Pace shared with all users of the same quota.
        interrupt: Set by another thread to end every wait.
        gate: Entered around each call: the host's own limits.

    Attributes:
        made: Calls made so far, repetitions included.
    """

    def __init__(
        self,
        source: PageSource,
        rules: Rules,
        limiter: Limiter,
        interrupt: threading.Event,
        *,
        gate: Optional[ContextManager[Any]] = None,
    ) -> None:
        self._source = source
        self._rules = rules
        self._limiter = limiter
        self._interrupt = interrupt
        self._gate: ContextManager[Any] = gate or contextlib.nullcontext()
        self.made = 0

    def page(self, window: Window, token: Optional[str]) -> Page:
        """Return one page of a window.

        Raises:
            ApiError: Repeating does not help, or did not.
            Interrupted: The interrupt came first.
        """
        refreshed = False
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._once(window, token)
            except ApiError as error:
                is_last = attempt == self._rules.attempts_per_page
                if is_last or not self._helps(error, refreshed=refreshed):
                    # Whoever ends the pull has the one line about it.
                    raise
                _logger.warning("Call %d for one page failed: %s", attempt, error)
                if error.reaction is Reaction.REFRESH:
                    refreshed = True
                    self._source.refresh_credentials()
                else:
                    self._back_off(error, attempt)

    @staticmethod
    def _helps(error: ApiError, *, refreshed: bool) -> bool:
        """Tell whether to repeat a call; new credentials are fetched once."""
        if error.reaction is Reaction.REFRESH:
            return not refreshed
        return error.reaction in {Reaction.RETRY, Reaction.SLOW_DOWN}

    def _once(self, window: Window, token: Optional[str]) -> Page:
        if not self._limiter.wait_turn(self._interrupt):
            raise Interrupted
        self.made += 1
        with self._gate:
            page = self._source.fetch(window, token, self._rules.page_size)
        self._limiter.answered()
        return page

    def _back_off(self, error: ApiError, attempt: int) -> None:
        """Wait before a call is repeated.

        The first repetition after a failure follows at once: the usual reason is a
        connection the other side closed while it was idle.
        """
        wait_s = self._rules.retry_initial_s * 2 ** (attempt - 1)
        wait_s = min(wait_s, self._rules.retry_maximum_s)
        if error.reaction is Reaction.SLOW_DOWN:
            self._limiter.refused(error.retry_after_s or wait_s)
        elif error.retry_after_s or attempt > 1:
            self._limiter.clock.wait(self._interrupt, error.retry_after_s or wait_s)
