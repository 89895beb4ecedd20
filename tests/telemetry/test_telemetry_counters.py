"""Counters are exact under threads, and become the lines of the guide."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from collector_host.telemetry.counters import FIGURES, Counters, Snapshot
from collector_host.telemetry.memory import Memory, measure
from collector_host.telemetry.statistics import memory_line, sender_lines
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2022, 6, 28, 10, 39, 22, 511671, tzinfo=UTC)


class StoppedClock(SystemClock):
    """Always the same instant."""

    def now(self) -> datetime:
        return AT


def test_counters_start_at_zero() -> None:
    """Every figure is there from the beginning."""
    snapshot = Counters(StoppedClock()).snapshot()

    assert snapshot.taken_at == AT
    assert snapshot.figures == dict.fromkeys(FIGURES, 0)


def test_counters_lose_nothing_under_threads() -> None:
    """Concurrent additions all count."""
    counters = Counters(StoppedClock())

    def work() -> None:
        for _ in range(2000):
            counters.add("messages_sent")
            counters.add("bytes_sent", 3)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    snapshot = counters.snapshot()
    assert (snapshot["messages_sent"], snapshot["bytes_sent"]) == (8000, 24000)


def test_snapshot_does_not_move() -> None:
    """A snapshot keeps its figures while counting goes on."""
    counters = Counters(StoppedClock())
    before = counters.snapshot()

    counters.add("confirmations")

    assert before["confirmations"] == 0
    assert counters.snapshot()["confirmations"] == 1


def test_sender_lines_are_those_of_the_guide() -> None:
    """Total since the start, and what happened since the last checkpoint."""
    counters = Counters(StoppedClock())
    counters.add("messages_sent", 23)
    counters.add("sending_us", 1_000)
    before = counters.snapshot()
    counters.add("messages_sent", 21)
    counters.add("sending_us", 7_000)

    lines = sender_lines(
        "Standard", before, counters.snapshot(), senders=1, queue_size=0
    )

    capacity, progress = lines
    assert (
        capacity
        == "Number of available senders: 1, sender manager internal queue size: 0"
    )
    assert progress == (
        "Standard - Total number of messages sent: 44, messages sent since "
        '"2022-06-28 10:39:22.511671+00:00": 21 (elapsed 0.007 seconds)'
    )


def test_sender_lines_show_microseconds_always() -> None:
    """A checkpoint on a whole second has the same form as any other."""
    snapshot = Snapshot(AT.replace(microsecond=0), dict.fromkeys(FIGURES, 0))

    lines = sender_lines("Internal", snapshot, snapshot, senders=2, queue_size=7)

    assert '"2022-06-28 10:39:22.000000+00:00": 0 (elapsed 0.000 seconds)' in lines[1]


def test_memory_line_is_that_of_the_guide() -> None:
    """Percentages with one digit, sizes in MiB with two."""
    before = Memory(20.4, round(34.50 * 2**20), round(410.52 * 2**20))
    after = Memory(20.4, round(34.08 * 2**20), round(410.02 * 2**20))

    assert memory_line(before, after) == (
        "[GC] global: 20.4% -> 20.4%, process: RSS(34.50MiB -> 34.08MiB),"
        " VMS(410.52MiB -> 410.02MiB)"
    )


def test_memory_is_read_from_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages become bytes, and what is not available counts as used."""
    (tmp_path / "self").mkdir()
    (tmp_path / "self/statm").write_text("1000 250 80 1 0 300 0\n")
    (tmp_path / "meminfo").write_text(
        "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    796 kB\n"
        "HugePages_Total:       0\n"
    )
    monkeypatch.setattr("os.sysconf", lambda _name: 4096)

    assert measure(tmp_path) == Memory(20.4, 1_024_000, 4_096_000)


def test_memory_of_this_process_is_plausible() -> None:
    """The real files have the form that is expected."""
    memory = measure()

    assert 0 < memory.global_percent < 100
    assert 2**20 < memory.rss_bytes < memory.vms_bytes
