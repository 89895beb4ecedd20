"""What was read between the first and the second look at a time. Pure.

An event is remembered by a mark, a digest of its content and thereby of its
identifier, in the minute in which it was read. A minute is kept as one text, so that
a state with many of them is copied in no time. It knows neither windows nor pages.
"""

from __future__ import annotations

import binascii
import logging
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional

from ..instants import parse_instant, to_text

MARK_BYTES = 9
"""72 bits, and twelve letters of base64 without a remainder."""

MINUTE = timedelta(minutes=1)
_logger = logging.getLogger(__name__)


class Trace(NamedTuple):
    """What is left of an event that was read.

    Attributes:
        place: Its time, UTC; where that is wrong, the latest one before it.
        mark: Digest of its content.
        is_fresh: Whether it was sent, not dropped.
    """

    place: datetime
    mark: bytes
    is_fresh: bool


@dataclass(frozen=True)
class Minute:
    """Marks of one minute.

    Attributes:
        marks: The marks.
        text: The same, as the state keeps them.
    """

    marks: FrozenSet[bytes] = frozenset()
    text: str = ""

    def with_marks(self, marks: Iterable[bytes]) -> Minute:
        """Return this minute with further marks."""
        new = [mark for mark in dict.fromkeys(marks) if mark not in self.marks]
        text = b64encode(b"".join(new)).decode("ascii")
        return Minute(self.marks.union(new), self.text + text)


def _no_minutes() -> Dict[datetime, Minute]:
    return {}


@dataclass(frozen=True)
class Remembered:
    """Marks of everything that was read since some instant.

    Attributes:
        minutes: Start of a minute, UTC -> its marks.
        forgotten_before: What was read before may be missing; None when all is here.
    """

    minutes: Mapping[datetime, Minute] = field(default_factory=_no_minutes)
    forgotten_before: Optional[datetime] = None

    def __contains__(self, mark: object) -> bool:
        return any(mark in minute.marks for minute in self.minutes.values())

    def __len__(self) -> int:
        return sum(len(minute.marks) for minute in self.minutes.values())

    def is_forgotten(self, place: datetime) -> bool:
        """Tell whether an event read there may be missing."""
        return self.forgotten_before is not None and place < self.forgotten_before

    def with_traces(self, traces: Iterable[Trace], maximum: int) -> Remembered:
        """Return this memory with what a page left, within its limit.

        Past the limit whole minutes are forgotten, the oldest first, and stay so:
        their events are sent again rather than taken for known.

        Args:
            traces: Every event of the page.
            maximum: Most marks that are kept.
        """
        new: Dict[datetime, List[bytes]] = {}
        for trace in traces:
            if not self.is_forgotten(trace.place):
                minute = trace.place.replace(second=0, microsecond=0)
                new.setdefault(minute, []).append(trace.mark)
        minutes = dict(self.minutes)
        for start, marks in new.items():
            minutes[start] = minutes.get(start, Minute()).with_marks(marks)
        return Remembered(minutes, self.forgotten_before).within(maximum)

    def within(self, maximum: int) -> Remembered:
        """Return this memory without the oldest minutes that are too much."""
        count, minutes, forgotten = len(self), dict(self.minutes), self.forgotten_before
        for start in sorted(self.minutes):
            if count <= maximum:
                break
            count -= len(minutes.pop(start).marks)
            forgotten = max(forgotten or start, start + MINUTE)
        return Remembered(minutes, forgotten)

    def since(self, instant: datetime) -> Remembered:
        """Return this memory without the minutes that end before an instant."""
        minutes = {
            start: minute
            for start, minute in self.minutes.items()
            if start + MINUTE > instant
        }
        forgotten = self.forgotten_before if self.is_forgotten(instant) else None
        return Remembered(minutes, forgotten)


def to_texts(remembered: Remembered) -> Dict[str, str]:
    """Return the minutes as a state keeps them."""
    return {to_text(start): minute.text for start, minute in remembered.minutes.items()}


def from_texts(
    texts: Mapping[str, Any], forgotten_before: Optional[datetime]
) -> Remembered:
    """Return the memory a state keeps.

    A minute that cannot be read is forgotten with a warning: its events are sent
    again rather than taken for known.

    Raises:
        ValueError: A key names no instant.
    """
    minutes: Dict[datetime, Minute] = {}
    for key, text in texts.items():
        start = parse_instant(key)
        try:
            minutes[start] = Minute(_marks(text), text)
        except (TypeError, ValueError) as error:
            end = start + MINUTE
            forgotten_before = max(forgotten_before or end, end)
            _logger.warning(
                "What was read in the minute of %s is forgotten, its events may be"
                " sent again: %s",
                key,
                error,
            )
    return Remembered(minutes, forgotten_before)


def _marks(text: str) -> FrozenSet[bytes]:
    data = b64decode(text, validate=True)
    if len(data) % MARK_BYTES:
        message = f"{len(data)} bytes are no whole number of marks"
        raise binascii.Error(message)
    steps = range(0, len(data), MARK_BYTES)
    return frozenset(data[step : step + MARK_BYTES] for step in steps)
