"""Delivers batches to Devo over mutual TLS.

It puts devo-sdk's doorman into the transport that all connections share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_host.delivery.items import Level
from collector_host.delivery.transports.devo import Connection, Connector
from collector_host.delivery.transports.socket_transport import SocketTransport

if TYPE_CHECKING:
    from collector_host.delivery.transports.settings import DevoSettings


class DevoTransport(SocketTransport[Connection]):
    """One TLS connection at a time to one receiver; the contract is `Transport`.

    Args:
        settings: Where to deliver, who we are, how long to wait.
    """

    def __init__(self, settings: DevoSettings) -> None:
        super().__init__(
            Connector(settings),
            close_timeout_s=settings.close_timeout_s,
            best=Level.CLOSE_NOTIFY,
        )
