"""Synthetic records of an ActionTrail trail: events, and how a trail writes them.

The same arguments always give the same records. What is in an event is decided
in `event_shapes`.

Source: public samples of what a trail delivers: one record an event, the whole
event as text in the content `event`, its keys in alphabetical order.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector_emulators.clock import parse_instant
from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import compact_json
from collector_emulators.log_service.records import (
    EVENT_KEY,
    SOURCE,
    TOPIC,
    Received,
)
from collector_emulators.log_service.wire import Group, Log

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPREAD: Final = 0.2
"""How far the size of an event may be from the average, as a share of it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of a trail look.

    Attributes:
        events_per_group: Events in one group; a trail writes one.
        event_bytes: Average size of an event's text; smaller ones are lengthened,
            larger ones stay. 0 lengthens nothing.
        duplicates: Share of events that are delivered once more, in a group of
            their own.
        duplicate_delays_s: Shortest and longest time until then.
    """

    events_per_group: int = 1
    event_bytes: int = 0
    duplicates: float = 0.0
    duplicate_delays_s: tuple[float, float] = (60.0, 600.0)


def generate_records(seed: int, volume: Volume, shape: Shape) -> Iterator[Received]:
    """Yield the groups of `volume`, and when each is received.

    Repeated events come right behind the first, to be received later.

    Args:
        seed: Same seed, same records.
        volume: How many events, when, and how long a trail takes to deliver them.
        shape: How they look.

    Raises:
        ValueError: If the volume makes no sense, see `generate`, or a group shall
            hold no events.
    """
    if shape.events_per_group < 1:
        message = "a group needs an event"
        raise ValueError(message)
    dice = random.Random(f"records {seed}")  # noqa: S311 - replayable data
    packs = _Packs(dice)
    logs: list[Log] = []
    latest = 0.0
    for event, arrival in generate(seed, volume):
        at = volume.end if arrival is None else arrival
        logs.append(_log(dice, event, shape.event_bytes))
        latest = max(latest, at)
        if dice.random() < shape.duplicates:
            again = at + dice.uniform(*shape.duplicate_delays_s)
            yield packs.pack([logs[-1]], again)
        if len(logs) == shape.events_per_group:
            yield packs.pack(logs, latest)
            logs, latest = [], 0.0
    if logs:
        yield packs.pack(logs, latest)


class _Packs:
    """Makes groups and numbers them, as a trail does."""

    def __init__(self, dice: random.Random) -> None:
        self._name = f"{dice.getrandbits(64):016x}"
        self._count = 0

    def pack(self, logs: list[Log], at: float) -> Received:
        self._count += 1
        tags = (
            (b"__pack_id__", f"{self._name}-{self._count:x}".encode()),
            (b"__receive_time__", str(int(at)).encode()),
        )
        return Received(Group(tuple(logs), TOPIC, SOURCE, tags), at)


def _log(dice: random.Random, event: Mapping[str, Any], size: int) -> Log:
    written = trail_event(event)
    text = compact_json(written)
    wanted = int(size * dice.uniform(1 - _SPREAD, 1 + _SPREAD))
    if len(text) < wanted:
        agent = str(written.get("userAgent", "")) or "Java/1.8"
        grown = agent + _filling(dice, wanted - len(text))
        text = compact_json(dict(sorted({**written, "userAgent": grown}.items())))
    return Log(int(parse_instant(str(event["eventTime"]))), ((EVENT_KEY, text),))


def trail_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as a trail writes it.

    It has its category, its parameters once more as text, and its keys in order.
    """
    written = {"eventCategory": "Management", **event}
    if "requestParameters" in written:
        text = json.dumps(written["requestParameters"], separators=(",", ":"))
        written["requestParameterJson"] = text
    return dict(sorted(written.items()))


def _filling(dice: random.Random, size: int) -> str:
    """Return names and versions, which compress about as well as real events."""
    text = ""
    while len(text) < size:
        text += f" module-{dice.randrange(8)}/{dice.getrandbits(20)} (linux; amd64)"
    return text[:size]
