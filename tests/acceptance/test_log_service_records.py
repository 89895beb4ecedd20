"""Odd records over the whole path: each arrives, nothing is stuck, all is counted."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from collector_emulators.comparison import LOG_STORE_KEYS, fingerprint
from collector_emulators.generator import Volume
from collector_emulators.log_service.odd_records import odd_records
from collector_emulators.log_service.records import Received, record_fields
from collector_emulators.log_service.trail import Shape, generate_records
from collector_emulators.log_service.wire import Group
from support.log_store import CLEAN, LogStoreStage, served
from support.quick import run_quickly

TIME = 1_700_000_000

WHOLE = {
    "event-not-json",
    "event-torn",
    "event-array",
    "event-number",
    "event-null",
    "event-empty",
    "event-blank",
    "byte-order-mark",
    "bad-utf8-beside-event",
    "bad-utf8-in-key",
    "no-event",
    "several-contents",
    "no-contents",
    "key-empty",
}
"""Sorts that go out as an object of all they hold, bad UTF-8 replaced."""

HELD: dict[str, tuple[str, ...]] = {
    "nul-raw": ("odd-raw-nul",),
    "event-with-line-end-in-text": ('"eventId":"odd-inside","x":"a b"}',),
    "event-with-origin": ('{"eventId":"odd-origin","origin":"mine","module":7,',),
    "deep-nesting": ('"eventId":"odd-deep","x":[[[[', "]]]]}"),
    "large-group": ('"eventId":"odd-large","userAgent":"xxx',),
    "duplicate-contents": ("odd-one", "odd-two", '"a":["1","2"]'),
    "content-named-time": ("odd-time", f'"__time__":[{TIME},"7"]'),
    "content-named-topic": ("odd-topic", '["actiontrail_audit_event","other"]'),
}
"""Sorts that no rule of comparison fits -> what one message must hold."""

SEVERAL = "several-logs-one-odd"
"""A group of which one log has no contents."""


def _messages(stage: LogStoreStage) -> list[str]:
    return [one.message.decode() for one in stage.relay.ledger.entries()]


def _whole(message: str) -> dict[str, Any]:
    """Return a message without what the collector adds."""
    fields: dict[str, Any] = json.loads(message)
    return {key: fields[key] for key in fields if key not in LOG_STORE_KEYS}


def test_every_odd_record_arrives_and_holds_nothing_up(
    tmp_path: Path, certificates: Path
) -> None:
    """One message for each; the ordinary ones between them arrive as they are."""
    odd = odd_records(TIME)
    with LogStoreStage(tmp_path, certificates=certificates, shards=1) as stage:
        for group in odd.values():
            stage.append([group])
            stage.receive(2)

        ended = run_quickly(tmp_path)

        messages = _messages(stage)
        ordinary = len(messages) - sum(len(group.logs) for group in odd.values())
        assert ended.code == 0, ended.log
        assert ordinary == 300 + 2 * len(odd)
        (shard,) = stage.state()["shards"].values()
        (end,) = [one["newest"] for one in stage.source.shards(*stage.where)]
        assert (shard["cursor"], shard["skip"]) == (end, 0)
    for name, group in odd.items():
        assert _arrived(name, group, messages), name
    assert "WARNING Text that is no UTF-8: 3 time(s); nothing was left out" in ended.log
    assert "Record without an event: 18 time(s); nothing was left out" in ended.log


def _arrived(name: str, group: Group, messages: list[str]) -> bool:
    if name in HELD:
        found = [one for one in messages if all(part in one for part in HELD[name])]
        return len(found) == 1
    # Deeper than a parser goes, cut off for its size, and no JSON at all.
    hard = ('"odd-deep"', '"odd-large"', '"odd-raw-nul"')
    flat = [one for one in messages if not any(name in one for name in hard)]
    if name in WHOLE:
        (log,) = group.logs
        wanted = record_fields(group, log)
        return any(_whole(one) == wanted for one in flat)
    prints = Counter(fingerprint(one.encode(), LOG_STORE_KEYS) for one in flat)
    wanted = served([Received(group)])
    names = {one.sha256 for one in wanted if one.event_id or name != SEVERAL}
    return names <= prints.keys()


@pytest.mark.parametrize("remembered", [50_000, 0], ids=["remembered", "not"])
def test_event_the_trail_delivers_twice_is_sent_once_if_remembered(
    remembered: int, tmp_path: Path, certificates: Path
) -> None:
    """The memory is bounded and can be switched off."""
    with LogStoreStage(
        tmp_path,
        certificates=certificates,
        count=50,
        remembered_events=remembered,
    ) as stage:
        now = stage.source.data_clock.seconds()
        volume = Volume(count=200, start=now - 7_200, end=now - 3_600)
        twice = [*generate_records(9, volume, Shape(duplicates=0.3))]
        repeated = len(twice) - 200
        stage.append([one.group for one in twice])

        ended = run_quickly(tmp_path)

        assert ended.code == 0, ended.log
        wanted = CLEAN | ({} if remembered else {"duplicates": repeated})
        assert stage.figures() == wanted
    shown = repeated if remembered else 0
    assert f"duplicated events filtered out: {shown};" in ended.log
    assert repeated > 20
