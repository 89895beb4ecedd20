"""State values keep their types through a snapshot and through JSON."""

from __future__ import annotations

import json
from collections import OrderedDict, namedtuple
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.state.encoding import MAX_DEPTH, decode, encode, snapshot

_ZONES = st.integers(-86_399, 86_399).map(
    lambda seconds: timezone(timedelta(seconds=seconds))
)
_TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(
    ["$tuple", "$dict", "$unknown", "$", "\ud83d\ude00", "😀", "\\ud83d", "\x00"]
)
_ATOMS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-9, 9).map(lambda number: number << 17_000)
    | st.floats()
    | _TEXTS
    | st.dates()
    | st.datetimes(timezones=st.none() | _ZONES, allow_imaginary=False)
    | st.datetimes().map(lambda moment: moment.replace(fold=1))
)
_KEYS = st.recursive(
    _ATOMS, lambda inner: st.lists(inner, max_size=2).map(tuple), max_leaves=3
)
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(_KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def described(value: Any) -> Any:
    """Return a form in which two values are equal only if their types are."""
    match value:
        case dict():
            pairs = [(described(key), described(item)) for key, item in value.items()]
            return ("dict", pairs)
        case list() | tuple():
            return (type(value).__name__, [described(item) for item in value])
        case datetime():
            return ("datetime", value.isoformat(), value.fold)
        case int():
            return (type(value).__name__, hex(value))
        case str():
            return ("str", ascii(value))
        case _:
            return (type(value).__name__, repr(value))


@given(_VALUES)
def test_encoding_round_trip_keeps_values_and_types(value: Any) -> None:
    """What is read back equals what was written, types included."""
    text = json.dumps(encode(value), ensure_ascii=False, allow_nan=False)

    again = decode(json.loads(text.encode()))

    assert described(again) == described(snapshot(value))
    assert described(again) == described(value)


@given(_VALUES)
def test_snapshot_changes_nothing_that_is_already_plain(value: Any) -> None:
    """A snapshot of a snapshot is the same value."""
    copy = snapshot(value)

    assert described(snapshot(copy)) == described(copy)


def test_encode_leaves_plain_json_as_it_is() -> None:
    """An operator reads the usual state without learning the marks."""
    state = {"last_ids": ["A", "B"], "n": 1, "ok": True, "none": None, "x": 1.5}

    assert encode(state) == state


@pytest.mark.parametrize(
    ("value", "data"),
    [
        pytest.param((1, "a"), {"$tuple": [1, "a"]}, id="tuple"),
        pytest.param({1: "a"}, {"$dict": [[1, "a"]]}, id="integer key"),
        pytest.param({"$tuple": 1}, {"$dict": [["$tuple", 1]]}, id="looks like a mark"),
        pytest.param(float("inf"), {"$float": "inf"}, id="infinity"),
        pytest.param(1 << 64, {"$int": "0x10000000000000000"}, id="large integer"),
        pytest.param("\ud800", {"$text": "\\ud800"}, id="lone surrogate"),
        pytest.param(date(2023, 1, 5), {"$date": "2023-01-05"}, id="date"),
        pytest.param(
            datetime(2023, 1, 5, tzinfo=UTC),
            {"$datetime": "2023-01-05T00:00:00+00:00"},
            id="instant",
        ),
    ],
)
def test_encode_marks_what_json_does_not_have(value: object, data: object) -> None:
    """Each type that JSON lacks has its documented mark."""
    assert encode(value) == data
    assert decode(data) == value


def test_snapshot_is_independent_of_the_original() -> None:
    """Later changes of the module's own dict do not reach the barrier."""
    state = {"shards": {0: {"cursor": "a"}}, "ids": ["x"]}

    copy = snapshot(state)
    state["shards"][0]["cursor"] = "b"  # type: ignore[index]
    state["ids"].append("y")  # type: ignore[attr-defined]

    assert copy == {"shards": {0: {"cursor": "a"}}, "ids": ["x"]}


class _Mode(StrEnum):
    FAST = "fast"


class _Level(IntEnum):
    LOW = 1


_Point = namedtuple("_Point", "x y")  # noqa: PYI024  (the subject is the plain kind)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        pytest.param(OrderedDict(a=1), {"a": 1}, id="ordered dict"),
        pytest.param(MappingProxyType({"a": 1}), {"a": 1}, id="mapping"),
        pytest.param(_Point(1, 2), (1, 2), id="named tuple"),
        pytest.param(_Mode.FAST, "fast", id="text enumeration"),
        pytest.param(_Level.LOW, 1, id="integer enumeration"),
        pytest.param(
            datetime(2023, 7, 1, tzinfo=ZoneInfo("Europe/Madrid")),
            datetime(2023, 7, 1, tzinfo=timezone(timedelta(hours=2))),
            id="named zone",
        ),
    ],
)
def test_snapshot_turns_subclasses_into_their_plain_type(
    value: object, plain: object
) -> None:
    """Staged state reads like committed state, which knows only plain types."""
    assert described(snapshot(value)) == described(plain)
    assert described(decode(encode(value))) == described(plain)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        pytest.param(
            {"pages": [1, {2, 3}]},
            "state['pages'][1] is of type set, which cannot be saved",
            id="set",
        ),
        pytest.param(
            {"a": {1: (b"x",)}},
            "state['a'][1][0] is of type bytes, which cannot be saved",
            id="bytes in a tuple",
        ),
        pytest.param(
            {frozenset(): 1},
            "state[frozenset()] is of type frozenset, which cannot be saved",
            id="key",
        ),
        pytest.param(
            [datetime(2023, 1, 5, tzinfo=timezone(timedelta(microseconds=1)))],
            "state[0] has a UTC offset with a fraction of a second",
            id="odd zone",
        ),
        pytest.param(object, "state is of type type, which cannot be saved", id="top"),
    ],
)
def test_snapshot_names_the_place_of_what_it_cannot_keep(
    state: object, reason: str
) -> None:
    """The author of a module learns which value to change."""
    with pytest.raises(TypeError) as caught:
        snapshot(state)

    assert str(caught.value) == reason


class _Unequal(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = str.__hash__


def test_snapshot_refuses_keys_that_would_fall_together() -> None:
    """Nothing is lost in silence when two keys have the same plain form."""
    with pytest.raises(TypeError, match=r"state\['a'\] has keys that become equal"):
        snapshot({"a": {_Unequal("k"): 1, _Unequal("k"): 2}})


def test_snapshot_refuses_a_list_inside_itself() -> None:
    """A loop ends in an error that names where it begins."""
    loop: list[Any] = []
    loop.append(loop)

    with pytest.raises(TypeError, match=r"state\['x'\]\[0\]\[0\] is nested more than"):
        snapshot({"x": loop})


def test_encoding_takes_the_documented_depth() -> None:
    """The deepest state allowed survives the round trip."""
    value: Any = ()
    for _ in range(MAX_DEPTH - 1):
        value = {1: value}

    assert decode(json.loads(json.dumps(encode(value), indent=2))) == value


def test_decode_refuses_an_unknown_mark() -> None:
    """A mark of a later version is not taken for data."""
    with pytest.raises(ValueError, match="unknown mark '\\$set'"):
        decode({"a": {"$set": [1]}})
