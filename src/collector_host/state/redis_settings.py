"""What is to be known of a Redis server before it is asked anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """A Redis server, and whose state it keeps.

    Attributes:
        collector_id: Which collector; hosts with the same one share one state, and
            only one of them runs at a time.
        host: Name or address.
        port: TCP port.
        db: Number of the database.
        username: User of the access list, or None for the default user.
        password: Never shown.
        socket_timeout_s: Longest wait for a connection or an answer.
        ssl: Whether to use TLS; the server's certificate is always verified.
        ssl_ca: File of the authority it is verified against; None for the system's.
        lease_s: How long a host that fell silent keeps the state for itself.
        require_aof: Whether to refuse a server that keeps no append-only file.
    """

    collector_id: str
    host: str
    port: int = 6379
    db: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    socket_timeout_s: float = 5
    ssl: bool = False
    ssl_ca: Path | None = None
    lease_s: float = 15
    require_aof: bool = False

    @property
    def place(self) -> str:
        """Return the server for a message, without any secret."""
        return f"Redis at {self.host}:{self.port}, database {self.db}"
