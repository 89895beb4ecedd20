"""How close a position is to the edge of what the source still has.

There is no spool on disk: what is not delivered is read again from the source, and
the source forgets. Nothing here knows a particular source: the definition names the
retention and the key of the state that holds the position's time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.config.model import Service

_logger = logging.getLogger(__name__)
_WARN_FROM: Final = 0.8
_SAY_EVERY_S: Final = 3600.0
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReplayDistance:
    """The oldest event that may not be delivered yet, against the retention.

    Attributes:
        position: Everything up to here is delivered, UTC.
        age: How long ago that is; below zero when it lies ahead of the clock.
        retention: How far back the source answers.
    """

    position: datetime
    age: timedelta
    retention: timedelta

    @property
    def share(self) -> float:
        """Return the age as a share of the retention; 1 and above means loss."""
        return self.age / self.retention

    @property
    def lost_from(self) -> datetime:
        """Return when the source forgets the next event, UTC."""
        return self.position + self.retention


def position_of(service: Service, state: Mapping[str, Any] | None) -> datetime | None:
    """Return the time of a committed position, UTC.

    Args:
        service: Names the key of the state, or none.
        state: What was committed, or None.

    Returns:
        None when the service has no such key or the state no instant under it.
    """
    if state is None or service.position_key is None:
        return None
    return _instant(state.get(service.position_key))


def replay_distance(
    service: Service, state: Mapping[str, Any] | None, now: datetime
) -> ReplayDistance | None:
    """Return how far a position is from being forgotten by its source.

    Args:
        service: Names retention and position, or they are unknown.
        state: What was committed, or None.
        now: Current time, UTC.
    """
    position = position_of(service, state)
    if position is None or not service.retention_in_days:
        return None
    retention = timedelta(days=service.retention_in_days)
    return ReplayDistance(position, now - position, retention)


def gaps_of(state: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the intervals a module noted in its state as never read."""
    gaps: Any = (state or {}).get("gaps")
    if not isinstance(gaps, (list, tuple)):
        return []
    items = cast("list[Any]", gaps)
    return [cast("Mapping[str, Any]", gap) for gap in items if isinstance(gap, dict)]


class ReplayWarnings:
    """Warns of a position near the edge, once an hour for each owner."""

    def __init__(self) -> None:
        self._said_at: dict[str, float] = {}

    def look(self, owner: str, distance: ReplayDistance, elapsed_s: float) -> None:
        """Warn from 80 % of the retention on.

        Args:
            owner: Whose position it is.
            distance: How far it is.
            elapsed_s: Seconds of a clock that never goes back.
        """
        if distance.share < _WARN_FROM:
            self._said_at.pop(owner, None)
            return
        said_at = self._said_at.get(owner)
        if said_at is None or elapsed_s - said_at >= _SAY_EVERY_S:
            self._said_at[owner] = elapsed_s
            _warn(owner, distance)


def _warn(owner: str, distance: ReplayDistance) -> None:
    lost_from = f"{distance.lost_from:%Y-%m-%dT%H:%M:%SZ}"
    what = (
        f"since {lost_from} undelivered events are being lost"
        if distance.share >= 1
        else f"undelivered events are lost from {lost_from} on"
    )
    _logger.warning(
        "%s is delivered up to %s, %.1f days ago, and the source keeps %g days: %s",
        owner,
        distance.position.isoformat(),
        distance.age / _DAY,
        distance.retention / _DAY,
        what,
    )


def _instant(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
