"""The command `log-service` as a process of its own."""

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

from collector_emulators.ledger import read_ledger, served_events
from collector_emulators.log_service.command import log_service
from emulators.log_service.vendor import PROJECT, STORE, event, make_client, read_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = "from collector_emulators.log_service.command import log_service as a; a()"
STILL = ("--now", "2026-01-01T00:00:00Z", "--speed", "0")
FREE = ("--rate-bytes", "0", "--rate-calls", "0")


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
    assert ready.keys() == {
        "endpoint",
        "control_url",
        "control_secret",
        "region",
        "project",
        "logstore",
        "events",
        "pid",
    }
    assert (ready["project"], ready["logstore"]) == (PROJECT, STORE)


def test_same_seed_serves_the_same_events() -> None:
    """All events are there from the start, repeated as often as wanted."""
    options = (*STILL, *FREE, "--count", "60", "--shards", "3", "--repeat", "2")
    read: list[list[str]] = []
    for seed in ("1", "1", "2"):
        with running(*options, "--seed", seed) as (_process, ready):
            read.append(read_all(client_of(ready)))

    assert ready["events"] == len(read[0]) == 120
    assert len(set(read[0])) == 60
    assert read[0] == read[1] != read[2]


def test_ledger_survives_a_kill_of_the_emulator(tmp_path: Path) -> None:
    """Everything a client received is in the file, and a new start goes on in it."""
    ledger = tmp_path / "ledger.jsonl"
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(json.dumps(event(number)) for number in range(50)))
    options = ("--events", str(events), "--ledger", str(ledger), *STILL)

    with running(*options) as (process, ready):
        received = set(read_all(client_of(ready)))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with running(*options, "--count-only") as (_process, ready):
        read_all(client_of(ready))

    calls = list(read_ledger(ledger))
    assert {served.event_id for served in served_events(calls)} == received
    assert sum(call.event_count for call in calls) == 100
    assert [call.number for call in calls] == list(range(1, len(calls) + 1))


def test_control_secret_goes_to_a_file_of_its_owner(tmp_path: Path) -> None:
    """With a file for it, the secret is not printed."""
    file = tmp_path / "secret"

    with running("--count", "1", "--control-secret-file", str(file)) as (_, ready):
        secret = file.read_text()

    assert "control_secret" not in ready
    assert ready["control_secret_file"] == str(file)
    assert len(secret) > 20
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--start", "yesterday"], id="no-instant"),
        pytest.param(["--shards", "0"], id="no-shard"),
        pytest.param(["--repeat", "0"], id="no-repeat"),
        pytest.param(["--events-per-group", "0"], id="no-group"),
        pytest.param(["--events", "missing.jsonl"], id="no-file"),
    ],
)
def test_wrong_option_is_a_usage_error(arguments: list[str]) -> None:
    """A mistake on the command line ends with exit code 2 before anything starts."""
    assert CliRunner().invoke(log_service, arguments).exit_code == 2
