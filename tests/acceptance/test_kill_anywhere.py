"""Kills the real collector at its fault points and compares the ledgers.

The first connection with events is reset at its close in every run, so that the
path of a failed confirmation is part of what is killed.
"""

from __future__ import annotations

import signal
from collections import Counter
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from collector_emulators.actiontrail.knobs import Bounds
from devocollectorsdk.commons.fault_points import POINTS
from support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WINDOW = 100
PAGE = 50
BOUND = 2 * WINDOW + PAGE
"""Published bound for one failed confirmation and one kill: a window each, and the
page that was confirmed before its state was queued."""

ALL_BOUNDS: tuple[Bounds, ...] = ("[]", "[)", "(]")
NEED_A_SIGNAL = {"stop.requested"}
ONCE_POINTS = sorted(POINTS - NEED_A_SIGNAL)
IN_TURN = list(zip(ONCE_POINTS, cycle(ALL_BOUNDS), strict=False))
"""Each point with one kind of bounds; all pairs are in the campaign below."""


def _stage(folder: Path, certificates: Path, bounds: Bounds) -> Stage:
    return Stage(
        folder,
        certificates=certificates,
        bounds=bounds,
        count=420,
        burst=130,
        faults=("reset@closing,connection=2",),
        # Confirmations by count alone, so that every run fires the same points.
        delivery=(
            "confirm_interval_in_seconds: 30, retry_initial_in_seconds: 0.1,"
            f" confirm_events_min: 50, confirm_events_max: {WINDOW}"
        ),
    )


@pytest.fixture(scope="module")
def firings(
    tmp_path_factory: pytest.TempPathFactory, certificates: Path
) -> Counter[str]:
    """Count how often each point fires in an undisturbed run."""
    folder = tmp_path_factory.mktemp("count")
    with _stage(folder, certificates, "[]") as stage:
        code, log = stage.once(f"count:{folder}/firings")

        assert code == 0, log
    return Counter((folder / "firings").read_text().split())


def test_every_fault_point_fires(firings: Counter[str]) -> None:
    """A point that no run passes would be a promise without a test."""
    assert sorted(firings) == ONCE_POINTS


def _kill_at(
    firings_to_try: Iterable[int],
    point: str,
    bounds: Bounds,
    folder: Path,
    certificates: Path,
) -> None:
    """Kill at each firing in a run of its own, start again, compare."""
    for firing in firings_to_try:
        run_folder = folder / str(firing)
        run_folder.mkdir()
        with _stage(run_folder, certificates, bounds) as stage:
            code, log = stage.once(f"kill:{point}:{firing}")
            assert code == -signal.SIGKILL, f"firing {firing} was not reached: {log}"

            code, log = stage.once()
            assert code == 0, log

            result = stage.compare()
            assert (result.lost, result.altered) == (0, 0), f"firing {firing}: {log}"
            assert result.duplicates <= BOUND, f"firing {firing}: {log}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("point", "bounds"), IN_TURN)
def test_kill_at_the_first_second_and_last_firing_loses_nothing(
    point: str,
    bounds: Bounds,
    firings: Counter[str],
    tmp_path: Path,
    certificates: Path,
) -> None:
    """After a kill and a restart every event is in, few of them twice."""
    last = firings[point]
    chosen = sorted({1, min(2, last), last})

    _kill_at(chosen, point, bounds, tmp_path, certificates)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("bounds", ALL_BOUNDS)
@pytest.mark.parametrize("point", ONCE_POINTS)
def test_kill_at_every_firing_loses_nothing(
    point: str,
    bounds: Bounds,
    firings: Counter[str],
    tmp_path: Path,
    certificates: Path,
) -> None:
    """The same for every n, until none fires."""
    every = range(1, firings[point] + 1)

    _kill_at(every, point, bounds, tmp_path, certificates)


def test_kill_while_a_stop_is_being_asked_for_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """A kill right behind SIGTERM is like any other."""
    with _stage(tmp_path, certificates, "[]") as stage:
        with stage.spawn("run", COLLECTOR_FAULT="kill:stop.requested:1") as process:
            assert process.stderr
            for line in process.stderr:
                if "Sending" in line:
                    process.send_signal(signal.SIGTERM)
                    break
            process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL

        code, log = stage.once()
        assert code == 0, log

        result = stage.compare()
        assert (result.lost, result.altered) == (0, 0)
        assert result.duplicates <= BOUND
