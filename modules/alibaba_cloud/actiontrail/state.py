"""The position of a region, and the document it is kept in.

The first three keys are those of the public guide; the others are ours. The
document is plain JSON.

Source:
    The collector's public guide, "Deduplication and Persistence Strategy".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from ..errors import PrePullError
from ..instants import parse_instant, to_text, whole_second
from ..problems import BAD_STATE
from .lagging import Lagging, from_document, to_document
from .sieve import Seen

if TYPE_CHECKING:
    from datetime import datetime

GUIDE_KEYS = ("initial_start_time_in_utc", "last_run_datetime", "last_ids")
"""Keys of the public guide, in the order it logs them."""


@dataclass(frozen=True)
class Gap:
    """An interval that was never read.

    Attributes:
        start: First instant missed, UTC.
        end: First instant read again, UTC.
        reason: Why, one word.
    """

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True)
class Position:
    """How far one region was read.

    Attributes:
        region: The region.
        start: First instant that was asked for, UTC.
        time: Everything up to here was read, UTC.
        lagging: How far the second look has come.
        seen: Events sent lately.
        gaps: Intervals that were never read, oldest first.
    """

    region: str
    start: datetime
    time: datetime
    lagging: Lagging
    seen: Seen = field(default_factory=Seen)
    gaps: Tuple[Gap, ...] = ()

    @classmethod
    def beginning(cls, region: str, start: datetime) -> Position:
        """Return the position of a region of which nothing was read."""
        return cls(region, start, start, Lagging(start))

    def moved_to(self, time: datetime) -> Position:
        """Return this position at a later time; an earlier time changes nothing."""
        return replace(self, time=max(self.time, time))

    def kept_above(self, edge: datetime) -> Position:
        """Return this position, moved to `edge` with the gap noted if it is older.

        A gap that continues the last one extends it. What only the second look has
        not reached is no gap: it was read once.
        """
        lagging = self.lagging.moved_to(edge)
        if self.time >= edge:
            return self if lagging is self.lagging else replace(self, lagging=lagging)
        start, gaps = self.time, self.gaps
        if gaps and gaps[-1].end == start:
            start, gaps = gaps[-1].start, gaps[:-1]
        gap = Gap(start, edge, "retention")
        return replace(self, time=edge, lagging=lagging, gaps=(*gaps, gap))


def to_state(position: Position) -> Dict[str, Any]:
    """Return the document of a position."""
    seen = position.seen
    return {
        "initial_start_time_in_utc": to_text(position.start),
        "last_run_datetime": to_text(position.time),
        "last_ids": list(seen.last),
        "last_event_second": to_text(seen.second) if seen.second else None,
        "previous_ids": list(seen.previous),
        "fingerprints": {**seen.previous, **seen.last},
        "region": position.region,
        "gaps": [
            {"start": to_text(gap.start), "end": to_text(gap.end), "reason": gap.reason}
            for gap in position.gaps
        ],
        "second_look": to_document(position.lagging),
    }


def from_state(document: Mapping[str, Any], region: str) -> Position:
    """Return the position a document keeps.

    A document that has only the keys of the public guide is taken as well: its
    region is the one asked for, and the second look begins where the first has come.

    Args:
        document: What was saved.
        region: The region that is read.

    Raises:
        PrePullError: The document cannot be understood.
    """
    try:
        time = parse_instant(document["last_run_datetime"])
        lagging = document.get("second_look")
        return Position(
            region=document.get("region") or region,
            start=parse_instant(document["initial_start_time_in_utc"]),
            time=time,
            lagging=from_document(lagging) if lagging else Lagging(time),
            seen=_seen(document),
            gaps=tuple(_gap(gap) for gap in document.get("gaps") or ()),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        cause = f"{type(error).__name__}: {error}"
        raise PrePullError(BAD_STATE, cause) from error


def _seen(document: Mapping[str, Any]) -> Seen:
    last_ids: List[str] = document.get("last_ids") or []
    previous_ids: List[str] = document.get("previous_ids") or []
    known: Mapping[str, str] = document.get("fingerprints") or {}
    return Seen(
        _second(document) if last_ids else None,
        {identifier: known.get(identifier, "") for identifier in last_ids},
        {identifier: known.get(identifier, "") for identifier in previous_ids},
    )


def _second(document: Mapping[str, Any]) -> datetime:
    text: Optional[str] = document.get("last_event_second")
    return whole_second(parse_instant(text or document["last_run_datetime"]))


def _gap(gap: Mapping[str, str]) -> Gap:
    start, end = parse_instant(gap["start"]), parse_instant(gap["end"])
    return Gap(start, end, gap["reason"])
