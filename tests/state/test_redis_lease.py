"""Two hosts and one collector on a real Redis server: one works at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from collector_host.errors import StateLockedError, StateTakenError
from support.redis_places import Place

OWNER = "alibaba;alibaba_1;actiontrail;None"
SHORT_S = 0.3


def test_second_host_is_refused_while_the_first_lives(place: Place) -> None:
    """A lease that is renewed belongs to somebody who lives; the message says who."""
    first = place.host(lease_s=2)
    first.store.commit(OWNER, {"n": 1})

    with pytest.raises(StateLockedError, match=r"is in use by .*process") as caught:
        place.host()

    assert caught.value.code == "DC402"
    first.store.commit(OWNER, {"n": 2})
    assert not first.lost.is_set()


def test_of_two_hosts_that_start_together_one_wins(place: Place) -> None:
    """The server decides, in one step."""

    def start(_number: int) -> str:
        try:
            place.host(lease_s=2)
        except StateLockedError as error:
            return error.code
        return "at work"

    with ThreadPoolExecutor(4) as hosts:
        found = sorted(hosts.map(start, range(4)))

    assert found == ["DC402", "DC402", "DC402", "at work"]


def test_stop_ends_the_wait_for_another_hosts_lease(place: Place) -> None:
    """A host that is told to end does not wait to see who lives."""
    place.host()
    place.stopping.set()

    with pytest.raises(StateLockedError):
        place.host()


def test_other_collectors_are_not_in_the_way(place: Place) -> None:
    """Each id has keys of its own."""
    place.host().store.commit(OWNER, {"n": 1})

    other = place.host(collector_id=f"{place.settings.collector_id}-other")

    assert other.store.load(OWNER) is None


def test_host_that_ended_in_order_leaves_no_wait_behind(place: Place) -> None:
    """The next one begins at once, however long the lease was."""
    first = place.host()
    first.store.commit(OWNER, {"n": 1})
    first.store.close()

    assert place.client.exists(place.key("lease")) == 0
    assert place.host().store.load(OWNER) == {"n": 1}


def test_silent_host_is_replaced_and_can_write_no_more(place: Place) -> None:
    """However long it slept: the state of the one who came stays as it is."""
    first = place.host(lease_s=SHORT_S)
    first.store.commit(OWNER, {"n": 1})
    first.fall_silent()
    second = place.host()
    second.store.commit(OWNER, {"n": 2})

    with pytest.raises(StateTakenError, match="was taken over by") as caught:
        first.store.commit(OWNER, {"n": 1.5})

    assert caught.value.code == "DC404"
    assert "fence 2, ours is 1" in str(caught.value)
    assert first.lost.is_set()
    assert first.store.is_lost
    assert second.store.load(OWNER) == {"n": 2}
    first.store.close()
    second.store.commit(OWNER, {"n": 3})
    assert second.store.load(OWNER) == {"n": 3}


def test_replaced_host_learns_it_by_its_next_renewal(place: Place) -> None:
    """It need not have anything to commit."""
    first = place.host(lease_s=1)
    place.client.hset(place.key("holder"), mapping={"token": "another", "who": "b"})

    assert first.lost.wait(20)
    with pytest.raises(StateTakenError):
        first.store.commit(OWNER, {"n": 1})


def test_replacement_that_ended_already_is_a_replacement_too(place: Place) -> None:
    """The lease is free again, and still the first host must not write."""
    first = place.host(lease_s=SHORT_S)
    first.fall_silent()
    second = place.host()
    second.store.commit(OWNER, {"n": 2})
    second.store.close()

    with pytest.raises(StateTakenError):
        first.store.commit(OWNER, {"n": 1})

    assert place.host().store.load(OWNER) == {"n": 2}


def test_silent_host_whom_nobody_replaced_goes_on(place: Place) -> None:
    """Its lease is over, but its fence is the highest."""
    host = place.host()
    place.client.delete(place.key("lease"))

    host.store.commit(OWNER, {"n": 1})

    assert place.client.exists(place.key("lease")) == 1
    assert host.store.load(OWNER) == {"n": 1}


def test_server_restored_from_a_copy_ends_the_host(place: Place) -> None:
    """An older holder stands there: somebody else's states may, too."""
    place.host().store.close()
    copy = place.client.hgetall(place.key("holder"))
    second = place.host()
    second.store.commit(OWNER, {"n": 1})
    place.client.hset(place.key("holder"), mapping=copy)

    with pytest.raises(StateTakenError):
        second.store.commit(OWNER, {"n": 2})


def test_every_host_gets_a_higher_fence(place: Place) -> None:
    """It only grows, restarts included."""
    fences: list[int] = []
    for _ in range(3):
        place.host().store.close()
        fences.append(int(str(place.client.hget(place.key("holder"), "fence"))))

    assert fences == [1, 2, 3]


def test_acquiring_twice_is_acquiring_once(place: Place) -> None:
    """A repeated request whose first answer was lost finds its own lease."""
    host = place.host()

    host.store._lease.acquire()

    assert place.client.hget(place.key("holder"), "fence") == "1"
    host.store.commit(OWNER, {"n": 1})
