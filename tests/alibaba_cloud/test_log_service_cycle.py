"""One pull of a Log Store: order of sends and saves, ends, interruptions, lines."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alibaba_cloud import problems
from alibaba_cloud.errors import ApiError, PullError
from alibaba_cloud.log_service.client import Reply
from alibaba_cloud.log_service.shaper import Shaped
from fakes.clocks import ManualClock
from fakes.log_service import (
    NOW,
    SECOND,
    START,
    FakeHost,
    FakeModule,
    FakeStore,
    InlineWorkers,
    event_text,
    group,
    make_cursor,
    names,
    read_all,
    settings,
    shown_shards,
)


def _store(*numbers: int, shards: int = 1) -> FakeStore:
    """Return a store with so many events in each shard."""
    store = FakeStore(len(numbers) or shards)
    for shard, number in enumerate(numbers):
        store.append(shard, *(f"{shard}-{n}" for n in range(number)))
    return store


def _refuse(store: FakeStore, name: str, shard: int, problem: Any, times: int) -> None:
    """Let a call fail so often from now on."""
    left = [times]

    def before_call(called: str, asked: int) -> None:
        if (called, asked) == (name, shard) and left[0] > 0:
            left[0] -= 1
            raise ApiError(problem, "by plan")

    store.before_call = before_call


def test_everything_is_sent_then_saved() -> None:
    """The whole story of a first pull of one small shard."""
    store, host = _store(3), FakeHost()

    read_all(store, host)

    assert store.journal == [
        "list",
        "cursor 00:00:00 @0",
        "pull 0 @0",
        "cursor end @0",
    ]
    assert host.journal == ["save", "send 0-0,0-1,0-2", "save 0=3", "save 0=3"]
    assert host.sent[0]["origin"] == "actiontrail_internal"
    assert host.sent[0]["@devo_pulling_id"] == "1673347565.078809"


def test_position_is_saved_only_behind_sent_parts() -> None:
    """Long answers are sent in parts, each with a save that counts what was sent."""
    store, host = FakeStore(), FakeHost()
    store.append(0, *range(7), per_group=7)

    read_all(store, host, chosen=settings(records_per_save=3))

    assert host.journal == [
        "save",
        "send 0,1,2",
        "save 0=0+3",
        "send 3,4,5",
        "save 0=0+6",
        "send 6",
        "save 0=1",
        "save 0=1",
    ]


def test_next_call_is_made_while_an_answer_is_sent() -> None:
    """Reading does not wait for the queue."""
    store, host = _store(4), FakeHost()
    store.size = 2
    store.raw_bytes = 10**6
    journal: list[str] = []
    host.after_step = lambda _step: journal.append(host.journal[-1])
    workers = InlineWorkers()
    started = workers.start

    def start(ticket: Any, call: Any) -> None:
        journal.append("start")
        started(ticket, call)

    workers.start = start

    FakeModule(store, host, workers=workers).pull()

    assert journal == [
        *("save", "start", "start", "start", "start"),
        *("send 0-0,0-1", "save 0=2", "start"),
        *("send 0-2,0-3", "save 0=4", "save 0=4"),
    ]


def test_pull_ends_at_what_was_there_when_the_end_came_near() -> None:
    """A shard that is written all the time does not keep a pull for ever."""
    store, host = _store(2), FakeHost()

    def write(name: str, shard: int) -> None:
        if name == "pull":
            store.append(shard, f"late-{len(store.journal)}")

    store.before_call = write

    read_all(store, host)

    assert names(host.sent) == ["0-0", "0-1", "late-3"]
    assert store.journal[-1] == "cursor end @0"


def test_records_behind_the_aim_come_with_the_next_pull() -> None:
    """Aimed at once, the rest is read by the pull after it."""
    store, host = _store(5), FakeHost()
    store.size = 2

    def write(name: str, shard: int) -> None:
        if name == "pull" and len(store.shards[0].groups) < 8:
            store.append(shard, f"late-{len(store.shards[0].groups)}")

    store.before_call = write
    module = FakeModule(store, host)
    module.pull()
    before = len(host.sent)
    module.pull()

    assert before == 6
    assert set(host.counts().values()) == {1}
    assert len(host.sent) == 8


def test_full_answers_do_not_say_that_the_end_is_near() -> None:
    """Only an answer below the limits asks where the end is."""
    store, host = _store(5), FakeHost()
    chosen = settings(groups_per_pull=2)

    read_all(store, host, chosen=chosen)

    assert store.journal[2:] == ["pull 0 @0", "pull 2 @0", "pull 4 @0", "cursor end @0"]


def test_large_answers_do_not_say_so_either() -> None:
    """They end at the service's limit of size; then the end is where nothing moves."""
    store, host = _store(3), FakeHost()
    store.size, store.raw_bytes = 2, 10**7

    read_all(store, host)

    assert store.journal[2:] == ["pull 0 @0", "pull 2 @0", "pull 3 @0"]


