"""This project's own plugin keeps every rule, at both of its services."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_host.conformance import Report, check_plugin
from support.log_store import LogStoreStage
from support.stage import ENVIRONMENT, Stage


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_actiontrail_keeps_every_rule(tmp_path: Path, certificates: Path) -> None:
    """Against the emulator, pages of one second included."""
    with Stage(tmp_path, certificates=certificates, count=120) as stage:
        report = _check(stage.folder)

    assert report.passed, report.to_json()
    assert report.not_judged == {}
    assert report.figures["messages"] == 120
    assert report.figures["kills"] == 2


@pytest.mark.chaos
def test_log_service_keeps_every_rule(tmp_path: Path, certificates: Path) -> None:
    """With two shards, which have no order between them."""
    with LogStoreStage(tmp_path, certificates=certificates, count=300) as stage:
        report = _check(stage.folder)

    assert report.passed, report.to_json()
    assert report.not_judged == {}
    assert report.figures["messages"] == 300


def _check(folder: Path) -> Report:
    return check_plugin(
        "alibaba_cloud",
        config=folder / "config.yaml",
        quick_limits=True,
        trials=2,
    )
