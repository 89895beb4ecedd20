"""The TLS listener, reached with the SDK's own verification."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

from collector_emulators.actiontrail import ActionTrailEmulator, Knobs
from collector_emulators.clock import DataClock
from emulators.actiontrail.vendor import NOW, event, lookup, make_client

if TYPE_CHECKING:
    from pathlib import Path


def test_sdk_reads_over_tls_with_its_ca(tmp_path: Path) -> None:
    """With the emulator's authority in `Config.ca` (a path), TLS is verified."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    clock = DataClock(NOW, speed=0)

    with ActionTrailEmulator(
        data_clock=clock, knobs=Knobs(rate_per_s=None), tls=context
    ) as emulator:
        emulator.load([event("a", 5)])
        ca = str(tmp_path / "ca.pem")
        client = make_client(emulator, protocol="HTTPS", ca=ca)

        assert [item["eventId"] for item in lookup(client).events] == ["a"]
