"""Every benchmark runs and writes its figures; how good they are is not tested."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUN = Path(__file__).parents[2] / "benchmarks" / "run.py"
LIMIT_S = 55

FIGURES = {
    "end_to_end": {
        "rate",
        "CPU of the collector",
        "share of one core",
        "memory, highest",
    },
    "delivery_only": {
        "no confirmation: rate",
        "window of 5,000 : none, CPU",
        "window of 20,000 : none, CPU",
        "large pages, 1.6 kB : bare TLS, CPU",
        "2,000/s, every 5 s: share of one core",
        "one confirmation: CPU",
    },
    "start": {
        "collector --help",
        "Python, the host imported",
        "collector run, to the first event stored",
    },
    "lint": {
        "collector lint",
        "check-jsonschema: CPU",
        "check-jsonschema : collector lint",
        "collector lint --help",
    },
    "log_service_read": {"CPU", "events for each CPU second"},
    "log_service_rooms": {"records", "framing", "TLS and kernel", "all rooms"},
    "idle": {"share of one core", "memory"},
    "commit": {"rate", "bare durable writes", "CPU of one commit"},
}


def measured(name: str, output: Path) -> dict[str, Any]:
    """Run one benchmark at its smallest; return what it wrote."""
    command = [
        *(sys.executable, RUN, "--size", "tiny", "--seed", "7"),
        *("--only", name, "--output", output),
    ]
    subprocess.run(command, check=True, timeout=LIMIT_S)
    return json.loads(output.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FIGURES)
def test_benchmark_runs_and_returns_its_figures(name: str, tmp_path: Path) -> None:
    """Each figure has its values, and its median lies between the outer two."""
    if name.startswith("log_service") and not shutil.which("stunnel"):
        reason = "no stunnel (Debian package stunnel4)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    report = measured(name, tmp_path / "figures.json")

    figures = report["figures"]
    assert {figure["benchmark"] for figure in figures} == {name}
    assert {figure["name"] for figure in figures} >= FIGURES[name]
    for figure in figures:
        assert len(figure["values"]) >= 1
        assert figure["minimum"] <= figure["median"] <= figure["maximum"]


def test_benchmark_report_says_where_it_was_taken(tmp_path: Path) -> None:
    """Machine, versions, commit and seed stand beside the figures, no host name."""
    report = measured("commit", tmp_path / "deep" / "figures.json")

    assert report["machine"]["cores"] >= 1
    assert "devo-sdk" in report["versions"]
    assert report["commit"]
    assert (report["size"], report["seed"]) == ("tiny", 7)
    assert "host" not in report["machine"]
