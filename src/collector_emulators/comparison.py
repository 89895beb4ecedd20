"""Holds what was served against what was stored: the only judge of a run.

It reads the two ledgers and nothing else; the collector in between is not asked.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from collector_emulators.ledger import Served
    from collector_emulators.relay.ledger import Stored

ADDED_KEYS = ("@devo_pulling_id", "@devo_environment")
"""What a collector adds to an event. Source: the collector's public guide."""
LOG_STORE_KEYS = (*ADDED_KEYS, "origin", "module")
"""What it adds to an event out of a Log Store; an event's own keys of these names
count as added, too."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run in numbers.

    Attributes:
        served: Different events that were served, by content.
        delivered: Messages stored at the receiver, repeats included.
        duplicates: Messages stored that were stored before.
        lost: Served events that were never stored.
        altered: Stored messages that are no served event.
    """

    served: int
    delivered: int
    duplicates: int
    lost: int
    altered: int


def compare(
    served: Collection[Served],
    stored: Iterable[Stored],
    table: str,
    added_keys: tuple[str, ...] = ADDED_KEYS,
) -> Comparison:
    """Compare the events of one service with the messages of one table.

    Args:
        served: Events the emulator's ledger says were served.
        stored: Messages the relay's ledger says were stored.
        table: Table the service's events belong to; others do not count.
        added_keys: What the collector adds to an event.
    """
    wanted = {event.sha256 for event in served}
    found = Counter(fingerprints(stored, table, added_keys))
    return Comparison(
        served=len(wanted),
        delivered=found.total(),
        duplicates=found.total() - len(found),
        lost=len(wanted - found.keys()),
        altered=sum(count for key, count in found.items() if key not in wanted),
    )


def fingerprints(
    stored: Iterable[Stored], table: str, added_keys: tuple[str, ...] = ADDED_KEYS
) -> Iterator[str]:
    """Yield the SHA-256 of the event inside each message of a table."""
    return (
        fingerprint(entry.message, added_keys) for entry in stored if entry.tag == table
    )


def fingerprint(message: bytes, added_keys: tuple[str, ...] = ADDED_KEYS) -> str:
    """Return the SHA-256 of the event in a message, as the source's ledger has it.

    What the collector added is left out.
    """
    try:
        event: object = json.loads(message)
        if isinstance(event, dict):
            fields = cast("dict[str, Any]", event)
            event = {key: fields[key] for key in fields if key not in added_keys}
        return sha256(compact_json(event)).hexdigest()
    except (ValueError, RecursionError):  # no JSON, or nested too deep to be looked at
        return sha256(message).hexdigest()
