"""`collector state show`: what it says, and that it only looks."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector_host.config.loading import load
from collector_host.config.model import Config
from collector_host.plugins.manager import Plugins
from collector_host.runtime.inspection import Saved, inspect
from collector_host.state.generations import paths
from collector_host.state.store import StateStore
from fakes.clocks import ManualClock

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWNER = "alibaba;alibaba_1;actiontrail;None"
CONFIG = """\
globals:
  id: shown
  name: example_collector
  persistence: {type: filesystem, config: {directory_name: state}}
outputs:
  out: {type: console, config: {destination: console}}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    credentials: {access_key_id: example-key-id, access_key_secret: canary-of-a-secret}
    services:
      actiontrail: {region: cn-hangzhou}
"""
GAP = {
    "start": "2026-01-01T00:00:00Z",
    "end": "2026-01-03T00:00:00Z",
    "reason": "retention",
}
STATE: dict[str, Any] = {
    "initial_start_time_in_utc": "2026-01-01T00:00:00Z",
    "last_run_datetime": "2026-03-13T00:00:00Z",
    "last_ids": ["a", "b"],
    "previous_ids": ["c"],
    "fingerprints": {"a": "1", "b": "2", "c": "3"},
    "gaps": [GAP],
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Load the configuration once: it takes longer than what is tested."""
    file = tmp_path_factory.mktemp("shown") / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    plugins = Plugins.installed()
    return load(
        file,
        definitions=plugins.definitions,
        schemas=plugins.schemas,
        secrets=plugins.secrets,
        environment={},
    )


@pytest.fixture
def config(loaded: Config, tmp_path: Path) -> Config:
    """Return it with a state folder of the test's own."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    settings = replace(loaded.settings, state_directory=tmp_path / "state")
    return replace(loaded, settings=settings)


def commit(config: Config, *states: dict[str, Any], owner: str = OWNER) -> None:
    """Save states one after the other."""
    store = StateStore(config.settings.state_directory, ManualClock(NOW))
    for state in states:
        store.commit(owner, state)
    store.close()


def look(config: Config) -> list[Saved]:
    """Inspect at the time the test lives in."""
    return inspect(config, Plugins.installed(), NOW)


def show(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command; return exit code, stdout and stderr."""
    command = [sys.executable, "-m", "collector_host", "state", "show", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=50
    )
    return done.returncode, done.stdout, done.stderr


def test_inspection_tells_position_distance_gaps_and_counts(config: Config) -> None:
    """Everything an operator asks about one module."""
    commit(config, {"last_run_datetime": "2026-03-01T00:00:00Z"}, STATE)

    (saved,) = look(config)

    assert saved.replay is not None
    assert saved.replay.age == timedelta(days=80)
    assert saved == Saved(
        owner=OWNER,
        configured=True,
        file=paths(config.settings.state_directory.resolve(), OWNER)[0],
        generation=2,
        saved_at=NOW,
        position=datetime(2026, 3, 13, tzinfo=UTC),
        replay=saved.replay,
        gaps=[GAP],
        counts={"last_ids": 2, "previous_ids": 1, "fingerprints": 3},
    )


def test_inspection_before_the_first_run_finds_nothing_and_makes_nothing(
    config: Config,
) -> None:
    """No folder is an answer, not an error, and none is made."""
    (saved,) = look(config)

    assert (saved.owner, saved.generation, saved.error) == (OWNER, None, "")
    assert not config.settings.state_directory.exists()


def test_inspection_of_a_damaged_generation_names_the_one_before(
    config: Config,
) -> None:
    """The damage is told, the older generation shown, and no file is touched."""
    commit(config, {"last_run_datetime": "2026-03-01T00:00:00Z"}, STATE)
    folder = config.settings.state_directory
    current, previous = paths(folder, OWNER)
    current.write_bytes(current.read_bytes().replace(b"2026-03-13", b"2026-03-14"))
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    (saved,) = look(config)

    assert (saved.generation, saved.file.name) == (1, previous.name)
    assert "the checksum does not match" in saved.warning
    assert saved.error == ""
    after = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("spoil", ["both", "link", "newer"])
def test_inspection_of_a_state_that_cannot_be_used_says_why(
    config: Config, spoil: str
) -> None:
    """Damage without a way back, a planted link, a newer format: each its own words."""
    commit(config, STATE, STATE)
    current, previous = paths(config.settings.state_directory, OWNER)
    if spoil == "link":
        current.rename(current.with_suffix(".moved"))
        current.symlink_to("/dev/null")
        expected = "DC400"
    elif spoil == "newer":
        _rewrite_as_newer(current)
        expected = "DC403"
    else:
        current.write_bytes(b"{")
        previous.write_bytes(b"")
        expected = "DC401"

    (saved,) = look(config)

    assert saved.error.startswith(f"[{expected}]")
    assert saved.generation is None


def _rewrite_as_newer(path: Path) -> None:

    def text(fields: dict[str, Any]) -> bytes:
        return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()

    fields = json.loads(path.read_bytes())
    del fields["sha256"]
    fields["format"] = 2
    digest = hashlib.sha256(text(fields)).hexdigest()
    path.write_bytes(text(fields | {"sha256": digest}))


def test_inspection_shows_what_no_module_uses(config: Config) -> None:
    """States of services that were switched off, and files that say nothing."""
    commit(config, STATE)
    commit(config, STATE, owner="alibaba;old;actiontrail;None")
    (config.settings.state_directory / "noise.json").write_bytes(b"noise")
    (config.settings.state_directory / "noise.json").chmod(0o600)

    saved = look(config)

    assert [(one.owner, one.configured) for one in saved] == [
        (OWNER, True),
        ("noise.json", False),
        ("alibaba;old;actiontrail;None", False),
    ]
    assert "damaged" in saved[1].error
    assert saved[2].counts == saved[0].counts
    assert saved[2].replay is None


def test_command_shows_text_while_the_state_is_locked(
    config: Config, tmp_path: Path
) -> None:
    """The lock of a running collector is not in the way; no secret is shown."""
    commit(config, STATE)
    holder = StateStore(config.settings.state_directory)
    try:
        code, shown, log = show(tmp_path)
    finally:
        holder.close()

    assert code == 0, log
    lines = shown.splitlines()
    assert lines[0] == OWNER
    assert "  generation   1, saved at 2026-06-01T00:00:00Z" in lines
    assert "  position     2026-03-13T00:00:00Z" in lines
    assert any("days" in line and "are lost from 2026-06-11" in line for line in lines)
    assert (
        "  gap          2026-01-01T00:00:00Z to 2026-01-03T00:00:00Z was never read"
        " (retention)"
    ) in lines
    assert "  remembered   last_ids: 2" in lines
    assert "canary" not in shown + log


def test_command_shows_json_and_fails_for_a_state_that_cannot_be_used(
    config: Config, tmp_path: Path
) -> None:
    """Programs get one object for each owner on stdout, and exit code 3."""
    commit(config, STATE)
    commit(config, STATE, owner="alibaba;old;actiontrail;None")
    current, previous = paths(config.settings.state_directory, OWNER)
    current.write_bytes(b"{")
    previous.unlink(missing_ok=True)

    code, shown, _ = show(tmp_path, "--format", "json")

    first, second = json.loads(shown)
    assert code == 3
    assert first["error"].startswith("[DC401]")
    assert first["replay"] is None
    assert second["error"] == ""
    assert second["gaps"] == [GAP]
    assert second["counts"] == {"last_ids": 2, "previous_ids": 1, "fingerprints": 3}
