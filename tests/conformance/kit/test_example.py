"""What a plugin's author writes to test a project: no plugin of pytest is needed."""

from __future__ import annotations

from pathlib import Path

from collector_host.conformance import check_project

EXAMPLE = Path(__file__).parents[3] / "examples" / "sdk-project"


def test_my_collector_conforms() -> None:
    """The example project keeps every rule that its changing source lets judge."""
    report = check_project(EXAMPLE, trials=2)

    assert report.passed, report.to_json()
