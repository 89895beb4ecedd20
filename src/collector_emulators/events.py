"""Events on their way into an emulator, and the line form they are given in.

It knows nothing of a service.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from collector_emulators.clock import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WRAPPED: Final = frozenset({"event", "arrival"})


class Timed(NamedTuple):
    """An event, and when it can be found.

    Attributes:
        event: The object the service returns.
        arrival: Virtual time, seconds since 1970 UTC; None for the time at which
            it happened.
    """

    event: Mapping[str, Any]
    arrival: float | None = None


def read_events(lines: Iterable[bytes]) -> Iterator[Timed]:
    """Yield the event of each line that is not blank.

    A line is an event, or `{"event": {...}, "arrival": "2026-01-01T00:00:00Z"}`.

    Raises:
        ValueError: If a line is not a JSON object; the text names the line.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as err:
            message = f"line {number} is not JSON"
            raise ValueError(message) from err
        if not isinstance(value, dict):
            message = f"line {number} is not a JSON object"
            raise ValueError(message)  # noqa: TRY004 - bad data, not a wrong call
        yield _timed(cast("dict[str, Any]", value))


def _timed(value: dict[str, Any]) -> Timed:
    if value.keys() == _WRAPPED:
        return Timed(value["event"], parse_instant(value["arrival"]))
    return Timed(value)