def test_pull_without_news_costs_two_calls() -> None:
    """One list, one pull a shard; the state moves on with the time."""
    store, host = _store(2), FakeHost()
    module = read_all(store, host, pulls=2)
    store.journal.clear()
    host.journal.clear()

    module.pull()

    assert store.journal == ["list", "pull 2 @0"]
    assert host.journal == ["save 0=2"]
    assert host.state is not None
    assert host.state["last_run_datetime"] == "2023-01-10T10:46:25.078809Z"


def test_second_process_goes_on_where_the_first_was() -> None:
    """It looks once whether its place is still kept."""
    store, host = _store(2), FakeHost()
    read_all(store, host)
    store.append(0, "new")
    store.journal.clear()

    read_all(store, host)

    assert store.journal[:3] == ["list", "cursor begin @0", "pull 2 @0"]
    assert names(host.sent) == ["0-0", "0-1", "new"]


def test_shards_are_read_side_by_side() -> None:
    """Both are located before either is read."""
    store, host = _store(1, 1), FakeHost()

    read_all(store, host)

    assert store.journal[:5] == [
        "list",
        "cursor 00:00:00 @0",
        "cursor 00:00:00 @1",
        "pull 0 @0",
        "pull 1000 @1",
    ]
    assert sorted(names(host.sent)) == ["0-0", "1-0"]
    assert host.journal[-1] == "save 0=1 1=1001"


def test_interruption_keeps_what_was_sent_and_goes_on_from_it() -> None:
    """A stop is seen behind each part, and nothing is sent twice."""
    store, host = FakeStore(), FakeHost()
    store.append(0, *range(6), per_group=6)
    module = FakeModule(store, host, settings(records_per_save=2))
    module.ended = lambda: len(host.sent) == 4

    module.pull()
    interrupted = [*host.journal]
    module.ended = lambda: False
    module.pull()

    assert interrupted[-2:] == ["send 2,3", "save 0=0+4"]
    assert host.journal[len(interrupted) :] == ["send 4,5", "save 0=1", "save 0=1"]


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_what_was_skipped_is_skipped_across_smaller_answers(size: int) -> None:
    """The service may cut the same records into other answers."""
    store, host = FakeStore(), FakeHost()
    store.append(0, *range(9), per_group=2)
    chosen = settings(records_per_save=7, remembered_events=0)
    module = FakeModule(store, host, chosen)
    module.ended = lambda: len(host.sent) == 7
    module.pull()
    store.size = size

    FakeModule(store, host, chosen).pull()

    assert names(host.sent) == [str(number) for number in range(9)]


def test_other_rules_send_again_rather_than_skip_wrongly() -> None:
    """What was sent of an answer is not known in other units."""
    store, host = FakeStore(), FakeHost()
    store.append(0, *range(4), per_group=4)
    module = FakeModule(store, host, settings(records_per_save=2))
    module.ended = lambda: len(host.sent) == 2
    module.pull()

    chosen = settings({"added_fields": {}}, records_per_save=2)
    FakeModule(store, host, chosen).pull()

    assert names(host.sent) == ["0", "1", "0", "1", "2", "3"]


