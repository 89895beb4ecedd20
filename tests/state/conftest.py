"""A clock that stands still and a store in a fresh directory."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from collector_host.state.store import StateStore
from devocollectorsdk.commons.clock import SystemClock
from support.redis_places import Place
from support.redis_server import RedisServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TickingClock(SystemClock):
    """Wall time that moves one second per question."""

    def __init__(self) -> None:
        self._now = datetime(2023, 1, 10, 10, 46, 5, 63698, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state directory that does not exist yet."""
    return tmp_path / "state"


@pytest.fixture
def store(folder: Path) -> Iterator[StateStore]:
    """An open store, closed at the end."""
    store = StateStore(folder, TickingClock())
    yield store
    store.close()


@pytest.fixture
def warnings_seen(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Log lines from WARNING on."""
    caplog.set_level(logging.WARNING)
    return caplog


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server with an append-only file."""
    folder = tmp_path_factory.mktemp("redis")
    with RedisServer(folder, appendonly="yes") as server:
        yield server


@pytest.fixture
def place(server: RedisServer, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Keys on that server that no other test has."""
    with Place(server, request.node.name) as place:
        yield place
