"""Everything devo-sdk writes arrives in the ledger, message by message."""

from __future__ import annotations

import hashlib
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devo.sender import Sender, SenderConfigSSL

from collector_emulators.relay.ledger import MemoryLedger, Stored, count_by_tag
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import TAG, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_emulators.certificates import RelayCertificates

BIG = b'{"eventId":"big","text":"' + b"\xc3\xa9" * 100_000 + b'"}'


@contextmanager
def sending_to(
    relay: Relay, certificates: RelayCertificates, host: str = "localhost"
) -> Iterator[Sender]:
    """Connect devo-sdk to a relay; close waits until the relay has answered."""
    config = SenderConfigSSL(
        address=(host, relay.port),
        key=str(certificates.client.key),
        cert=str(certificates.client.certificate),
        chain=str(certificates.chain),
    )
    sender = Sender(
        config, timeout=10, inactivity_timeout=10**9, logger=logging.getLogger(__name__)
    )
    try:
        yield sender
    finally:
        sender.close()


def messages(relay: Relay) -> list[bytes]:
    """Return what was stored."""
    return [entry.message for entry in relay.ledger.entries()]


def test_plain_sends_are_stored_before_close_returns(
    certificates: RelayCertificates,
) -> None:
    """devo-sdk's close is answered with a FIN once everything is stored."""
    with Relay(certificates) as relay:
        with sending_to(relay, certificates) as sender:
            for number in range(500):
                sender.send(tag=TAG, msg=f"event {number}")

        assert messages(relay) == [b"event %d" % number for number in range(500)]
        assert relay.tally["ended_by_eof"] == 1


def test_octet_counted_messages_keep_their_line_feeds(
    certificates: RelayCertificates,
) -> None:
    """With multiline=True a message of several lines is one message."""
    with Relay(certificates) as relay:
        with sending_to(relay, certificates) as sender:
            sender.send(tag=TAG, msg="one\ntwo\r\n\nfour", multiline=True)
            sender.send(tag=TAG.encode(), msg=BIG, multiline=True)

        assert messages(relay) == [b"one\ntwo\r\n\nfour", BIG]


def test_zipped_messages_are_unpacked(certificates: RelayCertificates) -> None:
    """With zip=True whole gzip members arrive, each with many messages."""
    # Hashes hardly compress, so that one member spans several reads.
    sent = [hashlib.sha256(b"%d" % n).hexdigest().encode() for n in range(3_000)]
    with Relay(certificates) as relay:
        with sending_to(relay, certificates) as sender:
            for message in sent:
                sender.send(tag=TAG.encode(), msg=message, zip=True)
            sender.flush_buffer()

        assert messages(relay) == sent


def test_raw_batches_and_all_framings_mix_on_one_connection(
    certificates: RelayCertificates,
) -> None:
    """A connection may change its framing between any two records."""
    with Relay(certificates) as relay:
        with sending_to(relay, certificates, "127.0.0.1") as sender:
            sender.send_raw(b"".join(line(b"batch %d" % n) for n in range(2_000)))
            sender.send(tag=TAG.encode(), msg=b"zipped", zip=True)
            sender.flush_buffer()
            sender.send(tag="my.app.x", msg="a\nb", multiline=True)
            sender.send(tag=TAG, msg="plain")

        batch = [b"batch %d" % number for number in range(2_000)]
        assert messages(relay) == [*batch, b"zipped", b"a\nb", b"plain"]
        assert count_by_tag(relay.ledger.entries()) == {TAG: 2_002, "my.app.x": 1}


def test_awkward_texts_arrive_byte_for_byte(certificates: RelayCertificates) -> None:
    """200 KB, emoji, NUL, four-byte characters, backslashes and blanks survive."""
    sent = [
        BIG,
        b"nul \0 in the middle",
        "\N{PILE OF POO} \U0010ffff".encode(),
        b'{"nested":"{\\"a\\":\\"b\\\\n\\"}"}',
        b"  blanks at both ends  ",
    ]
    with Relay(certificates) as relay:
        with sending_to(relay, certificates) as sender:
            for message in sent:
                sender.send(tag=TAG.encode(), msg=message)

        assert messages(relay) == sent
        assert relay.tally["unparsed"] == 0


def test_a_plain_message_with_a_line_feed_is_split(
    certificates: RelayCertificates,
) -> None:
    """devo-sdk does not escape line feeds: the relay shows what that does."""
    with Relay(certificates) as relay:
        with sending_to(relay, certificates) as sender:
            sender.send(tag=TAG, msg="first\nsecond")

        assert list(relay.ledger.entries()) == [
            Stored(1, TAG, b"first"),
            Stored(1, "unparsed", b"second"),
        ]


def test_each_connection_has_its_number(certificates: RelayCertificates) -> None:
    """Connections are numbered from 1 in the order of accepting."""
    ledger = MemoryLedger()
    with Relay(certificates, ledger=ledger) as relay:
        for _ in range(2):
            with sending_to(relay, certificates) as sender:
                sender.send(tag=TAG, msg="hello")

    assert [entry.connection for entry in ledger.entries()] == [1, 2]