def test_failed_send_leaves_position_and_memory_alone() -> None:
    """What could not be queued is sent by the next pull of the same process."""

    class FullQueueError(Exception):
        pass

    store, host = _store(3), FakeHost()
    module = FakeModule(store, host)
    plain_send, broken = host.send, [True, True, False]

    def send(shaped: Shaped) -> None:
        if broken.pop(0):
            raise FullQueueError
        plain_send(shaped)

    host.send = send
    for _ in range(2):
        with pytest.raises(FullQueueError):
            module.pull()
    module.pull()

    assert names(host.sent) == ["0-0", "0-1", "0-2"]


def test_failed_save_sends_again() -> None:
    """Nothing is remembered before its position is queued."""

    class RefusedError(Exception):
        pass

    store, host = _store(2), FakeHost()
    module = FakeModule(store, host)
    plain_save = host.save_state

    def refuse(*_arguments: object, **_options: object) -> None:
        raise RefusedError

    module.keeper.load(NOW)
    host.save_state = refuse
    with pytest.raises(RefusedError):
        module.pull()
    host.save_state = plain_save
    module.pull()

    assert host.counts() == {"0-0": 2, "0-1": 2}


def test_event_the_trail_delivers_twice_is_sent_once() -> None:
    """In one answer, in the next, and in the other shard."""
    store, host = FakeStore(2), FakeHost()
    store.append(0, "a", "b", "a")
    store.append(1, "b", "c")
    module = FakeModule(store, host)
    module.pull()
    store.append(0, "c", "a", "d")

    module.pull()

    assert host.counts() == {"a": 1, "b": 1, "c": 1, "d": 1}


def test_answer_of_repetitions_still_moves_the_position() -> None:
    """Filtering is progress."""
    store, host = _store(1), FakeHost()
    module = read_all(store, host)
    store.append(0, "0-0")

    module.pull()

    assert host.journal[-2:] == ["save 0=2", "save 0=2"]


def test_answer_without_records_moves_the_position_when_its_cursor_does() -> None:
    """A query may leave out everything; the end is where the cursor stays."""
    store, host = _store(3), FakeHost()
    store.size, store.raw_bytes = 1, 10**7
    store.after_pull = lambda reply: (
        reply if reply.next == make_cursor(3) else reply._replace(groups=[])
    )

    read_all(store, host)

    assert host.journal == [
        *("save", "save 0=1", "save 0=2", "send 0-2", "save 0=3", "save 0=3")
    ]


def test_cursor_that_stays_though_there_are_records_ends_the_pull() -> None:
    """They are sent once, and not again by the pulls after it."""
    store, host = _store(2), FakeHost()
    store.after_pull = lambda reply: reply._replace(next=reply.asked)
    chosen = settings(remembered_events=0)
    module = read_all(store, host, chosen=chosen, pulls=3)
    stuck = [*host.journal]
    store.append(0, "new")
    store.after_pull = lambda reply: reply
    module.pull()

    assert names(host.sent) == ["0-0", "0-1", "new"]
    assert stuck[:3] == ["save", "send 0-0,0-1", "save 0=0+2"]
    assert not host.journal[-1].endswith("!")


def test_start_in_the_future_reads_nothing_before_it() -> None:
    """As the warning says: not even what comes in between."""
    store, host = FakeStore(), FakeHost()
    chosen = settings({"initial_start_time_in_utc": "2023-01-10T11:00:00Z"})
    module = FakeModule(store, host, chosen, clock=ManualClock(NOW))
    store.now = NOW
    module.pull()
    store.append(0, "early")

    module.clock.advance(60)
    module.pull()
    store.now = NOW + timedelta(minutes=20)
    store.append(0, "wanted")
    module.clock.advance(1800)
    module.pull()

    assert names(host.sent) == ["wanted"]


