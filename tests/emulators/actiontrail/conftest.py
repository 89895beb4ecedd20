"""What the tests of the ActionTrail emulator share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from darabonba.core import DaraCore

from collector_emulators.actiontrail import ActionTrailEmulator, Knobs
from collector_emulators.clock import DataClock
from emulators.actiontrail.vendor import NOW, make_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alibabacloud_actiontrail20200706.client import Client


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK sends even loopback calls to a proxy of the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def emulator() -> Iterator[ActionTrailEmulator]:
    """An emulator without a rate limit, its data clock standing still at `NOW`."""
    clock = DataClock(NOW, speed=0)
    knobs = Knobs(rate_per_s=None)
    with ActionTrailEmulator(data_clock=clock, knobs=knobs) as running:
        yield running


@pytest.fixture
def client(emulator: ActionTrailEmulator) -> Client:
    """An SDK client that talks to `emulator`.

    The SDK keeps a session for each address of the process: another test may have had
    this port before, and changed what its session does.
    """
    DaraCore._sessions.clear()
    return make_client(emulator)
