"""Kills and stops the real collector at random moments, again and again.

Source and receiver live on; in the end their ledgers are compared. The seed decides
the moments, but not what the process is doing then: a failing run is a finding even
if the seed does not repeat it.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from support.mutants import core
from support.running import read_until, spawn_changed
from support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.mutants.patching import Patch

WINDOW, PAGE = 200, 50
_EVENTS_PER_KILL = 250
_STALLED_S = 20
_DELIVERY = (
    "confirm_interval_in_seconds: 0.2, retry_initial_in_seconds: 0.1,"
    f" confirm_events_min: 50, confirm_events_max: {WINDOW}"
)
_LATEST_S = 0.5
"""How long after its first page a process lives at most; a page takes 50 ms."""


@dataclass
class Outcome:
    """A campaign in numbers."""

    seed: int
    kills: int = 0
    stops: int = 0
    lost: int = 0
    altered: int = 0
    duplicates: int = 0

    @property
    def bound(self) -> int:
        """Duplicates allowed: after each end a window and a page."""
        return (self.kills + self.stops) * (WINDOW + PAGE)


def _stage(folder: Path, certificates: Path, ends: int) -> Stage:
    return Stage(
        folder,
        certificates=certificates,
        count=(ends + 2) * _EVENTS_PER_KILL,
        burst=130,
        delivery=_DELIVERY,
    )


def _slow_down(stage: Stage) -> None:
    """Let the source give 20 pages a second, so that the load outlives the kills."""
    config = stage.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    slower = text.replace("requests_per_second: 100", "requests_per_second: 20")
    config.write_text(slower, encoding="utf-8")


def _end_at_random(stage: Stage, draw: random.Random) -> int:
    """Start the collector, end it at a random moment under load; return how."""
    number = draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
    with stage.spawn("run") as process:
        read_until(process, "Sending")
        try:
            process.communicate(timeout=draw.uniform(0, _LATEST_S))
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        _, log = process.communicate(timeout=_STALLED_S)
    assert process.returncode == (-number if number is signal.SIGKILL else 0), log
    return number


def _campaign(folder: Path, certificates: Path, ends: int, seed: int) -> Outcome:
    draw = random.Random(seed)  # noqa: S311  (a replayable draw, no secret)
    outcome = Outcome(seed)
    with _stage(folder, certificates, ends) as stage:
        _slow_down(stage)
        for _ in range(ends):
            if _end_at_random(stage, draw) == signal.SIGKILL:
                outcome.kills += 1
            else:
                outcome.stops += 1
        stage.write_config()
        code, log = stage.once()
        assert code == 0, log
        result = stage.compare()
    outcome.lost, outcome.altered = result.lost, result.altered
    outcome.duplicates = result.duplicates
    return outcome


def _check(outcome: Outcome) -> None:
    assert (outcome.lost, outcome.altered) == (0, 0), outcome
    assert outcome.duplicates <= outcome.bound, outcome


@pytest.mark.timeout(120)
def test_random_kills_and_stops_lose_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """A few ends at random moments: all is in, duplicates stay below the bound."""
    _check(_campaign(tmp_path, certificates, ends=6, seed=20230110))


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_500_random_kills_lose_nothing(
    tmp_path: Path, certificates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same 500 times, in 25 campaigns; COLLECTOR_SEED repeats a run's moments."""
    seed = int(os.environ.get("COLLECTOR_SEED") or secrets.randbelow(10**9))
    outcomes: list[Outcome] = []
    for number in range(25):
        folder = tmp_path / str(number)
        folder.mkdir()
        outcomes.append(_campaign(folder, certificates, ends=20, seed=seed + number))
        with capsys.disabled():
            print(outcomes[-1], "bound", outcomes[-1].bound)  # noqa: T201  (the summary)

    for outcome in outcomes:
        _check(outcome)
    assert sum(outcome.kills + outcome.stops for outcome in outcomes) == 500


def _kill_between_dying_ends(stage: Stage, *mutants: Callable[[Patch], None]) -> None:
    """Kill the collector while its receiver stalls, which then dies as well.

    The receiver reads the first piece of a connection and nothing more, so that what
    was written is on the way, and what was queued waits, when both end.
    """
    with spawn_changed(stage, *mutants) as process:
        read_until(process, "Retrieved and sent")
        read_until(process, "Retrieved and sent")  # a second later all is written
        process.kill()
        process.communicate(timeout=_STALLED_S)
    stage.relay.release()


_DYING = ("stall@read,connection=2", "reset@read,connection=2")


@pytest.mark.chaos
def test_kill_beside_a_dying_receiver_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Nothing of what was only written or queued was committed."""
    with Stage(tmp_path, certificates=certificates, faults=_DYING) as stage:
        _kill_between_dying_ends(stage)

        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)


@pytest.mark.chaos
@pytest.mark.parametrize(
    "mutant",
    [core.commit_when_saved, core.commit_before_confirm],
    ids=lambda one: one.__name__,
)
def test_kill_beside_a_dying_receiver_loses_events_without(
    mutant: Callable[[Patch], None], tmp_path: Path, certificates: Path
) -> None:
    """Without the order of send, confirm and commit the same run loses events."""
    with Stage(tmp_path, certificates=certificates, faults=_DYING) as stage:
        _kill_between_dying_ends(stage, mutant)

        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    assert result.lost > 0
