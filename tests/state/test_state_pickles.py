"""Pickles of the genuine SDK are read without running anything that is in them."""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import decimal
import os
import pickle
import pickletools
import struct
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.state.pickle_steps import RefusedPickleError
from collector_host.state.pickles import read_pickle

PLAIN: dict[str, Any] = {
    "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
    "last_ids": ["a", "ä", "\U0001f600"],
    "numbers": [0, -1, 255, 65_536, 2**40, -(2**70), 1.5, float("inf")],
    "flags": (True, False, None),
    "nested": {"a": [{"b": {}}], 7: (), "t": (1, 2, 3, 4)},
    "bytes": b"\x00\xff",
    "set": {1, 2},
    "naive": dt.datetime(2023, 1, 10, 10, 46, 5, 63698),  # noqa: DTZ001  (as found)
    "aware": dt.datetime(2023, 1, 10, tzinfo=dt.UTC),
    "zone": dt.datetime(2023, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    "date": dt.date(2023, 1, 10),
}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_values_come_out_as_they_are(protocol: int) -> None:
    """In every protocol, the oldest with its texts for bytes included."""
    # The older protocols make a set by calling a class.
    value = PLAIN if protocol >= 4 else PLAIN | {"set": None}

    assert read_pickle(pickle.dumps(value, protocol)) == value


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**100), 2**100)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(dt.UTC)),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)


