"""A commit may be killed or fail at any step: the old or the new state is there."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.errors import StateError
from collector_host.state.store import StateStore
from devocollectorsdk.commons.fault_points import POINTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWNER = "alibaba;alibaba_1;actiontrail;None"

STORE_POINTS = (
    "store.before_write",
    "store.after_write",
    "store.after_sync",
    "store.after_keep",
    "store.after_replace",
    "store.after_commit",
)
_COMMITTED = {"store.after_replace", "store.after_commit"}

_THREE_COMMITS = """
import sys
from pathlib import Path
from collector_host.state.store import StateStore
store = StateStore(Path(sys.argv[1]))
for number in (1, 2, 3):
    store.commit(sys.argv[2], {"n": number})
"""


def run_child(code: str, *arguments: str, **environment: str) -> int:
    """Run a Python program and return its exit status."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def test_store_points_are_all_tried_here() -> None:
    """A new fault point of the store must be added to these tests."""
    assert set(STORE_POINTS) == {name for name in POINTS if name.startswith("store.")}


@pytest.mark.parametrize("firing", [1, 2, 3])
@pytest.mark.parametrize("name", STORE_POINTS)
def test_store_survives_a_kill_at_every_point(
    folder: Path, warnings_seen: pytest.LogCaptureFixture, name: str, firing: int
) -> None:
    """A process killed in commit n leaves n - 1 before the rename, n behind it.

    The current file is whole at every moment: there is nothing to warn of.
    """
    status = run_child(
        _THREE_COMMITS, str(folder), OWNER, COLLECTOR_FAULT=f"kill:{name}:{firing}"
    )
    # The first commit has nothing to keep: this point first fires in the second.
    commit = firing + 1 if name == "store.after_keep" else firing
    last = commit if name in _COMMITTED else commit - 1

    store = StateStore(folder)
    state = store.load(OWNER)
    leftovers = list(folder.glob(".*.tmp"))
    store.commit(OWNER, {"n": "next"})

    assert status == (-signal.SIGKILL if commit <= 3 else 0)
    assert state == ({"n": min(last, 3)} if last else None)
    assert leftovers == []
    assert warnings_seen.messages == []
    assert store.load(OWNER) == {"n": "next"}
    store.close()


def failing(number: int, real: Callable[..., Any], error: int) -> Callable[..., Any]:
    """Return `real`, but the n-th call raises."""
    calls = 0

    def call(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(error, os.strerror(error))
        return real(*arguments, **options)

    return call


@pytest.mark.parametrize(
    ("function", "number", "after"),
    [
        pytest.param("open", 2, 1, id="temporary file cannot be made"),
        pytest.param("fsync", 1, 1, id="file not synced"),
        pytest.param("link", 1, 1, id="previous not linked"),
        pytest.param("replace", 1, 1, id="previous not renamed"),
        pytest.param("replace", 2, 1, id="current not renamed"),
        pytest.param("fsync", 2, 2, id="folder not synced"),
    ],
)
def test_store_survives_a_failure_of_every_system_call(
    *,
    store: StateStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
    after: int,
) -> None:
    """A failed step raises, leaves a whole state and no rubbish, and heals itself."""
    store.commit(OWNER, {"n": 1})
    with monkeypatch.context() as patch:
        patch.setattr(os, function, failing(number, getattr(os, function), errno.EIO))
        with pytest.raises(StateError, match=r"cannot write .*: Input/output error"):
            store.commit(OWNER, {"n": 2})

    state = store.load(OWNER)
    leftovers = list(folder.glob(".*.tmp"))
    store.commit(OWNER, {"n": 3})

    assert state == {"n": after}
    assert leftovers == []
    assert store.load(OWNER) == {"n": 3}


def test_store_never_syncs_a_failed_file_again(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit after a failed sync writes another file.

    The data of the first may be gone from the kernel's cache, and a second sync of
    it would succeed all the same.
    """
    opened: list[str] = []
    real = os.open

    def recording(path: Any, flags: int, *mode: int) -> int:
        if flags & os.O_EXCL:
            opened.append(os.fspath(path))
        return real(path, flags, *mode)

    monkeypatch.setattr(os, "open", recording)
    monkeypatch.setattr(os, "fsync", failing(1, os.fsync, errno.EIO))
    with pytest.raises(StateError):
        store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 1})

    assert len(set(opened)) == 2


_LIMITED = """
import resource, sys
from pathlib import Path
from collector_host.errors import StateError
from collector_host.state.store import StateStore
store = StateStore(Path(sys.argv[1]))
store.commit(sys.argv[2], {"n": 1})
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
try:
    store.commit(sys.argv[2], {"n": "x" * 2000})
except StateError as error:
    assert "File too large" in str(error) and "free some space" in str(error), error
else:
    sys.exit("no error")
assert store.load(sys.argv[2]) == {"n": 1}
store.commit(sys.argv[2], {"n": 2})
"""


def test_store_keeps_the_old_state_when_the_new_one_does_not_fit(folder: Path) -> None:
    """A full disk is an error with advice; room made, commits go on."""
    assert run_child(_LIMITED, str(folder), OWNER) == 0

    store = StateStore(folder)
    assert store.load(OWNER) == {"n": 2}
    assert not list(folder.glob(".*.tmp"))
    store.close()


_READ_ONLY = """
import os, sys
from pathlib import Path
from collector_host.errors import StateError
from collector_host.state.store import StateStore
folder = Path(sys.argv[1])
if os.geteuid() == 0:
    os.chown(folder, 65534, 65534)
    os.setuid(65534)
store = StateStore(folder)
store.commit("x", {"n": 1})
folder.chmod(0o500)
try:
    store.commit("x", {"n": 2})
except StateError as error:
    assert "Permission denied" in str(error) and "writable" in str(error), error
else:
    sys.exit("no error")
assert store.load("x") == {"n": 1}
folder.chmod(0o700)
"""


def test_store_says_when_its_directory_is_read_only() -> None:
    """An unprivileged collector names the directory and what to change."""
    with tempfile.TemporaryDirectory() as folder:
        assert run_child(_READ_ONLY, folder) == 0


def test_store_makes_a_lost_directory_again(
    store: StateStore, folder: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """A directory removed under a running collector comes back with the next commit."""
    store.commit(OWNER, {"n": 1})
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()

    with pytest.raises(StateError, match="taken away"):
        store.load(OWNER)
    store.commit(OWNER, {"n": 2})

    assert store.load(OWNER) == {"n": 2}
    assert "was taken away; making it again" in warnings_seen.text
