"""One pull: a second look at what was read before, and a first one at what is new.

It knows how far each may read; `walk` knows how.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..errors import PullError
from ..statistics import pulling_id
from .calls import Interrupted, PatientCalls
from .looks import FirstLook, SecondLook
from .shaper import Shaper
from .tally import Tally
from .walk import Host, Walk
from .window import end_of_previous_second, next_window

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from .saving import PositionKeeper
    from .settings import Settings

_logger = logging.getLogger(__name__)


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
        self._clock = host.clock
        self._retrieving_at = retrieving_at
        self._pull_name = pulling_id(retrieving_at)
        shaper = Shaper(self._pull_name, settings.environment)
        self._walk = Walk(self._rules, calls, keeper, host, shaper)

    def run(self, window_size: timedelta) -> timedelta:
        """Read what has settled, and return the size for the next pull's windows.

        The second look comes first: once it has caught up, the first look need not
        remember a backlog for it.

        Args:
            window_size: Longest window to begin with.

        Raises:
            ApiError: A call failed for good.
            PullError: The service does not let a window end.
        """
        now = self._clock.now()
        self._keeper.load(now)
        self._keep_within_retention(now)
        try:
            self._look_again(now, window_size)
        except Interrupted:
            _log_early_end()
            return window_size
        return self._look(window_size)

    def _keep_within_retention(self, now: datetime) -> None:
        rules, position = self._rules, self._keeper.position
        edge = now - rules.retention + rules.retention_margin
        kept = position.kept_above(edge.replace(microsecond=0))
        if kept is position:
            return
        is_read_once = kept.time == position.time
        _logger.warning(
            "%s from %s to %s are lost: the service keeps %d days only",
            "Late events" if is_read_once else "Events",
            (position.lagging if is_read_once else position).time.isoformat(),
            (kept.lagging if is_read_once else kept).time.isoformat(),
            rules.retention.days,
        )
        self._keeper.save(kept)

    def _look_again(self, now: datetime, window_size: timedelta) -> None:
        """Look for late events, if it is time to."""
        late, position = self._rules.late, self._keeper.position
        since = position.lagging.time
        settled = end_of_previous_second(now - late.settle)
        end = min(settled, end_of_previous_second(position.time))
        if settled - since < late.interval or end <= since:
            return
        span = f"since {since.isoformat()} to {end.isoformat()}"
        look, calls_before = SecondLook(Tally(self._pull_name)), self._calls.made
        try:
            self._walk.read(look, end, window_size)
        except PullError as error:
            _logger.warning("The second look %s is put off: %s", span, error)
        finally:
            self._report(look.tally, span)
            calls = self._calls.made - calls_before
            _logger.debug("Second look %s: %d calls, %s", span, calls, look.tally)

    def _report(self, tally: Tally, span: str) -> None:
        late, name = tally.sent - tally.forgotten, self._pull_name
        tag = self._rules.tag
        if late:
            _logger.info(
                "Sent %d late event(s) to %s, found by the second look %s"
                " (@devo_pulling_id=%s)",
                *(late, tag, span, name),
            )
        if tally.forgotten:
            _logger.warning(
                "Sent %d event(s) to %s again, or late: the second look %s met what"
                " is no longer remembered (@devo_pulling_id=%s)",
                *(tally.forgotten, tag, span, name),
            )

    def _look(self, window_size: timedelta) -> timedelta:
        """Read what is new."""
        started_at, now = self._clock.monotonic(), self._clock.now()
        end, since = self._settled_end(now), self._keeper.position.time
        if next_window(since, end, window_size) is None:
            _logger.debug("Nothing has settled since %s", since.isoformat())
            return window_size
        span = f"since {since.isoformat()} to {end.isoformat()}"
        tag, calls_before = self._rules.tag, self._calls.made
        tally = Tally(self._pull_name)
        settled = end_of_previous_second(now - self._rules.late.settle)
        _logger.info("Retrieving actiontrail logs %s and sending to %s", span, tag)
        try:
            look = FirstLook(tally, settled)
            window_size = self._walk.read(look, end, window_size)
        except Interrupted:
            _log_early_end()
        else:
            _logger.info(
                "Retrieved and sent %d actiontrail event(s) to %s %s",
                *(tally.sent, tag, span),
            )
        elapsed_s = self._clock.monotonic() - started_at
        _logger.info("%s", tally.line(self._calls.made - calls_before, elapsed_s))
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


def _log_early_end() -> None:
    _logger.info("The pull ends early; the next one continues where it is")
