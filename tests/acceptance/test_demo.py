"""`collector demo`, as a newcomer runs it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

DEMO = [sys.executable, "-m", "collector_host", "demo"]


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *arguments], capture_output=True, text=True, timeout=55, check=False
    )


@pytest.mark.parametrize("options", [(), ("--kill",)], ids=["plain", "kill"])
def test_demo_ends_with_nothing_lost(options: tuple[str, ...], tmp_path: Path) -> None:
    """The table says of both services what the ledgers say; the exit code is 0."""
    result = _demo("--events", "300", "--keep", str(tmp_path / "kept"), *options)

    assert result.returncode == 0, result.stderr
    table = {
        cells[1].strip(): [cells[2].strip(), cells[3].strip()]
        for line in result.stdout.splitlines()
        if len(cells := line.split("│")) == 6
    }
    assert table["held by the source"] == table["served"] == ["300", "300"]
    assert table["lost"] == table["altered"] == ["0", "0"]


def test_demo_refuses_a_folder_with_old_ledgers(tmp_path: Path) -> None:
    """They would be taken for this run's."""
    (tmp_path / "stored.ledger").write_text("")

    result = _demo("--keep", str(tmp_path))

    assert result.returncode == 2
    assert "is not empty: name a new folder" in result.stderr


def test_demo_that_is_ended_leaves_nothing_running(tmp_path: Path) -> None:
    """SIGTERM ends the emulators and the collector with it."""
    folder = tmp_path / "kept"
    with subprocess.Popen(
        [*DEMO, "--events", "5000", "--keep", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if "Sending" in line:
                break
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)

    config = yaml.safe_load((folder / "config.yaml").read_text())
    port = config["outputs"]["relay_1"]["config"]["port"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
