"""The position of a Log Store, and the document it is kept in.

The first two keys are those of the public guide; the others are ours. Cursors are
texts: as numbers they would lose digits. The document is plain JSON.

Source:
    The collector's public guide, "Deduplication and Persistence Strategy".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Dict, Mapping, Tuple

from ..errors import PrePullError
from ..instants import parse_instant, to_text
from ..problems import BAD_STATE

if TYPE_CHECKING:
    from datetime import datetime

GUIDE_KEYS = ("initial_start_time_in_utc", "last_run_datetime")
"""Keys of the public guide, in the order it logs them."""

_GAPS_KEPT = 100


@dataclass(frozen=True)
class ShardPosition:
    """How far one shard was read.

    Attributes:
        cursor: Where the next pull begins.
        time: Everything up to here was read, UTC: the time of the last record, or
            of the pull that found nothing more.
        skip: Texts behind the cursor that were sent already.
        is_done: Whether nothing will ever follow.
    """

    cursor: str
    time: datetime
    skip: int = 0
    is_done: bool = False


@dataclass(frozen=True)
class Gap:
    """An interval of a shard that was not read.

    Attributes:
        shard: The shard.
        start: What is known to be read ends here, UTC.
        end: What is read again begins here, UTC.
        reason: `expired`, `vanished` or `damaged`.
    """

    shard: int
    start: datetime
    end: datetime
    reason: str


def _no_shards() -> Dict[int, ShardPosition]:
    return {}


@dataclass(frozen=True)
class Position:
    """How far a Log Store was read.

    Attributes:
        store: Project and name of the Log Store.
        start: First instant that was asked for, UTC.
        begin_at: Where shards without a position begin, UTC. The start, except
            after taking over a document that knows no shards.
        fingerprint: Of the rules for which `skip` counts texts.
        shards: Number of a shard -> its position.
        gaps: Intervals that were not read, oldest first; the last ones.
    """

    store: str
    start: datetime
    begin_at: datetime
    fingerprint: str
    shards: Mapping[int, ShardPosition] = field(default_factory=_no_shards)
    gaps: Tuple[Gap, ...] = ()

    @classmethod
    def beginning(cls, store: str, start: datetime, fingerprint: str) -> Position:
        """Return the position of a Log Store of which nothing was read."""
        return cls(store, start, start, fingerprint)

    @property
    def time(self) -> datetime:
        """Everything up to here was read, UTC: where the slowest shard is."""
        open_ones = [one.time for one in self.shards.values() if not one.is_done]
        finished = [one.time for one in self.shards.values() if one.is_done]
        if open_ones:
            return min(open_ones)
        return max(finished) if finished else self.begin_at

    def with_shard(self, shard_id: int, position: ShardPosition) -> Position:
        """Return this position with another one of a shard."""
        return replace(self, shards={**self.shards, shard_id: position})

    def without_shard(self, shard_id: int) -> Position:
        """Return this position without a shard that is gone."""
        kept = {key: one for key, one in self.shards.items() if key != shard_id}
        return replace(self, shards=kept)

    def with_gap(self, gap: Gap) -> Position:
        """Return this position with a further gap; of too many the oldest go."""
        return replace(self, gaps=(*self.gaps, gap)[-_GAPS_KEPT:])

    def under(self, fingerprint: str) -> Position:
        """Return this position for rules that may count texts otherwise.

        What was counted under others is sent again, rather than skipped wrongly.
        """
        if fingerprint == self.fingerprint:
            return self
        shards = {key: replace(one, skip=0) for key, one in self.shards.items()}
        return replace(self, shards=shards, fingerprint=fingerprint)


def to_state(position: Position) -> Dict[str, Any]:
    """Return the document of a position."""
    return {
        "initial_start_time_in_utc": to_text(position.start),
        "last_run_datetime": to_text(position.time),
        "begin_at": to_text(position.begin_at),
        "log_store": position.store,
        "fingerprint": position.fingerprint,
        "shards": {str(key): _to_shard(one) for key, one in position.shards.items()},
        "gaps": [
            {
                "shard": gap.shard,
                "start": to_text(gap.start),
                "end": to_text(gap.end),
                "reason": gap.reason,
            }
            for gap in position.gaps
        ],
    }


def _to_shard(one: ShardPosition) -> Dict[str, Any]:
    return {
        "cursor": one.cursor,
        "skip": one.skip,
        "time": to_text(one.time),
        "done": one.is_done,
    }


def from_state(document: Mapping[str, Any], store: str) -> Position:
    """Return the position a document keeps.

    A document that has only the keys of the public guide is taken as well: each
    shard begins at its `last_run_datetime`.

    Args:
        document: What was saved.
        store: The Log Store that is read.

    Raises:
        PrePullError: The document cannot be understood.
    """
    try:
        begin_at = document.get("begin_at") or document["last_run_datetime"]
        shards: Mapping[str, Mapping[str, Any]] = document.get("shards") or {}
        return Position(
            store=document.get("log_store") or store,
            start=parse_instant(document["initial_start_time_in_utc"]),
            begin_at=parse_instant(begin_at),
            fingerprint=document.get("fingerprint") or "",
            shards={int(key): _shard(one) for key, one in shards.items()},
            gaps=tuple(_gap(gap) for gap in document.get("gaps") or ()),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        cause = f"{type(error).__name__}: {error}"
        raise PrePullError(BAD_STATE, cause) from error


def _shard(one: Mapping[str, Any]) -> ShardPosition:
    cursor, skip = one["cursor"], one["skip"]
    if not (isinstance(cursor, str) and isinstance(skip, int) and skip >= 0):
        message = "a cursor is a text, skip a whole number from zero on"
        raise TypeError(message)
    return ShardPosition(cursor, parse_instant(one["time"]), skip, bool(one["done"]))


def _gap(gap: Mapping[str, Any]) -> Gap:
    start, end = parse_instant(gap["start"]), parse_instant(gap["end"])
    return Gap(gap["shard"], start, end, gap["reason"])
