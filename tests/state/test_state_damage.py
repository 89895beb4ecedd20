"""Damage is always noticed, and never answered by starting over unasked."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from collector_host.errors import StateDamagedError, StateError, StateVersionError
from collector_host.state import document as document_module
from collector_host.state.document import DamagedDocumentError, parse
from collector_host.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWNER = "alibaba;alibaba_1;actiontrail;None"


@pytest.fixture
def current(store: StateStore, folder: Path) -> Path:
    """The current file after two commits, {"n": 1} and {"n": 2}."""
    store.commit(OWNER, {"n": 1})
    store.commit(OWNER, {"n": 2})
    (path,) = (p for p in folder.glob("*.json") if ".prev." not in p.name)
    return path


def previous(current: Path) -> Path:
    """Return where the generation before is."""
    return current.with_name(current.name.replace(".json", ".prev.json"))


def test_parse_notices_every_flipped_bit(current: Path) -> None:
    """No single bit of a file can change unnoticed."""
    data = current.read_bytes()

    for position in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[position] ^= 1 << bit
            with pytest.raises(DamagedDocumentError):
                parse(bytes(damaged), owner=OWNER)


def test_parse_notices_every_truncation(current: Path) -> None:
    """A file that ends too early is damaged, wherever it ends."""
    data = current.read_bytes()

    for length in range(len(data)):
        with pytest.raises(DamagedDocumentError):
            parse(data[:length], owner=OWNER)


def test_parse_notices_zeroed_blocks(current: Path) -> None:
    """Blocks of zeros, as some file systems leave them, are damage."""
    data = current.read_bytes()

    for size in (1, 16, 64, len(data)):
        for start in range(len(data) - size + 1):
            damaged = data[:start] + bytes(size) + data[start + size :]
            with pytest.raises(DamagedDocumentError):
                parse(damaged, owner=OWNER)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data + b"\n", id="longer by a line"),
        pytest.param(lambda data: data.replace(b": ", b":  ", 1), id="a space more"),
        pytest.param(
            lambda data: data.replace(b'"format": 1,', b'"format": 1,"format": 1,'),
            id="a key twice",
        ),
        pytest.param(lambda _data: b"[" * 100_000, id="brackets"),
        pytest.param(lambda _data: b"[]\n", id="a list"),
        pytest.param(lambda _data: b"", id="empty"),
        pytest.param(lambda _data: b"\xff\xfe", id="not UTF-8"),
        pytest.param(lambda _data: b'{\n  "sha256": NaN\n}\n', id="NaN"),
    ],
)
def test_parse_notices_what_a_parser_would_forgive(
    current: Path, change: Callable[[bytes], bytes]
) -> None:
    """Only the exact bytes once written are accepted."""
    with pytest.raises(DamagedDocumentError):
        parse(change(current.read_bytes()), owner=OWNER)


def test_store_goes_back_one_generation_loudly(
    store: StateStore, current: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """A damaged file is moved aside and the one before it used, with a warning."""
    current.write_bytes(b"damage")

    assert store.load(OWNER) == {"n": 1}

    (aside,) = current.parent.glob("*.corrupt-*")
    (line,) = warnings_seen.messages
    assert aside.name == f"{current.name}.corrupt-20230110T104608.063698Z"
    assert aside.read_bytes() == b"damage"
    assert f"{current} (no valid JSON at line 1 column 1) cannot be used" in line
    assert f"kept as {aside}" in line
    assert "previous generation 1, saved at 2023-01-10 10:46:06.063698+00:00" in line


def test_store_goes_on_after_damage(
    store: StateStore, current: Path, folder: Path
) -> None:
    """After a fall-back commits work, and the good generation is kept till then."""
    current.write_bytes(b"damage")
    store.load(OWNER)

    store.commit(OWNER, {"n": 3})

    assert json.loads(current.read_text())["generation"] == 2
    assert json.loads(previous(current).read_text())["state"] == {"n": 1}
    store.close()
    again = StateStore(folder)
    assert again.load(OWNER) == {"n": 3}
    again.close()


def test_store_without_current_file_uses_the_previous_loudly(
    store: StateStore, current: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """A missing file is no reason to start over while an older one exists."""
    current.unlink()

    assert store.load(OWNER) == {"n": 1}
    assert f"{current} (missing) cannot be used" in warnings_seen.text


def test_store_without_any_whole_generation_asks_a_human(
    store: StateStore, current: Path
) -> None:
    """Both files damaged is an error; nothing is touched until someone decides."""
    current.write_bytes(b"damage")
    previous(current).write_bytes(b"damage as well")

    for attempt in (lambda: store.load(OWNER), lambda: store.commit(OWNER, {"n": 3})):
        store._generations.clear()
        with pytest.raises(StateDamagedError) as caught:
            attempt()

    assert f"{previous(current)} (no valid JSON" in str(caught.value)
    assert current.read_bytes() == b"damage"
    assert previous(current).read_bytes() == b"damage as well"


def test_store_says_how_to_start_over(store: StateStore, current: Path) -> None:
    """The commands of the hint, run as they are, let the next start succeed."""
    current.write_bytes(b"damage")
    previous(current).unlink()
    with pytest.raises(StateDamagedError) as caught:
        store.load(OWNER)

    commands = caught.value.hint.partition("start over: ")[2].split("; ")
    for command in commands:
        subprocess.run(shlex.split(command), check=True)
    store.close()
    again = StateStore(current.parent)

    assert len(commands) == 1
    assert again.load(OWNER) is None
    again.close()


def test_store_does_not_take_a_vanished_state_for_a_first_start(
    store: StateStore, current: Path
) -> None:
    """Files deleted under a running collector are an error at the next load."""
    current.unlink()
    previous(current).unlink()

    with pytest.raises(StateError, match="vanished"):
        store.load(OWNER)


def test_store_notices_the_file_of_another_owner(
    store: StateStore, current: Path
) -> None:
    """A file copied from another owner is not taken for this one's."""
    store.commit("other", {"n": 9})
    (other,) = current.parent.glob("other-*.json")
    current.write_bytes(other.read_bytes())

    assert store.load(OWNER) == {"n": 1}


def test_store_refuses_a_newer_format_and_leaves_it_alone(
    store: StateStore, current: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A downgrade stops with both numbers in the message."""
    monkeypatch.setattr(document_module, "FORMAT", 2)
    store.commit(OWNER, {"n": 3})
    monkeypatch.undo()
    data = current.read_bytes()

    with pytest.raises(StateVersionError, match="format 2, this version reads 1"):
        store.load(OWNER)

    assert current.read_bytes() == data


def test_store_lists_owners_beside_damage(
    store: StateStore, current: Path, warnings_seen: pytest.LogCaptureFixture
) -> None:
    """One unreadable file does not hide the others, and is named."""
    stranger = current.with_name("stranger-00000000.json")
    stranger.write_bytes(b"?")

    assert store.owners() == (OWNER,)
    assert str(stranger) in warnings_seen.text
