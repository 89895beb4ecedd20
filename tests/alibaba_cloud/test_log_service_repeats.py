"""What the trail delivers twice is sent once, in bounded memory."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alibaba_cloud.log_service import repeats as repeats_module
from alibaba_cloud.log_service.repeats import Repeats
from fakes.log_service import event_text

A, B, C, D = (event_text(name).encode() for name in "ABCD")


def _send(repeats: Repeats, *texts: bytes) -> list[bytes]:
    """Sift and remember, as a pull does; return what was sent."""
    pending: set[int] = set()
    fresh = list(repeats.sift(texts, pending))
    repeats.adopt(pending)
    return fresh


def test_event_is_sent_once() -> None:
    """It counts as a repetition within a series and in later ones."""
    repeats = Repeats(10, "eventId")

    assert _send(repeats, A, B, A) == [A, B]
    assert _send(repeats, B, C) == [C]


def test_nothing_is_remembered_before_it_is_queued() -> None:
    """What a failed send had sifted is fresh again."""
    repeats = Repeats(10, "eventId")

    repeats.sift([A], set())

    assert list(repeats.sift([A], set())) == [A]


def test_same_identifier_with_other_content_is_sent() -> None:
    """Only what is equal as a whole is a repetition."""
    repeats = Repeats(10, "eventId")

    other = event_text("A", more=1).encode()

    assert _send(repeats, A, other) == [A, other]


@pytest.mark.parametrize(
    ("capacity", "id_field", "text"),
    [
        (10, None, A),
        (10, "", A),
        (10, "", b'{"eventName":""}'),
        (0, "eventId", A),
        (10, "eventId", b'{"eventName":"Describe"}'),
        (10, "requestId", A),
    ],
    ids=["no-ids", "empty-name", "empty-text", "no-memory", "without", "other-key"],
)
def test_text_that_cannot_be_told_apart_is_never_left_out(
    capacity: int, id_field: str | None, text: bytes
) -> None:
    """Two equal texts without an identifier may be two events."""
    repeats = Repeats(capacity, id_field)

    assert _send(repeats, text, text) == [text, text]
    assert _send(repeats, text) == [text]


def test_oldest_generation_is_forgotten() -> None:
    """At least so many are remembered, and at most twice as many and a series."""
    repeats = Repeats(2, "eventId")
    _send(repeats, A, B)
    _send(repeats, C)
    still = [*repeats.sift([A, B, C], set())]

    _send(repeats, D)
    _send(repeats, event_text("E").encode())

    assert still == []
    assert [*repeats.sift([A, B], set())] == [A, B]
    assert [*repeats.sift([C, D], set())] == []


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=12), max_size=20))
def test_memory_is_bounded_and_recent_events_are_known(series: list[list[int]]) -> None:
    """No event is lost, and none of those seen last comes again."""
    capacity = 8
    repeats = Repeats(capacity, "eventId")
    seen: list[int] = []
    for numbers in series:
        recent = {*list(dict.fromkeys(reversed(seen)))[:capacity]}

        fresh = _send(repeats, *(event_text(number).encode() for number in numbers))

        new = [number for number in numbers if event_text(number).encode() in fresh]
        assert {*numbers} <= {*new, *seen}
        assert not recent & {*new}
        assert len(fresh) == len({*fresh})
        seen += numbers
        assert len(repeats._newer) + len(repeats._older) <= 2 * (capacity + 12)


def test_repetition_within_what_is_about_to_be_sent_is_found() -> None:
    """What is pending counts as sent for what is sent with it."""
    repeats, pending = Repeats(10, "eventId"), set[int]()

    first = list(repeats.sift([A, B], pending))
    second = list(repeats.sift([B, C], pending))

    assert (first, second) == ([A, B], [C])


def test_without_the_fast_digest_pythons_own_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plugin's files run where that library is not installed."""
    monkeypatch.setitem(sys.modules, "xxhash", None)
    spec = spec_from_file_location("without_xxhash", repeats_module.__file__)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module._hashes([A]) == [hash(A)]
    assert _send(module.Repeats(10, "eventId"), A, B, A) == [A, B]
