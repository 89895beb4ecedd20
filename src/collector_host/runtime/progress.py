"""How far a module is on its way to the present, as figures and as a line of log.

It knows positions and counts, not where they come from or what a bar looks like.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

_logger = logging.getLogger(__name__)
FAR_BEHIND: Final = timedelta(hours=1)
"""A position older than this is a backlog; events take minutes to settle."""
_DAY: Final = timedelta(days=1)
_PACE_OVER_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One module's way to the present.

    Attributes:
        owner: Whose it is, e.g. `alibaba;alibaba_1;actiontrail;None`.
        began: Position when the watch began, UTC.
        position: Everything up to here is delivered, UTC.
        now: Present time, UTC.
        events_per_s: Events delivered a second, by all modules together.
        left: Time until the present is reached at the present pace; None when that
            is not known, or not in sight.
    """

    owner: str
    began: datetime
    position: datetime
    now: datetime
    events_per_s: float
    left: timedelta | None

    @property
    def is_behind(self) -> bool:
        """Tell whether this is a backlog."""
        return self.now - self.position > FAR_BEHIND

    @property
    def done_days(self) -> float:
        """Return how much was caught up, in days of the source's time."""
        return (self.position - self.began) / _DAY

    @property
    def span_days(self) -> float:
        """Return how much there was to catch up, in days of the source's time."""
        return (self.now - self.began) / _DAY

    @property
    def text(self) -> str:
        """Return the progress as part of a sentence."""
        return (
            f"caught up to {self.position:%Y-%m-%dT%H:%M:%SZ},"
            f" {self.done_days:.1f} of {self.span_days:.1f} days,"
            f" {self.events_per_s:,.0f} events/s, {_eta(self.left)}"
        )


class _Sample(NamedTuple):
    elapsed_s: float
    position: datetime
    events: int


class Journey:
    """Makes progress out of repeated looks at one module.

    Args:
        owner: Whose it is.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._began: datetime | None = None
        self._samples: deque[_Sample] = deque()

    def look(
        self, position: datetime, now: datetime, *, elapsed_s: float, events: int
    ) -> Progress:
        """Return the progress at this moment; the pace is that of ten minutes.

        Args:
            position: Everything up to here is delivered, UTC.
            now: Present time, UTC.
            elapsed_s: Seconds of a clock that never goes back.
            events: Events delivered so far.
        """
        if self._began is None or position < self._began:
            self._began = position
            self._samples.clear()
        self._samples.append(_Sample(elapsed_s, position, events))
        while elapsed_s - self._samples[0].elapsed_s > _PACE_OVER_S:
            self._samples.popleft()
        left, events_per_s = self._pace(now)
        return Progress(self._owner, self._began, position, now, events_per_s, left)

    def _pace(self, now: datetime) -> tuple[timedelta | None, float]:
        first, last = self._samples[0], self._samples[-1]
        elapsed_s = last.elapsed_s - first.elapsed_s
        if elapsed_s <= 0:
            return None, 0.0
        # The present moves as well, one second in each.
        gain = (last.position - first.position).total_seconds() / elapsed_s - 1
        left = (now - last.position) / gain if gain > 0 else None
        return left, (last.events - first.events) / elapsed_s


class Display(Protocol):
    """Where progress is shown; used by one thread.

    Attributes:
        period_s: Seconds between two calls of `show`.
    """

    period_s: float

    def show(self, progress: Sequence[Progress]) -> None:
        """Show how far every module is."""
        ...

    def end(self) -> None:
        """Show nothing more."""
        ...


class LogLines:
    """One line of log a minute while something far behind comes nearer.

    Of several modules the one that is furthest behind speaks for all. Where nothing
    moves, others say why.
    """

    period_s = 60.0

    def __init__(self) -> None:
        self._behind: set[str] = set()
        self._said: datetime | None = None

    def show(self, progress: Sequence[Progress]) -> None:
        """Log one line if there is news, and one for each module that has arrived."""
        behind = [one for one in progress if one.is_behind]
        arrived = [
            one for one in progress if one.owner in self._behind - _names(behind)
        ]
        for one in arrived:
            days = one.done_days
            _logger.info("%s has caught up: %.1f days are read", one.owner, days)
        self._behind = _names(behind)
        if behind:
            self._say(min(behind, key=lambda one: one.position), len(behind) - 1)

    def end(self) -> None:
        """Nothing is left on the screen."""

    def _say(self, slowest: Progress, others: int) -> None:
        if slowest.position != self._said:
            self._said = slowest.position
            more = f" ({others} more behind)" if others else ""
            _logger.info("%s: %s%s", slowest.owner, slowest.text, more)


def _names(progress: Sequence[Progress]) -> set[str]:
    return {one.owner for one in progress}


def _eta(left: timedelta | None) -> str:
    if left is None:
        return "no end in sight"
    minutes = round(left / timedelta(minutes=1))
    hours, minutes = divmod(max(minutes, 1), 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"about {days} d {hours} h left"
    return (
        f"about {hours} h {minutes} min left" if hours else f"about {minutes} min left"
    )
