"""Months of history, read by the real collector in virtual time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support.long_work import LongWork, Process, backfill, resident_mib
from support.mutants import core, long_work

SPAN = timedelta(days=90) - timedelta(hours=1)
PAGE = 50
WINDOW = 500
MORE_MIB = 24
"""Growth allowed over millions of events: five bytes an event, the tests' own books
included."""
FEW = 1_500
"""Enough for a mutant to be found: fifteen virtual seconds."""


def run_backfill(folder: Path, count: int, *, window: int = WINDOW) -> LongWork:
    """Read a quarter of a year, stopped once and killed twice on the way."""
    with LongWork(folder, count=count, span=SPAN, window=window) as work:
        backfill(work, (0.15, Process.kill), (0.2, Process.end), (0.3, Process.kill))
    return work


def duplicates_allowed(window: int, kills: int = 2) -> int:
    """Return the documented bound: a window and a page for each kill."""
    return kills * (window + PAGE)


def test_backfill_uses_the_quota_and_loses_nothing(tmp_path: Path) -> None:
    """Every event arrives; at least 95 % of the calls are used, none is refused."""
    work = run_backfill(tmp_path, 8_000)

    assert work.verdict == {"lost": 0, "altered": 0, "refused": 0}
    assert work.receiver.duplicates <= duplicates_allowed(WINDOW)
    assert [round(leg.quota_used, 2) >= 0.95 for leg in work.legs] == [True] * 4


def test_backfill_without_pacing_is_refused_by_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices calls above the quota."""
    long_work.unpaced_calls(monkeypatch.setattr)

    assert run_backfill(tmp_path, FEW).verdict["refused"] > 0


def test_backfill_at_a_timid_pace_misses_the_quota(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices a tenth of the quota left unused."""
    long_work.timid_pace(monkeypatch.setattr)

    assert max(leg.quota_used for leg in run_backfill(tmp_path, FEW).legs) < 0.95


def test_backfill_that_commits_what_is_only_sent_loses_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices a position that runs ahead of delivery."""
    core.commit_before_confirm(monkeypatch.setattr)

    assert run_backfill(tmp_path, FEW).verdict["lost"] > 0


def test_backfill_that_forgets_its_state_repeats_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices that a restart begins anew."""
    long_work.forgotten_state(monkeypatch.setattr)

    work = run_backfill(tmp_path, FEW, window=100)

    assert work.receiver.duplicates > duplicates_allowed(100)


def blocks_kept(folder: Path, count: int) -> float:
    """Return how many memory blocks stay for each event, after a start."""
    samples: list[tuple[int, int]] = []
    with LongWork(folder, count=count, span=SPAN, window=WINDOW) as work:

        def sample(_process: Process) -> None:
            gc.collect()
            samples.append((sys.getallocatedblocks(), work.receiver.stored))

        needed_s = count / PAGE / 2
        work.leg((0.5 * needed_s, sample), (0.95 * needed_s, sample))
    (blocks, stored), (later, more) = samples
    return (later - blocks) / (more - stored)


def test_backfill_keeps_no_memory_of_events(tmp_path: Path) -> None:
    """What is delivered is forgotten: memory does not grow with the history."""
    assert blocks_kept(tmp_path, 4_000) < 0.3


def test_backfill_that_keeps_batches_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices one object kept for each event."""
    long_work.kept_batches(monkeypatch.setattr)

    assert blocks_kept(tmp_path, 3_000) > 0.5


def come_too_late(folder: Path) -> LongWork:
    """Stop early, stay down for twenty days, and start again behind the edge."""
    with LongWork(folder, count=FEW, span=SPAN, window=WINDOW) as work:
        work.leg((3, Process.end))
        work.clock.skip(timedelta(days=20).total_seconds())
        work.leg((60, Process.end))
    return work


def test_backfill_that_comes_too_late_records_all_that_is_missing(
    tmp_path: Path,
) -> None:
    """What the retention took is a gap that is shown, and nothing else is missing."""
    work = come_too_late(tmp_path)

    missing = [n for n, copies in enumerate(work.receiver.copies) if not copies]
    (gap,) = work.saved().gaps
    start, end = (datetime.fromisoformat(gap[key]) for key in ("start", "end"))
    times = [work.trail.time(number) for number in missing]
    assert len(missing) > 10
    assert start.timestamp() <= min(times) <= max(times) <= end.timestamp()
    assert gap["reason"] == "retention"


def test_backfill_that_skips_silently_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The campaign notices that nothing is said of what is missing."""
    long_work.silent_skip(monkeypatch.setattr)

    work = come_too_late(tmp_path)

    assert work.receiver.lost > 10
    assert work.saved().gaps == []


@pytest.mark.chaos
@pytest.mark.timeout(5_400)
@pytest.mark.parametrize("count", [5_000_000])
def test_backfill_of_a_quarter_of_a_year(tmp_path: Path, count: int) -> None:
    """Five million events at two calls a second: fourteen hours of virtual time."""
    ends: list[Callable[[Process], None]] = [Process.kill, Process.end] * 4
    memory: list[float] = []
    with LongWork(tmp_path, count=count, span=SPAN) as work:
        for share in (0.2, 0.95):
            at_s = share * count / PAGE / 2
            work.clock.plan(at_s, lambda: memory.append(resident_mib()))
        backfill(work, *((0.11, end) for end in ends))

    assert work.verdict == {"lost": 0, "altered": 0, "refused": 0}
    assert work.receiver.duplicates <= duplicates_allowed(5_000, kills=4)
    assert min(leg.quota_used for leg in work.legs) >= 0.95
    assert memory[1] - memory[0] < MORE_MIB
