"""Instants as text: reading what vendors and people write, writing what we promise.

Everything is UTC; nothing here reads a clock.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

SECOND = timedelta(seconds=1)
_HOURS_MAX = 23
_MINUTES_MAX = 59
_INSTANT = re.compile(
    r"(?P<whole>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)"
    r"(?:\.(?P<fraction>\d+))?\s*"
    r"(?P<zone>Z|z|[+-]\d\d:?\d\d)?"
)


def parse_instant(text: str) -> datetime:
    """Return the instant a text names, aware, in UTC.

    A text without zone means UTC; digits below a microsecond are cut.

    Args:
        text: RFC 3339, e.g. `2023-01-05T00:00:00Z`; a blank may stand for the `T`.

    Raises:
        ValueError: The text names no instant.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        message = f"{text[:40]!r} is not an instant such as 2023-01-05T00:00:00Z"
        raise ValueError(message)
    # Each event's time comes here, and strptime costs forty times as much.
    written = datetime.fromisoformat(match["whole"])
    micros = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    instant = written.replace(microsecond=micros, tzinfo=timezone.utc)
    return instant - _offset(match["zone"] or "Z")


def _offset(zone: str) -> timedelta:
    """Return the offset of `Z`, `+08:00` or `+0800`.

    Raises:
        ValueError: There is no such offset.
    """
    if zone in {"Z", "z"}:
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > _HOURS_MAX or minutes > _MINUTES_MAX:
        message = f"{zone} is no offset from UTC"
        raise ValueError(message)
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset


def to_text(instant: datetime) -> str:
    """Return an instant as it is kept in a state, e.g. `2023-01-05T00:00:00Z`."""
    return instant.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def whole_second(instant: datetime) -> datetime:
    """Return the second an instant lies in."""
    return instant.replace(microsecond=0)


def to_wire(instant: datetime) -> str:
    """Return an instant as LookupEvents takes it, in whole seconds.

    Source:
        Vendor documentation of LookupEvents, StartTime and EndTime.
    """
    return to_text(whole_second(instant))


def to_guide_text(instant: datetime) -> str:
    """Return an instant as the collector's public guide prints it in a change.

    Source:
        The collector's public guide, "Puller output".
    """
    fields = [*instant.timetuple()[:6]]
    if instant.microsecond:
        fields.append(instant.microsecond)
    values = ", ".join(str(field) for field in fields)
    return f"DateTime({values}, tzinfo=Timezone('UTC'))"
