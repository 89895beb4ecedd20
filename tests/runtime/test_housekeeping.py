"""Memory is freed and the status told when it is due."""

from __future__ import annotations

import json
import logging

import pytest

from collector_host.runtime.housekeeping import Housekeeper, Periods
from collector_host.telemetry.roles import current_role
from fakes.clocks import ManualClock


class _Roles(logging.Handler):
    """Notes the role under which each line is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((current_role(), record.getMessage()))


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    """Return the lines of the host, each with its role."""
    handler = _Roles()
    logger = logging.getLogger("collector_host")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def test_memory_lines_come_every_five_minutes(lines: list[tuple[str, str]]) -> None:
    """One for each side, as the SDK's two processes write them."""
    clock = ManualClock()
    keeper = Housekeeper(Periods(), clock, dict)

    clock.advance(299)
    keeper.look()
    before = list(lines)
    clock.advance(1)
    keeper.look()

    assert before == []
    assert [role for role, _ in lines] == ["InputProcess", "OutputProcess"]
    assert all(line.startswith("[GC] global: ") for _, line in lines)


def test_status_comes_with_the_period_of_the_definitions(
    lines: list[tuple[str, str]],
) -> None:
    """It says what the modules do, and how the process is."""
    clock = ManualClock()
    periods = Periods.of(
        {
            "management_process_execution_period_in_seconds": 10,
            "input_process_execution_periods_in_seconds": 20,
        }
    )
    keeper = Housekeeper(periods, clock, lambda: {"modules": {"A": "running"}})

    for _ in range(2):
        clock.advance(10)
        keeper.look()

    kinds = [line.partition(": ")[0] for _, line in lines]
    assert kinds.count("global_status") == 2
    assert kinds.count("environment_status") == 2
    assert kinds.count("[GC] global") == 1
    role, line = next(one for one in lines if one[1].startswith("global_status"))
    assert role == "MainProcess"
    assert json.loads(line.partition(": ")[2]) == {"modules": {"A": "running"}}


def test_rounds_go_on_until_the_end(lines: list[tuple[str, str]]) -> None:
    """The thread waits for the next round, and for nothing after the end."""
    clock = ManualClock()
    keeper = Housekeeper(Periods(30, 60, 20), clock, dict)
    clock.on_wait = lambda _s: keeper.end() if clock.monotonic() >= 60 else None

    keeper.run()

    assert clock.waits == [20, 10, 10, 20]
    assert len([line for _, line in lines if line.startswith("[GC]")]) == 3


def test_old_definitions_name_the_input_period_otherwise() -> None:
    """The oldest layout's key counts where the newer one is missing."""
    assert Periods.of({"input_controller_execution_periods_in_seconds": 60}) == Periods(
        60, 300, 300
    )


def test_period_that_is_left_empty_is_the_usual_one() -> None:
    """As one that is not there."""
    empty = {"input_process_execution_periods_in_seconds": None}

    assert Periods.of(empty) == Periods(300, 300, 300)
