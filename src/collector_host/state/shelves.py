"""Looking at saved states past a collector that may be running.

Nothing here takes a lock, writes, or moves anything aside: a state is replaced as a
whole, so that reading one at any moment gives a whole one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from collector_host.errors import StateDamagedError, StateError
from collector_host.state.files import explained
from collector_host.state.generations import Generation, all_damaged, examine, paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stray:
    """Something saved for which nobody asked.

    Attributes:
        name: What to call it.
        place: Where it is.
        owner: Whose state it is, if it tells.
        error: Why it cannot be used, or "".
    """

    name: str
    place: Path | str
    owner: str | None = None
    error: str = ""


class Shelf(Protocol):
    """Where states are, for reading only."""

    def place(self, owner: str) -> Path | str:
        """Return where an owner's state is or would be."""
        ...

    def generations(self, owner: str) -> tuple[Generation, Generation]:
        """Return an owner's current and previous generation as found.

        Raises:
            StateError: They cannot be read, or a newer version wrote them.
        """
        ...

    def strays(self, known: Collection[str]) -> Iterator[Stray]:
        """Yield what belongs to none of the known owners.

        Raises:
            StateError: The place cannot be read.
        """
        ...

    def all_damaged(self, owner: str, *found: Generation) -> StateDamagedError:
        """Return the error for an owner without any whole generation."""
        ...


class FileShelf:
    """The files of a state directory, which may not exist.

    Args:
        folder: The directory.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, owner: str) -> Path:
        """Return the file of an owner's current generation."""
        return paths(self._folder, owner)[0]

    def generations(self, owner: str) -> tuple[Generation, Generation]:
        """Return an owner's current and previous generation as found."""
        current, previous = paths(self._folder, owner)
        found = examine(current, owner)
        # A whole current one is all that is asked for.
        return found, Generation(previous) if found.document else examine(
            previous, owner
        )

    def strays(self, known: Collection[str]) -> Iterator[Stray]:
        """Yield files that cannot be used, then owners that are not known."""
        with explained("read", self._folder):
            files = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        ours = {path for owner in known for path in paths(self._folder, owner)}
        owners: set[str] = set()
        for file in files:
            if file.suffix != ".json" or file in ours:
                continue
            try:
                found = examine(file, owner=None)
            except StateError as error:
                yield Stray(file.name, file, error=str(error))
                continue
            if found.document:
                owners.add(found.document.owner)
            elif found.damage:
                yield Stray(file.name, file, error=f"it is damaged: {found.damage}")
        for owner in sorted(owners - set(known)):
            yield Stray(owner, self.place(owner), owner=owner)

    def all_damaged(self, owner: str, *found: Generation) -> StateDamagedError:
        """Return the error for an owner without any whole generation."""
        return all_damaged(owner, *found)


class NoShelf:
    """State in the memory of another process, of which nothing can be seen."""

    def place(self, owner: str) -> str:
        """Say where it is."""
        del owner
        return "memory of the running collector"

    def generations(self, owner: str) -> tuple[Generation, Generation]:
        """Return two generations with nothing in them."""
        place = self.place(owner)
        return Generation(place), Generation(place)

    def strays(self, known: Collection[str]) -> Iterator[Stray]:
        """Yield nothing."""
        del known
        return iter(())

    def all_damaged(self, owner: str, *found: Generation) -> StateDamagedError:
        """Return the error for an owner without any whole generation."""
        return all_damaged(owner, *found)
