"""States of other versions: older formats stay readable, newer ones are left alone.

The files in `fixtures` were written by the version that introduced their format.
They are never written anew.
"""

from __future__ import annotations

import math
import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from alibaba_cloud.actiontrail.state import from_state
from collector_host.errors import StateVersionError
from collector_host.state.document import FORMAT, parse
from collector_host.state.generations import paths
from collector_host.state.store import StateStore

FIXTURES = Path(__file__).parent / "fixtures"
OWNER = "alibaba;alibaba_1;actiontrail;None"
EVERY_TYPE: dict[Any, Any] = {
    "text": "Übung \ud800 \n",
    "number": 2**70,
    "fraction": math.inf,
    "nothing": None,
    "yes": True,
    "pair": (1, "a"),
    "list": [1, [2]],
    "by number": {1: "one", ("a", 2): "pair"},
    "$mark": {"$x": 1},
    "day": date(2023, 1, 5),
    "instant": datetime(2023, 1, 5, 1, 2, 3, 4, tzinfo=UTC),
    "zoned": datetime(2023, 1, 5, tzinfo=timezone(timedelta(hours=8))),
    "folded": datetime(2023, 10, 29, 2, 30, fold=1),  # noqa: DTZ001  (naive on purpose)
}


def _place(name: str, folder: Path, owner: str, *, previous: bool = False) -> Path:
    """Put a fixture where a store looks for it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    target = paths(folder, owner)[previous]
    shutil.copyfile(FIXTURES / name, target)
    target.chmod(0o600)
    return target


def test_every_older_format_has_a_fixture() -> None:
    """Whoever raises the format keeps files of the one before."""
    formats = {path.name.split("-")[1] for path in FIXTURES.glob("format-*.json")}

    assert {str(number) for number in range(1, FORMAT + 1)} <= formats


@pytest.mark.parametrize(
    ("name", "expected"),
    [("every-type", EVERY_TYPE), ("forgotten", None)],
)
def test_state_of_format_1_is_read_with_its_types(name: str, expected: object) -> None:
    """Each value comes back as it was saved, a forgotten state as none."""
    state = parse((FIXTURES / f"format-1-{name}.json").read_bytes()).state

    assert state == expected
    assert repr(state) == repr(expected)


def test_position_of_format_1_is_taken_over_and_goes_on(folder: Path) -> None:
    """An upgrade continues where the older version was."""
    _place("format-1-actiontrail.json", folder, OWNER)
    store = StateStore(folder)

    state = store.load(OWNER)
    assert state is not None
    position = from_state(state, "cn-hangzhou")
    store.commit(OWNER, state)

    assert position.time == datetime(2023, 1, 10, 10, 36, 4, tzinfo=UTC)
    assert list(position.seen.last) == ["ID-000002", "ID-000003"]
    assert len(position.gaps) == 1
    assert store.load(OWNER) == state
    assert parse(paths(folder, OWNER)[0].read_bytes()).generation == 42
    store.close()


@pytest.mark.parametrize("older_beside_it", [True, False])
def test_state_of_a_newer_format_is_refused_and_kept(
    folder: Path, *, older_beside_it: bool
) -> None:
    """A downgrade reads nothing, writes nothing, and does not take the one before."""
    file = _place("format-2-actiontrail.json", folder, OWNER)
    if older_beside_it:
        _place("format-1-actiontrail.json", folder, OWNER, previous=True)
    store = StateStore(folder)

    with pytest.raises(StateVersionError, match=r"\[DC403\].*format 2"):
        store.load(OWNER)
    with pytest.raises(StateVersionError):
        store.commit(OWNER, {"n": 1})

    assert file.read_bytes() == (FIXTURES / "format-2-actiontrail.json").read_bytes()
    store.close()
