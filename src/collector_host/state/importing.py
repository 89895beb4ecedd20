"""Takes over what the genuine SDK left, at the first look at an owner's state.

The original stays as it is. From the first commit on, which is made at once, only our
own document counts.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from collector_host.state.protocol import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_host.state.legacy import Addresses, Legacy, LegacySource
    from collector_host.state.protocol import State

_logger = logging.getLogger(__name__)


class LastingStore(Store, Protocol):
    """A store that tells a state that was forgotten from one that never was."""

    def knows(self, owner: str) -> bool:
        """Tell whether anything was ever committed for an owner, a reset included."""
        ...


class ImportingStore:
    """A `Store` in front of another one.

    Args:
        store: Keeps the states.
        addresses: What the genuine SDK calls them.
        sources: Where it may have left them; the first that has one counts.
    """

    def __init__(
        self,
        store: LastingStore,
        addresses: Addresses,
        sources: Sequence[LegacySource],
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._sources = sources

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return the state committed last, or the one the genuine SDK left, or None.

        Raises:
            StateImportError: It left something that cannot be taken over; starting
                over instead would repeat or skip events unasked.
            StateError: As for `Store.load`.
        """
        state = self._store.load(owner)
        if state is None and not self._store.knows(owner) and self.take_over(owner):
            return self._store.load(owner)
        return state

    def take_over(self, owner: str) -> Legacy | None:
        """Commit what the genuine SDK left for an owner; None if it left nothing.

        Raises:
            StateError: As for `load`.
        """
        found = find_left(owner, self._addresses, self._sources)
        if found is None or found.state is None:
            return None
        self._store.commit(owner, found.state)
        _logger.info("Took over the state of %s from %s", owner, found.place)
        if found.shared:
            _logger.warning(
                "%s got a copy of a state that the modules of its service shared:"
                " it may be another module's position",
                owner,
            )
        return found

    def knows(self, owner: str) -> bool:
        """Tell whether anything was ever committed for an owner, a reset included."""
        return self._store.knows(owner)

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; None forgets it."""
        self._store.commit(owner, state)

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted."""
        return self._store.owners()

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def find_left(
    owner: str, addresses: Addresses, sources: Sequence[LegacySource]
) -> Legacy | None:
    """Return what the genuine SDK left for an owner, or None; nothing is taken over.

    Raises:
        StateImportError: It cannot be read.
    """
    for address, shared in addresses.of(owner):
        for source in sources:
            if found := source.find(address):
                return replace(found, shared=shared)
    return None
