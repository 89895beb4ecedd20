"""What is not a private, regular file of ours is refused, not followed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import StateError
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable


OWNER = "alibaba;alibaba_1;actiontrail;None"


def _make_link(path: Path) -> None:
    target = path.with_name("target")
    path.rename(target)
    path.symlink_to(target)


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _make_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(_make_link, "symbolic link", id="symbolic link"),
        pytest.param(_make_folder, "Is a directory", id="directory"),
        pytest.param(_make_fifo, "not a regular file", id="FIFO"),
        pytest.param(
            lambda path: path.chmod(0o622), "other users may write", id="writable"
        ),
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".prev.json"])
def test_store_refuses_files_it_cannot_trust(
    store: StateStore,
    folder: Path,
    change: Callable[[Path], None],
    reason: str,
    suffix: str,
) -> None:
    """Neither generation is read from something another user could have made."""
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 2})
    (path,) = (p for p in folder.iterdir() if p.name.partition(".")[2] == suffix[1:])
    change(path)

    with pytest.raises(StateError, match=reason):
        store.load(OWNER)


def test_store_refuses_the_file_of_another_user(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files must belong to the user the collector runs as."""
    store.commit(OWNER, {"n": 1})
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)

    with pytest.raises(StateError, match=f"belongs to user {user}, not to {user + 1}"):
        store.load(OWNER)


def test_store_refuses_a_directory_others_may_write(folder: Path) -> None:
    """Someone else could have planted a state there."""
    folder.mkdir()
    folder.chmod(0o777)

    with pytest.raises(StateError, match="other users may write"):
        StateStore(folder)


def test_store_leaves_the_mode_of_an_existing_directory(folder: Path) -> None:
    """It may be shared, as `/var/lib` is; what is in it is private all the same."""
    folder.mkdir()
    folder.chmod(0o755)

    store = StateStore(folder)
    store.commit("me", {"n": 1})
    store.close()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.json")}
    assert modes == {0o600}


def test_store_keeps_two_generations_without_hard_links(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems have none: the previous generation is a copy there."""

    def refuse(_self: Path, target: Path) -> None:
        target.stat()  # a missing file is missing on any file system
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    store = StateStore(folder)
    for number in range(3):
        store.commit("me", {"n": number})

    assert store.load("me") == {"n": 2}
    assert len(list(folder.glob("*.prev.json"))) == 1
    store.close()


def test_store_refuses_a_file_as_directory(folder: Path) -> None:
    """The error names the path and what to do."""
    folder.write_text("")

    with pytest.raises(StateError, match="cannot use the state directory") as caught:
        StateStore(folder)

    assert str(folder) in str(caught.value)


def test_store_makes_missing_parents(folder: Path) -> None:
    """A first start needs no preparation."""
    store = StateStore(folder / "a" / "b")
    store.commit(OWNER, {"n": 1})

    assert store.load(OWNER) == {"n": 1}
    store.close()
