"""Kills the collector at its fault points while the shards of its source change.

A shard is split in the middle of the first run, its children are merged before the
second one, and each of them gets records of its own. The first connection with
events is reset at its close, so that a failed confirmation is killed, too.
"""

from __future__ import annotations

import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from collector_emulators.faults import Fault
from collector_emulators.log_service import Knobs
from devocollectorsdk.commons.fault_points import POINTS
from support.log_store import DAY_S, LogStoreStage
from support.mutants import log_store as mutants
from support.quick import run_quickly
from support.scaled import SMALL_PART, small_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from collector_emulators.log_service.knobs import ExpiredCursor

WINDOW = 100
PART = SMALL_PART
BOUND = 2 * WINDOW + PART
"""Published bound for one failed confirmation and one kill: a window each, and the
part that was confirmed before its state was queued."""

ONCE_POINTS = sorted(POINTS - {"stop.requested"})
_COMING_S = 3_600.0


def _stage(folder: Path, certificates: Path) -> LogStoreStage:
    stage = LogStoreStage(
        folder,
        certificates=certificates,
        # More than one part in each shard, so that kills find a part within a pull.
        count=500,
        per_group=5,
        changes=[small_parts],
        faults=("reset@closing,connection=2",),
        # Confirmations by count, and one call at a time: every run fires the same.
        delivery=(
            "confirm_interval_in_seconds: 30, retry_initial_in_seconds: 0.1,"
            f" confirm_events_min: {WINDOW}, confirm_events_max: {WINDOW}"
        ),
        parallel_pulls=1,
    )
    at = stage.source.data_clock.seconds() + _COMING_S
    stage.receive(120, at=at)
    first = {"type": "log", "shard": "0"}
    stage.source.faults.set(
        [
            Fault("split_shard", at_calls=frozenset({1}), options=first),
            Fault(
                "time_passes",
                at_calls=frozenset({1}),
                options={**first, "seconds": _COMING_S},
            ),
        ]
    )
    return stage


def _change_shards(stage: LogStoreStage) -> None:
    """Merge the children of the shard that was split; both had records by then."""
    stage.source.faults.set([])
    if len(stage.shard_ids()) == 2:  # killed before the first pull
        stage.split(0)
        stage.source.advance(_COMING_S)
    stage.merge(2)
    stage.receive(120)


@pytest.fixture(scope="module")
def firings(
    tmp_path_factory: pytest.TempPathFactory, certificates: Path
) -> Counter[str]:
    """Count how often each point fires in a run that nothing kills."""
    folder = tmp_path_factory.mktemp("count")
    with _stage(folder, certificates) as stage:
        code, log = stage.once(f"count:{folder}/firings")

        assert code == 0, log
    return Counter((folder / "firings").read_text().split())


def test_every_fault_point_fires(firings: Counter[str]) -> None:
    """A point that no run passes would be a promise without a test."""
    assert sorted(firings) == ONCE_POINTS


def _start_again_here(stage: LogStoreStage) -> tuple[int, str]:
    """Start again in this process, which is three times as fast as in a new one."""
    with pytest.MonkeyPatch.context() as patching:
        small_parts(patching.setattr)
        return run_quickly(stage.folder)


def _kill_at(
    firings_to_try: Iterable[int],
    point: str,
    folder: Path,
    certificates: Path,
    start_again: Callable[[LogStoreStage], tuple[int, str]] = LogStoreStage.once,
) -> None:
    """Kill at each firing in a run of its own, merge, start again, compare."""
    for firing in firings_to_try:
        run_folder = folder / str(firing)
        run_folder.mkdir()
        with _stage(run_folder, certificates) as stage:
            code, log = stage.once(f"kill:{point}:{firing}")
            assert code == -signal.SIGKILL, f"firing {firing} was not reached: {log}"

            _change_shards(stage)
            code, log = start_again(stage)
            assert code == 0, log

            result = stage.compare()
            assert stage.shard_ids() == [0, 1, 2, 3, 4]
        assert (result.lost, result.altered) == (0, 0), f"firing {firing}: {log}"
        assert result.duplicates <= BOUND, f"firing {firing}: {log}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("point", ONCE_POINTS)
