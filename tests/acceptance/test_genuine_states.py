"""The real program beside states that the genuine SDK left in files."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.state.store import StateStore
from support.stage import Stage, summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER = "alibaba;alibaba_1;actiontrail;None"
NOTHING = {"lost": 0, "altered": 0, "duplicates": 0}
STATE_UNUSABLE = 3
_END_S = 20


@pytest.fixture
def stage(tmp_path: Path, certificates: Path) -> Iterator[Stage]:
    """A source, a receiver, and a configuration."""
    with Stage(tmp_path, certificates=certificates) as stage:
        yield stage


def _leave(folder: Path, state: Any) -> Path:
    """Write a state as the genuine SDK does."""
    folder.mkdir(exist_ok=True)
    name = hashlib.md5(OWNER.encode(), usedforsecurity=False).hexdigest()
    (folder / name).write_bytes(pickle.dumps(state))
    return folder / name


def _import(stage: Stage, *arguments: str) -> tuple[int, str]:
    with stage.spawn("state", "import", *arguments) as process:
        text, _ = process.communicate(timeout=_END_S)
    return process.returncode, text


def test_collection_goes_on_where_the_genuine_sdk_ended(stage: Stage) -> None:
    """From the state directory itself, or from another one by command."""
    folder, elsewhere = stage.folder / "state", stage.folder / "elsewhere"
    code, log = stage.once()
    assert code == 0, log
    store = StateStore(folder)
    state = store.load(OWNER)
    store.close()
    shutil.rmtree(folder)

    file = _leave(folder, state)
    code, log = stage.once()
    assert code == 0, log
    assert f"Took over the state of {OWNER} from {file}" in log

    shutil.rmtree(folder)
    file = _leave(elsewhere, state)
    assert _import(stage, "elsewhere") == (
        0,
        f"imported {OWNER} from {file}\n",
    )
    assert _import(stage, "elsewhere") == (
        0,
        f"kept     {OWNER}: it has a state already\n",
    )
    code, log = stage.once()
    assert code == 0, log
    assert "Took over" not in log
    assert summary(stage.compare()) == NOTHING


class _Runs:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch ran",)


def test_hostile_file_is_refused_and_nothing_of_it_runs(stage: Stage) -> None:
    """The service does not start; the message names file and class."""
    file = _leave(stage.folder / "state", {"x": _Runs()})
    before = file.read_bytes()

    code, log = stage.once()

    assert code == STATE_UNUSABLE, log
    assert f"[DC405] the state of the genuine SDK in {file} cannot be taken" in log
    assert "posix.system" in log
    assert not (stage.folder / "ran").exists()
    assert file.read_bytes() == before
    code, text = _import(stage, "state", "--to", "new")
    assert code == STATE_UNUSABLE
    assert text.startswith(f"FAILED   {OWNER}: [DC405]")


def test_state_is_written_where_it_is_told(stage: Stage) -> None:
    """`--to` names a directory; where nothing was left, nothing is written."""
    assert _import(stage, "--to", "new", ".") == (
        0,
        f"nothing  {OWNER}: no state found\n",
    )
    _leave(stage.folder / "left", {"last_ids": []})

    code, _ = _import(stage, "--to", "new", "left")

    assert code == 0
    (file,) = (stage.folder / "new").glob("*.json")
    assert json.loads(file.read_bytes())["state"] == {"last_ids": []}
    assert not (stage.folder / "state").exists()
