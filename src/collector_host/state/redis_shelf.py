"""The documents in Redis as found; reading them needs no lease."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from collector_host.errors import StateDamagedError, StateVersionError
from collector_host.state import redis_scripts as scripts
from collector_host.state.document import DamagedDocumentError, parse
from collector_host.state.generations import Generation
from collector_host.state.shelves import Stray

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from collector_host.state.redis_client import RedisDoor
    from collector_host.state.redis_settings import RedisSettings

_STATES = "states"
_PREVIOUS = "previous"


class RedisShelf:
    """Looks for the documents of one collector.

    Args:
        door: The server.
        settings: Whose documents.
    """

    def __init__(self, door: RedisDoor, settings: RedisSettings) -> None:
        self._door = door
        self._settings = settings

    def generations(self, owner: str) -> tuple[Generation, Generation]:
        """Return an owner's current and previous generation as found.

        Raises:
            StateVersionError: A newer version wrote it.
            StateError: The server cannot be used.
        """
        current, previous = (
            self._examine(what, owner, self._door.field(what, field_of(owner)))
            for what in (_STATES, _PREVIOUS)
        )
        return current, previous

    def is_empty(self, owner: str) -> bool:
        """Tell whether there is nothing at all for an owner."""
        name = field_of(owner)
        return not any(self._door.field(what, name) for what in (_STATES, _PREVIOUS))

    def all(self) -> Iterator[Generation]:
        """Yield the current generation of every owner, in their order."""
        for name, data in sorted(self._door.fields(_STATES).items()):
            yield self._examine(_STATES, _owner_of(name), data)

    def strays(self, known: Collection[str]) -> Iterator[Stray]:
        """Yield every owner that is not known, in their order."""
        for name in sorted(self._door.fields(_STATES)):
            owner = _owner_of(name)
            if owner not in known:
                yield Stray(owner, self.place(owner), owner=owner)

    def place(self, owner: str) -> str:
        """Return where an owner's state is, for a message."""
        return self._place(_STATES, owner)

    def all_damaged(self, owner: str, *found: Generation) -> StateDamagedError:
        """Return the error for an owner without any whole generation."""
        places = ", ".join(generation.describe() for generation in found)
        key = shlex.quote(scripts.key(self._settings.collector_id, _STATES))
        before = shlex.quote(scripts.key(self._settings.collector_id, _PREVIOUS))
        name = shlex.quote(owner)
        return StateDamagedError(
            f"no generation of the state of {owner} is whole: {places}",
            hint=(
                f"restore one, or start over: redis-cli -n {self._settings.db} HDEL"
                f" {key} {name}, and the same with {before}"
            ),
        )

    def _place(self, what: str, owner: str) -> str:
        key = scripts.key(self._settings.collector_id, what)
        return f"{self._settings.place}, key {key}, field {owner}"

    def _examine(self, what: str, owner: str, data: bytes | None) -> Generation:
        place = self._place(what, owner)
        if data is None:
            return Generation(place)
        try:
            return Generation(place, parse(data, owner=owner))
        except DamagedDocumentError as error:
            return Generation(place, damage=str(error))
        except StateVersionError as error:
            message = f"{place}: {error.args[0]}"
            raise StateVersionError(message, hint=error.hint) from error


def field_of(owner: str) -> bytes:
    """Return the name of an owner's field."""
    return owner.encode("utf-8", "surrogatepass")


def _owner_of(name: bytes) -> str:
    try:
        return name.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # somebody else's
        return name.decode("utf-8", "backslashreplace")
