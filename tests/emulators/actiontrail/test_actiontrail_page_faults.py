"""Wrong pages: what the SDK hands on, and what the ledger says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.faults import Fault
from collector_emulators.ledger import Served, compact_json
from emulators.actiontrail.vendor import event, lookup, read_all

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.actiontrail import ActionTrailEmulator

IDS = [f"e{n}" for n in range(6)]


@pytest.fixture(autouse=True)
def _loaded(emulator: ActionTrailEmulator) -> None:
    emulator.load(event(name, 5, eventName=f"Read {name}") for name in IDS)


def ids_of(events: list[Any]) -> list[str]:
    """Return the ids of `events`, in order."""
    return [item["eventId"] for item in events]


def plan(emulator: ActionTrailEmulator, kind: str, *calls: int, **options: Any) -> None:
    """Let one kind of fault strike at these calls, or at all of them."""
    emulator.faults.set([Fault(kind, frozenset(calls), options=options)])


def test_duplicates_repeat_on_the_next_page(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """The next page starts early: events come twice, none is left out."""
    plan(emulator, "duplicate_events", 1, events=2)

    read = read_all(client, max_results="3")

    assert ids_of(read) == ["e0", "e1", "e2", "e1", "e2", "e3", "e4", "e5"]
    assert Counter(emulator.ledger.served().values()) == {1: 4, 2: 2}


def test_changed_event_has_the_id_of_another(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """One id comes with two contents; all right events are still there."""
    plan(emulator, "changed_event", 1)

    read = lookup(client).events

    (twice,) = [name for name, n in Counter(ids_of(read)).items() if n == 2]
    names = {item["eventName"] for item in read if item["eventId"] == twice}
    assert names == {f"Read {twice}", f"Read {twice}~"}
    assert set(ids_of(read)) == set(IDS)


def test_event_without_id_is_added(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A copy without id is in the page, and in the ledger under its content."""
    plan(emulator, "missing_event_id", 1)

    read = lookup(client).events

    (nameless,) = [item for item in read if "eventId" not in item]
    assert len(read) == len(IDS) + 1
    assert Served.of("", compact_json(nameless)) in emulator.ledger.served()


def test_stranger_among_the_events_is_added(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Something that is no object can stand in Events."""
    plan(emulator, "non_dict_event", 1)

    read = lookup(client).events

    assert len([item for item in read if not isinstance(item, dict)]) == 1
    assert ids_of([item for item in read if isinstance(item, dict)]) == IDS


def test_empty_page_can_have_a_token(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """An empty page in the middle is not the end."""
    plan(emulator, "empty_page", 2)

    assert ids_of(read_all(client, max_results="2")) == IDS
    assert [len(call.events) for call in emulator.ledger.calls()] == [2, 0, 2, 2, 0]


def test_repeated_token_gives_the_same_page(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """The answer's token is the request's: a client that goes on goes in circles."""
    first = lookup(client, max_results="2")
    plan(emulator, "repeated_token")

    second = lookup(client, max_results="2", next_token=first.next_token)
    third = lookup(client, max_results="2", next_token=second.next_token)

    assert first.next_token == second.next_token == third.next_token
    assert ids_of(second.events) == ids_of(third.events) == ["e2", "e3"]


def test_token_can_go_on_for_ever(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Behind the last page there is one more empty page, each with a new token."""
    plan(emulator, "endless_token")

    tokens = {lookup(client).next_token}
    body = lookup(client, next_token=next(iter(tokens)))
    for _ in range(4):
        assert body.events == []
        tokens.add(body.next_token)
        body = lookup(client, next_token=body.next_token)

    assert len(tokens) == 5


@pytest.mark.parametrize("kind", ["shuffled_second", "shuffled_page"])
def test_shuffled_page_has_all_its_events(
    emulator: ActionTrailEmulator, client: Client, kind: str
) -> None:
    """The order inside a page is no promise; the content is."""
    plan(emulator, kind)

    read = ids_of(read_all(client))

    assert read != IDS
    assert sorted(read) == IDS


def test_shuffle_inside_a_second_keeps_the_seconds_in_order(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Only events that share a second change places."""
    emulator.load([event("before", 6), event("after", 4)])
    plan(emulator, "shuffled_second")

    read = ids_of(read_all(client))

    assert (read[0], read[-1]) == ("before", "after")
