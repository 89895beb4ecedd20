"""A store that also tells, without asking the disk, what was committed last.

Whoever watches progress looks here: often, from a thread of its own, and never in
the way of a commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collector_host.state.protocol import State, Store


class CommittedStates:
    """A `Store` around another one, whose errors pass through.

    Args:
        store: Keeps the states.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: dict[str, State] = {}

    def latest(self, owner: str) -> State | None:
        """Return the state committed last; for reading only. None if there is none."""
        return self._latest.get(owner)

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None."""
        state = self._store.load(owner)
        self._remember(owner, state)
        return state

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; None forgets it."""
        self._store.commit(owner, state)
        self._remember(owner, state)

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted."""
        return self._store.owners()

    def close(self) -> None:
        """Close the store; what is known stays known."""
        self._store.close()

    def _remember(self, owner: str, state: State | None) -> None:
        if state is None:
            self._latest.pop(owner, None)
        else:
            self._latest[owner] = state
