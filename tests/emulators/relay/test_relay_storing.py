"""The relay stores before it answers, and never takes a fragment for an event."""

from __future__ import annotations

import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.ledger import (
    CountingLedger,
    FileLedger,
    Ledger,
    MemoryLedger,
    Stored,
    digest_messages,
    read_ledger,
)
from collector_emulators.relay.server import Relay
from collector_emulators.relay.tls import reset
from emulators.relay.raw_peer import connected, counted, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from collector_emulators.certificates import KeyPair, RelayCertificates


class FullDisk:
    """A ledger that cannot store."""

    def append(self, _entries: Sequence[Stored]) -> None:
        raise OSError(28, "no space left")

    def entries(self) -> Iterable[Stored]:
        return ()

    def close(self) -> None:
        """There is nothing to close."""


@pytest.mark.parametrize("sync", [False, True])
def test_the_file_holds_everything_when_unwrap_returns(
    certificates: RelayCertificates, tmp_path: Path, *, sync: bool
) -> None:
    """The answer comes after the last byte is in the ledger file, every time."""
    file = tmp_path / "ledger"
    with (
        closing(FileLedger(file, sync=sync)) as ledger,
        Relay(certificates, ledger=ledger) as relay,
    ):
        for round_number in range(1, 21):
            with connected(relay.address, certificates) as peer:
                peer.sendall(b"".join(line(b"%d" % n) for n in range(200)))
                peer.unwrap()

                assert sum(1 for _ in read_ledger(file)) == round_number * 200


def test_nothing_is_answered_when_storing_fails(
    certificates: RelayCertificates, caplog: pytest.LogCaptureFixture
) -> None:
    """A relay that cannot store drops the connection without close_notify."""
    ledger: Ledger = FullDisk()
    with (
        Relay(certificates, ledger=ledger) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        with pytest.raises(OSError):  # noqa: PT011 FIN or reset, both are no answer
            peer.unwrap()
        assert relay.tally.wait_for("closed")

    assert "cannot store" in caplog.text


@pytest.mark.parametrize(
    "tail",
    [line(b"broken")[:-1], counted(b"broken")[:-3], b"12", b"\x1f\x8b\x08\x00"],
    ids=["line", "counted", "count", "gzip"],
)
def test_a_record_broken_off_is_a_fragment(
    certificates: RelayCertificates, tail: bytes
) -> None:
    """What has no end when the connection ends is counted and not stored."""
    with (
        Relay(certificates) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"whole") + tail)
        peer.unwrap()

        assert relay.tally.wait_for("fragments")
        assert [entry.message for entry in relay.ledger.entries()] == [b"whole"]


def test_a_reset_by_the_sender_is_a_break_not_an_end(
    certificates: RelayCertificates,
) -> None:
    """After a reset nothing is answered, and what was whole stays stored."""
    with (
        Relay(certificates) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"whole"))
        assert relay.tally.wait_for("events")
        peer.sendall(b"<14>Jan")
        assert relay.tally.wait_for("bytes_read", len(line(b"whole")) + 7)
        reset(peer)

        assert relay.tally.wait_for("ended_by_break")
        assert relay.tally.wait_for("fragments")
        assert relay.tally["ended_by_eof"] == 0


def test_a_damaged_gzip_member_breaks_the_connection(
    certificates: RelayCertificates,
) -> None:
    """A relay that lost the framing gives up and answers nothing."""
    with (
        Relay(certificates) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"whole") + b"\x1f\x8b\xff\xff damaged")

        assert relay.tally.wait_for("ended_by_break")
        with pytest.raises(OSError):  # noqa: PT011 FIN or reset, both are no answer
            peer.unwrap()


def test_a_stop_answers_nobody(certificates: RelayCertificates) -> None:
    """A relay being stopped stores what it read and gives no close_notify."""
    relay = Relay(certificates)
    relay.start()
    with connected(relay.address, certificates) as peer:
        peer.sendall(line(b"one"))
        assert relay.tally.wait_for("events")

        relay.stop()

        with pytest.raises(ssl.SSLEOFError):
            peer.unwrap()
    assert relay.tally["closed"] == 1
    assert [entry.message for entry in relay.ledger.entries()] == [b"one"]


def test_counting_sees_what_was_sent(certificates: RelayCertificates) -> None:
    """The benchmark ledger can say that exactly the sent messages arrived."""
    ledger = CountingLedger()
    sent = [b"message %d" % number for number in range(5_000)]
    with (
        Relay(certificates, ledger=ledger) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(b"".join(map(line, sent)))
        peer.unwrap()

    assert ledger.count == len(sent)
    assert ledger.digest == digest_messages(sent)


def test_many_connections_at_once_lose_nothing(
    certificates: RelayCertificates,
) -> None:
    """Connections that are open side by side share a ledger."""
    ledger = MemoryLedger()
    with (
        Relay(certificates, ledger=ledger) as relay,
        connected(relay.address, certificates) as one,
        connected(relay.address, certificates) as two,
    ):
        for number in range(100):
            one.sendall(line(b"one %d" % number))
            two.sendall(line(b"two %d" % number))
        one.unwrap()
        two.unwrap()

    assert len({entry.message for entry in ledger.entries()}) == 200


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        ("expired_client", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        ("stranger_client", "TLSV1_ALERT_UNKNOWN_CA"),
    ],
)
def test_a_bad_client_certificate_is_refused(
    certificates: RelayCertificates, pair: str, reason: str
) -> None:
    """The handshake succeeds for the client; its first read raises the alert."""
    bad: KeyPair = getattr(certificates, pair)
    with (
        Relay(certificates) as relay,
        connected(relay.address, certificates, pair=bad) as peer,
    ):
        with pytest.raises(ssl.SSLError) as raised:
            peer.recv(1)

        assert raised.value.reason == reason
        assert relay.tally.wait_for("handshakes_failed")


def test_a_faulty_storing_moment_comes_after_the_ledger(
    certificates: RelayCertificates,
) -> None:
    """A reset after storing leaves the message stored and the sender unanswered."""
    plan = FaultPlan(parse_fault("reset@stored"))
    with (
        Relay(certificates, faults=plan) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))
        assert relay.tally.wait_for("closed")

        with pytest.raises(OSError):  # noqa: PT011 the write or the read notices
            peer.unwrap()
        assert [entry.message for entry in relay.ledger.entries()] == [b"one"]
