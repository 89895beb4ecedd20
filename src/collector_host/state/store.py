"""Committed state on disk: one file per owner, two generations.

It decides what to do about crashes and damage; it knows nothing of messages, and
not when to commit.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector_host.errors import StateError
from collector_host.state.document import Document, render
from collector_host.state.files import (
    explained,
    prepare_folder,
    remove_temporaries,
    write_generation,
)
from collector_host.state.generations import Generation, all_damaged, examine, paths
from collector_host.state.lock import FolderLock
from devocollectorsdk.commons.clock import Clock, SystemClock
from devocollectorsdk.commons.fault_points import point

if TYPE_CHECKING:
    from collector_host.state.protocol import State

logger = logging.getLogger(__name__)


class StateStore:
    """The durable `Store`.

    Args:
        directory: Where the files are; made when missing, private to this user.
        clock: Where `saved_at` comes from.

    Raises:
        StateLockedError: Another process uses the directory.
        StateError: The directory cannot be used.
    """

    def __init__(self, directory: Path, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._mutex = threading.Lock()
        self._generations: dict[str, int] = {}
        self._closed = False
        self._directory = prepare_folder(directory)
        self._lock = FolderLock(self._directory)
        self._lock.acquire()
        remove_temporaries(self._directory)

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None if there is none.

        A damaged current generation is moved aside and the previous one used, with
        a warning: what was delivered since then comes again.

        Raises:
            StateDamagedError: No generation is left whole; the hint says how to
                start over.
            StateVersionError: The state was written by a newer version.
            StateError: The state cannot be read, or was taken away meanwhile.
        """
        with self._mutex:
            self._check_open()
            self._check_directory()
            document = self._newest(owner)
            if document is None and self._generations.get(owner):
                message = f"the state of {owner} vanished from {self._directory}"
                raise StateError(message, hint="restart the collector to start over")
            self._generations[owner] = document.generation if document else 0
            return document.state if document else None

    def knows(self, owner: str) -> bool:
        """Tell whether anything was ever committed for an owner, a reset included."""
        with self._mutex:
            self._check_open()
            self._check_directory()
            return any(path.exists() for path in paths(self._directory, owner))

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; return only once it survives a loss of power.

        Forgetting a state is a generation like any other, so that no crash brings
        the older one back.

        Raises:
            StateDamagedError: No older generation is whole; nothing was written.
            StateError: The state could not be written. Commit again later.
            TypeError: The state holds something that cannot be kept.
        """
        with self._mutex:
            self._check_open()
            self._restore_directory()
            generation = self._generation(owner) + 1
            data = render(Document(owner, generation, self._clock.now(), _plain(state)))
            point("store.before_write")
            write_generation(*paths(self._directory, owner), data)
            self._generations[owner] = generation

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted.

        A file that cannot be read is left out with a warning.
        """
        with self._mutex:
            self._check_open()
            self._check_directory()
            found = map(self._any_owner, self._directory.glob("*.json"))
            known = sorted({owner for owner in found if owner is not None})
            newest = ((owner, self._newest(owner)) for owner in known)
            return tuple(owner for owner, document in newest if _has_state(document))

    def close(self) -> None:
        """Give the directory back; later calls raise StateError."""
        with self._mutex:
            if not self._closed:
                self._closed = True
                self._lock.release()

    def _check_open(self) -> None:
        if self._closed:
            message = "the state store is closed"
            raise StateError(message)

    def _check_directory(self) -> None:
        if not self._lock.is_ours():
            message = f"the state directory {self._directory} was taken away"
            raise StateError(message, hint="the next commit makes it again")

    def _restore_directory(self) -> None:
        if self._lock.is_ours():
            return
        logger.error(
            "State directory %s was taken away; making it again", self._directory
        )
        prepare_folder(self._directory)
        self._lock.acquire()

    def _generation(self, owner: str) -> int:
        if owner not in self._generations:
            document = self._newest(owner)
            self._generations[owner] = document.generation if document else 0
        return self._generations[owner]

    def _newest(self, owner: str) -> Document | None:
        current, previous = (
            examine(path, owner) for path in paths(self._directory, owner)
        )
        if current.document:
            return current.document
        if previous.document:
            self._warn_of_fallback(owner, current, previous.document)
            return previous.document
        if current.damage or previous.damage:
            raise all_damaged(owner, current, previous)
        return None

    def _warn_of_fallback(
        self, owner: str, current: Generation, used: Document
    ) -> None:
        kept = (
            f"; kept as {self._move_aside(Path(current.path))}"
            if current.damage
            else ""
        )
        logger.warning(
            "State of %s: %s cannot be used%s. Going on from the previous generation"
            " %d, saved at %s: what was delivered since then comes again",
            *(owner, current.describe(), kept, used.generation, used.saved_at),
        )

    def _move_aside(self, path: Path) -> Path:
        time = self._clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
        target = path.with_name(f"{path.name}.corrupt-{time}")
        with explained("move aside", path):
            return path.rename(target)

    def _any_owner(self, path: Path) -> str | None:
        found = examine(path, owner=None)
        if not found.document:
            logger.warning("State file %s cannot be used", found.describe())
            return None
        return found.document.owner


def _plain(state: State | None) -> dict[str, Any] | None:
    return None if state is None else dict(state)


def _has_state(document: Document | None) -> bool:
    return document is not None and document.state is not None
