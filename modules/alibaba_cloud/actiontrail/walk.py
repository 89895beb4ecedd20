"""From where a look has come to up to an end: windows, pages, and what they give.

A page is sent, then its position is saved, and only then is it adopted. It knows
neither how far to read nor why.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable, List

from ..errors import ApiError, PullError, Reaction
from ..instants import SECOND, whole_second
from ..problems import NO_PROGRESS
from .calls import Interrupted, PatientCalls
from .reader import read_pages
from .sieve import Sieve
from .window import Window, adapted, next_window

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ..clock import Clock
    from .answers import Page
    from .looks import Look
    from .saving import PositionKeeper
    from .settings import Rules
    from .shaper import Shaper
    from .sieve import Sifted
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


class Walk:
    """Reads for one pull.

    Args:
        rules: How to read.
        calls: Gets the pages.
        keeper: Keeps the position.
        host: The module it runs in.
        shaper: Writes the events.
    """

    def __init__(
        self,
        rules: Rules,
        calls: PatientCalls,
        keeper: PositionKeeper,
        host: Host,
        shaper: Shaper,
    ) -> None:
        self._rules = rules
        self._calls = calls
        self._keeper = keeper
        self._host = host
        self._shaper = shaper
        self._sieve = Sieve(rules.id_field, rules.time_field)

    def read(self, look: Look, end: datetime, size: timedelta) -> timedelta:
        """Read window after window; one that is refused begins again.

        Args:
            look: Who reads.
            end: Last microsecond of the last second to read, UTC.
            size: Longest window to begin with.

        Returns:
            The size for the next windows.

        Raises:
            ApiError: A call failed for good.
            PullError: The service does not let a window end.
            Interrupted: The pull has to end.
        """
        fruitless = 0
        while True:
            window = next_window(look.reached(self._keeper.position), end, size)
            if window is None:
                return size
            calls_before, progress_before = self._calls.made, self._progress(look)
            try:
                self._read_window(look, window)
            except ApiError as error:
                if error.reaction is not Reaction.RESTART:
                    raise
                is_same = self._progress(look) == progress_before
                fruitless = fruitless + 1 if is_same else 0
                if fruitless == self._rules.fruitless_restarts_max:
                    raise PullError(NO_PROGRESS, error.cause) from error
                _logger.info("The window begins again: %s", error)
            size = self._adapted(size, self._calls.made - calls_before)

    def _progress(self, look: Look) -> object:
        return look.tally.sent, look.reached(self._keeper.position)

    def _read_window(self, look: Look, window: Window) -> None:
        _logger.debug("Window from %s to %s", window.start_text, window.end_text)
        empty_max = self._rules.empty_pages_max
        for page in read_pages(self._calls, window, empty_max=empty_max):
            self._take(look, page, window)
            if self._host.ended():
                raise Interrupted
        self._keeper.save(look.behind_window(self._keeper.position, window))

    def _take(self, look: Look, page: Page, window: Window) -> None:
        """Send what is fresh in a page, and adopt the position behind it."""
        position = self._keeper.position
        sifted = self._sieve.sift(
            page.events,
            position.seen,
            position.lagging.remembered,
            since=whole_second(look.reached(position)) - SECOND,
            until=window.end,
        )
        if sifted.fresh:
            tag = self._rules.tag
            _logger.log(look.level, "Sending %d events to %s", len(sifted.fresh), tag)
            self._host.send([self._shaper.shape(event) for event in sifted.fresh])
        look.tally.add(sifted, position.lagging.remembered)
        self._keeper.save(look.behind_page(self._remembering(sifted), sifted))

    def _remembering(self, sifted: Sifted) -> Position:
        """Return the position with the page remembered for the second look."""
        position = self._keeper.position
        lagging, ids_max = position.lagging, self._rules.late.ids_max
        remembered = lagging.remembered.with_traces(sifted.traces, ids_max)
        if remembered.forgotten_before != lagging.remembered.forgotten_before:
            _logger.warning(
                "More than %d events since %s: those before %s are no longer"
                " remembered, and the second look will send them again",
                ids_max,
                lagging.time.isoformat(),
                remembered.forgotten_before,
            )
        return replace(position, lagging=replace(lagging, remembered=remembered))

    def _adapted(self, size: timedelta, pages: int) -> timedelta:
        return adapted(
            size,
            pages,
            pages_max=self._rules.pages_per_window_max,
            shortest=self._rules.window_min,
            longest=self._rules.window_max,
        )
