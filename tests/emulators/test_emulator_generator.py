"""Synthetic events: replayable, unique, and as varied as real ones."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from collector_emulators.clock import parse_instant
from collector_emulators.generator import Volume, generate, odd_events
from collector_emulators.ledger import compact_json

START = 1_767_139_200.0  # 2025-12-31T00:00:00Z
DAY = Volume(count=4000, start=START, end=START + 86_400)
EVENTS = [item.event for item in generate(11, DAY)]


def test_same_seed_gives_the_same_bytes() -> None:
    """A run can be repeated from its seed alone."""
    volume = Volume(200, START, START + 3600, burst=20, late_fraction=0.1)

    one, other, third = (
        [(compact_json(item.event), item.arrival) for item in generate(seed, volume)]
        for seed in (1, 1, 2)
    )

    assert one == other
    assert one != third


def test_ids_are_unique_and_of_several_forms() -> None:
    """Ids repeat nowhere, and no pattern fits all of them."""
    ids = [str(item["eventId"]) for item in EVENTS]

    forms = Counter((len(name), name.isupper()) for name in ids)
    assert len(set(ids)) == len(ids)
    assert len(forms) > 3


def test_events_have_the_variety_of_real_ones() -> None:
    """Kinds, identities, versions and oddities of the public samples all occur."""
    types = {item["eventType"] for item in EVENTS}
    identities = {item["userIdentity"]["type"] for item in EVENTS}
    numbers = [
        value
        for item in EVENTS
        for value in item.get("requestParameters", {}).values()
        if isinstance(value, int)
    ]
    failures = sum(bool(item.get("errorCode")) for item in EVENTS) / len(EVENTS)
    size = sum(len(compact_json(item)) for item in EVENTS) / len(EVENTS)

    assert types == {
        "ApiCall",
        "ConsoleOperation",
        "ConsoleSignin",
        "ConsoleSignout",
        "AliyunServiceEvent",
        "PasswordReset",
    }
    assert identities >= {"root-account", "ram-user", "assumed-role", "saml-user"}
    assert {item["eventVersion"] for item in EVENTS} == {1, "1"}
    assert max(numbers) > 2**53
    assert any("🚀" in json.dumps(item, ensure_ascii=False) for item in EVENTS)
    assert any(json.loads(item.get("requestParameterJson", "{}")) for item in EVENTS)
    assert any(item.get("isGlobal") for item in EVENTS)
    assert any("acsRegion" not in item for item in EVENTS)
    assert 0.02 < failures < 0.05
    assert 900 < size < 1400


def test_day_is_busier_than_night() -> None:
    """Working hours have at least twice the volume of quiet ones."""
    hours = Counter(
        datetime.fromtimestamp(parse_instant(item["eventTime"]), UTC).hour
        for item in EVENTS
    )

    assert sum(hours[h] for h in range(1, 7)) > 2 * sum(hours[h] for h in range(14, 20))


def test_burst_shares_one_second_inside_the_span() -> None:
    """The burst is one second; every event lies in the span, oldest first."""
    volume = Volume(400, START, START + 3600, burst=120)

    times = [str(item.event["eventTime"]) for item in generate(3, volume)]

    assert max(Counter(times).values()) >= 120
    assert times == sorted(times)
    assert len(times) == 400
    assert START <= parse_instant(times[0]) <= parse_instant(times[-1]) < START + 3600


def test_late_fraction_arrives_after_ten_minutes() -> None:
    """Usual events arrive within ten minutes, the asked share later."""
    volume = Volume(2000, START, START + 3600, late_fraction=0.1)

    delays = [
        item.arrival - parse_instant(str(item.event["eventTime"]))
        for item in generate(3, volume)
        if item.arrival is not None
    ]

    late = [delay for delay in delays if delay > 600]
    assert len(delays) == 2000
    assert 150 < len(late) < 250
    assert min(delays) >= 3
    assert max(delays) <= 1500


@pytest.mark.parametrize(
    "volume",
    [Volume(1, START, START), Volume(1, START, START + 60, burst=2)],
)
def test_impossible_volume_is_refused(volume: Volume) -> None:
    """A span without a second or a burst above the count is a mistake."""
    with pytest.raises(ValueError, match="burst"):
        list(generate(1, volume))


def test_odd_events_survive_json() -> None:
    """Giant, NUL, surrogate and line separators come back from their bytes."""
    odd = odd_events(1, START, giant_bytes=5000)

    for item in odd:
        body = compact_json(item.event)
        assert b"\n" not in body
        assert json.loads(body.decode("utf-8")) == item.event
    assert max(len(compact_json(item.event)) for item in odd) > 5000
