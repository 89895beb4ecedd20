"""What a Python sender sees at the close, for everything a relay may answer.

Whoever builds confirmation on these verdicts finds each exact exception here.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from collector_emulators.relay.connection import Answer
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import close_and_read_verdict, connected, line

if TYPE_CHECKING:
    from collector_emulators.certificates import RelayCertificates

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
BY_NAME = {"ids": lambda version: version.name}
FIN = "UNEXPECTED_EOF_WHILE_READING"


def faulty(certificates: RelayCertificates, *faults: str) -> Relay:
    """Make a relay with faults."""
    return Relay(certificates, faults=FaultPlan(*map(parse_fault, faults)))


@pytest.mark.parametrize("version", VERSIONS, **BY_NAME)
def test_close_notify_lets_unwrap_return(
    certificates: RelayCertificates, version: ssl.TLSVersion
) -> None:
    """`unwrap` returns when the relay answers close_notify."""
    with (
        Relay(certificates) as relay,
        connected(relay.address, certificates, version=version) as peer,
    ):
        peer.sendall(line(b"one"))

        peer.unwrap()

        assert relay.tally["events"] == 1


@pytest.mark.parametrize("version", VERSIONS, **BY_NAME)
def test_eof_makes_unwrap_raise_a_ragged_eof(
    certificates: RelayCertificates, version: ssl.TLSVersion
) -> None:
    """A bare FIN after everything was read is `SSLEOFError` with OpenSSL's reason."""
    with (
        Relay(certificates, answer=Answer.EOF) as relay,
        connected(relay.address, certificates, version=version) as peer,
    ):
        peer.sendall(line(b"one"))

        with pytest.raises(ssl.SSLEOFError) as raised:
            peer.unwrap()

        assert raised.value.reason == FIN
        assert relay.tally["events"] == 1


@pytest.mark.parametrize("version", VERSIONS, **BY_NAME)
def test_mute_makes_unwrap_time_out(
    certificates: RelayCertificates, version: ssl.TLSVersion
) -> None:
    """A relay that answers nothing leaves `unwrap` to its timeout."""
    with (
        Relay(certificates, answer=Answer.MUTE) as relay,
        connected(relay.address, certificates, version=version) as peer,
    ):
        peer.sendall(line(b"one"))
        peer.settimeout(0.2)

        with pytest.raises(TimeoutError):
            peer.unwrap()

        assert relay.tally.wait_for("stalled")
        assert relay.tally["events"] == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("reset@closing", ConnectionResetError),
        ("fin@closing", ssl.SSLEOFError),
        ("drop@read", ssl.SSLEOFError),
        ("babble@closing", ssl.SSLError),
        ("babble@stored", ssl.SSLError),
    ],
)
def test_unwrap_raises_when_the_end_is_not_clean(
    certificates: RelayCertificates, fault: str, expected: type[OSError]
) -> None:
    """Every end but close_notify is an `OSError` of its own type."""
    with (
        faulty(certificates, fault) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        with pytest.raises(OSError) as raised:  # noqa: PT011 its type is compared next
            peer.unwrap()

        assert type(raised.value) is expected


def test_unwrap_takes_a_refused_certificate_for_a_clean_end(
    certificates: RelayCertificates,
) -> None:
    """In TLS 1.3 `unwrap` returns on a fatal alert too: alone it proves nothing.

    OpenSSL counts a fatal alert as the peer's end, so a sender that calls `unwrap`
    and reads nothing else would confirm what nobody received.
    """
    with (
        faulty(certificates, "refuse@accepted") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        peer.unwrap()

        assert relay.tally.wait_for("handshakes_failed")
        assert relay.tally["events"] == 0


@pytest.mark.parametrize(
    ("fault", "expected", "reason"),
    [
        (None, ssl.SSLZeroReturnError, None),
        ("fin@closing", ssl.SSLEOFError, FIN),
        ("drop@read", ssl.SSLEOFError, FIN),
        ("reset@closing", ssl.SSLEOFError, None),
    ],
)
def test_reading_after_our_close_notify_tells_all_ends_apart(
    certificates: RelayCertificates,
    fault: str | None,
    expected: type[ssl.SSLError],
    reason: str | None,
) -> None:
    """`recv` after a non-blocking `unwrap` names the end; type and reason do it.

    A reset is an `SSLEOFError` as well, only without OpenSSL's reason.
    """
    with (
        faulty(certificates, *([fault] if fault else [])) as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        with pytest.raises(ssl.SSLError) as raised:
            close_and_read_verdict(peer)

        assert type(raised.value) is expected
        if expected is not ssl.SSLZeroReturnError:
            assert raised.value.reason == reason


def test_reading_after_our_close_notify_never_confirms_a_refused_certificate(
    certificates: RelayCertificates,
) -> None:
    """Whenever the alert arrives, the verdict is not a clean end."""
    with (
        faulty(certificates, "refuse@accepted") as relay,
        connected(relay.address, certificates) as peer,
    ):
        with pytest.raises(OSError, match=r"ALERT_UNKNOWN_CA|spoke before") as raised:
            close_and_read_verdict(peer)

        assert not isinstance(raised.value, ssl.SSLZeroReturnError)


def test_a_refused_certificate_is_named_by_the_first_read(
    certificates: RelayCertificates,
) -> None:
    """In TLS 1.3 the alert comes after the handshake; reading raises it."""
    with (
        faulty(certificates, "refuse@accepted") as relay,
        connected(relay.address, certificates) as peer,
        pytest.raises(ssl.SSLError) as raised,
    ):
        peer.recv(1)

    assert raised.value.reason == "TLSV1_ALERT_UNKNOWN_CA"


def test_reading_after_our_close_notify_returns_unexpected_bytes(
    certificates: RelayCertificates,
) -> None:
    """Bytes nobody asked for come back as data, not as an end."""
    with (
        faulty(certificates, "babble@closing") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        assert close_and_read_verdict(peer) != b""


def test_an_early_close_notify_is_there_before_the_sender_closes(
    certificates: RelayCertificates,
) -> None:
    """A relay that leaves early is found by reading first; `unwrap` would believe it.

    Nothing of what was sent is stored, and `unwrap` returns all the same.
    """
    with (
        faulty(certificates, "close@read") as relay,
        connected(relay.address, certificates) as peer,
    ):
        peer.sendall(line(b"one"))

        assert peer.recv(1) == b""
        peer.unwrap()
        assert relay.tally["events"] == 0
