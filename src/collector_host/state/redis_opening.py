"""Puts together what works on a Redis server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_host.state.legacy import LegacyRedis
from collector_host.state.redis_client import RedisDoor
from collector_host.state.redis_shelf import RedisShelf
from collector_host.state.redis_store import RedisStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from collector_host.state.redis_settings import RedisSettings
    from devocollectorsdk.commons.clock import Clock


def open_shared(
    settings: RedisSettings,
    clock: Clock,
    *,
    stopping: Event | None = None,
    on_lost: Callable[[], None] = lambda: None,
) -> tuple[RedisStore, LegacyRedis]:
    """Open the store, and the genuine SDK's keys beside it.

    Args:
        settings: Which server, and whose states.
        clock: Time and waiting.
        stopping: Ends the wait for another host's lease.
        on_lost: Called once when another host has taken over.

    Raises:
        StateLockedError: Another host is at work.
        StateError: The server cannot be used.
    """
    door = RedisDoor(settings)
    store = RedisStore(door, settings, clock, stopping=stopping, on_lost=on_lost)
    return store, LegacyRedis(door, settings.place)


def look_at_shared(settings: RedisSettings) -> RedisShelf:
    """Return the documents for reading, past a host that may be at work."""
    return RedisShelf(RedisDoor(settings), settings)
