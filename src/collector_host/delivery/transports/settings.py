"""What a connection to a receiver needs, as plain values.

It knows neither configuration files nor devo-sdk.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from collector_host.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_HOSTNAME: Final = re.compile(r"[!-~]+")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_PORTS: Final = range(1, 65_536)


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpSettings:
    """Where to deliver, and how long to wait.

    Attributes:
        address: Host name or IP address of the receiver.
        port: TCP port.
        connect_timeout_s: Longest wait for each step of connecting.
        send_timeout_s: Longest wait for the receiver to take one piece (64 KiB,
            or one larger message).
        close_timeout_s: Longest wait for the receiver's proof at a close.
        user_timeout_s: How long sent bytes may stay unacknowledged before the
            kernel gives the connection up. A receiver that stalls counts too, so
            it is never shorter than `send_timeout_s`.
        hostname: Name of this machine, as written in every message header.

    Raises:
        ConfigError: `address` or `port` cannot exist, or `hostname` would break
            the message header.
    """

    address: str
    port: int
    connect_timeout_s: float = 10.0
    send_timeout_s: float = 30.0
    close_timeout_s: float = 5.0
    user_timeout_s: float = 30.0
    hostname: str = field(default_factory=socket.gethostname)

    def __post_init__(self) -> None:
        if not _is_address(self.address) or self.port not in _PORTS:
            message = f"{self.endpoint!r} is not a host name and a port"
            raise ConfigError(message, hint="e.g. collector-us.devo.io and 443")
        if not _HOSTNAME.fullmatch(self.hostname):
            message = f"host name {self.hostname!r} cannot stand in a message header"
            raise ConfigError(message, hint="use printable ASCII without blanks")

    @property
    def endpoint(self) -> str:
        """Return `address:port`, as written in messages to the operator."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{shown}:{self.port}"

    @property
    def unacknowledged_s(self) -> float:
        """Return how long the kernel waits for an acknowledgement, in seconds."""
        return max(self.user_timeout_s, self.send_timeout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevoSettings(TcpSettings):
    """Where to deliver over TLS, and who we are.

    All three files are required: without any one of them devo-sdk connects with
    verification switched off.

    Attributes:
        address: Host name or IPv4 address; the receiver's certificate must carry it.
        key: Private key, PEM, without a passphrase.
        cert: Certificate that belongs to `key`, PEM.
        chain: Certificate authorities we trust, PEM.

    Raises:
        ConfigError: As for `TcpSettings`, or `address` is of IP version 6.
    """

    key: Path
    cert: Path
    chain: Path

    def __post_init__(self) -> None:
        TcpSettings.__post_init__(self)
        if ":" in self.address:
            message = f"{self.endpoint!r} is not a host name or an IPv4 address"
            raise ConfigError(message, hint="devo-sdk connects over IPv4 only")


def _is_address(text: str) -> bool:
    if _ADDRESS.fullmatch(text):
        return True
    try:
        return ipaddress.ip_address(text).version > 0
    except ValueError:
        return False
