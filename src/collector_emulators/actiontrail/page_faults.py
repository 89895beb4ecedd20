"""Faults inside a page: what a service with bugs could answer to LookupEvents.

Wrong events are added, never put in the place of a right one, so that the
ledger can still tell what must be delivered.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.actiontrail.store import Row, parse_body
from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Mapping

    from collector_emulators.actiontrail.lookup import Page

_NOT_EVENTS: Final = (b"null", b"42", b'"text"', b"[]", b"true")


class Hit(NamedTuple):
    """A page, and what a fault needs to spoil it.

    Attributes:
        page: The right page.
        options: Options of the fault.
        dice: Replayable chance of this call.
    """

    page: Page
    options: Mapping[str, Any]
    dice: random.Random


def _duplicate_events(hit: Hit) -> Page:
    """Let the next page start `events` (3) places early, so that they repeat."""
    back = int(hit.options.get("events", 3))
    if not hit.page.has_token or len(hit.page.rows) <= back:
        return hit.page
    return replace(hit.page, after=hit.page.rows[-1 - back].place)


def _changed_event(hit: Hit) -> Page:
    """Add an event with the id of another one and other content."""

    def change(event: Mapping[str, Any]) -> dict[str, Any]:
        name = [key for key in event if key not in {"eventId", "eventTime"}][-1]
        return {**event, name: f"{event[name]}~"}

    return _with_variant(hit, change, keep_id=True)


def _missing_event_id(hit: Hit) -> Page:
    """Add a copy of an event that has no id."""

    def strip(event: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in event.items() if key != "eventId"}

    return _with_variant(hit, strip, keep_id=False)


def _non_dict_event(hit: Hit) -> Page:
    """Add something to Events that is no object."""
    rows, start = hit.page.rows, hit.page.resume.start
    stranger = Row(start, "", 0, start, hit.dice.choice(_NOT_EVENTS))
    where = hit.dice.randint(0, len(rows))
    return replace(hit.page, rows=(*rows[:where], stranger, *rows[where:]))


def _empty_page(hit: Hit) -> Page:
    """Answer no event and a token to the same place; always: without end."""
    return replace(hit.page, rows=(), after=hit.page.resume.after, has_token=True)


def _endless_token(hit: Hit) -> Page:
    """Always give one more token, behind the last page too."""
    return replace(hit.page, has_token=True)


def _repeated_token(hit: Hit) -> Page:
    """Give back the token of the request: the next page is this one again."""
    page = hit.page
    return replace(page, after=page.resume.after, has_token=True, token=page.asked)


def _raw_event(hit: Hit) -> Page:
    """Add the text `json` to Events as it is, whether or not it is right JSON."""
    rows, start = hit.page.rows, hit.page.resume.start
    stranger = Row(start, "", 0, start, hit.options["json"].encode())
    return replace(hit.page, rows=(*rows[:1], stranger, *rows[1:]))


def _shuffled_second(hit: Hit) -> Page:
    """Shuffle the events that share a second."""
    rows: list[Row] = []
    for _second, group in groupby(hit.page.rows, key=lambda row: row.time // 1):
        rows += _shuffled(group, hit.dice)
    return replace(hit.page, rows=tuple(rows))


def _shuffled_page(hit: Hit) -> Page:
    """Shuffle the whole page."""
    return replace(hit.page, rows=tuple(_shuffled(hit.page.rows, hit.dice)))


def _shuffled(rows: Iterable[Row], dice: random.Random) -> list[Row]:
    listed = list(rows)
    dice.shuffle(listed)
    return listed


def _with_variant(
    hit: Hit, change: Callable[[Mapping[str, Any]], dict[str, Any]], *, keep_id: bool
) -> Page:
    rows = hit.page.rows
    if not rows:
        return hit.page
    after = hit.dice.randint(1, len(rows))
    row = rows[after - 1]
    variant = row._replace(
        body=compact_json(change(parse_body(row))),
        event_id=row.event_id if keep_id else "",
    )
    return replace(hit.page, rows=(*rows[:after], variant, *rows[after:]))


PAGE_FAULTS: Final[Mapping[str, Callable[[Hit], Page]]] = {
    "changed_event": _changed_event,
    "duplicate_events": _duplicate_events,
    "empty_page": _empty_page,
    "endless_token": _endless_token,
    "missing_event_id": _missing_event_id,
    "non_dict_event": _non_dict_event,
    "raw_event": _raw_event,
    "repeated_token": _repeated_token,
    "shuffled_page": _shuffled_page,
    "shuffled_second": _shuffled_second,
}
