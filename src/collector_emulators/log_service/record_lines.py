"""Records given as lines of text.

It knows the forms of a line, not what happens to a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_emulators.clock import parse_instant
from collector_emulators.events import read_events
from collector_emulators.log_service.records import Received, event_group, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_RECEIVE_TIME = "__tag__:__receive_time__"


def read_records(lines: Iterable[bytes]) -> Iterator[Received]:
    """Yield the record of each line that is not blank, a group of its own.

    A line is a flat record as the vendor's clients show it, which has `__time__`
    and may have the tag `__tag__:__receive_time__` (seconds since 1970); or an
    event; or `{"event": {...}, "arrival": "2026-01-01T00:00:00Z"}`.

    Raises:
        ValueError: If a line is none of these.
    """
    for event, arrival in read_events(lines):
        if "__time__" in event:
            yield Received(read_record(event), _receive_time(event))
        else:
            yield Received(event_group(event, time=_event_time(event)), arrival)


def _receive_time(fields: Mapping[str, Any]) -> float | None:
    text = str(fields.get(_RECEIVE_TIME, ""))
    return float(text) if text.isdecimal() else None


def _event_time(event: Mapping[str, Any]) -> int:
    text = event.get("eventTime")
    return int(parse_instant(str(text))) if text else 0
