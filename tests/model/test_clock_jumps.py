"""The machine's wall clock jumps while the plugin reads: nothing is lost by it.

The service knows the true time: it has no event of the future, and refuses a call
that is signed with a time too far from its own.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alibaba_cloud.actiontrail.window import Window
from alibaba_cloud.errors import ApiError
from alibaba_cloud.problems import CLOCK
from fakes.actiontrail import START, FakeHost, FakeModule, FakeTrail, event, settings
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from alibaba_cloud.actiontrail.answers import Page

_TOLERANCE = timedelta(minutes=15)
_MINUTES = 240
_WRONG = range(60, 90)
_CALLS_PER_PULL = 40


class JumpingClock(ManualClock):
    """A wall clock that somebody sets; elapsed time goes on as it should."""

    offset = timedelta(0)

    def now(self):  # noqa: ANN201  (as in ManualClock)
        """Return what the machine takes for the time."""
        return super().now() + self.offset

    @property
    def true_now(self):  # noqa: ANN201  (as in ManualClock)
        """Return the time."""
        return super().now()


class TrueTrail(FakeTrail):
    """A trail that gets one event a minute, and looks at the time of a call."""

    def __init__(self, clock: JumpingClock) -> None:
        times = [START + timedelta(minutes=minute) for minute in range(_MINUTES)]
        super().__init__([event(n, time) for n, time in enumerate(times)])
        self._clock = clock
        self._all = self.events

    def fetch(self, window: Window, token: str | None, page_size: int) -> Page:
        assert window.start < window.end
        if abs(self._clock.offset) > _TOLERANCE:
            raise ApiError(CLOCK, "InvalidTimeStamp.Expired")
        now = self._clock.true_now.isoformat().replace("+00:00", "Z")
        self.events = [one for one in self._all if one["eventTime"] <= now]
        return super().fetch(window, token, page_size)


def _pull_with_wrong_clock(
    offset: timedelta, *, second_look: bool = True
) -> tuple[set[str], int, int]:
    """Pull every minute while the clock is wrong for half an hour.

    Returns:
        Identifiers never sent, the number sent twice, and most calls of one pull.
    """
    clock = JumpingClock(START)
    trail, host = TrueTrail(clock), FakeHost()
    chosen = settings({"late_events": {"enabled": second_look}})
    puller = FakeModule(trail, host, clock, chosen)
    most = 0
    for minute in range(_MINUTES + 60):
        clock.offset = offset if minute in _WRONG else timedelta(0)
        before = len(trail.asked)
        with suppress(ApiError):
            puller.pull()
        most = max(most, len(trail.asked) - before)
        clock.advance(60)
    counts = host.counts()
    wanted = {str(one["eventId"]) for one in trail._all}
    return wanted - counts.keys(), counts.total() - len(counts), most


@pytest.mark.parametrize(
    "offset",
    [
        pytest.param(timedelta(hours=-1), id="an hour back"),
        pytest.param(timedelta(minutes=-14), id="14 minutes back"),
        pytest.param(timedelta(minutes=14), id="14 minutes forward"),
        pytest.param(timedelta(days=1), id="a day forward"),
    ],
)
def test_clock_that_jumps_and_is_set_right_loses_nothing(offset: timedelta) -> None:
    """No window runs backwards, no pull asks for ever, every event comes once."""
    lost, twice, most = _pull_with_wrong_clock(offset)

    assert lost == set()
    assert twice == 0
    assert most <= _CALLS_PER_PULL


def test_clock_ahead_of_the_settle_time_is_noticed_without_the_second_look() -> None:
    """14 minutes ahead, the first look reads past now and does not come back."""
    lost, _, _ = _pull_with_wrong_clock(timedelta(minutes=14), second_look=False)

    assert lost
