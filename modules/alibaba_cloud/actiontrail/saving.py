"""Loading, starting and saving a position, with the log lines of the public guide.

It knows neither pages nor windows.
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

    def save_state(self, object_to_save: Mapping[str, Any]) -> None:
        """Save a state behind everything that was sent before."""
        ...


class PositionKeeper:
    """Keeps the position of one region.

    Args:
        store: Where it is kept.
        settings: Region and start.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._saved: Mapping[str, Any] = {}
        self._position: Optional[Position] = None

    @property
    def position(self) -> Position:
        """The position loaded or saved last."""
        if self._position is None:
            message = "no position was loaded"
            raise RuntimeError(message)
        return self._position

    def load(
        self, now: datetime, elsewhere: Optional[Mapping[str, Any]] = None
    ) -> Position:
        """Return the position to go on from; a new one is saved first.

        Always taken from the store: what a pull that failed had in mind is
        forgotten with it.

        Args:
            now: Current time, UTC; where the default start is counted from.
            elsewhere: State of the same service under another owner, which is
                taken over if it belongs to this region and is further.

        Raises:
            PrePullError: A saved state cannot be understood.
        """
        self._position = self._found(now, elsewhere)
        return self._position

    def _found(self, now: datetime, elsewhere: Optional[Mapping[str, Any]]) -> Position:
        self._saved = self._store.load_state() or {}
        own, other = self._understood(self._saved), self._understood(elsewhere)
        fitting = own if own and self._fits(own) else None
        # A changed start asks for a reset, whatever another form of the setting left.
        is_reset = (
            own and not fitting and own.region == self._settings.connection.region
        )
        is_further = other and not (fitting and fitting.time >= other.time)
        if other and is_further and not is_reset and self._fits(other):
            _logger.info("Continuing the saved state of %s", other.region)
            self.save(other)
            return other
        return fitting or self._begin(own, now)

    def _understood(self, document: Optional[Mapping[str, Any]]) -> Optional[Position]:
        return (
            from_state(document, self._settings.connection.region) if document else None
        )

    def _fits(self, known: Position) -> bool:
        wanted = self._settings.start
        same_region = known.region == self._settings.connection.region
        return same_region and (wanted is None or wanted == known.start)

    def _begin(self, known: Optional[Position], now: datetime) -> Position:
        """Begin at the start, and say why if there was a position before."""
        region = self._settings.connection.region
        default = whole_second(now - self._settings.rules.default_start)
        start = self._settings.start or default
        position = Position.beginning(region, start)
        if known and known.region != region:
            _logger.warning(
                "The saved state is of region %s: region %s begins at %s",
                known.region,
                region,
                start.isoformat(),
            )
        elif known:
            log_start_change(known.start, start)
        warn_of_future(start, now)
        self._saved = {}
        self.save(position)
        return position

    def save(self, position: Position) -> None:
        """Save a position behind what was sent, log what changed, and adopt it."""
        document = to_state(position)
        log_updates(self._saved, document, GUIDE_KEYS)
        self._store.save_state(document)
        self._saved = document
        self._position = position
