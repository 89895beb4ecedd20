"""Makes transports from plain values.

It knows no configuration, and loads a library only for an output that needs it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from collector_host.delivery.transports.console import ConsoleTransport
from collector_host.delivery.transports.plain import PlainTransport

if TYPE_CHECKING:
    from collector_host.delivery.transport import Transport
    from collector_host.delivery.transports.settings import DevoSettings, TcpSettings


def devo(settings: DevoSettings) -> Transport:
    """Return a transport to Devo over mutual TLS; it is not connected yet."""
    from collector_host.delivery.transports.devo_transport import (  # noqa: PLC0415 - loads devo-sdk, 110 ms
        DevoTransport,
    )

    return DevoTransport(settings)


def plain(settings: TcpSettings) -> Transport:
    """Return a transport over plain TCP; it is not connected yet."""
    return PlainTransport(settings)


def console(stream: IO[bytes], *, short: bool = False) -> Transport:
    """Return a transport that writes JSON lines to `stream`.

    Args:
        stream: Binary; it stays open.
        short: Whether the fields have the names of the SDK before 1.8.
    """
    return ConsoleTransport(stream, short=short)
