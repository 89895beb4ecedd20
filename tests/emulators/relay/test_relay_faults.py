"""Faults happen when they were planned, as often as planned, and can be seen."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.connection import Answer
from collector_emulators.relay.faults import (
    Action,
    Fault,
    FaultPlan,
    Moment,
    Progress,
    parse_fault,
)
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import client_context, connected, line

if TYPE_CHECKING:
    from collector_emulators.certificates import RelayCertificates


def faulty(certificates: RelayCertificates, *faults: str) -> Relay:
    """Make a relay with faults."""
    return Relay(certificates, faults=FaultPlan(*map(parse_fault, faults)))


def test_a_fault_is_read_with_all_its_settings() -> None:
    """Every key of a fault may be written."""
    text = "stall@read,connection=2,after_bytes=10,after_events=3,times=always"

    assert parse_fault(f"{text},chance=0.5,seconds=1.5,bytes_per_s=100") == Fault(
        Action.STALL,
        Moment.READ,
        connection=2,
        after_bytes=10,
        after_events=3,
        times=None,
        chance=0.5,
        seconds=1.5,
        bytes_per_s=100,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("reset", "not of the form"),
        ("explode@read", "explode"),
        ("reset@breakfast", "breakfast"),
        ("reset@read,how=much", "unknown key 'how'"),
        ("reset@read,times=x", "invalid literal"),
        ("refuse@closing", "only at: accepted"),
        ("slow@read,bytes_per_s=0", "above 0"),
    ],
)
def test_a_wrong_fault_is_refused_with_its_reason(text: str, reason: str) -> None:
    """A fault that cannot happen is an error when it is planned."""
    with pytest.raises(ValueError, match=reason):
        parse_fault(text)


def test_a_fault_meets_as_many_connections_as_planned_and_each_once() -> None:
    """Thresholds, number of connections and the connection asked for all count."""
    plan = FaultPlan(
        parse_fault("reset@read,times=2,after_bytes=5"),
        parse_fault("fin@read,connection=3"),
    )

    def met(connection: int, bytes_read: int) -> list[Action]:
        due = plan.due(Moment.READ, Progress(connection, bytes_read))
        return [fault.action for fault in due]

    assert met(1, 4) == []
    assert met(1, 5) == [Action.RESET]
    assert met(1, 6) == []
    assert met(3, 9) == [Action.RESET, Action.FIN]
    assert met(4, 9) == []


def test_chance_depends_on_the_seed_and_not_on_the_order_of_connections() -> None:
    """The same seed gives the same connections, whichever thread comes first."""

    def unlucky(seed: int, order: range) -> set[int]:
        plan = FaultPlan(parse_fault("reset@read,times=always,chance=0.3"), seed=seed)
        return {n for n in order if plan.due(Moment.READ, Progress(n))}

    first = unlucky(1, range(1, 200))

    assert unlucky(1, range(199, 0, -1)) == first
    assert unlucky(2, range(1, 200)) != first
    assert 20 < len(first) < 100


def test_cleared_faults_do_not_happen(certificates: RelayCertificates) -> None:
    """A plan can be emptied while the relay runs."""
    with faulty(certificates, "reset@read") as relay:
        relay.faults.clear()
        with connected(relay.address, certificates) as peer:
            peer.sendall(line(b"one"))
            peer.unwrap()

        assert relay.tally["faults"] == 0


def test_a_stalled_relay_reads_on_when_released(
    certificates: RelayCertificates,
) -> None:
    """A stall at reading holds back storing, until somebody releases it."""
    with (
        faulty(certificates, "stall@read") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        assert relay.tally.wait_for("stalled")
        assert relay.tally["events"] == 0

        relay.release()
        peer.unwrap()

        assert relay.tally["events"] == 1


def test_a_stall_with_an_end_goes_on_by_itself(
    certificates: RelayCertificates,
) -> None:
    """After `seconds` the relay answers as if nothing had been."""
    with (
        faulty(certificates, "stall@closing,seconds=0.05") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        peer.unwrap()

        assert relay.tally["stalled"] == 1


def test_a_relay_may_accept_and_never_shake_hands(
    certificates: RelayCertificates,
) -> None:
    """TCP is up and TLS never comes."""
    context = client_context(certificates)
    with (
        faulty(certificates, "stall@accepted") as relay,
        socket.create_connection(relay.address, timeout=0.2) as raw,
        pytest.raises(TimeoutError),
    ):
        context.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("expired@accepted", ssl.SSLCertVerificationError),
        ("misnamed@accepted", ssl.SSLCertVerificationError),
        ("fin@accepted", ssl.SSLEOFError),
    ],
)
def test_a_handshake_fails_as_planned(
    certificates: RelayCertificates, fault: str, expected: type[OSError]
) -> None:
    """Bad server certificates and broken handshakes show while connecting."""
    with (
        faulty(certificates, fault) as relay,
        pytest.raises(expected),
        connected(relay.address, certificates),
    ):
        pass


def test_a_relay_may_reset_before_any_handshake(
    certificates: RelayCertificates,
) -> None:
    """The connection is reset before TLS begins, at once or at the first read."""
    with (
        faulty(certificates, "reset@accepted") as relay,
        pytest.raises(ConnectionResetError),
        socket.create_connection(relay.address, timeout=10) as raw,
    ):
        raw.recv(1)


@pytest.mark.parametrize("action", ["fin", "close"])
def test_a_relay_may_leave_without_reading_the_rest(
    certificates: RelayCertificates, action: str
) -> None:
    """After an early end nothing more is read or stored."""
    with (
        faulty(certificates, f"{action}@stored,after_events=1") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"stored"))
        assert relay.tally.wait_for("faults")
        peer.sendall(line(b"never read"))

    assert [entry.message for entry in relay.ledger.entries()] == [b"stored"]


def test_a_dropping_relay_reads_all_and_stores_nothing(
    certificates: RelayCertificates,
) -> None:
    """What comes after the fault is read and lost, as by a process that died."""
    with (
        faulty(certificates, "drop@read,after_events=1") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"stored"))
        assert relay.tally.wait_for("events")
        peer.sendall(line(b"lost"))

        with pytest.raises(ssl.SSLEOFError):
            peer.unwrap()
        assert relay.tally["bytes_read"] == len(line(b"stored") + line(b"lost"))
        assert [entry.message for entry in relay.ledger.entries()] == [b"stored"]


def test_a_slow_relay_reads_in_small_slices_and_loses_nothing(
    certificates: RelayCertificates,
) -> None:
    """At a limited speed a read takes a twentieth of a second's bytes."""
    sent = [b"message %d" % number for number in range(200)]
    with (
        faulty(certificates, "slow@read,bytes_per_s=200000") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(b"".join(map(line, sent)))
        peer.unwrap()

        assert [entry.message for entry in relay.ledger.entries()] == sent
        assert relay.tally["faults"] == 1


def test_babble_does_not_keep_messages_from_being_stored(
    certificates: RelayCertificates,
) -> None:
    """Unexpected bytes reach the sender, and the relay goes on."""
    with (
        faulty(certificates, "babble@stored") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        assert peer.recv(100) != b""
        peer.sendall(line(b"two"))
        peer.unwrap()

        assert relay.tally["events"] == 2


def test_a_mute_relay_goes_on_when_released(certificates: RelayCertificates) -> None:
    """Muteness ends with a bare FIN, never with close_notify."""
    with (
        Relay(certificates, answer=Answer.MUTE) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.settimeout(0.1)
        with pytest.raises(TimeoutError):
            peer.unwrap()
        assert relay.tally.wait_for("stalled")
        relay.release()

        peer.settimeout(10)
        with pytest.raises(ssl.SSLEOFError):
            peer.unwrap()