def test_wrong_clock_of_a_record_does_not_move_the_time_ahead() -> None:
    """The position's time is never later than now, and never goes back."""
    store, host = FakeStore(), FakeHost()
    for time in (NOW + 900 * SECOND, START - 900 * SECOND):
        store.shards[0].groups.append(group(event_text(time), time=time))
        store.shards[0].times.append(START + SECOND)
    store.size, store.raw_bytes = 1, 10**7

    read_all(store, host)

    times = [one["shards"]["0"]["time"] for one in host.saved[1:]]
    assert times == sorted(times)
    assert times[-1] == "2023-01-10T10:46:05.078809Z"


@pytest.mark.parametrize("is_last", [False, True], ids=["more-follow", "last"])
def test_one_bad_shard_does_not_stop_the_others(
    is_last: bool,  # noqa: FBT001 - a case's value
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its failure is logged; only where nobody tries again does it fail the pull."""
    store, host = _store(1, 1, 1), FakeHost()
    _refuse(store, "pull", 1, problems.STORE_PERMISSION, 99)
    module = FakeModule(store, host)

    if is_last:
        with pytest.raises(PullError, match=r"CODE:0302.*shard\(s\) 1 of example"):
            module.pull(is_last=True)
    else:
        module.pull()

    assert sorted(names(host.sent)) == ["0-0", "2-0"]
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert line.getMessage().startswith(
        "Shard 1 of example-project/actiontrail_example could not be read: ApiError"
    )
    assert host.journal[-1] == "save 0=1 1=1000 2=2001"


def test_bad_shard_is_read_by_the_next_pull() -> None:
    """Nothing of it is lost."""
    store, host = _store(1, 2), FakeHost()
    _refuse(store, "pull", 1, problems.STORE_PERMISSION, 1)

    read_all(store, host, pulls=2)

    assert host.counts() == {"0-0": 1, "1-0": 1, "1-1": 1}


def test_no_shard_at_all_fails_the_pull() -> None:
    """With the error of one of them, so that the module reacts to it."""
    store, host = _store(1, 1), FakeHost()

    def before_call(name: str, _shard: int) -> None:
        if name == "pull":
            raise ApiError(problems.STORE_PERMISSION, "by plan")

    store.before_call = before_call

    with pytest.raises(ApiError, match=r"CODE:0431"):
        FakeModule(store, host).pull()

    assert host.sent == []


@pytest.mark.parametrize("problem", [problems.NO_STORE, problems.SERVER])
def test_shards_that_cannot_be_listed_fail_the_pull(problem: Any) -> None:
    """Nothing is read, and nothing forgotten."""
    store, host = _store(1), FakeHost()
    module = read_all(store, host)
    before = host.state
    _refuse(store, "list", -1, problem, 99)

    with pytest.raises(ApiError, match=f"CODE:0{problem.number}"):
        module.pull()

    assert host.state == before


def test_empty_list_of_shards_is_no_answer() -> None:
    """Taken for true, it would forget every position."""
    store, host = _store(1), FakeHost()
    module = read_all(store, host)
    shards, store.shards = store.shards, {}

    with pytest.raises(ApiError, match=r"CODE:0434.*no shards"):
        module.pull()
    store.shards = shards
    module.pull()

    assert host.counts() == {"0-0": 1}


def test_failed_calls_are_repeated_and_cost_no_record() -> None:
    """Each call of a pull may fail once."""
    store, host = _store(3, 2), FakeHost()
    seen: set[tuple[str, int]] = set()

    def before_call(name: str, shard: int) -> None:
        if (name, shard) not in seen:
            seen.add((name, shard))
            raise ApiError(problems.TRANSPORT, "by plan")

    store.before_call = before_call

    read_all(store, host, pulls=2)

    assert set(host.counts().values()) == {1}
    assert len(host.sent) == 5


def test_unreadable_answer_is_asked_for_in_other_forms() -> None:
    """Not compressed, then as much as can be read; the damage is on record."""
    store, host = _store(3), FakeHost()

    def damage(reply: Reply) -> Reply:
        if "salvage" in store.journal[-1]:
            return reply._replace(groups=reply.groups[1:], damaged=1)
        raise ApiError(problems.UNREADABLE, "by plan")

    store.after_pull = damage

    read_all(store, host)

    assert store.journal[2:5] == ["pull 0 @0", "pull 0 plain @0", "pull 0 salvage @0"]
    assert names(host.sent) == ["0-1", "0-2"]
    assert host.state is not None
    assert [gap["reason"] for gap in host.state["gaps"]] == ["damaged"]


def test_damage_is_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    """An operator can ask the vendor for it."""
    store, host = _store(1), FakeHost()
    store.after_pull = lambda reply: reply._replace(damaged=2)

    read_all(store, host)

    assert caplog.messages[0] == (
        "2 log group(s) of shard 0 of example-project/actiontrail_example could not be"
        f" decoded, between the cursors {make_cursor(0)} and {make_cursor(1)}:"
        " what could be read of the answer was sent"
    )


def test_log_lines_are_those_of_the_guide(caplog: pytest.LogCaptureFixture) -> None:
    """What changed, how much was sent, and the statistics."""
    store, host = _store(2), FakeHost()
    store.append(0, "0-0")
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    module = FakeModule(store, host)
    module.keeper.load(NOW)
    caplog.clear()
    store.before_call = lambda _name, _shard: module.clock.advance(0.5)

    module.pull()

    assert caplog.messages == [
        (
            "Updating persisted data with"
            " {'last_run_datetime': '2023-01-10T10:46:06.578809Z'}"
        ),
        (
            "Retrieved and sent 2 log_service event(s) to"
            " cloud.alibaba.log_service.events since 2023-01-05T00:00:00+00:00"
            " to 2023-01-10T10:46:06.578809+00:00"
        ),
        (
            "Statistics for this pull cycle (@devo_pulling_id=1673347565.078809):"
            " Number of requests performed: 4; Number of events received: 3;"
            " Number of duplicated events filtered out: 1;"
            " Number of events generated and sent: 2 (from 2 unflattened events);"
            " Average of events per second: 1.0."
        ),
    ]


def test_pull_without_news_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Every ten seconds a line about nothing would bury the others."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    store, host = _store(1), FakeHost()
    module = read_all(store, host)
    caplog.clear()

    module.pull()

    assert caplog.messages == []


def test_odd_records_are_counted_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is left out, and the operator learns of them."""
    store, host = _store(1), FakeHost()
    store.shards[0].groups += [group("x", key="message"), group("{no object}")]
    store.shards[0].times += [store.now, store.now]

    read_all(store, host)

    assert len(host.sent) == 3
    assert host.sent[2]["event"] == "{no object}"
    assert caplog.messages == [
        (
            "Record without an event: 1 time(s); nothing was left out"
            " (@devo_pulling_id=1673347565.078809)"
        ),
        (
            "Event that is no JSON object: 1 time(s); nothing was left out"
            " (@devo_pulling_id=1673347565.078809)"
        ),
    ]


def test_runs_with_other_origins_get_their_own_values() -> None:
    """Also where a part ends in the middle of one."""
    store, host = FakeStore(), FakeHost()
    for place in range(6):
        one = group(event_text(2 * place), event_text(2 * place + 1))
        one = replace_source(one, f"s{place // 2}")
        store.shards[0].groups.append(one)
        store.shards[0].times.append(START + SECOND)

    read_all(store, host, chosen=settings(records_per_save=5))

    assert [(one["eventId"], one["origin"]) for one in host.sent] == [
        (str(number), f"s{number // 4}") for number in range(12)
    ]


def replace_source(one: Any, source: str) -> Any:
    """Return a group with another source."""
    return one._replace(Source=source)


def test_shown_positions_name_cursor_skip_and_end() -> None:
    """The journals of these tests say what a state holds."""
    shards = {"0": {"cursor": make_cursor(7), "skip": 2, "done": True}}

    assert shown_shards(shards) == "0=7+2!"
    assert replace(settings(), environment=None).environment is None
