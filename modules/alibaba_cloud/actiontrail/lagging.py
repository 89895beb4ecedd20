"""Where the second look has come to. Pure.

What becomes visible later than the first look allows for is found by a second one,
which follows at a distance and reads everything again. What it may skip, because the
first look came late enough, is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, Mapping

from ..instants import SECOND, parse_instant, to_text, whole_second
from .remembered import Remembered, from_texts, to_texts
from .window import end_of_previous_second

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Lagging:
    """Position of the second look.

    Attributes:
        time: Nothing up to here needs to be looked at again, UTC.
        remembered: What was read since then, and in the second before.
    """

    time: datetime
    remembered: Remembered = field(default_factory=Remembered)

    def moved_to(self, time: datetime) -> Lagging:
        """Return this position at a later time; an earlier time changes nothing.

        Kept is what a query that begins at the new time can give again, see `window`.
        """
        if time <= self.time:
            return self
        again_from = whole_second(time) - SECOND
        return Lagging(time, self.remembered.since(again_from))

    def following(
        self, before: datetime, after: datetime, settled: datetime
    ) -> Lagging:
        """Return this position behind a step of the first look.

        If all before the step is done, then so is the part of it that had settled
        when it was read: a backlog needs no second look.

        Args:
            before: Where the step began, UTC.
            after: Where it ended, UTC.
            settled: What is not later had settled when the step was read, UTC.
        """
        if self.time < end_of_previous_second(before):
            return self
        return self.moved_to(min(after, settled))


def to_document(lagging: Lagging) -> Dict[str, Any]:
    """Return a position as the state keeps it."""
    forgotten_before = lagging.remembered.forgotten_before
    return {
        "read_until": to_text(lagging.time),
        "forgotten_before": to_text(forgotten_before) if forgotten_before else None,
        "ids": to_texts(lagging.remembered),
    }


def from_document(document: Mapping[str, Any]) -> Lagging:
    """Return the position a state keeps.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: It cannot be understood.
    """
    text = document.get("forgotten_before")
    forgotten_before = parse_instant(text) if text else None
    remembered = from_texts(document["ids"], forgotten_before)
    return Lagging(parse_instant(document["read_until"]), remembered)
