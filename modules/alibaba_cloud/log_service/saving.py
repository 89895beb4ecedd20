"""Loading, starting and saving the position of a Log Store, with the guide's lines.

It knows neither pulls nor shards' lives.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Protocol

from ..instants import whole_second
from ..persisted import log_start_change, log_updates, warn_of_future
from .state import GUIDE_KEYS, Position, from_state, to_state

if TYPE_CHECKING:
    from datetime import datetime

    from .settings import Settings

_logger = logging.getLogger(__name__)


class Store(Protocol):
    """The host's side of a module's state."""

    def load_state(self) -> Optional[Dict[str, Any]]:
        """Return a fresh copy of the state saved last, or None."""
        ...

    def save_state(
        self,
        object_to_save: Mapping[str, Any],
        no_log_traces: bool = ...,  # noqa: FBT001  (the contract's)
    ) -> None:
        """Save a state behind everything that was sent before."""
        ...


class PositionKeeper:
    """Keeps the position of one Log Store.

    Args:
        store: Where it is kept.
        settings: Log Store, start and rules.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._logged: Mapping[str, Any] = {}
        self._position: Optional[Position] = None
        self._saved: Optional[Position] = None

    @property
    def position(self) -> Position:
        """The position loaded or saved last."""
        if self._position is None:
            message = "no position was loaded"
            raise RuntimeError(message)
        return self._position

    def load(self, now: datetime) -> Position:
        """Return the position to go on from; a new one is saved first.

        Always taken from the store: what a pull that failed had in mind is
        forgotten with it.

        Args:
            now: Current time, UTC; where the default start is counted from.

        Raises:
            PrePullError: A saved state cannot be understood.
        """
        document = self._store.load_state()
        known = from_state(document, self._store_name) if document else None
        if document and known and self._fits(known):
            self._logged = document
            self._saved = known
            self._position = known.under(self._settings.rules.fingerprint)
            return self._position
        return self._begin(known, now)

    def save(self, position: Position) -> None:
        """Save a position behind what was sent, and adopt it."""
        self._store.save_state(to_state(position), no_log_traces=True)
        self._position = self._saved = position

    def note(self, position: Position) -> None:
        """Adopt a position behind which nothing was sent; `flush` saves it."""
        self._position = position

    def flush(self) -> None:
        """Save what was only noted."""
        if self._position is not self._saved and self._position is not None:
            self.save(self._position)

    def report(self) -> None:
        """Log what changed since the last report.

        Once for a pull: while much is read, the position moves many times a second.
        """
        document = to_state(self.position)
        log_updates(self._logged, document, GUIDE_KEYS)
        self._logged = document

    @property
    def _store_name(self) -> str:
        return self._settings.connection.store

    def _fits(self, known: Position) -> bool:
        wanted = self._settings.start
        same_store = known.store == self._store_name
        return same_store and (wanted is None or wanted == known.start)

    def _begin(self, known: Optional[Position], now: datetime) -> Position:
        """Begin at the start, and say why if there was a position before."""
        rules = self._settings.rules
        start = self._settings.start or whole_second(now - rules.default_start)
        position = Position.beginning(self._store_name, start, rules.fingerprint)
        if known and known.store != self._store_name:
            _logger.warning(
                "The saved state is of Log Store %s: Log Store %s begins at %s",
                known.store,
                self._store_name,
                start.isoformat(),
            )
        elif known:
            log_start_change(known.start, start)
        warn_of_future(start, now)
        self._logged = {}
        self.save(position)
        self.report()
        return position
