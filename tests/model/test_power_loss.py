"""Power may fail between any two system calls of a commit."""

from __future__ import annotations

import logging
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.errors import StateDamagedError
from collector_host.state.store import StateStore
from model.lazy_disk import Image, LazyDisk
from support.mutants import state as mutants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.mutants.patching import Patch

OWNER = "alibaba;alibaba_1;actiontrail;None"
_COMMITS = 4


def _read(image: Image, folder: Path) -> Any:
    """Start on what was left, and return the state that is found."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name, content in image:
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    store = StateStore(folder)
    try:
        return store.load(OWNER)
    except StateDamagedError:
        return "damaged"
    finally:
        store.close()


def _broken_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Commit a few times; return every image that holds neither old nor new state."""
    allowed: dict[Image, list[tuple[Any, ...]]] = {}
    states: list[Any] = [None]

    def watch(images: set[Image]) -> None:
        for image in images:
            allowed.setdefault(image, []).append(tuple(states))

    store = StateStore(tmp_path / "state")
    with monkeypatch.context() as patch:
        disk = LazyDisk(tmp_path / "state", watch, patch.setattr)
        for number in range(1, _COMMITS + 1):
            states.append({"n": number})
            store.commit(OWNER, {"n": number})
            del states[0]
            watch(disk.images())
    store.close()
    assert len(allowed) > _COMMITS
    found = ((_read(image, tmp_path / "left"), ok) for image, ok in allowed.items())
    return [f"{state} for {ok}" for state, ok in found if not _fits(state, ok)]


def _fits(state: Any, moments: list[tuple[Any, ...]]) -> bool:
    return all(state in moment for moment in moments)


@pytest.fixture(autouse=True)
def _file_mask() -> Any:
    before = os.umask(0o077)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    os.umask(before)


def test_loss_of_power_leaves_the_old_or_the_new_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever of the un-synced writes is lost, one of the two is found whole."""
    assert _broken_promises(tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    "mutant",
    [mutants.data_not_synced, mutants.folder_not_synced, mutants.written_in_place],
    ids=lambda one: one.__name__,
)
def test_loss_of_power_is_noticed_by_a_store_without(
    mutant: Callable[[Patch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sync and the rename are needed."""
    mutant(monkeypatch.setattr)

    assert _broken_promises(tmp_path, monkeypatch)
