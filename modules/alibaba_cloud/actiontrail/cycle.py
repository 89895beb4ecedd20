"""One pull: everything that has settled since the position, page by page.

A page is sent, then its position is saved, and only then is it adopted. It knows
neither the vendor's SDK nor the host's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable, List

from ..errors import ApiError, PullError, Reaction
from ..problems import NO_PROGRESS
from .calls import Interrupted, PatientCalls
from .reader import read_pages
from .shaper import Shaper, pulling_id
from .sieve import sift
from .tally import Tally
from .window import Window, adapted, end_of_previous_second, next_window

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ..clock import Clock
    from .answers import Page
    from .saving import PositionKeeper
    from .settings import Settings
    from .state import Position

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Host:
    """What a pull needs of the module it runs in.

    Attributes:
        clock: Time.
        send: Queues messages for delivery, in order; blocks while the queue is full.
        ended: Tells between pages whether the pull has to end.
    """

    clock: Clock
    send: Callable[[List[str]], None]
    ended: Callable[[], bool]


class Cycle:
    """One pull.

    Args:
        settings: What to read, and how.
        calls: Gets the pages.
        keeper: Keeps the position.
        host: The module it runs in.
        retrieving_at: Start of the pull, UTC; names it.
    """

    def __init__(
        self,
        settings: Settings,
        calls: PatientCalls,
        keeper: PositionKeeper,
        host: Host,
        retrieving_at: datetime,
    ) -> None:
        self._rules = settings.rules
        self._calls = calls
        self._keeper = keeper
        self._host = host
        self._retrieving_at = retrieving_at
        self._tally = Tally(pulling_id(retrieving_at))
        self._shaper = Shaper(self._tally.pull_name, settings.environment)

    def run(self, window_size: timedelta) -> timedelta:
        """Read what has settled, and return the size for the next pull's windows.

        Args:
            window_size: Longest window to begin with.

        Raises:
            ApiError: A call failed for good.
            PullError: The service does not let a window end.
        """
        started_at = self._host.clock.monotonic()
        now = self._host.clock.now()
        end = self._settled_end(now)
        self._position = self._within_retention(self._keeper.load(now), now)
        since = self._position.time
        if next_window(since, end, window_size) is None:
            _logger.debug("Nothing has settled since %s", since.isoformat())
            return window_size
        span = f"since {since.isoformat()} to {end.isoformat()}"
        tag = self._rules.tag
        _logger.info("Retrieving actiontrail logs %s and sending to %s", span, tag)
        try:
            window_size = self._read_until(end, window_size)
        except Interrupted:
            _logger.info("The pull ends early; the next one continues where it is")
        else:
            sent = self._tally.sent
            _logger.info(
                "Retrieved and sent %d actiontrail event(s) to %s %s", sent, tag, span
            )
        elapsed_s = self._host.clock.monotonic() - started_at
        _logger.info("%s", self._tally.line(self._calls.made, elapsed_s))
        return window_size

    def _settled_end(self, now: datetime) -> datetime:
        """Return how far events may be read: what is younger may still be arriving."""
        settle_s = self._rules.settle.total_seconds()
        limit = now - self._rules.settle
        end = self._retrieving_at
        if end > limit:
            _logger.info(
                "Retrieving timestamp (%s) is greater than %s (datetime.now() - %d"
                " seconds). Setting end datetime to %s.",
                end.isoformat(),
                limit.isoformat(),
                settle_s,
                limit.isoformat(),
            )
            end = limit
        end = end_of_previous_second(end)
        _logger.info(
            "Setting end_datetime to %s (end of previous second to account for Alibaba"
            " time filtration granularity)",
            end.isoformat(),
        )
        return end

    def _within_retention(self, position: Position, now: datetime) -> Position:
        edge = now - self._rules.retention + self._rules.retention_margin
        kept = position.kept_above(edge.replace(microsecond=0))
        if kept is not position:
            _logger.warning(
                "Events from %s to %s are lost: the service keeps %d days only",
                position.time.isoformat(),
                kept.time.isoformat(),
                self._rules.retention.days,
            )
            self._keeper.save(kept)
        return kept

    def _read_until(self, end: datetime, size: timedelta) -> timedelta:
        """Read window after window; one that is refused begins again."""
        fruitless = 0
        while True:
            window = next_window(self._position.time, end, size)
            if window is None:
                return size
            calls_before, sent_before = self._calls.made, self._tally.sent
            try:
                self._read_window(window)
            except ApiError as error:
                if error.reaction is not Reaction.RESTART:
                    raise
                fruitless = fruitless + 1 if self._tally.sent == sent_before else 0
                if fruitless == self._rules.fruitless_restarts_max:
                    raise PullError(NO_PROGRESS, error.cause) from error
                _logger.info("The window begins again: %s", error)
            size = self._adapted(size, self._calls.made - calls_before)

    def _read_window(self, window: Window) -> None:
        _logger.debug("Window from %s to %s", window.start_text, window.end_text)
        empty_max = self._rules.empty_pages_max
        for page in read_pages(self._calls, window, empty_max=empty_max):
            self._take(page, window)
            if self._host.ended():
                raise Interrupted
        self._adopt(self._position.moved_to(window.end))

    def _take(self, page: Page, window: Window) -> None:
        """Send what is fresh in a page, and adopt the position behind it."""
        rules = self._rules
        sifted = sift(
            page.events,
            self._position.seen,
            until=window.end,
            id_field=rules.id_field,
            time_field=rules.time_field,
        )
        self._tally.received += len(page.events)
        self._tally.duplicates += sifted.duplicates
        if sifted.fresh:
            _logger.info("Sending %d events to %s", len(sifted.fresh), rules.tag)
            self._host.send([self._shaper.shape(event) for event in sifted.fresh])
            self._tally.sent += len(sifted.fresh)
        reached = sifted.newest or self._position.time
        self._adopt(replace(self._position, seen=sifted.seen).moved_to(reached))

    def _adopt(self, position: Position) -> None:
        self._keeper.save(position)
        self._position = position

    def _adapted(self, size: timedelta, pages: int) -> timedelta:
        return adapted(
            size,
            pages,
            pages_max=self._rules.pages_per_window_max,
            shortest=self._rules.window_min,
            longest=self._rules.window_max,
        )
