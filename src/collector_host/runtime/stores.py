"""From the configuration to the store of states, and to where it can be looked at.

What needs redis-py is imported only where it is configured: it costs an eighth of a
second and 8 MB.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from collector_host.errors import ConfigError
from collector_host.state.importing import ImportingStore
from collector_host.state.legacy import Addresses, LegacyFiles
from collector_host.state.memory import MemoryStore
from collector_host.state.shelves import FileShelf, NoShelf
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from collector_host.config.model import Config
    from collector_host.state.importing import LastingStore
    from collector_host.state.protocol import Store
    from collector_host.state.shelves import Shelf
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)


class OpenStore(NamedTuple):
    """A store and what is known of it.

    Attributes:
        store: The store itself.
        is_lost: Tells whether another host has taken it over.
    """

    store: Store
    is_lost: Callable[[], bool]


def open_store(
    config: Config,
    clock: Clock,
    *,
    stopping: Event | None = None,
    on_lost: Callable[[], None] = lambda: None,
    keep: bool = True,
) -> OpenStore:
    """Open the configured store; states of the genuine SDK are taken over from it.

    Args:
        config: Names kind and place.
        clock: Time and waiting.
        stopping: Ends the wait for another host's lease.
        on_lost: Called once when another host has taken over.
        keep: False for the memory of this process, whatever is configured.

    Raises:
        StateLockedError: Another process or host uses it.
        StateError: It cannot be used.
    """
    settings = config.settings
    if not keep or settings.persistence == "memory":
        _logger.warning(
            "No state is kept: this run begins at the configured start, and so will the"
            " next one"
        )
        return OpenStore(MemoryStore(), lambda: False)
    if settings.redis:
        from collector_host.state.redis_opening import open_shared  # noqa: PLC0415

        shared, keys = open_shared(
            settings.redis, clock, stopping=stopping, on_lost=on_lost
        )
        store = ImportingStore(shared, addresses(config), (keys,))
        return OpenStore(store, lambda: shared.is_lost)
    files = LegacyFiles(settings.state_directory, settings.id)
    durable = StateStore(settings.state_directory, clock)
    return OpenStore(
        ImportingStore(durable, addresses(config), (files,)), lambda: False
    )


def open_lasting_store(config: Config, clock: Clock) -> LastingStore:
    """Open the configured store as it is, without looking at the genuine SDK's.

    Raises:
        ConfigError: The configured store keeps nothing.
        StateError: As for `open_store`.
    """
    settings = config.settings
    if settings.persistence == "memory":
        message = "globals.persistence.type is memory, which keeps nothing"
        raise ConfigError(message, hint="choose another type, or name a directory")
    if settings.redis:
        from collector_host.state.redis_opening import open_shared  # noqa: PLC0415

        return open_shared(settings.redis, clock)[0]
    return StateStore(settings.state_directory, clock)


def addresses(config: Config) -> Addresses:
    """Return what the genuine SDK calls the states of a configuration's modules."""
    kinds = {
        (source.name, source.id, service.name): tuple(
            (service.type, module.class_name) for module in service.modules
        )
        for source in config.inputs
        for service in source.services
    }
    return Addresses(kinds)


def shelf(config: Config) -> Shelf:
    """Return where the configured states can be looked at, past a running collector."""
    settings = config.settings
    if settings.persistence == "memory":
        return NoShelf()
    if settings.redis:
        from collector_host.state.redis_opening import look_at_shared  # noqa: PLC0415

        return look_at_shared(settings.redis)
    return FileShelf(settings.state_directory)
