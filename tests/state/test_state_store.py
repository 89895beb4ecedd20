"""The store keeps one durable state per owner."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import StateError
from collector_host.state.memory import MemoryStore
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.state.protocol import Store

OWNER = "alibaba;alibaba_1;actiontrail;None"


@pytest.fixture(params=["file", "memory"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """Each implementation of the protocol."""
    if request.param == "memory":
        return MemoryStore()
    return request.getfixturevalue("store")


def test_store_knows_nothing_at_first(any_store: Store) -> None:
    """An owner that never committed has no state."""
    assert any_store.load(OWNER) is None
    assert any_store.owners() == ()


def test_store_gives_back_the_last_commit(any_store: Store) -> None:
    """The newest of several commits counts, types included."""
    any_store.commit(OWNER, {"n": 1})
    any_store.commit(OWNER, {"n": 2, "ids": ("a",), "shards": {3: "c"}})

    assert any_store.load(OWNER) == {"n": 2, "ids": ("a",), "shards": {3: "c"}}


def test_store_gives_a_fresh_copy_each_time(any_store: Store) -> None:
    """A module may change what it loaded without changing what is committed."""
    state = {"ids": ["a"]}
    any_store.commit(OWNER, state)
    state["ids"].append("b")

    loaded = any_store.load(OWNER)
    assert loaded is not None
    loaded["ids"].append("c")

    assert any_store.load(OWNER) == {"ids": ["a"]}


def test_store_forgets_on_request(any_store: Store) -> None:
    """A committed None is remembered as: no state."""
    any_store.commit(OWNER, {"n": 1})
    any_store.commit(OWNER, None)

    assert any_store.load(OWNER) is None
    assert any_store.owners() == ()

    any_store.commit(OWNER, {"n": 2})

    assert any_store.load(OWNER) == {"n": 2}


def test_store_keeps_owners_apart(any_store: Store) -> None:
    """Owners whose readable names collide still have states of their own."""
    owners = ("a;b", "a:b", "a b", "", "x" * 300, "\ud800", "ä/../b")

    for number, owner in enumerate(owners):
        any_store.commit(owner, {"n": number})

    assert [any_store.load(owner) for owner in owners] == [
        {"n": number} for number in range(len(owners))
    ]
    assert any_store.owners() == tuple(sorted(owners))


def test_store_refuses_what_it_cannot_keep(any_store: Store) -> None:
    """A bad value changes nothing."""
    any_store.commit(OWNER, {"n": 1})

    with pytest.raises(TypeError, match=r"state\['ids'\] is of type set"):
        any_store.commit(OWNER, {"ids": {1}})

    assert any_store.load(OWNER) == {"n": 1}


def test_store_refuses_everything_once_closed(any_store: Store) -> None:
    """A thread left behind by a stop can no longer move the state."""
    any_store.close()
    any_store.close()

    with pytest.raises(StateError, match="closed"):
        any_store.commit(OWNER, {"n": 1})
    with pytest.raises(StateError, match="closed"):
        any_store.load(OWNER)
    with pytest.raises(StateError, match="closed"):
        any_store.owners()


def test_store_takes_commits_of_many_threads(any_store: Store) -> None:
    """Concurrent commits of several owners all arrive."""

    def work(owner: str) -> None:
        for number in range(10):
            any_store.commit(owner, {"n": number})

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [any_store.load(name) for name in "abcd"] == [{"n": 9}] * 4


def test_store_survives_a_restart(store: StateStore, folder: Path) -> None:
    """A second store on the same directory reads what the first committed."""
    store.commit(OWNER, {"n": 1})
    store.commit("forgotten", {"n": 1})
    store.commit("forgotten", None)
    store.close()

    again = StateStore(folder)

    assert again.load(OWNER) == {"n": 1}
    assert again.load("forgotten") is None
    assert again.owners() == (OWNER,)
    again.close()


def test_store_file_is_readable_by_people(store: StateStore, folder: Path) -> None:
    """The file is plain JSON with a recognisable name and the documented keys."""
    store.commit(OWNER, {"last_run_datetime": "2023-01-10T09:55:09Z", "last_ids": []})

    (path,) = folder.glob("*.json")
    document = json.loads(path.read_text())
    checksum = document.pop("sha256")

    assert path.name == "alibaba-alibaba_1-actiontrail-None-366ce865.json"
    assert document == {
        "format": 1,
        "generation": 1,
        "owner": OWNER,
        "saved_at": "2023-01-10T10:46:06.063698+00:00",
        "state": {"last_run_datetime": "2023-01-10T09:55:09Z", "last_ids": []},
    }
    assert len(checksum) == 64


def test_store_keeps_the_generation_before(store: StateStore, folder: Path) -> None:
    """Two files per owner: this generation and the one before it, nothing else."""
    for number in range(1, 4):
        store.commit(OWNER, {"n": number})

    generations = {
        path.name.partition(".")[2]: json.loads(path.read_text())["generation"]
        for path in folder.glob("*.json")
    }

    assert generations == {"json": 3, "prev.json": 2}
    assert len(list(folder.iterdir())) == 4


def test_store_files_are_private(store: StateStore, folder: Path) -> None:
    """Directory 0700, every file 0600."""
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 2})

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_store_removes_leftovers_of_killed_processes(
    store: StateStore, folder: Path
) -> None:
    """Temporary files do not pile up from crash to crash."""
    store.close()
    (folder / ".x.json.0123abcd.tmp").write_bytes(b"half")

    StateStore(folder).close()

    assert not list(folder.glob(".*.tmp"))
