"""Which events of a page are new. Pure: a new memory comes out, none is kept.

An event is dropped because its identifier and content were already sent, never
because of its age. Remembered are the events of the newest second and of the second
before it: a query that begins again asks for no older ones, see `window`. So is the
last page, for a service whose pages overlap; that part is not worth keeping in a state.
What the second look reads again is known by other means, see `remembered`.

Source:
    The collector's public guide, "Deduplication and Persistence Strategy".
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, Optional, cast

from ..instants import SECOND, parse_instant, whole_second
from .remembered import MARK_BYTES, Remembered, Trace

if TYPE_CHECKING:
    from datetime import datetime

_FINGERPRINT_LENGTH = 16


def _nothing() -> Dict[str, str]:
    return {}


@dataclass(frozen=True)
class Seen:
    """What was sent lately.

    Attributes:
        second: Newest second of which an event was sent, UTC; None before the first.
        last: Identifier -> fingerprint of the events of that second; an empty
            fingerprint stands for any content.
        previous: The same for the second before.
        page: The same for the last page.
    """

    second: Optional[datetime] = None
    last: Mapping[str, str] = field(default_factory=_nothing)
    previous: Mapping[str, str] = field(default_factory=_nothing)
    page: Mapping[str, str] = field(default_factory=_nothing, compare=False)


@dataclass(frozen=True)
class Sifted:
    """A page, sifted.

    Attributes:
        fresh: Events to send, in the page's order.
        newest: Time of the newest fresh event, UTC; None when none has a right one.
        place: How far the page goes, UTC: time of its last event, fresh or not.
        seen: The memory to go on with once the fresh events are queued.
        traces: What is left of each event, in the page's order.
    """

    fresh: List[Any]
    newest: Optional[datetime]
    place: datetime
    seen: Seen
    traces: List[Trace]

    @property
    def duplicates(self) -> int:
        """Number of events left out."""
        return len(self.traces) - len(self.fresh)


@dataclass(frozen=True)
class Sieve:
    """Parts what is fresh from what was sent.

    Attributes:
        id_field: Key of an event's identifier.
        time_field: Key of an event's time.
    """

    id_field: str
    time_field: str

    def sift(
        self,
        events: Iterable[Any],
        seen: Seen,
        remembered: Remembered,
        *,
        since: datetime,
        until: datetime,
    ) -> Sifted:
        """Part a page's fresh events from those already sent.

        Args:
            events: One page, as the service gave it; anything may be among them.
            seen: What was sent before this page.
            remembered: The same, over the distance of the second look.
            since: First instant the page may hold, UTC.
            until: End of the window, UTC; a later time is wrong and counts as none.
        """
        memory = _Memory(seen)
        fresh: List[Any] = []
        traces: List[Trace] = []
        newest: Optional[datetime] = None
        place = since
        for event in events:
            digest = _digest(event)
            short, mark = _fingerprint(digest), digest[:MARK_BYTES]
            identifier = _identifier(event, self.id_field) or short
            time = _event_time(event, self.time_field, until)
            place = max(place, time or place)
            is_fresh = not memory.knows(identifier, short) and mark not in remembered
            traces.append(Trace(place, mark, is_fresh))
            if is_fresh:
                fresh.append(event)
                memory.add(identifier, short, time)
                newest = max(newest or time, time) if time else newest
        return Sifted(fresh, newest, place, memory.seen(), traces)


class _Memory:
    """A memory in the making."""

    def __init__(self, seen: Seen) -> None:
        self._second = seen.second
        self._last: Dict[str, str] = dict(seen.last)
        self._previous: Dict[str, str] = dict(seen.previous)
        self._page_before = seen.page
        self._page: Dict[str, str] = {}

    def knows(self, identifier: str, digest: str) -> bool:
        """Tell whether an event was sent, and note that it is on this page."""
        places = (self._page, self._last, self._previous, self._page_before)
        remembered = [place[identifier] for place in places if identifier in place]
        self._page[identifier] = digest
        return any(one in {"", digest} for one in remembered)

    def add(self, identifier: str, digest: str, time: Optional[datetime]) -> None:
        """Remember a sent event; one without time counts to the newest second."""
        second = self._second if time is None else whole_second(time)
        if second is not None and (self._second is None or second > self._second):
            self._move_to(second)
        if second == self._second:
            self._last[identifier] = digest
        elif self._second is not None and second == self._second - SECOND:
            self._previous[identifier] = digest

    def _move_to(self, second: datetime) -> None:
        follows = self._second is not None and second == self._second + SECOND
        self._previous = self._last if follows else {}
        self._last = {}
        self._second = second

    def seen(self) -> Seen:
        return Seen(self._second, self._last, self._previous, self._page)


def _identifier(event: object, id_field: str) -> Optional[str]:
    value = _field(event, id_field)
    return value if isinstance(value, str) and value else None


def _event_time(event: object, time_field: str, until: datetime) -> Optional[datetime]:
    """Return when an event happened, UTC, or None if it does not say so rightly."""
    value = _field(event, time_field)
    if not isinstance(value, str):
        return None
    try:
        time = parse_instant(value)
    except (ValueError, OverflowError):
        return None
    return time if time <= until else None


def _field(event: object, name: str) -> Any:
    if not isinstance(event, dict):
        return None
    return cast("Dict[str, Any]", event).get(name)


def fingerprint(event: object) -> str:
    """Return a short digest of an event's content, whatever the order of its keys."""
    return _fingerprint(_digest(event))


def _fingerprint(digest: bytes) -> str:
    return digest.hex()[:_FINGERPRINT_LENGTH]


def _digest(event: object) -> bytes:
    canonical = json.dumps(event, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()
