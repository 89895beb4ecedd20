"""Repeated logstores and kept pages: what makes large runs possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.clock import DataClock
from collector_emulators.ledger import Ledger
from collector_emulators.log_service import Knobs, LogServiceEmulator
from collector_emulators.log_service.pages import Page, PageCache
from collector_emulators.log_service.records import make_entry
from collector_emulators.log_service.wire import Group, Log
from emulators.log_service.caller import Caller
from emulators.log_service.vendor import (
    NOW,
    WHERE,
    event,
    event_ids,
    make_client,
    pull_all,
)

if TYPE_CHECKING:
    from aliyun.log import LogClient

DAY_S = 86_400


def numbers(records: list[dict[str, Any]]) -> list[int]:
    """Return the numbers of the events inside records."""
    return [int(name.removeprefix("e")) for name in event_ids(records)]


@pytest.mark.parametrize("count", [1, 3, 5, 7, 1000])
def test_repeated_store_serves_its_content_again_and_again(
    emulator: LogServiceEmulator, client: LogClient, count: int
) -> None:
    """Whatever the page size, each round follows the one before, then new groups."""
    emulator.append(*WHERE, [event(number) for number in range(5)], shard=0)
    emulator.repeat(*WHERE, 4)
    emulator.append(*WHERE, [event(99), event(100)], shard=0)

    first, _end = pull_all(client, 0, count=count)
    again, _end = pull_all(client, 0, count=count)

    assert numbers(first) == [*list(range(5)) * 4, 99, 100]
    assert again == first


def test_cursor_into_a_later_round_is_exact(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Cursors of times and of the end know the rounds."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 100)
    emulator.append(*WHERE, [event(1)], shard=0, at=NOW - 50)
    emulator.repeat(*WHERE, 3)
    emulator.append(*WHERE, [event(9)], shard=0, at=NOW - 10)

    def rest(time: float) -> list[int]:
        cursor = client.get_cursor(*WHERE, 0, int(time)).get_cursor()
        return numbers(pull_all(client, 0, cursor)[0])

    assert rest(NOW - 100) == [0, 1, 0, 1, 0, 1, 9]
    assert rest(NOW - 60) == [1, 0, 1, 0, 1, 9]
    assert rest(NOW - 20) == [9]
    middle = client.pull_logs(
        *WHERE, 0, client.get_begin_cursor(*WHERE, 0).get_cursor(), count=3
    ).get_next_cursor()
    time = client.get_cursor_time(*WHERE, 0, middle).get_cursor_time()
    assert time == int(NOW - 50)


def test_repeated_store_grows_old_as_a_whole(
    emulator: LogServiceEmulator, client: LogClient
) -> None:
    """Later rounds are as old as the newest group, and go with it."""
    emulator.append(*WHERE, [event(0)], shard=0, at=NOW - 20 * DAY_S)
    emulator.append(*WHERE, [event(1)], shard=0, at=NOW - 10 * DAY_S)
    emulator.repeat(*WHERE, 2)
    emulator.append(*WHERE, [event(9)], shard=0)

    emulator.advance(15 * DAY_S)
    after_one = numbers(pull_all(client, 0)[0])
    emulator.advance(10 * DAY_S)

    assert after_one == [1, 0, 1, 9]
    assert numbers(pull_all(client, 0)[0]) == [9]


@pytest.mark.parametrize("times", [0, -1])
def test_repeating_needs_a_number(emulator: LogServiceEmulator, times: int) -> None:
    """Something is served at least once."""
    emulator.append(*WHERE, [event(0)])

    with pytest.raises(ValueError, match="at least one"):
        emulator.repeat(*WHERE, times)


def test_store_is_repeated_once(emulator: LogServiceEmulator) -> None:
    """What was repeated keeps its cursors."""
    emulator.append(*WHERE, [event(0), event(1)])
    emulator.repeat(*WHERE, 2)

    with pytest.raises(ValueError, match="repeated once"):
        emulator.repeat(*WHERE, 2)


def test_counting_ledger_keeps_no_list() -> None:
    """With counts only, served records are counted, not named."""
    ledger = Ledger(count_only=True)
    knobs = Knobs(shard_bytes_per_s=0)
    clock = DataClock(NOW, speed=0)
    with LogServiceEmulator(ledger=ledger, knobs=knobs, data_clock=clock) as emulator:
        emulator.create_store(*WHERE, shards=1)
        emulator.append(*WHERE, [event(0), event(1)])
        emulator.repeat(*WHERE, 5)
        pull_all(make_client(emulator), 0, count=2)

        summary = ledger.summary()

    assert (summary.pages, summary.served, summary.distinct) == (5, 10, 0)
    assert all(call.events == () for call in ledger.calls())
    assert [call.event_count for call in ledger.calls()] == [0, 2, 2, 2, 2, 2, 0]


def test_kept_page_is_served_again(
    emulator: LogServiceEmulator, caller: Caller
) -> None:
    """The same pull gives the same bytes, with room for pages and without."""
    emulator.append(*WHERE, [event(number) for number in range(50)], shard=0)
    cursor = caller.cursor()

    kept = [caller.pull(cursor, count="20").body for _ in range(2)]
    emulator.knobs.cache_bytes = 0
    unkept = [caller.pull(cursor, count="20").body for _ in range(2)]

    assert kept[0] == kept[1] == unkept[0] == unkept[1]


def page(size: int) -> Page:
    """Return a page with a body of `size` bytes."""
    return Page(b"x" * size, "", size, 1, 1, ())


def test_cache_drops_the_page_used_longest_ago() -> None:
    """Pages are kept while they fit; a look at one makes it young."""
    cache = PageCache()
    cache.keep("a", page(40), 100)
    cache.keep("b", page(40), 100)
    cache.find("a")

    cache.keep("c", page(40), 100)
    cache.keep("c", page(40), 100)

    assert cache.find("b") is None
    assert cache.find("a") == cache.find("c") == page(40)
    assert cache.size == 80


def test_page_too_large_is_not_kept() -> None:
    """A body without room leaves the cache empty."""
    cache = PageCache()

    cache.keep("a", page(101), 100)

    assert cache.find("a") is None
    assert cache.size == 0


def test_counted_entry_needs_no_names() -> None:
    """An entry for counts only knows how many records it has."""
    group = Group((Log(1), Log(2, ((b"event", b'{"eventId":"a"}'),))))

    named, counted = make_entry(group), make_entry(group, count_only=True)

    assert named.framed == counted.framed
    assert named.records == counted.records == 2
    assert [served.event_id for served in named.served] == ["", "a"]
    assert counted.served == ()
