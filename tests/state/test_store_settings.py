"""From a configuration to a store."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import ConfigError, StateLockedError
from collector_host.runtime.stores import open_lasting_store, open_store, shelf
from collector_host.state.redis_settings import RedisSettings
from config.orchard_plugin import load_config
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.config.model import Config

CONFIG = """
globals: {id: g1, name: collector, persistence: PERSISTENCE}
outputs: {console_1: {type: console}}
inputs: {fruit: {id: f1, credentials: {token: t}, services: {apples: {region: north}}}}
"""
OWNER = "fruit;f1;apples;None"


def _load(folder: Path, persistence: str) -> Config:
    file = folder / "config.yaml"
    file.write_text(CONFIG.replace("PERSISTENCE", persistence), encoding="utf-8")
    return load_config(file, environment={"REDIS_PASSWORD": "example-secret"})


def test_settings_of_redis_are_all_taken(tmp_path: Path) -> None:
    """The password is a secret like those of the inputs."""
    config = _load(
        tmp_path,
        "{type: redis, config: {host: a, location: b, port: 1, db: 2, username: u,"
        " password: '${REDIS_PASSWORD}', socket_timeout: 1.5, ssl: true,"
        " ssl_ca: ca.crt, lease_in_seconds: 4, require_aof: true}}",
    )

    assert config.settings.redis == RedisSettings(
        collector_id="g1",
        host="a",
        port=1,
        db=2,
        username="u",
        password="example-secret",  # noqa: S106  (an example)
        socket_timeout_s=1.5,
        ssl=True,
        ssl_ca=tmp_path / "ca.crt",
        lease_s=4,
        require_aof=True,
    )
    assert "example-secret" in config.secrets
    assert "example-secret" not in repr(config)


def test_server_may_be_called_location(tmp_path: Path) -> None:
    """As the genuine SDK has it; everything else has a default."""
    config = _load(tmp_path, "{type: redis, config: {location: redis.example.com}}")

    assert config.settings.redis == RedisSettings("g1", "redis.example.com")


@pytest.mark.parametrize("kind", ["filesystem", "json"])
def test_both_names_of_files_mean_the_same(tmp_path: Path, kind: str) -> None:
    """One process at a time, durable, and visible to who looks."""
    config = _load(tmp_path, f"{{type: {kind}}}")
    store = open_store(config, SystemClock()).store
    store.commit(OWNER, {"n": 1})

    with pytest.raises(StateLockedError):
        open_store(config, SystemClock())

    store.close()
    current, _ = shelf(config).generations(OWNER)
    assert current.document
    assert current.document.state == {"n": 1}


def test_memory_keeps_nothing_and_says_so(
    tmp_path: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """The warning says what follows from it."""
    config = _load(tmp_path, "{type: memory}")
    opened = open_store(config, SystemClock())
    opened.store.commit(OWNER, {"n": 1})
    opened.store.close()

    assert open_store(config, SystemClock()).store.load(OWNER) is None
    assert not opened.is_lost()
    assert "begins at the configured start" in warnings_seen.text
    looked_at = shelf(config)
    assert looked_at.generations(OWNER)[0].document is None
    assert list(looked_at.strays(())) == []
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]
    with pytest.raises(ConfigError, match="keeps nothing"):
        open_lasting_store(config, SystemClock())


def test_trial_leaves_the_configured_files_alone(tmp_path: Path) -> None:
    """It does not even need the lock."""
    config = _load(tmp_path, "{type: filesystem}")
    holder = open_store(config, SystemClock()).store
    holder.commit(OWNER, {"n": 1})

    trial = open_store(config, SystemClock(), keep=False).store

    assert trial.load(OWNER) is None
    trial.commit(OWNER, {"n": 2})
    assert holder.load(OWNER) == {"n": 1}
    holder.close()


def test_library_of_redis_is_not_loaded_without_need() -> None:
    """It costs time and memory, which most collectors can do without."""
    code = "import sys, collector_host.runtime.stores; print('redis' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout == "False\n"
