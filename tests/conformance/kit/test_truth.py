"""What two plain runs teach, and what is made of a run that differs from them."""

from __future__ import annotations

import json

import pytest

from collector_host.conformance.runs import Arrived
from collector_host.conformance.truth import Truth, shown

TABLE = "my.app.fruit.apples"


def _events(*numbers: int, **more: object) -> list[Arrived]:
    return [_arrived(json.dumps({"number": n, **more})) for n in numbers]


def _arrived(text: str, tag: str = TABLE) -> Arrived:
    return Arrived(tag, text.encode())


def _texts(*texts: str) -> list[Arrived]:
    return [_arrived(text) for text in texts]


def test_equal_runs_are_compared_whole() -> None:
    """Nothing is left out, and the order counts."""
    truth = Truth.of(_events(1, 2, 3), _events(1, 2, 3))

    assert truth.messages == 3
    assert truth.why_not == ""
    assert list(truth.notes()) == []
    assert truth.difference(_events(1, 2, 3)).lost == ()


def test_lost_repeated_late_and_unknown_messages_are_told_apart() -> None:
    """Each is named by its place in the plain run and by a piece of its hash."""
    truth = Truth.of(_events(1, 2, 3, 4), _events(1, 2, 3, 4))

    difference = truth.difference(_events(1, 3, 3, 2, 9))

    assert [name.split(" (")[0] for name in difference.lost] == [f"{TABLE} #4"]
    assert [name.split(" (")[0] for name in difference.repeated] == [f"{TABLE} #3"]
    assert [name.split(" (")[0] for name in difference.misplaced] == [f"{TABLE} #2"]
    assert difference.unexpected == 1
    assert difference.expected == 4


def test_resend_of_a_whole_page_is_not_late() -> None:
    """Only the first arrival of a message has a place."""
    truth = Truth.of(_events(1, 2, 3), _events(1, 2, 3))

    assert truth.difference(_events(1, 2, 1, 2, 3)).misplaced == ()


def test_field_that_changes_is_left_out() -> None:
    """A clock and an id of the pull do not make messages lost ones."""
    one = _events(1, 2, at="10:00", nested={"id": "a", "kind": "x"})
    two = _events(1, 2, at="10:01", nested={"id": "b", "kind": "x"})
    truth = Truth.of(one, two)

    third = truth.difference(_events(1, at="11:00", nested={"id": "c", "kind": "x"}))

    assert [name.split(" (")[0] for name in third.lost] == [f"{TABLE} #2"]
    assert list(truth.notes()) == [
        f"{TABLE} is compared without what changes from run to run: at, nested.id"
    ]


def test_words_that_change_in_a_text_are_left_out() -> None:
    """A text is compared word by word."""
    one = _texts("10:00 apple 1", "10:00 apple 2")
    truth = Truth.of(one, _texts("10:05 apple 1", "10:05 apple 2"))

    difference = truth.difference(_texts("11:00 apple 2"))

    assert list(truth.notes()) == [
        (
            f"{TABLE} is compared without what changes from run to run:"
            " word 1 of texts with 3"
        )
    ]
    assert [name.split(" (")[0] for name in difference.lost] == [f"{TABLE} #1"]


def test_order_that_changes_is_not_judged() -> None:
    """Even where each message has a field that changes, too."""
    truth = Truth.of(_events(1, 2, at="10:00"), _events(2, 1, at="10:01"))

    assert truth.why_not == ""
    assert truth.difference(_events(2, 1, at="10:02")).misplaced == ()
    assert f"{TABLE}: chance makes its order, which is not judged" in truth.notes()


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        (_events(1), _events(1, 2), "plain runs delivered 1 and 2 messages"),
        (_texts("a", "b"), _texts("c", "d"), "differ only by what changes"),
        ([], [], "a plain run delivers nothing"),
        (
            _events(1, 2, side=1)[:1] + _events(1, 2, side=2)[1:],
            _events(1, 2, side=2)[:1] + _events(1, 2, side=1)[1:],
            "plain runs delivered different messages",
        ),
    ],
    ids=["number", "all changes", "nothing", "other pairs"],
)
def test_runs_that_cannot_be_compared_give_no_verdict(
    one: list[Arrived], two: list[Arrived], why: str
) -> None:
    """Rather than a false alarm."""
    truth = Truth.of(one, two)

    assert why in truth.why_not
    assert truth.messages == 0
    assert truth.difference(_events(7)).lost == ()


def test_one_table_that_changes_does_not_hide_the_others() -> None:
    """They are still compared."""
    clock = [_arrived("tick", "my.app.clock")]
    truth = Truth.of([*_events(1), *clock], [*_events(1), *clock, *clock])

    assert truth.why_not == ""
    assert truth.difference([]).expected == 1


def test_what_a_plain_run_repeats_is_not_held_against_a_module() -> None:
    """A heartbeat may come once more."""
    truth = Truth.of(_texts("alive", "alive"), _texts("alive", "alive"))

    assert truth.difference(_texts("alive", "alive", "alive")).repeated == ()
    assert len(truth.difference(_texts("alive")).lost) == 1


def test_field_that_changes_slowly_is_learned_from_a_third_run() -> None:
    """Two runs in a row may have been too close to each other."""
    runs = [_events(1, 2, load=0.5), _events(1, 2, load=0.5), _events(1, 2, load=0.7)]

    truth = Truth.of(*runs)

    assert truth.difference(_events(2, load=0.9)).expected == 2
    assert len(truth.difference(_events(2, load=0.9)).lost) == 1


def test_long_lists_are_cut() -> None:
    """A report names the first ones and counts the rest."""
    assert shown(["a", "b", "c", "d", "e", "f", "g"]) == "a, b, c, d, e and 2 more"
