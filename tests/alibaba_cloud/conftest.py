"""The emulator the plugin's tests talk to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from collector_emulators.accounts import AccessKey, Accounts
from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.clock import DataClock
from fakes.actiontrail import KEY, START, crowded_trail

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(name="emulator")
def _emulator() -> Iterator[ActionTrailEmulator]:
    """Serve the crowded trail, two hours after its start, to the one key."""
    key = AccessKey(KEY["access_key_id"], KEY["access_key_secret"])
    clock = DataClock((START + timedelta(hours=2)).timestamp(), speed=0)
    with ActionTrailEmulator(accounts=Accounts([key]), data_clock=clock) as emulator:
        emulator.knobs.rate_per_s = None
        events = crowded_trail("[]").events
        emulator.load({**one, "acsRegion": "cn-hangzhou"} for one in events)
        yield emulator