@given(value=values, protocol=st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_any_plain_value_comes_out_as_it_went_in(value: Any, protocol: int) -> None:
    """What the standard library writes is read."""
    assert read_pickle(pickle.dumps(value, protocol)) == value


@given(data=st.binary(max_size=200))
def test_noise_is_refused_in_an_orderly_way(data: bytes) -> None:
    """Whatever the bytes are, there is a value or a refusal."""
    with contextlib.suppress(RefusedPickleError):
        read_pickle(data)


@given(cut=st.integers(0, len(pickle.dumps(PLAIN)) - 1))
def test_pickle_cut_short_is_refused(cut: int) -> None:
    """A crash while it was written leaves such a file."""
    with pytest.raises(RefusedPickleError):
        read_pickle(pickle.dumps(PLAIN)[:cut])


@given(position=st.integers(0, len(pickle.dumps(PLAIN)) - 1), byte=st.integers(0, 255))
def test_changed_byte_is_read_or_refused(position: int, byte: int) -> None:
    """A damaged pickle may give another value; it never does anything else."""
    data = bytearray(pickle.dumps(PLAIN))
    data[position] = byte
    with contextlib.suppress(RefusedPickleError):
        read_pickle(bytes(data))


def test_kinds_of_dict_become_dicts() -> None:
    """JSON can hold them, so states of the genuine SDK may."""
    counts = collections.defaultdict(list, {"a": [1]})
    ordered = collections.OrderedDict(b=2, a=1)

    found = read_pickle(pickle.dumps({"d": counts, "o": ordered}))

    assert found == {"d": {"a": [1]}, "o": {"b": 2, "a": 1}}
    assert (type(found["d"]), type(found["o"])) == (dict, dict)


def test_zone_of_pytz_becomes_the_standard_one() -> None:
    """Modules of that time use it; it need not be installed here."""
    naive = pickle.dumps(dt.datetime(2023, 1, 10), 2)  # noqa: DTZ001  (the zone follows)
    (at,) = [at for op, _, at in pickletools.genops(naive) if op.name == "TUPLE1"]
    # The second argument: what the call of pytz._UTC gives.
    data = naive[:at] + b"cpytz\n_UTC\n)R\x86" + naive[at + 1 :]

    assert read_pickle(data) == dt.datetime(2023, 1, 10, tzinfo=dt.UTC)


class _Runs:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch ran",)


class _Holds:
    """An object of a module's own."""

    def __init__(self) -> None:
        self.x = 1


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param(_Runs(), "posix.system", id="system"),
        pytest.param({"a": [_Runs()]}, "posix.system", id="inside"),
        pytest.param(_Holds(), "_Holds", id="object"),
        pytest.param({"a": decimal.Decimal(1)}, "decimal.Decimal", id="decimal"),
        pytest.param(eval, "builtins.eval", id="eval"),
        pytest.param({"a": list}, "builtins.list", id="class"),
        pytest.param(bytearray(5), "builtins.bytearray", id="bytearray"),
        pytest.param(collections.Counter("a"), "collections.Counter", id="counter"),
    ],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_anything_else_is_refused_by_name(
    value: Any, names: str, protocol: int, tmp_path: Any, monkeypatch: Any
) -> None:
    """Nothing of it runs."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(RefusedPickleError, match=names.replace(".", r"\.")):
        read_pickle(pickle.dumps(value, protocol))

    assert list(tmp_path.iterdir()) == []


def _unicode(text: bytes) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text


def _nested_tuples() -> bytes:
    return b"\x80\x04}(" + b")" + b"\x85" * 100_000 + b"Nu."


def _doubling(of: bytes) -> bytes:
    steps = b"".join(
        b"h" + bytes([n]) + b"h" + bytes([n]) + b"\x86q" + bytes([n + 1])
        for n in range(64)
    )
    return b"\x80\x04(" + of + b"q\x00" + steps + b"l."


def _list_in_itself() -> bytes:
    return b"\x80\x04]q\x00(" + b"h\x00" * 1000 + b"e."


def _text_again_and_again() -> bytes:
    return b"\x80\x04](" + _unicode(b"x" * 100_000) + b"q\x00" + b"h\x00" * 1000 + b"e."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"r\xff\xff\xff\x7f.", "pickle", id="memo index"),
        pytest.param(_nested_tuples(), "key of type tuple", id="deep key"),
        pytest.param(_doubling(b")"), "written out", id="doubled tuples"),
        pytest.param(_list_in_itself(), "written out", id="list in itself"),
        pytest.param(_text_again_and_again(), "written out", id="same text"),
        pytest.param(
            pickle.dumps({dt.datetime}), "key of type Name", id="class in a set"
        ),
        pytest.param(b"\x8d" + b"\xff" * 8 + b".", "pickle", id="length of a text"),
        pytest.param(b"I" + b"9" * 100_000 + b"\n.", "pickle", id="digits"),
        pytest.param(
            b"\x8b" + struct.pack("<i", 9000) + b"\x01" * 9000 + b".", "bits", id="bits"
        ),
        pytest.param(b"N" * (2 * 1024 * 1024), "larger", id="size"),
        pytest.param(b"}(]K\x01u.", "key of type list", id="key without a hash"),
        pytest.param(b"\x80\x04cos\nsystem\n.", "os.system", id="name alone"),
        pytest.param(b"(ios\nsystem\n.", "INST", id="old instance"),
        pytest.param(b"Pname\n.", "PERSID", id="persistent name"),
        pytest.param(b"\x82\x01.", "EXT1", id="extension"),
        pytest.param(b"}}b.", "BUILD", id="build"),
        pytest.param(b"NN.", "pickle", id="two values"),
        pytest.param(b".", "pickle", id="no value"),
        pytest.param(b"", "pickle", id="empty"),
        pytest.param(b"(.", "a mark stands", id="mark alone"),
        pytest.param(b"NNK\x01s.", "where dict should be", id="item of nothing"),
        pytest.param(b"NNR.", "no class", id="call of nothing"),
        pytest.param(
            b"cbuiltins\nint\n(X\x01\x00\x00\x005tR.",
            "only a defaultdict",
            id="call of int",
        ),
        pytest.param(b"cdatetime\ndatetime\nN\x85R.", "pickle", id="wrong argument"),
    ],
)
def test_hostile_pickle_takes_neither_time_nor_memory(
    data: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a bound that ends it; the process goes on."""
    monkeypatch.setattr("collector_host.state.pickles.MAX_BYTES", 1024 * 1024)
    with pytest.raises(RefusedPickleError, match=says):
        read_pickle(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x80\x04Nr\xff\xff\xff\x7f.", id="memo index"),
        pytest.param(b"\x95" + b"\xff" * 8 + b"N.", id="length of a frame"),
    ],
)
def test_large_number_that_says_nothing_is_no_harm(data: bytes) -> None:
    """The standard library's reader takes gigabytes for the first."""
    assert read_pickle(data) is None


def test_number_of_steps_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes each may make a container and note it."""
    monkeypatch.setattr("collector_host.state.pickles.MAX_STEPS", 100)

    with pytest.raises(RefusedPickleError, match="more than 100 steps"):
        read_pickle(b"]\x94" * 100)


def test_recursion_is_not_used() -> None:
    """A list nested a thousand times deeper than Python may recurse is read."""
    deep = sys.getrecursionlimit() * 100
    data = b"\x80\x04" + b"]" * deep + b"a" * (deep - 1) + b"."

    value = read_pickle(data)

    assert isinstance(value, list)
