"""What the delivery room asks of a state store.

It knows nothing of files: see `store` for the durable one, `memory` for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

State: TypeAlias = Mapping[str, Any]
"""A module's state; what it may hold is said in `encoding.snapshot`."""


class Store(Protocol):
    """Committed state, one per owner. Safe to use from several threads."""

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None if there is none.

        Raises:
            StateError: The state cannot be read. It is never an empty answer: a
                caller that starts over then would skip or repeat events unasked.
        """
        ...

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a state; return only once it survives a loss of power.

        Args:
            owner: Whose state it is.
            state: What `load` gives from now on; None forgets the state.

        Raises:
            StateError: The older state is still the committed one, or, when only
                the last step failed, either of the two. Commit again later.
            TypeError: The state holds something that cannot be kept.
        """
        ...

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a committed state, sorted."""
        ...

    def close(self) -> None:
        """Let go of the store; later calls raise StateError. May be called twice."""
        ...
