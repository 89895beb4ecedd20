"""The relay without TLS: the same storing, ledger and faults, and a bare FIN."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from collector_emulators.relay.command import relay as relay_command
from collector_emulators.relay.connection import Answer
from collector_emulators.relay.control import ControlServer, RelayControl
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.ledger import FileLedger, read_ledger
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import TIMEOUT_S, counted, line

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = "from collector_emulators.relay.command import relay; relay()"


@contextmanager
def connected(address: tuple[str, int]) -> Iterator[socket.socket]:
    """Connect without TLS."""
    with socket.create_connection(address, TIMEOUT_S) as peer:
        yield peer


def close_and_read(peer: socket.socket) -> bytes:
    """Send FIN and read to the relay's end."""
    peer.shutdown(socket.SHUT_WR)
    received = b""
    while data := peer.recv(65_536):
        received += data
    return received


@contextmanager
def running(folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """Start a plain relay, wait for its ready line, and leave nothing behind."""
    with subprocess.Popen(
        [
            *(sys.executable, "-c", COMMAND, "--plain"),
            *("--certificates", str(folder / "new"), *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield {"process": process} | json.loads(process.stdout.readline())
        finally:
            process.kill()


def test_plain_relay_stores_before_it_answers(tmp_path: Path) -> None:
    """When the FIN is here, the file holds everything, in both framings."""
    file = tmp_path / "ledger"
    ledger = FileLedger(file)
    with Relay(None, ledger=ledger) as relay:
        for number in range(1, 11):
            with connected(relay.address) as peer:
                peer.sendall(line(b"one") * 100 + counted(b"two"))

                assert close_and_read(peer) == b""
                assert sum(1 for _ in read_ledger(file)) == number * 101
        assert relay.tally.wait_for("closed", 10)
        assert relay.tally["ended_by_eof"] == 10
        assert relay.tally["handshakes"] == 0
    ledger.close()


def test_plain_relay_can_stay_mute() -> None:
    """Everything is stored, and nothing is answered."""
    with Relay(None, answer=Answer.MUTE) as relay, connected(relay.address) as peer:
        peer.sendall(line(b"one"))
        peer.shutdown(socket.SHUT_WR)
        assert relay.tally.wait_for("events")
        peer.settimeout(0.05)

        with pytest.raises(TimeoutError):
            peer.recv(1)


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        ("fin@stored", 1),
        ("close@stored", 1),
        ("fin@read", 0),
        ("drop@read", 0),
        ("babble@closing", 1),
        ("stall@read,seconds=0.01", 1),
        ("slow@read,bytes_per_s=10000", 1),
    ],
)
def test_faults_that_end_without_a_reset(fault: str, stored: int) -> None:
    """Each does over plain TCP what it does over TLS."""
    plan = FaultPlan(parse_fault(fault))
    with Relay(None, faults=plan) as relay:
        with connected(relay.address) as peer:
            peer.sendall(line(b"one"))

            answer = close_and_read(peer)
        assert relay.tally.wait_for("closed")

        assert answer.startswith(b"nobody asked") == fault.startswith("babble")
        assert relay.tally["faults"] == 1
        assert len(list(relay.ledger.entries())) == stored


def test_reset_is_a_reset() -> None:
    """The peer sees no end of stream."""
    plan = FaultPlan(parse_fault("reset@closing"))
    with Relay(None, faults=plan) as relay, connected(relay.address) as peer:
        peer.sendall(line(b"one"))

        with pytest.raises(ConnectionResetError):
            close_and_read(peer)


def test_broken_off_record_is_a_fragment() -> None:
    """A half line is not stored, and counted."""
    with Relay(None) as relay:
        with connected(relay.address) as peer:
            peer.sendall(line(b"one") + b"<14>half")
            close_and_read(peer)
        assert relay.tally.wait_for("closed")

        assert (relay.tally["events"], relay.tally["fragments"]) == (1, 1)


@pytest.mark.parametrize("action", ["refuse", "expired", "misnamed"])
def test_fault_of_a_certificate_is_refused(action: str, tmp_path: Path) -> None:
    """A fault that nobody can meet is a mistake, planned early or late."""
    fault = f"{action}@accepted"

    with pytest.raises(ValueError, match="needs TLS"):
        Relay(None, faults=FaultPlan(parse_fault(fault)))
    relay = Relay(None)
    with (
        ControlServer(relay, "secret") as server,
        pytest.raises(ValueError, match="needs TLS"),
    ):
        RelayControl(server.url, "secret").add_faults("reset@read", fault)
    assert relay.faults._armed == []
    options = ["--plain", "--certificates", str(tmp_path), "--fault", fault]
    result = CliRunner().invoke(relay_command, options)
    assert result.exit_code == 2
    assert "needs TLS" in result.output


def test_plain_relay_as_a_process(tmp_path: Path) -> None:
    """It makes no certificates, names none, and keeps its secret to its owner."""
    ledger = tmp_path / "ledger"
    with running(tmp_path, "--ledger", str(ledger)) as relay:
        with connected((relay["address"], relay["port"])) as peer:
            peer.sendall(line(b"one"))
            close_and_read(peer)
        secret = Path(relay["control_secret_file"])
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        control = RelayControl(relay["control"], secret.read_text("ascii"))
        assert control.counters()["events"] == 1

    assert [entry.message for entry in read_ledger(ledger)] == [b"one"]
    assert not {"chain", "cert", "key"} & relay.keys()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["control.secret"]


@pytest.mark.parametrize(("moment", "stored"), [("read", 0), ("closing", 1)])
def test_plain_relay_killed_before_storing_ends_like_one_that_stored(
    moment: str, stored: int, tmp_path: Path
) -> None:
    """What makes a bare end a weak proof: the kernel of a killed process sends it."""
    ledger = tmp_path / "ledger"
    fault = f"kill@{moment}"
    with running(tmp_path, "--ledger", str(ledger), "--fault", fault) as relay:
        with connected((relay["address"], relay["port"])) as peer:
            peer.sendall(line(b"one"))
            assert close_and_read(peer) == b""
        assert relay["process"].wait(TIMEOUT_S) == -signal.SIGKILL

    assert len(list(read_ledger(ledger))) == stored
