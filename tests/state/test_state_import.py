"""What the genuine SDK left is taken over once, and left as it is."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.errors import StateError, StateImportError
from collector_host.state.importing import ImportingStore
from collector_host.state.legacy import Addresses, LegacyFiles
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER = "alibaba;alibaba_1;actiontrail;None"
SUBMODULE = "alibaba;alibaba_1;actiontrail;cn-hangzhou"
FIRST, SECOND = f"{OWNER};FirstPuller", f"{OWNER};SecondPuller"
KINDS = {
    ("alibaba", "alibaba_1", "actiontrail"): (
        ("predefined", "FirstPuller"),
        ("predefined", "SecondPuller"),
    )
}
STATE = {"last_run_datetime": "2023-01-10T10:00:00Z", "last_ids": ["a", "b"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state directory as the genuine SDK leaves it."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture
def store(folder: Path) -> Iterator[ImportingStore]:
    """A store in that directory, which takes over what is there."""
    importing = _open(folder)
    yield importing
    importing.close()


def _open(folder: Path) -> ImportingStore:
    files = LegacyFiles(folder, "not_used")
    return ImportingStore(StateStore(folder), Addresses(KINDS), (files,))


def _pickle_name(address: str) -> str:
    return hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()


def _leave(folder: Path, address: str, state: Any) -> Path:
    """Write a state as the genuine SDK does."""
    file = folder / _pickle_name(address)
    file.write_bytes(pickle.dumps(state))
    return file


def test_pickle_is_taken_over_at_the_first_look(
    store: ImportingStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line says so; our own document stands beside the original."""
    caplog.set_level(logging.INFO)
    file = _leave(folder, OWNER, STATE)
    before = (file.read_bytes(), file.stat().st_mtime_ns)

    assert store.load(OWNER) == STATE

    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert store.owners() == (OWNER,)
    (line,) = [r.getMessage() for r in caplog.records]
    assert line == f"Took over the state of {OWNER} from {file}"


def test_second_start_uses_our_own(folder: Path) -> None:
    """Whatever the genuine SDK writes afterwards."""
    _leave(folder, OWNER, STATE)
    store = _open(folder)
    store.load(OWNER)
    store.close()
    _leave(folder, OWNER, {"later": 1})

    store = _open(folder)

    assert store.load(OWNER) == STATE
    store.close()


def test_state_that_was_forgotten_is_not_taken_over_again(
    store: ImportingStore, folder: Path
) -> None:
    """A reset stays a reset."""
    _leave(folder, OWNER, STATE)
    store.load(OWNER)
    store.commit(OWNER, None)

    assert store.load(OWNER) is None


def test_nothing_there_is_no_state(store: ImportingStore) -> None:
    """A first start begins at the configured start, and writes nothing."""
    assert store.load(OWNER) is None
    assert not store.knows(OWNER)


def test_json_layout_is_taken_over(store: ImportingStore, folder: Path) -> None:
    """Its files lie in a folder named by the collector's id."""
    (folder / "not_used").mkdir()
    file = folder / "not_used" / f"{OWNER}.json"
    file.write_text(json.dumps(STATE), encoding="utf-8")

    assert store.load(OWNER) == STATE


def test_address_of_a_submodule(store: ImportingStore, folder: Path) -> None:
    """Each submodule has its own."""
    _leave(folder, OWNER, {"whole": 1})
    _leave(folder, SUBMODULE, STATE)

    assert store.load(SUBMODULE) == STATE
    assert store.load(OWNER) == {"whole": 1}


@pytest.mark.parametrize(
    ("owner", "identifier"),
    [
        (FIRST, "alibaba_alibaba_1_actiontrail_predefined_FirstPuller"),
        (
            f"{SUBMODULE};SecondPuller",
            "alibaba_alibaba_1_actiontrail_predefined_SecondPuller_cn-hangzhou",
        ),
    ],
)
def test_oldest_layout_is_taken_over(
    store: ImportingStore, folder: Path, owner: str, identifier: str
) -> None:
    """Its addresses name type and module; its states may hold datetimes."""
    state = {"at": datetime(2022, 6, 1, tzinfo=UTC)}
    _leave(folder, identifier, state)

    assert store.load(owner) == state


