"""The judge of a run: two ledgers held against each other."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from collector_emulators.comparison import compare, fingerprint
from collector_emulators.ledger import Served, compact_json
from collector_emulators.relay.ledger import Stored

TABLE = "cloud.alibaba.actiontrail.events"


def _served(event: Any) -> Served:
    return Served.of("", compact_json(event))


def _stored(event: Any, table: str = TABLE) -> Stored:
    return Stored(1, table, json.dumps(event, ensure_ascii=False).encode())


def test_added_keys_do_not_make_an_event_another() -> None:
    """What the collector adds is taken off before comparing."""
    event = {"eventId": "1", "n": 2**70, "text": "ü"}
    stored = _stored(event | {"@devo_pulling_id": "9", "@devo_environment": "x"})

    result = compare([_served(event)], [stored], TABLE)

    assert (result.served, result.delivered, result.lost, result.altered) == (
        1, 1, 0, 0,
    )  # fmt: skip


def test_lost_duplicate_and_altered_are_told_apart() -> None:
    """One of each, and one message of another table that does not count."""
    kept, lost, changed = ({"eventId": name} for name in "abc")
    stored = [
        _stored(kept),
        _stored(kept),
        _stored(changed | {"eventName": "cut"}),
        _stored(lost, table="my.app.other.table"),
        Stored(1, TABLE, b"no json"),
    ]

    result = compare([_served(e) for e in (kept, lost, changed)], stored, TABLE)

    assert result.delivered == 4
    assert result.duplicates == 1
    assert result.lost == 2
    assert result.altered == 2


def test_order_of_keys_counts() -> None:
    """An event whose keys changed places is not as the source gave it."""
    event = {"a": 1, "b": 2}

    result = compare([_served(event)], [_stored({"b": 2, "a": 1})], TABLE)

    assert (result.lost, result.altered) == (1, 1)


def test_message_nested_too_deep_is_compared_as_it_is() -> None:
    """Looking into it would end the comparison, and hide all others."""
    deep = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    assert fingerprint(deep) == sha256(deep).hexdigest()
