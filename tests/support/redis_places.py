"""Stores of a test's own on a real Redis server."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from collector_host.state.redis_client import RedisDoor
from collector_host.state.redis_scripts import key
from collector_host.state.redis_settings import RedisSettings
from collector_host.state.redis_store import RedisStore
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Generator

    from support.redis_server import RedisServer

LONG_S = 600.0
"""A lease that no test outlives."""


class Host:
    """One host's store, and whether it was told that it is lost."""

    def __init__(self, settings: RedisSettings, stopping: threading.Event) -> None:
        self.lost = threading.Event()
        self.store = RedisStore(
            RedisDoor(settings),
            settings,
            SystemClock(),
            stopping=stopping,
            on_lost=self.lost.set,
        )

    def fall_silent(self) -> None:
        """Renew the lease no more, as a host does that is paused."""
        self.store._lease._ending.set()


class Place:
    """Keys of one collector on a server.

    Args:
        server: The server.
        collector_id: Whose keys.

    Attributes:
        client: The test's own look at the server.
        settings: What its hosts are told.
        stopping: Ends their wait for another one's lease.
    """

    def __init__(self, server: RedisServer, collector_id: str) -> None:
        self._hosts = ExitStack()
        self.stopping = threading.Event()
        self.client = server.client()
        self.settings = RedisSettings(
            collector_id, "127.0.0.1", server.port, lease_s=LONG_S
        )

    def host(self, **changes: Any) -> Host:
        """Start a host; closed at the end."""
        host = Host(replace(self.settings, **changes), self.stopping)
        self._hosts.callback(host.store.close)
        return host

    def key(self, what: str) -> str:
        """Return the name of one of the collector's keys."""
        return key(self.settings.collector_id, what)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._hosts.close()
        self.client.close()


@contextmanager
def changed(place: Place, parameters: dict[str, str]) -> Generator[None]:
    """Give a server other parameters for as long as the block lasts."""
    before = {name: place.client.config_get(name)[name] for name in parameters}
    for name, value in parameters.items():
        place.client.config_set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            place.client.config_set(name, value)