def test_kill_at_the_first_second_and_last_firing_loses_nothing(
    point: str, firings: Counter[str], tmp_path: Path, certificates: Path
) -> None:
    """Across a split and a merge every record is in, few of them twice."""
    last = firings[point]
    chosen = sorted({1, min(2, last), last})

    _kill_at(chosen, point, tmp_path, certificates, _start_again_here)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("point", ONCE_POINTS)
def test_kill_at_every_firing_loses_nothing(
    point: str, firings: Counter[str], tmp_path: Path, certificates: Path
) -> None:
    """The same for every n, until none fires."""
    _kill_at(range(1, firings[point] + 1), point, tmp_path, certificates)


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_kill_before_a_write_loses_records_if_they_were_saved_before_they_were_sent(
    tmp_path: Path, certificates: Path, *, damaged: bool
) -> None:
    """The order of sending and saving is what keeps them."""
    knobs = Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, max_page_bytes=30_000)
    delivery = (
        "confirm_interval_in_seconds: 30, confirm_events_min: 10,"
        " confirm_events_max: 10"
    )
    changes = [mutants.save_before_sending] if damaged else []
    with LogStoreStage(
        tmp_path,
        certificates=certificates,
        knobs=knobs,
        delivery=delivery,
        changes=changes,
        parallel_pulls=1,
    ) as stage:
        code, log = stage.once("kill:sender.before_write:4")
        assert code == -signal.SIGKILL, log
        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    assert bool(result.lost) is damaged
    assert result.altered == 0


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_kill_behind_a_part_repeats_more_if_its_count_is_forgotten(
    tmp_path: Path, certificates: Path, *, damaged: bool
) -> None:
    """An answer that was sent in part goes on behind that part."""
    delivery = (
        f"confirm_interval_in_seconds: 30, confirm_events_min: {SMALL_PART},"
        f" confirm_events_max: {SMALL_PART}"
    )
    changes = [small_parts, *([mutants.skip_is_forgotten] if damaged else [])]
    with LogStoreStage(
        tmp_path,
        certificates=certificates,
        count=1_000,
        shards=1,
        delivery=delivery,
        changes=changes,
    ) as stage:
        code, log = stage.once("kill:store.after_commit:6")
        assert code == -signal.SIGKILL, log
        saved = stage.state()["shards"]["0"]["skip"]
        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    assert saved >= 4 * SMALL_PART
    assert (result.lost, result.altered) == (0, 0)
    assert (result.duplicates > BOUND) is damaged


@pytest.mark.parametrize(
    ("form", "damaged"),
    [("error", False), ("jump", False), ("error", True)],
    ids=["error", "jump", "damaged"],
)
def test_expiry_after_a_kill_costs_what_expired_and_no_more(
    form: ExpiredCursor, tmp_path: Path, certificates: Path, *, damaged: bool
) -> None:
    """What is still kept arrives, what is not is a WARNING and a gap in the state."""
    knobs = Knobs(
        shard_reads_per_s=0,
        shard_bytes_per_s=0,
        max_page_bytes=30_000,
        expired_cursor=form,
    )
    delivery = (
        f"confirm_interval_in_seconds: 30, confirm_events_min: {WINDOW},"
        f" confirm_events_max: {WINDOW}"
    )
    with LogStoreStage(
        tmp_path,
        certificates=certificates,
        count=500,
        ttl_days=1,
        knobs=knobs,
        delivery=delivery,
        changes=[mutants.expired_means_the_end] if damaged else [],
        parallel_pulls=1,
    ) as stage:
        code, log = stage.once("kill:store.after_commit:3")
        assert code == -signal.SIGKILL, log
        before = stage.compare()
        stage.split(0)
        stage.source.advance(DAY_S)
        kept = {one.sha256 for one in stage.receive(150)}
        code, log = stage.once()

        assert code == 0, log
        missing = len(kept - stage.delivered())
        result = stage.compare()
        gaps = stage.state()["gaps"]
    assert bool(missing) is damaged, log
    if not damaged:
        assert result.altered == 0
        assert result.duplicates <= WINDOW + PART
        assert result.delivered - before.delivered >= len(kept)
        # Of the shard that was split nothing is left, so that it is gone itself.
        reasons = {gap["shard"]: gap["reason"] for gap in gaps}
        assert reasons == {0: "vanished", 1: "expired"}
        assert "WARNING" in log
        assert log.count("are lost") == len(gaps)
