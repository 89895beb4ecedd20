"""The command `actiontrail` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from collector_emulators.actiontrail.command import actiontrail
from collector_emulators.ledger import read_ledger, served_events
from emulators.actiontrail.vendor import event, make_client, read_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = "from collector_emulators.actiontrail.command import actiontrail as a; a()"
DAY = ("--start", "2025-12-31T00:00:00Z", "--end", "2025-12-31T20:00:00Z")
STILL = ("--now", "2026-01-01T00:00:00Z", "--speed", "0", "--rate", "0")


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Any]]:
    """Start the command; give the process and its line of readiness."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def client_of(ready: dict[str, Any]) -> Any:
    """Return an SDK client of the started emulator."""
    return make_client(SimpleNamespace(endpoint=ready["endpoint"]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_the_command_cleanly(number: int) -> None:
    """One line on standard output, logs elsewhere, exit code 0."""
    with running("--count", "5") as (process, ready):
        process.send_signal(number)
        out, err = process.communicate(timeout=10)

    assert process.returncode == 0
    assert out == b""
    assert b"serving 5 events" in err
    assert ready.keys() >= {"endpoint", "control_url", "control_secret"}


def test_same_seed_serves_the_same_events() -> None:
    """Two processes with the same seed serve the same events; another seed not."""
    read = []
    for seed in ("1", "1", "2"):
        options = ("--count", "60", "--seed", seed, "--bounds", "[)")
        with running(*options, *DAY, *STILL) as (_process, ready):
            read.append(read_all(client_of(ready)))

    assert len(read[0]) == 60
    assert read[0] == read[1]
    assert read[0] != read[2]


def test_ledger_survives_a_kill_of_the_emulator(tmp_path: Path) -> None:
    """Everything a client received is in the file, and a new start goes on in it."""
    ledger = tmp_path / "ledger.jsonl"
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(json.dumps(event(f"e{n}", 60)) for n in range(120)))
    options = ("--events", str(events), "--ledger", str(ledger), *STILL)

    with running(*options) as (process, ready):
        received = {item["eventId"] for item in read_all(client_of(ready))}
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with ledger.open("ab") as file:
        file.write(b'{"number":5,"at":17')
    with running(*options) as (_process, ready):
        read_all(client_of(ready))

    calls = list(read_ledger(ledger))
    served = served_events(calls)
    assert len(received) == 120
    assert {item.event_id for item in served} == received
    assert set(served.values()) == {2}
    assert [call.number for call in calls] == list(range(1, len(calls) + 1))


def test_control_secret_goes_to_a_file_of_its_owner(tmp_path: Path) -> None:
    """With a file for it, the secret is not printed."""
    file = tmp_path / "secret"

    with running("--count", "1", "--control-secret-file", str(file)) as (_, ready):
        secret = file.read_text()

    assert "control_secret" not in ready
    assert len(secret) > 20
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--start", "yesterday"], id="no-instant"),
        pytest.param(["--bounds", "()"], id="no-bounds"),
        pytest.param(["--count", "1", "--burst", "2"], id="burst-over-count"),
        pytest.param(["--events", "missing.jsonl"], id="no-file"),
    ],
)
def test_wrong_option_is_a_usage_error(arguments: list[str]) -> None:
    """A mistake on the command line ends with exit code 2 before anything starts."""
    assert CliRunner().invoke(actiontrail, arguments).exit_code == 2
