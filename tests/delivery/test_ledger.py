"""The rule that decides when a state may be committed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector_host.delivery.items import Barrier
from collector_host.delivery.ledger import Ledger, LowWater


def _barrier(ledger: Ledger, owner: str = "a", state: int = 0) -> None:
    ledger.add(Barrier(ledger.next_number, owner, {"n": state}))


def _states(ledger: Ledger) -> list[tuple[str, object]]:
    return [(b.owner, (b.state or {}).get("n")) for b in ledger.ripe()]


def test_barrier_with_nothing_before_it_is_ripe_at_once() -> None:
    """A state saved before anything was sent waits for nothing."""
    ledger = Ledger(["devo"])
    _barrier(ledger)

    assert _states(ledger) == [("a", 0)]


def test_barrier_waits_for_every_item_below_it() -> None:
    """The second of two items confirmed alone commits nothing."""
    ledger = Ledger(["devo"])
    first, second = ledger.number(), ledger.number()
    _barrier(ledger)

    ledger.confirm("devo", [second])
    assert _states(ledger) == []

    ledger.confirm("devo", [first])
    assert _states(ledger) == [("a", 0)]


def test_barrier_waits_for_all_required_outputs() -> None:
    """One of two required outputs is not enough."""
    ledger = Ledger(["devo_1", "devo_2"])
    number = ledger.number()
    _barrier(ledger)

    ledger.confirm("devo_1", [number])
    assert _states(ledger) == []

    ledger.confirm("devo_2", [number])
    assert _states(ledger) == [("a", 0)]


def test_optional_output_neither_helps_nor_hinders() -> None:
    """Only required outputs decide."""
    ledger = Ledger(["devo"])
    number = ledger.number()
    _barrier(ledger)

    ledger.confirm("archive", [number])
    assert _states(ledger) == []

    ledger.confirm("devo", [number])
    assert _states(ledger) == [("a", 0)]


def test_items_behind_a_barrier_do_not_hold_it_back() -> None:
    """A barrier commits while later items are still on the way."""
    ledger = Ledger(["devo"])
    number = ledger.number()
    _barrier(ledger)
    ledger.number()

    ledger.confirm("devo", [number])

    assert _states(ledger) == [("a", 0)]
    assert ledger.unconfirmed == 1


def test_only_the_newest_ripe_barrier_of_an_owner_is_taken() -> None:
    """Two owners with several ripe states each give one commit each."""
    ledger = Ledger(["devo"])
    number = ledger.number()
    for state in range(3):
        _barrier(ledger, "a", state)
        _barrier(ledger, "b", state * 10)

    ledger.confirm("devo", [number])

    assert sorted(_states(ledger)) == [("a", 2), ("b", 20)]
    assert _states(ledger) == []


@given(st.permutations(range(1, 9)), st.data())
def test_low_water_is_the_first_gap(order: list[int], data: st.DataObject) -> None:
    """In whatever order and however often confirmations come, the first gap counts."""
    low = LowWater()
    seen: set[int] = set()
    for number in order:
        again = data.draw(st.lists(st.sampled_from([number, *seen]), max_size=2))
        low.confirm([number, *again])
        seen.add(number)

        assert low.number == min(set(range(1, 10)) - seen)


def test_quiet_source_costs_one_waiting_barrier() -> None:
    """Polls without events, however many, are remembered as one while they wait."""
    ledger = Ledger(["devo"])
    number = ledger.number()
    for state in range(1000):
        _barrier(ledger, "a", state)

    assert sum(len(owners) for owners in ledger._barriers.values()) == 1
    ledger.confirm("devo", [number])
    assert _states(ledger) == [("a", 999)]
