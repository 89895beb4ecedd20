"""A receiver that is away for long: the source waits, the log stays readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from support.long_work import LinesPerHour, LongWork, Process
from support.mutants import long_work

SPAN = timedelta(days=90) - timedelta(hours=3)
COUNT = 3_000
QUEUE = 500
WINDOW = 500
AWAY_FROM_S = 5.0
FULL_BY_S = 30.0
"""Queue and window take ten seconds to fill."""
LINES_PER_HOUR = 150
"""One a minute of the full queue, two every five of the retries, the statistics, and
the setup that proves itself every ten."""


class Outage:
    """One run in which the receiver is away for a while."""

    def __init__(self, folder: Path, hours: float, patience_s: float = 600) -> None:
        self.back_at_s = AWAY_FROM_S + hours * 3600
        self.work = LongWork(
            folder, count=COUNT, span=SPAN, queue_messages=QUEUE, window=WINDOW
        )
        with self.work, LinesPerHour(self.work.clock) as log:
            self.log = log
            self.work.leg(
                (AWAY_FROM_S, self._receiver(away=True)),
                (self.back_at_s, self._receiver(away=False)),
                (self.back_at_s + patience_s, Process.end),
            )

    def _receiver(self, *, away: bool) -> Callable[[Process], None]:
        def switch(_process: Process) -> None:
            self.work.receiver.away = away

        return switch

    @property
    def pages_while_full(self) -> int:
        return self.work.pages_between(FULL_BY_S, self.back_at_s)

    @property
    def most_lines(self) -> int:
        """Return the lines of the worst whole hour in the outage."""
        hours = range(1, int(self.back_at_s // 3600))
        return max(self.log.lines.get(hour, 0) for hour in hours)

    @property
    def warnings_of_the_edge(self) -> int:
        return sum("the source keeps 90 days" in one for one in self.log.warnings)


def check(outage: Outage, hours: int) -> None:
    """Hold an outage against everything that is promised."""
    work = outage.work
    assert outage.pages_while_full == 0
    assert outage.most_lines <= LINES_PER_HOUR
    assert outage.warnings_of_the_edge == pytest.approx(hours, abs=1)
    assert work.verdict == {"lost": 0, "altered": 0, "refused": 0}
    assert work.receiver.duplicates <= WINDOW


def test_outage_stops_the_source_and_costs_no_event(tmp_path: Path) -> None:
    """No page is asked for while the queue is full; then all of them arrive."""
    check(Outage(tmp_path, hours=2.5), hours=3)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_outage_of_a_day_stops_the_source_and_costs_no_event(tmp_path: Path) -> None:
    """The same for a day of virtual time."""
    check(Outage(tmp_path, hours=24), hours=24)


def test_outage_with_an_endless_queue_goes_on_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices calls that back-pressure should have held back."""
    long_work.endless_queue(monkeypatch.setattr)

    assert Outage(tmp_path, hours=0.5, patience_s=1).pages_while_full > 0


def test_outage_with_impatient_retries_floods_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices lines that back-off should have spared."""
    long_work.impatient_retries(monkeypatch.setattr)

    assert Outage(tmp_path, hours=2.5, patience_s=1).most_lines > LINES_PER_HOUR


def test_outage_near_the_edge_without_warnings_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices that nobody warns of the retention."""
    long_work.silent_edge(monkeypatch.setattr)

    assert Outage(tmp_path, hours=0.1, patience_s=1).warnings_of_the_edge == 0
