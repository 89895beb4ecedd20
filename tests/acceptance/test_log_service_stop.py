"""An orderly stop while a Log Store is being read."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from collector_emulators.faults import Fault
from collector_emulators.log_service import Knobs
from support.log_store import LogStoreStage
from support.quick import run_quickly

LIMIT_S = 10.0
WINDOW = 200
STALLED = Fault("delay", options={"type": "log", "seconds": 20.0})
"""Longer than a stop may take; nothing is answered meanwhile."""

SLOW = Fault("delay", options={"type": "log", "seconds": 0.05})


@pytest.mark.parametrize("fault", [SLOW, STALLED], ids=["catching up", "stalled"])
def test_stop_ends_in_time_and_keeps_the_position(
    fault: Fault, tmp_path: Path, certificates: Path
) -> None:
    """SIGTERM in mid-reading: what was read is in and saved, the rest comes later."""
    knobs = Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, max_page_bytes=15_000)
    delivery = (
        "confirm_interval_in_seconds: 0.2, confirm_events_min: 50,"
        f" confirm_events_max: {WINDOW}"
    )
    with LogStoreStage(
        tmp_path, certificates=certificates, count=1_200, knobs=knobs, delivery=delivery
    ) as stage:
        # The stall begins behind the first answers of both shards.
        first = 9 if fault is STALLED else 1
        late = frozenset(range(first, 1_000))
        stage.source.faults.set([Fault("delay", late, options=fault.options)])
        with stage.running() as run:
            run.wait_for("confirmation level")
            asked_at = time.monotonic()
            code = run.stop()
            elapsed_s = time.monotonic() - asked_at
        part = stage.compare()
        stage.source.faults.set([])
        again, log = stage.once()

        assert code == 0, run.log
        assert elapsed_s < LIMIT_S
        assert 0 < part.delivered < 1_200
        assert again == 0, log
        result = stage.compare()
        assert (result.lost, result.altered) == (0, 0), log
        assert result.duplicates <= WINDOW


def _sockets() -> int:
    links = (link for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return sum(str(link.readlink()).startswith("socket:") for link in links)


def _pullers() -> set[threading.Thread]:
    """Return the threads of pullers; other tests may have left some of their own."""
    running = threading.enumerate()
    return {one for one in running if "LogServiceStandardPuller" in one.name}


def test_module_that_ended_leaves_no_thread_and_no_connection(
    tmp_path: Path, certificates: Path
) -> None:
    """Else a module that is built again and again would use up the process."""
    with LogStoreStage(tmp_path, certificates=certificates, count=60) as stage:
        assert run_quickly(tmp_path).code == 0
        before, others = _sockets(), _pullers()
        for _ in range(3):
            stage.receive(20)
            assert run_quickly(tmp_path).code == 0

        deadline = time.monotonic() + LIMIT_S
        while _pullers() - others and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _pullers() - others
        assert _sockets() <= before
