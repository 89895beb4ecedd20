"""Kills and stops the collector at random moments while shards split and merge.

As it ships, four calls at a time: what the process is doing at a moment the seed does
not decide, so a failing run is a finding even if the seed does not repeat it.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from collector_emulators.faults import Fault
from collector_emulators.log_service import Knobs
from support.log_store import LogStoreStage
from support.running import read_until

WINDOW, PART = 400, 1_000
_PER_END = 600
_STALLED_S = 20
_LATEST_S = 0.6
_DELIVERY = (
    "confirm_interval_in_seconds: 0.2, retry_initial_in_seconds: 0.1,"
    f" confirm_events_min: 100, confirm_events_max: {WINDOW}"
)


@dataclass
class Outcome:
    """A campaign in numbers."""

    seed: int
    kills: int = 0
    stops: int = 0
    shards: int = 0
    lost: int = 0
    altered: int = 0
    duplicates: int = 0

    @property
    def bound(self) -> int:
        """Duplicates allowed: after each end a window and a part."""
        return (self.kills + self.stops) * (WINDOW + PART)


def _stage(folder: Path, certificates: Path) -> LogStoreStage:
    return LogStoreStage(
        folder,
        certificates=certificates,
        count=_PER_END,
        knobs=Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, max_page_bytes=60_000),
        delivery=_DELIVERY,
    )


def _change_the_world(stage: LogStoreStage, draw: random.Random) -> None:
    """Split or merge, now or while it is read, and let more come."""
    stage.receive(_PER_END)
    writable = [
        shard["shardID"]
        for shard in stage.source.shards(*stage.where)
        if shard["status"] == "readwrite"
    ]
    kind = "split_shard" if len(writable) < 4 else "merge_shards"
    # Slow answers, so that the load outlives the moment of the end.
    slow = Fault("delay", options={"type": "log", "seconds": 0.03})
    options = {"type": "log", "target": draw.choice(writable)}
    number = frozenset({draw.randrange(1, 12)})
    stage.source.faults.set([slow, Fault(kind, number, options=options)])


def _end_at_random(stage: LogStoreStage, draw: random.Random) -> int:
    """Start the collector, end it at a random moment under load; return how."""
    number = draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
    with stage.spawn("run") as process:
        read_until(process, "Starting data collection")
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
    with _stage(folder, certificates) as stage:
        for _ in range(ends):
            _change_the_world(stage, draw)
            if _end_at_random(stage, draw) == signal.SIGKILL:
                outcome.kills += 1
            else:
                outcome.stops += 1
        stage.source.faults.set([])
        code, log = stage.once()
        assert code == 0, log
        result = stage.compare()
        outcome.shards = len(stage.shard_ids())
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
    _check(_campaign(tmp_path, certificates, ends=3, seed=20230110))


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_200_random_kills_lose_nothing(
    tmp_path: Path, certificates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same 200 times, in 20 campaigns; COLLECTOR_SEED repeats a run's moments."""
    seed = int(os.environ.get("COLLECTOR_SEED") or secrets.randbelow(10**9))
    outcomes: list[Outcome] = []
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        outcomes.append(_campaign(folder, certificates, ends=10, seed=seed + number))
        with capsys.disabled():
            print(outcomes[-1], "bound", outcomes[-1].bound)  # noqa: T201  (the summary)

    for outcome in outcomes:
        _check(outcome)
    assert sum(outcome.kills + outcome.stops for outcome in outcomes) == 200
