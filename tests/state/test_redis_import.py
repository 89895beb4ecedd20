"""States that the genuine SDK left in Redis."""

from __future__ import annotations

import json

import pytest

from collector_host.errors import StateImportError
from collector_host.state.importing import ImportingStore
from collector_host.state.legacy import Addresses, LegacyRedis
from support.redis_places import Place

OWNER = "alibaba;alibaba_1;actiontrail;None"
STATE = {"last_ids": ["a", "ß"], "n": 1.5}


@pytest.fixture(autouse=True)
def _empty(place: Place) -> None:
    """Take away what another test left: the genuine SDK's keys have no prefix."""
    place.client.flushdb()


def _open(place: Place) -> ImportingStore:
    store = place.host().store
    keys = LegacyRedis(store._door, place.settings.place)
    return ImportingStore(store, Addresses({}), (keys,))


def test_plain_key_is_taken_over_and_left(place: Place) -> None:
    """Our own keys stand beside it, and count from then on."""
    text = json.dumps(STATE)
    place.client.set(OWNER, text)
    store = _open(place)

    assert store.load(OWNER) == STATE

    assert place.client.get(OWNER) == text
    place.client.set(OWNER, "{}")
    assert store.load(OWNER) == STATE


def test_nothing_there_is_no_state(place: Place) -> None:
    """A first start begins at the configured start."""
    assert _open(place).load(OWNER) is None


def test_damaged_value_is_refused(place: Place) -> None:
    """The message names server and key."""
    place.client.set(OWNER, '{"a": ')

    with pytest.raises(StateImportError, match=f"key {OWNER} cannot be taken over"):
        _open(place).load(OWNER)

    assert place.client.get(OWNER) == '{"a": '
