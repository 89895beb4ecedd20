"""One process per state directory, and no stale lock after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import StateError, StateLockedError
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HOLD = """
import sys, time
from pathlib import Path
from collector_host.state.store import StateStore
store = StateStore(Path(sys.argv[1]))
store.commit("x", {"n": 1})
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the directory until it is killed."""
    command = [sys.executable, "-c", _HOLD, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_lock_keeps_a_second_process_out(folder: Path) -> None:
    """The second process is refused, told who holds the directory, changes nothing."""
    with holder(folder) as process:
        for _ in range(2):
            with pytest.raises(StateLockedError) as caught:
                StateStore(folder)

        assert f"process {process.pid} uses the state directory" in str(caught.value)


def test_lock_goes_with_a_killed_process(folder: Path) -> None:
    """The kernel frees the lock; the next start needs nobody's help."""
    with holder(folder) as process:
        process.kill()
        process.wait()

        store = StateStore(folder)

    assert store.load("x") == {"n": 1}
    store.close()


def test_lock_holds_within_one_process(store: StateStore, folder: Path) -> None:
    """Two stores of one process do not share a directory either."""
    store.load("x")

    with pytest.raises(StateLockedError, match=f"process {os.getpid()} "):
        StateStore(folder)


def test_lock_is_free_after_close(store: StateStore, folder: Path) -> None:
    """A clean stop leaves no trace of the holder."""
    store.close()

    assert not (folder / "collector.pid").exists()
    StateStore(folder).close()


def test_lock_names_nobody_when_the_holder_is_unknown(folder: Path) -> None:
    """Without a readable PID the refusal still stands."""
    with holder(folder):
        (folder / "collector.pid").write_text("")

        with pytest.raises(StateLockedError, match="another process uses"):
            StateStore(folder)


def test_lock_refuses_commits_into_another_process_directory(
    store: StateStore, folder: Path
) -> None:
    """Whoever lost the directory to a second process must not write there."""
    for path in folder.iterdir():
        path.unlink()

    with holder(folder), pytest.raises(StateLockedError):
        store.commit("x", {"n": 2})


def test_folder_that_comes_back_is_locked_again(
    store: StateStore, folder: Path
) -> None:
    """A lock given up for a folder in between is taken again, not believed in."""
    store.commit("x", {"n": 1})
    aside = folder.with_name("aside")
    folder.rename(aside)
    (folder / "collector.lock").mkdir(parents=True)
    with pytest.raises(StateError):
        store.commit("x", {"n": 2})
    (folder / "collector.lock").rmdir()
    folder.rmdir()
    aside.rename(folder)

    store.commit("x", {"n": 3})

    with pytest.raises(StateLockedError):
        StateStore(folder)
