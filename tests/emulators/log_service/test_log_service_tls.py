"""The TLS listener, reached with the SDK's own verification."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme
from aliyun.log import LogException

from collector_emulators.log_service import LogServiceEmulator
from emulators.log_service.vendor import WHERE, event, make_client, read_all

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_sdk_reads_over_tls_with_its_ca(tmp_path: Path, version: str) -> None:
    """With the emulator's authority TLS is verified; without it refused."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    with LogServiceEmulator(tls=context) as emulator:
        emulator.create_store(*WHERE)
        emulator.append(*WHERE, [event(0), event(1)])
        client = make_client(
            emulator, ca=str(tmp_path / "ca.pem"), auth_version=version
        )
        stranger = make_client(emulator, auth_version=version)

        assert emulator.endpoint.startswith("https://127.0.0.1:")
        assert read_all(client) == ["e0", "e1"]
        with pytest.raises(LogException, match="certificate verify failed"):
            stranger.list_shards(*WHERE)
