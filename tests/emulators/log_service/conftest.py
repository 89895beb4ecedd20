"""What the tests of the Log Service emulator share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_emulators.clock import DataClock
from collector_emulators.log_service import Knobs, LogServiceEmulator
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import NOW, WHERE, make_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliyun.log import LogClient


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK sends even loopback calls to a proxy of the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty_emulator() -> Iterator[LogServiceEmulator]:
    """An emulator without quotas, its data clock standing still at `NOW`."""
    clock = DataClock(NOW, speed=0)
    knobs = Knobs(shard_bytes_per_s=0, shard_reads_per_s=0, project_reads_per_s=0)
    with LogServiceEmulator(data_clock=clock, knobs=knobs) as running:
        yield running


@pytest.fixture
def emulator(empty_emulator: LogServiceEmulator) -> LogServiceEmulator:
    """Such an emulator with one logstore of two shards."""
    empty_emulator.create_store(*WHERE)
    return empty_emulator


@pytest.fixture
def client(empty_emulator: LogServiceEmulator) -> LogClient:
    """An SDK client that talks to the emulator."""
    return make_client(empty_emulator)


@pytest.fixture
def caller(empty_emulator: LogServiceEmulator) -> Iterator[Caller]:
    """A client without patience that talks to the emulator."""
    calling = Caller(empty_emulator)
    yield calling
    calling.connection.close()
