"""Committed state in Redis: two generations for each owner, one host at a time.

It decides what to do about outages and damage. The lease, the fence and what is one
step on the server are said in `redis_lease` and `redis_scripts`.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from collector_host.errors import StateError, StateTakenError
from collector_host.state import redis_scripts as scripts
from collector_host.state.document import Document, render
from collector_host.state.redis_durability import check_durability
from collector_host.state.redis_lease import Lease
from collector_host.state.redis_shelf import RedisShelf, field_of
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.state.protocol import State
    from collector_host.state.redis_client import RedisDoor
    from collector_host.state.redis_settings import RedisSettings
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_SAY_EVERY_S: Final = 60.0


class RedisStore:
    """The `Store` that hosts can share: one works, another takes over.

    While the server is away a commit fails at once and is to be tried again; the
    thread that renews the lease finds out when it is back. What was committed is kept
    in memory: a server that comes back with less gets it again.

    Args:
        door: The server.
        settings: Whose state, and how long a lease is.
        clock: Where `saved_at` comes from, and waiting.
        stopping: Ends the wait for another host's lease.
        on_lost: Called once when another host has taken over: nothing more can be
            saved here.

    Raises:
        StateLockedError: Another host is at work.
        StateError: The server cannot be used, or keeps less than is asked for.
    """

    def __init__(
        self,
        door: RedisDoor,
        settings: RedisSettings,
        clock: Clock,
        *,
        stopping: threading.Event | None = None,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._door = door
        self._place = settings.place
        self._clock = clock
        self._on_lost = on_lost
        self._shelf = RedisShelf(door, settings)
        self._mutex = threading.Lock()
        self._kept: dict[str, bytes] = {}
        self._generations: dict[str, int] = {}
        self._number = 0
        self._acknowledged = 0
        self._forgot = False
        self._away: StateError | None = None
        self._lost_said = False
        self._said_at: float | None = None
        self._closed = False
        check_durability(door, settings)
        self._lease = Lease(door, settings, clock, stopping or threading.Event())
        self._lease.acquire()
        self._lease.keep(self._renewed, self._failed)

    @property
    def is_lost(self) -> bool:
        """Tell whether another host has taken over."""
        return self._lease.is_lost

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None if there is none.

        A damaged current generation is moved aside and the previous one used, with
        a warning: what was delivered since then comes again.

        Raises:
            StateDamagedError: No generation is left whole; the hint says how to
                start over.
            StateVersionError: The state was written by a newer version.
            StateError: The state cannot be read.
        """
        with self._mutex:
            self._check_open()
            if owner in self._kept and self._shelf.is_empty(owner):
                self._put_back()
            document = self._newest(owner)
            self._generations[owner] = document.generation if document else 0
            if document:
                self._kept[owner] = render(document)
            return document.state if document else None

    def knows(self, owner: str) -> bool:
        """Tell whether anything was ever committed for an owner, a reset included."""
        with self._mutex:
            self._check_open()
            return not self._shelf.is_empty(owner)

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; return once the server has taken it.

        How much of that survives the end of the server is its own matter, see
        `check_durability`.

        Raises:
            StateTakenError: Another host has taken over; for good.
            StateError: The state could not be written. Commit again later.
            TypeError: The state holds something that cannot be kept.
        """
        with self._mutex:
            self._check_open()
            if self._away:
                raise self._away
            generation = self._generation(owner) + 1
            plain = None if state is None else dict(state)
            data = render(Document(owner, generation, self._clock.now(), plain))
            point("store.before_write")
            self._write({owner: data})
            self._kept[owner] = data
            self._generations[owner] = generation
            point("store.after_commit")

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted.

        A document that cannot be read is left out with a warning.
        """
        with self._mutex:
            self._check_open()
            known: list[str] = []
            for found in self._shelf.all():
                if not found.document:
                    _logger.warning("State %s cannot be used", found.describe())
                    continue
                document = self._newest(found.document.owner)
                if document and document.state is not None:
                    known.append(document.owner)
            return tuple(sorted(known))

    def close(self) -> None:
        """Give the lease back; later calls raise StateError."""
        with self._mutex:
            if self._closed:
                return
            self._closed = True
        with suppress(StateError):  # then it ends by itself
            self._lease.release()
        self._door.close()

    def _generation(self, owner: str) -> int:
        if owner not in self._generations:
            document = self._newest(owner)
            self._generations[owner] = document.generation if document else 0
        return self._generations[owner]

    def _check_open(self) -> None:
        if self._closed:
            message = "the state store is closed"
            raise StateError(message)

    def _write(self, documents: dict[str, bytes]) -> None:
        """Write documents, and all others too if the server has forgotten any."""
        last = self._send(documents)
        self._forgot = self._forgot or last < self._acknowledged
        if self._forgot:
            self._put_back(documents)
        self._acknowledged = self._number

    def _put_back(self, newer: dict[str, bytes] | None = None) -> None:
        documents = self._kept | (newer or {})
        _logger.error(
            "%s has forgotten commits, as after a restart without its file: writing"
            " the state of %d owner(s) again",
            *(self._place, len(documents)),
        )
        self._send(documents)
        self._acknowledged, self._forgot = self._number, False

    def _send(self, documents: dict[str, bytes]) -> int:
        """Write documents in one step; return the number of the commit before."""
        self._number += 1
        arguments: list[Any] = [self._number]
        for owner, data in documents.items():
            arguments += [field_of(owner), data]
        try:
            last = self._lease.guarded(
                scripts.COMMIT, ("states", "previous"), *arguments
            )
        except StateError as error:
            self._failed(error)
            raise
        point("store.after_replace")
        return last

    def _renewed(self, last: int) -> None:
        with self._mutex:
            if self._away:
                _logger.info("%s answers again", self._place)
                self._away = self._said_at = None
            self._forgot = self._forgot or last < self._acknowledged
            if self._forgot and not self._closed:
                self._put_back()

    def _failed(self, error: StateError) -> None:
        """Note why the server cannot be used; from whichever thread found out."""
        if isinstance(error, StateTakenError):
            if not self._lost_said:
                self._lost_said = True
                _logger.critical("%s", error)
                self._on_lost()
            return
        self._away = error
        now = self._clock.monotonic()
        if self._said_at is None or now - self._said_at >= _SAY_EVERY_S:
            self._said_at = now
            _logger.error("The state cannot be kept, and commits wait: %s", error)

    def _newest(self, owner: str) -> Document | None:
        current, previous = self._shelf.generations(owner)
        if current.document:
            return current.document
        if previous.document:
            self._fall_back(owner, current.damage, previous.document)
            return previous.document
        if current.damage or previous.damage:
            raise self._shelf.all_damaged(owner, current, previous)
        return None

    def _fall_back(self, owner: str, damage: str, used: Document) -> None:
        name = field_of(f"{owner} {self._clock.now():%Y%m%dT%H%M%S.%fZ}")
        if damage:
            self._lease.guarded(
                scripts.SET_ASIDE, ("states", "damaged"), field_of(owner), name
            )
        _logger.warning(
            "State of %s: the current generation in %s cannot be used (%s). Going on"
            " from the previous generation %d, saved at %s: what was delivered since"
            " then comes again",
            *(owner, self._place, damage or "missing", used.generation, used.saved_at),
        )
