"""Every fixture module, run by the real program, does what the contract says."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.comparing import differences
from conformance.model import Run
from conformance.rows import CONTRACT, RUNS, covered
from conformance.running import run


@pytest.mark.parametrize("wanted", RUNS, ids=lambda each: each.name)
def test_run_of_a_project_keeps_the_contract(wanted: Run, tmp_path: Path) -> None:
    """Messages, their order, states, log lines and exit code are as expected."""
    result = run(wanted, tmp_path)

    found = differences(wanted, result)
    assert not found, "\n".join([*found, *result.log])


@pytest.mark.parametrize("row", CONTRACT)
def test_row_of_the_contract_has_a_fixture_module(row: str) -> None:
    """At least one module shows it."""
    assert covered(row), CONTRACT[row]


def test_fixture_modules_name_rows_that_the_contract_has() -> None:
    """A row that is spelt otherwise would count for nothing."""
    rows = {row for each in RUNS for fixture in each.fixtures for row in fixture.rows}

    assert rows == CONTRACT.keys()
