"""The relay as a process: its ready line, its signals, its deaths, its control."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from collector_emulators.certificates import RelayCertificates, certificate_paths
from collector_emulators.relay.command import relay as relay_command
from collector_emulators.relay.control import ControlServer, RelayControl
from collector_emulators.relay.faults import Moment, Progress
from collector_emulators.relay.ledger import FileLedger, read_ledger
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import connected, line

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = "from collector_emulators.relay.command import relay; relay()"
LIMIT_S = 20


class RelayProcess:
    """A running relay and what its ready line said."""

    def __init__(self, process: subprocess.Popen[str], ready: dict[str, Any]) -> None:
        self.process = process
        self.ready = ready
        self.address = (str(ready["address"]), int(ready["port"]))
        secret = Path(ready["control_secret_file"]).read_text("ascii")
        self.control = RelayControl(ready["control"], secret)


@contextmanager
def running(
    certificates: RelayCertificates, ledger: Path, *options: str
) -> Iterator[RelayProcess]:
    """Start a relay, wait for its ready line, and leave nothing behind."""
    folder = str(certificates.chain.parent)
    with subprocess.Popen(
        [
            *(sys.executable, "-c", COMMAND, "--certificates", folder),
            *("--ledger", str(ledger), *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield RelayProcess(process, json.loads(process.stdout.readline()))
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_relay_in_order(
    certificates: RelayCertificates, tmp_path: Path, how: signal.Signals
) -> None:
    """What was read is stored, the exit code is 0, stdout holds one line."""
    ledger = tmp_path / "ledger"
    with (
        running(certificates, ledger) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        peer.unwrap()
        with connected(relay.address, certificates):
            relay.process.send_signal(how)
            rest, _ = relay.process.communicate(timeout=LIMIT_S)

        assert relay.process.returncode == 0
        assert rest == ""
        assert [entry.message for entry in read_ledger(ledger)] == [b"one"]
        assert relay.ready["chain"] == str(certificates.chain.resolve())


@pytest.mark.parametrize(
    ("fault", "stored"),
    [("kill@read", []), ("kill@stored", [b"one"]), ("kill@closing", [b"one"])],
)
def test_a_relay_killed_at_each_moment_never_answers(
    certificates: RelayCertificates, tmp_path: Path, fault: str, stored: list[bytes]
) -> None:
    """Death before storing loses, death after storing keeps; neither confirms."""
    ledger = tmp_path / "ledger"
    with (
        running(certificates, ledger, "--fault", fault) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        with pytest.raises(OSError):  # noqa: PT011 FIN or reset, as the kernel likes
            peer.unwrap()

        assert relay.process.wait(LIMIT_S) == -signal.SIGKILL
    assert [entry.message for entry in read_ledger(ledger)] == stored


def test_a_ledger_outlives_a_kill_and_goes_on_after_a_restart(
    certificates: RelayCertificates, tmp_path: Path
) -> None:
    """Whatever was answered before SIGKILL is there, and the next relay appends."""
    ledger = tmp_path / "ledger"
    sent = [b"message %d" % number for number in range(2_000)]
    with (
        running(certificates, ledger) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(b"".join(map(line, sent)))
        peer.unwrap()
        relay.process.kill()
        relay.process.wait(LIMIT_S)
        assert [entry.message for entry in read_ledger(ledger)] == sent

    with (
        running(certificates, ledger) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"after"))
        peer.unwrap()

    assert [entry.message for entry in read_ledger(ledger)] == [*sent, b"after"]


def test_a_relay_is_steered_from_another_process(
    certificates: RelayCertificates, tmp_path: Path
) -> None:
    """Faults are planned, released and cleared, counters read, over the control."""
    with running(certificates, tmp_path / "ledger", "--answer", "mute") as relay:
        relay.control.add_faults("close@closing")
        with connected(relay.address, certificates) as peer:
            peer.sendall(line(b"one"))
            peer.unwrap()
        relay.control.add_faults("close@closing", "reset@read")
        relay.control.clear_faults()
        with connected(relay.address, certificates) as peer:
            peer.settimeout(0.1)
            with pytest.raises(TimeoutError):
                peer.unwrap()
            relay.control.release()

        counters = relay.control.counters()

    assert counters["events"] == 1
    assert counters["faults"] == 1


def test_control_refuses_a_wrong_secret_and_a_wrong_fault(
    certificates: RelayCertificates,
) -> None:
    """Without the secret nothing is said; with it a bad fault is explained."""
    relay = Relay(certificates)
    with ControlServer(relay, "right") as server:
        with pytest.raises(PermissionError):
            RelayControl(server.url, "wrong").counters()
        with pytest.raises(ValueError, match="not of the form"):
            RelayControl(server.url, "right").add_faults("reset@read", "nonsense")

    assert not relay.faults.due(Moment.READ, Progress(1))


def test_command_explains_a_wrong_fault(tmp_path: Path) -> None:
    """A fault that is not understood ends the command with its reason."""
    options = ["--certificates", str(tmp_path), "--fault", "refuse@closing"]

    result = CliRunner().invoke(relay_command, options)

    assert result.exit_code == 2
    assert "refuse cannot happen at closing" in result.output


def test_secret_and_keys_are_for_the_owner_alone(
    certificates: RelayCertificates,
) -> None:
    """No private key of the folder can be read by others."""
    for key in certificates.chain.parent.glob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_certificates_are_found_again_by_their_folder(
    certificates: RelayCertificates,
) -> None:
    """The paths follow from folder and domain alone, named as Devo names them."""
    folder = certificates.chain.parent

    assert certificate_paths(folder) == certificates
    assert certificates.client.certificate == folder / "demo.crt"
    assert certificates.client.key == folder / "demo.key"
    assert certificates.exist()


def test_two_ledgers_do_not_disturb_each_other(
    certificates: RelayCertificates, tmp_path: Path
) -> None:
    """Two relays in one process keep their own ledgers and ports."""
    with (
        closing(FileLedger(tmp_path / "one")) as first,
        closing(FileLedger(tmp_path / "two")) as second,
        Relay(certificates, ledger=first) as one,
        Relay(certificates, ledger=second) as two,
    ):
        with connected(two.address, certificates) as peer:
            peer.sendall(line(b"for two"))
            peer.unwrap()

        assert one.port != two.port
        assert not list(first.entries())
        assert len(list(second.entries())) == 1
