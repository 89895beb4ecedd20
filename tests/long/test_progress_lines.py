"""Progress of a backlog: its figures, its lines of log, its bar on a terminal."""

from __future__ import annotations

import io
import logging
import sys
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from collector_host.cli.progress_bar import ProgressBar
from collector_host.config.model import Service
from collector_host.runtime.committed import CommittedStates
from collector_host.runtime.lookout import Lookout
from collector_host.runtime.progress import Journey, LogLines, Progress
from collector_host.state.memory import MemoryStore
from fakes.clocks import ManualClock

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWNER = "alibaba;alibaba_1;actiontrail;None"
DAY = timedelta(days=1)


def progress(behind: timedelta, owner: str = OWNER) -> Progress:
    """Return a module so far behind, on its way from ninety days ago."""
    return Progress(
        owner, NOW - 90 * DAY, NOW - behind, NOW, 97.6, timedelta(hours=13.5)
    )


def test_journey_tells_pace_and_time_left() -> None:
    """Two days in ten minutes, 88 to go: a bit more than seven hours and a quarter."""
    journey = Journey(OWNER)
    journey.look(NOW - 90 * DAY, NOW, elapsed_s=0, events=1_000)

    later = NOW + timedelta(minutes=10)
    made = journey.look(later - 88 * DAY, later, elapsed_s=600, events=61_000)

    assert made.text == (
        "caught up to 2026-03-05T00:10:00Z, 2.0 of 90.0 days, 100 events/s,"
        " about 7 h 20 min left"
    )
    assert made.is_behind


def test_journey_sees_no_end_when_the_present_runs_away() -> None:
    """A pace below one second a second never arrives, and says so."""
    journey = Journey(OWNER)
    first = journey.look(NOW - DAY, NOW, elapsed_s=0, events=0)
    later = NOW + timedelta(minutes=10)
    second = journey.look(NOW - DAY, later, elapsed_s=600, events=0)

    assert (first.left, second.left) == (None, None)
    assert second.text.endswith("no end in sight")


def test_journey_follows_the_pace_of_the_last_ten_minutes() -> None:
    """A slow hour long ago no longer counts."""
    journey = Journey(OWNER)
    journey.look(NOW - 90 * DAY, NOW, elapsed_s=0, events=0)
    journey.look(NOW - 89 * DAY, NOW, elapsed_s=3_600, events=100)
    made = journey.look(NOW - 80 * DAY, NOW, elapsed_s=4_200, events=60_100)

    assert made.events_per_s == 100
    assert made.began == NOW - 90 * DAY


def test_journey_begins_again_when_the_position_goes_back() -> None:
    """A reset makes the way longer, not the progress negative."""
    journey = Journey(OWNER)
    journey.look(NOW - DAY, NOW, elapsed_s=0, events=0)
    made = journey.look(NOW - 5 * DAY, NOW, elapsed_s=60, events=0)

    assert (made.done_days, made.span_days, made.left) == (0, 5, None)


def test_log_lines_speak_of_the_furthest_behind_and_of_arrivals(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line however many modules; one more for each that arrived; then silence."""
    lines = LogLines()
    with caplog.at_level(logging.INFO):
        lines.show([progress(40 * DAY), progress(2 * DAY, "near")])
        lines.show([progress(30 * DAY), progress(timedelta(minutes=12), "near")])
        lines.show([progress(timedelta(minutes=11))])
        lines.show([progress(timedelta(minutes=11))])

    assert caplog.messages == [
        (
            f"{OWNER}: caught up to 2026-04-22T00:00:00Z, 50.0 of 90.0 days,"
            " 98 events/s, about 13 h 30 min left (1 more behind)"
        ),
        "near has caught up: 90.0 days are read",
        (
            f"{OWNER}: caught up to 2026-05-02T00:00:00Z, 60.0 of 90.0 days,"
            " 98 events/s, about 13 h 30 min left"
        ),
        f"{OWNER} has caught up: 90.0 days are read",
    ]


def test_lookout_logs_at_most_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """An hour of a moving backlog is 60 lines, warnings of the edge beside them."""
    clock = ManualClock(NOW)
    states = CommittedStates(MemoryStore())
    states.commit(OWNER, {"at": (NOW - 89 * DAY).isoformat()})
    lookout = Lookout(states.latest, lambda: 0, clock)
    lookout.watch(OWNER, Service("s", "", None, {}, (), 90, position_key="at"))

    def move(_seconds: float) -> None:
        passed = timedelta(seconds=clock.monotonic())
        states.commit(OWNER, {"at": (NOW - 89 * DAY + passed).isoformat()})
        if passed >= timedelta(hours=1):
            lookout.end()

    clock.on_wait = move
    with caplog.at_level(logging.INFO):
        lookout.run()

    levels = [record.levelno for record in caplog.records]
    assert levels.count(logging.INFO) == 60
    assert levels.count(logging.WARNING) == 2


def test_log_lines_are_silent_while_nothing_moves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A receiver that is away makes no line of progress."""
    lines = LogLines()
    with caplog.at_level(logging.INFO):
        for _ in range(60):
            lines.show([progress(40 * DAY)])

    assert len(caplog.records) == 1


class BrokenDisplay:
    """A terminal that was closed."""

    period_s = 60.0

    def show(self, progress: object) -> None:
        raise OSError(5, str(progress))

    def end(self) -> None:
        raise OSError(5)


def test_lookout_warns_although_the_terminal_is_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A display that fails costs the display."""
    clock = ManualClock(NOW)
    states = CommittedStates(MemoryStore())
    states.commit(OWNER, {"at": (NOW - 89 * DAY).isoformat()})
    lookout = Lookout(states.latest, lambda: 0, clock, BrokenDisplay())
    lookout.watch(OWNER, Service("s", "", None, {}, (), 90, position_key="at"))
    clock.on_wait = lambda _: lookout.end()

    lookout.run()

    assert len(caplog.records) == 1


def test_committed_states_follow_commits_and_forget() -> None:
    """What is looked at is what is committed, from the first load on."""
    inner = MemoryStore()
    inner.commit("a", {"n": 1})
    states = CommittedStates(inner)

    assert states.latest("a") is None
    assert states.load("a") == states.latest("a") == {"n": 1}
    states.commit("a", {"n": 2})
    assert states.latest("a") == inner.load("a") == {"n": 2}
    states.commit("a", None)
    assert states.latest("a") is None


def test_bar_shows_those_behind_below_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar is drawn; a line written meanwhile stands whole above it."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, soft_wrap=True)
    monkeypatch.setattr(sys, "stderr", screen)
    bar = ProgressBar(console).begin()

    bar.show([progress(45 * DAY), progress(timedelta(minutes=12), "near")])
    print("word " * 60, file=sys.stderr)  # noqa: T201  (as the log writer does)
    bar.end()

    shown = screen.getvalue()
    assert sys.stderr is screen
    assert "━" in shown
    assert "caught up to 2026-04-17T00:00:00Z, 45.0 of 90.0 days" in shown
    assert "near" not in shown
    assert f"{'word ' * 60}\n" in shown


def test_bars_of_several_modules_carry_their_names() -> None:
    """With one bar there is nothing to tell apart, with two there is."""
    screen = io.StringIO()
    bar = ProgressBar(Console(file=screen, force_terminal=True, width=160)).begin()

    bar.show([progress(45 * DAY, "one"), progress(2 * DAY, "two")])
    bar.end()

    assert "left: one" in screen.getvalue()
    assert "left: two" in screen.getvalue()