def test_newer_address_counts_before_the_oldest(
    store: ImportingStore, folder: Path
) -> None:
    """The genuine SDK leaves the older file behind, too."""
    _leave(folder, "alibaba_alibaba_1_actiontrail_predefined_FirstPuller", {"old": 1})
    _leave(folder, OWNER, STATE)

    assert store.load(FIRST) == STATE


def test_both_modules_of_a_service_get_the_state_they_shared(
    store: ImportingStore, folder: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """Each would have loaded it at the next start; from now on each has its own."""
    _leave(folder, OWNER, STATE)

    assert store.load(FIRST) == STATE
    assert store.load(SECOND) == STATE

    store.commit(FIRST, {"n": 1})
    assert store.load(SECOND) == STATE
    assert "the modules of its service shared" in warnings_seen.text


def test_module_may_ask_for_an_older_address(
    store: ImportingStore, folder: Path
) -> None:
    """`load_state_old_format` names it as it is."""
    _leave(folder, "any_old_identifier", STATE)

    assert store.load("any_old_identifier") == STATE


class _Own:
    """An object of a module's own."""


def test_refusal_names_file_and_class_and_touches_nothing(
    store: ImportingStore, folder: Path
) -> None:
    """Starting over unasked would repeat or skip events."""
    file = _leave(folder, OWNER, {"x": _Own()})
    before = file.read_bytes()

    with pytest.raises(StateImportError, match="_Own") as caught:
        store.load(OWNER)

    assert caught.value.code == "DC405"
    assert str(file) in str(caught.value)
    assert "move it away to start over" in caught.value.hint
    assert file.read_bytes() == before
    assert not store.knows(OWNER)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        pytest.param({"x": {1, 2}}, r"state\['x'\] is of type set", id="set"),
        pytest.param({"x": b"1"}, r"state\['x'\] is of type bytes", id="bytes"),
        pytest.param([1], "holds list, not a dict", id="list"),
    ],
)
def test_state_that_cannot_be_kept_is_refused(
    store: ImportingStore, folder: Path, state: Any, says: str
) -> None:
    """The genuine SDK would not have saved it either."""
    _leave(folder, OWNER, state)

    with pytest.raises(StateImportError, match=says):
        store.load(OWNER)


def test_truncated_file_is_refused(store: ImportingStore, folder: Path) -> None:
    """The genuine SDK took it for no state, and began anew."""
    file = _leave(folder, OWNER, STATE)
    file.write_bytes(file.read_bytes()[:-3])

    with pytest.raises(StateImportError, match="no whole pickle"):
        store.load(OWNER)


@pytest.mark.parametrize("text", ['{"a": ', "[" * 100_000, '{"a": 1}}', "\ud800"])
def test_damaged_json_is_refused(
    store: ImportingStore, folder: Path, text: str
) -> None:
    """However it is damaged."""
    (folder / "not_used").mkdir()
    file = folder / "not_used" / f"{OWNER}.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))

    with pytest.raises(StateImportError, match="no valid JSON"):
        store.load(OWNER)


def test_saved_nothing_is_no_state(store: ImportingStore, folder: Path) -> None:
    """A module may have saved None."""
    _leave(folder, OWNER, None)

    assert store.load(OWNER) is None


def test_huge_file_is_not_even_read(store: ImportingStore, folder: Path) -> None:
    """Its size is enough."""
    with (folder / _pickle_name(OWNER)).open("wb") as file:
        os.truncate(file.fileno(), 2**40)

    with pytest.raises(StateImportError, match="larger than"):
        store.load(OWNER)


def test_file_that_others_may_write_is_refused(
    store: ImportingStore, folder: Path
) -> None:
    """Anybody could have planted it."""
    _leave(folder, OWNER, STATE).chmod(0o666)

    with pytest.raises(StateError, match="other users may write"):
        store.load(OWNER)
