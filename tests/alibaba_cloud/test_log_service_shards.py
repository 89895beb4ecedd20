"""The lives of shards: split, merged, closed, vanished, expired, shared out."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from alibaba_cloud import problems
from alibaba_cloud.errors import ApiError, Problem, PullError
from alibaba_cloud.log_service.client import Reply
from fakes.log_service import (
    NOW,
    SECOND,
    START,
    STORE,
    FakeHost,
    FakeModule,
    FakeStore,
    InlineWorkers,
    make_cursor,
    names,
    read_all,
    settings,
    shown_shards,
)


def _store(*numbers: int) -> FakeStore:
    store = FakeStore(len(numbers))
    for shard, number in enumerate(numbers):
        store.append(shard, *(f"{shard}-{n}" for n in range(number)))
    return store


def _shown(host: FakeHost) -> str:
    assert host.state is not None
    return shown_shards(host.state["shards"])


def _gaps(host: FakeHost) -> list[tuple[int, str, str, str]]:
    assert host.state is not None
    return [
        (gap["shard"], gap["reason"], gap["start"], gap["end"])
        for gap in host.state["gaps"]
    ]


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        one.getMessage() for one in caplog.records if one.levelno == logging.WARNING
    ]


def test_split_shard_is_finished_and_its_children_are_read_from_their_start() -> None:
    """What was written before the next list is not skipped."""
    store, host = _store(2), FakeHost()
    module = read_all(store, host)
    store.append(0, "before")
    one, two = store.split(0)
    store.append(one, "child-1")
    store.append(two, "child-2")

    module.pull()
    module.pull()

    assert sorted(names(host.sent)) == ["0-0", "0-1", "before", "child-1", "child-2"]
    assert _shown(host) == "0=3! 1=1001 2=2001"


def test_merged_shards_are_finished_and_the_new_one_is_read() -> None:
    """Two closed shards, one open one."""
    store, host = _store(1, 1), FakeHost()
    module = read_all(store, host)
    merged = store.merge(0, 1)
    store.append(merged, "new")

    module.pull()

    assert _shown(host) == "0=1! 1=1001! 2=2001"
    assert names(host.sent)[2:] == ["new"]


def test_closed_shard_is_logged_and_asked_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It costs no call until it vanishes, and its vanishing is no loss."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    store, host = _store(1), FakeHost()
    store.split(0)
    module = read_all(store, host, pulls=2)
    store.journal.clear()
    module.pull()
    calls = [*store.journal]
    store.shards.pop(0)
    module.pull()

    assert f"Everything in shard 0 of {STORE} was read; it is closed" in caplog.messages
    assert calls == ["list", "pull 1000 @1", "pull 2000 @2"]
    assert _warnings(caplog) == []
    assert _shown(host) == "1=1000 2=2000"
    assert _gaps(host) == []


def test_shard_is_closed_only_if_it_was_before_it_was_asked() -> None:
    """What came between the answer and the news of its closing is read."""
    store, host = FakeStore(), FakeHost()
    order = iter([0, 0, 0, 1, 0])
    workers = InlineWorkers(lambda _number: next(order, 0), is_eager=True)
    chosen = settings(shard_list_interval_in_seconds=0)
    module = FakeModule(store, host, chosen, workers=workers)

    def close(reply: Reply) -> Reply:
        if not store.shards[0].is_readonly:
            store.append(0, "late")
            store.split(0, children=1)
        return reply

    store.after_pull = close
    module.pull()
    first = _shown(host)
    module.pull()

    assert store.journal[:5] == [
        *("list", "cursor 00:00:00 @0", "list", "pull 0 @0", "list")
    ]
    assert first.startswith("0=0")
    assert "!" not in first
    assert names(host.sent) == ["late"]


def test_children_of_a_split_in_mid_run_are_read_by_the_same_pull() -> None:
    """New shards are looked for as long as others are read."""
    store, host = _store(6), FakeHost()
    store.size, store.raw_bytes = 1, 10**7
    module = FakeModule(store, host)

    def before_call(name: str, _shard: int) -> None:
        module.clock.advance(11)
        if name == "pull" and len(store.shards) == 1:
            store.append(store.split(0)[1], "child")

    store.before_call = before_call

    module.pull()

    assert host.counts()["child"] == 1
    assert store.journal.count("list") >= 2


def test_list_that_fails_in_mid_run_is_made_again_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It costs a line, and stops nobody."""
    store, host = _store(8), FakeHost()
    store.size, store.raw_bytes = 1, 10**7
    module = FakeModule(store, host)
    lists = [0]

    def before_call(name: str, _shard: int) -> None:
        module.clock.advance(16)
        lists[0] += name == "list"
        if name == "list" and lists[0] == 2:
            raise ApiError(problems.NO_STORE, "by plan")
        if name == "pull" and len(store.shards) == 1:
            store.append(store.split(0)[0], "child")

    store.before_call = before_call

    module.pull()

    assert lists[0] >= 3
    assert [line[:31] for line in _warnings(caplog)] == [
        "New shards are looked for later",
    ]
    assert host.counts()["child"] == 1


def test_shard_that_vanished_between_pulls_is_a_gap(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Unless it was read to its end, records may be lost."""
    store, host = _store(2, 1), FakeHost()
    module = read_all(store, host)
    store.shards.pop(0)

    module.pull()
    module.pull()

    assert _warnings(caplog) == [
        (
            f"Shard 0 of {STORE} vanished before it was read to its end: records"
            " received after 2023-01-10T10:46:05.078809+00:00 are lost"
        )
    ]
    assert _gaps(host) == [
        (
            0,
            "vanished",
            "2023-01-10T10:46:05.078809Z",
            "2023-01-10T10:46:15.078809Z",
        )
    ]
    assert _shown(host) == "1=1001"


def test_shard_that_vanishes_in_mid_run_is_a_gap(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The list decides; the other shards are read."""
    store, host = _store(3, 1), FakeHost()
    module = FakeModule(store, host)
    store.raw_bytes = 10**7

    def before_call(name: str, shard: int) -> None:
        if (name, shard) == ("pull", 0):
            store.shards.pop(0, None)

    store.before_call = before_call

    module.pull()

    assert [line.partition(":")[0] for line in _warnings(caplog)] == [
        f"Shard 0 of {STORE} vanished before it was read to its end",
    ]
    assert [gap[:2] for gap in _gaps(host)] == [(0, "vanished")]
    assert names(host.sent) == ["1-0"]


def test_shard_that_is_refused_though_it_is_listed_has_failed() -> None:
    """Its position is kept: the service may be wrong for a moment."""
    store, host = _store(1, 1), FakeHost()

    def before_call(name: str, shard: int) -> None:
        if (name, shard) == ("pull", 0):
            raise ApiError(problems.SHARD_GONE, "by plan")

    store.before_call = before_call
    module = read_all(store, host)
    first = _shown(host)
    store.before_call = lambda _name, _shard: None
    module.pull()

    assert first == "0=0 1=1001"
    assert host.counts() == {"0-0": 1, "1-0": 1}
    assert _gaps(host) == []


def test_cursor_that_expired_between_pulls_goes_on_at_the_oldest_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With a warning and a gap; never at the end."""
    store, host = _store(2), FakeHost()
    store.size, store.raw_bytes = 1, 10**7
    module = FakeModule(store, host)
    module.ended = lambda: len(host.sent) == 1
    module.pull()
    store.append(0, "lost", "kept")
    store.expire(0, 3)
    module.ended = lambda: False

    module.pull()

    assert names(host.sent) == ["0-0", "kept"]
    assert _gaps(host) == [
        (0, "expired", "2023-01-05T00:00:01Z", "2023-01-05T00:00:04Z")
    ]
    assert _warnings(caplog)[-1] == (
        f"Records of shard 0 of {STORE} received from 2023-01-05T00:00:01+00:00"
        " to 2023-01-05T00:00:04+00:00 are lost: they expired before they were read"
    )


@pytest.mark.parametrize("jumps", [False, True], ids=["error", "silent"])
def test_expired_cursor_is_found_at_the_start_of_a_process(
    jumps: bool,  # noqa: FBT001 - a case's value
) -> None:
    """By comparison, before the first pull: the answer may not tell."""
    store, host = _store(3), FakeHost()
    store.size = 1
    module = FakeModule(store, host)
    module.ended = lambda: len(host.sent) == 1
    module.pull()
    store.expire(0, 2)
    store.jumps = jumps
    store.journal.clear()

    read_all(store, host)

    assert store.journal[:4] == ["list", "cursor begin @0", "time @0", "pull 2 @0"]
    assert names(host.sent) == ["0-0", "0-2"]
    assert [gap[1] for gap in _gaps(host)] == ["expired"]


def test_silent_jump_in_mid_run_is_a_gap_and_forgets_what_was_skipped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The answer went further than the groups it gave."""
    store, host = FakeStore(), FakeHost()
    store.jumps, store.size = True, 1
    store.append(0, "a", "b", "c", "d", per_group=2)
    store.append(0, "e", "f", per_group=2)
    module = FakeModule(store, host, settings(records_per_save=1))
    module.ended = lambda: len(host.sent) == 1
    module.pull()
    before = _shown(host)
    store.expire(0, 1)
    module.ended = lambda: False

    module.pull()

    assert before == "0=0+1"
    assert names(host.sent) == ["a", "c", "d", "e", "f"]
    assert [gap[1] for gap in _gaps(host)] == ["expired"]
    assert len(_warnings(caplog)) == 1


def test_steps_that_mean_nothing_are_looked_into_three_times() -> None:
    """Where cursors do not count groups, nothing is lost and nothing is said."""
    store, host = _store(12), FakeHost()
    store.size, store.raw_bytes = 1, 10**7
    store.after_pull = lambda reply: reply._replace(read=0)

    read_all(store, host)

    assert store.journal.count("cursor begin @0") == 3
    assert len(host.sent) == 12
    assert _gaps(host) == []


def test_answer_that_left_out_groups_is_replaced_by_a_fuller_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A service that loses a part of an answer once costs a call, and no event."""
    store, host = _store(4), FakeHost()
    store.raw_bytes = 10**7
    short = [True]

    def leave_out(reply: Reply) -> Reply:
        if short.pop(0) if short else False:
            return reply._replace(groups=reply.groups[2:], read=2)
        return reply

    store.after_pull = leave_out

    read_all(store, host)

    assert names(host.sent) == ["0-0", "0-1", "0-2", "0-3"]
    assert _gaps(host) == []
    assert _warnings(caplog) == [
        (
            f"An answer of shard 0 of {STORE} left out log groups behind the cursor"
            f" {make_cursor(0)}: it is replaced by a second one"
        )
    ]


@pytest.mark.parametrize(
    ("problem", "sent", "is_failure"),
    [(problems.CURSOR_EXPIRED, 2, False), (problems.NO_STORE, 0, True)],
    ids=["expired-meanwhile", "refused"],
)
def test_second_answer_that_does_not_come_costs_nothing_of_the_first(
    problem: Problem,
    sent: int,
    is_failure: bool,  # noqa: FBT001 - a case's value
) -> None:
    """What was read is sent, by this pull or by the next."""
    store, host = _store(4), FakeHost()
    pulls = [0]

    def before_call(name: str, _shard: int) -> None:
        pulls[0] += name == "pull"
        if (name, pulls[0]) == ("pull", 2):
            raise ApiError(problem, "by plan")

    store.before_call = before_call
    store.after_pull = lambda reply: (
        reply._replace(groups=reply.groups[2:], read=2) if pulls[0] == 1 else reply
    )
    module = FakeModule(store, host)

    if is_failure:
        with pytest.raises(ApiError, match=f"CODE:0{problem.number}"):
            module.pull()
    else:
        module.pull()

    assert names(host.sent) == ["0-2", "0-3"][:sent]
    module.pull()
    assert _shown(host) == "0=4"
    assert len(host.sent) == (4 if is_failure else 2)


def test_cursor_that_stays_though_there_are_records_is_a_failure() -> None:
    """Nobody knows what is behind it: a last pull must not end as if all was read."""
    store, host = _store(2), FakeHost()
    store.after_pull = lambda reply: reply._replace(next=reply.asked)
    module = FakeModule(store, host)

    with pytest.raises(PullError, match=r"CODE:0302"):
        module.pull(is_last=True)

    assert names(host.sent) == ["0-0", "0-1"]


def test_cursor_that_expires_at_once_again_fails_the_shard_for_this_pull() -> None:
    """The next pull tries again; a reader does not spin."""
    store, host = _store(9, 1), FakeHost()

    def before_call(name: str, shard: int) -> None:
        if (name, shard) == ("pull", 0):
            raise ApiError(problems.CURSOR_EXPIRED, "by plan")

    store.before_call = before_call
    module = read_all(store, host)
    calls = [one for one in store.journal if "pull" in one and "@0" in one]
    store.before_call = lambda _name, _shard: None
    module.pull()

    assert len(calls) == 2
    assert len(host.sent) == 10


def test_everything_expired_goes_on_at_the_end() -> None:
    """The oldest data kept is then what comes next."""
    store, host = _store(2), FakeHost()
    module = FakeModule(store, host)
    module.ended = lambda: len(host.sent) == 0 and bool(store.journal[1:])
    module.pull()
    module.ended = lambda: False
    store.expire(0, 2)

    module.pull()
    store.append(0, "new")
    module.pull()

    assert names(host.sent) == ["new"]


def test_new_shard_begins_at_its_creation_not_at_the_start() -> None:
    """A child must not look as far behind as the whole store once was."""
    store, host = _store(1), FakeHost()
    module = read_all(store, host)
    store.now = NOW
    (child,) = store.split(0, children=1)
    store.before_call = lambda name, _shard: _raise_for(name == "pull")

    with pytest.raises(ApiError):
        module.pull()

    assert host.state is not None
    assert host.state["shards"][str(child)]["time"] == "2023-01-10T10:46:05.078809Z"


def _raise_for(due: bool) -> None:  # noqa: FBT001 - a condition
    if due:
        raise ApiError(problems.NO_STORE, "by plan")


def test_creation_in_the_future_does_not_move_the_time_ahead() -> None:
    """The service's clock may be ahead of ours."""
    store, host = FakeStore(), FakeHost()
    store.shards[0].created = NOW + 900 * SECOND

    read_all(store, host)

    assert host.state is not None
    assert host.state["last_run_datetime"] == "2023-01-10T10:46:05.078809Z"


def _group_of(number: int) -> Any:
    return settings({"shard_group": {"number": number, "of": 2}})


def test_groups_of_shards_are_read_by_different_collectors() -> None:
    """Together they read everything once, children of a split included."""
    store = _store(2, 2, 2)
    one, two = FakeHost(), FakeHost()
    modules = [
        FakeModule(store, one, _group_of(1)),
        FakeModule(store, two, _group_of(2)),
    ]
    for module in modules:
        module.pull()
    for child in store.split(0):
        store.append(child, f"child-{child}")
    for module in modules:
        module.pull()

    assert (one.counts() + two.counts()).total() == 8
    assert (_shown(one), _shown(two)) == ("0=2! 2=2002 4=4001", "1=1002 3=3001")


def test_shards_of_other_groups_leave_the_state_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another collector reads them from now on."""
    store, host = _store(1, 1), FakeHost()
    read_all(store, host)

    read_all(store, host, chosen=_group_of(2))

    assert _shown(host) == "1=1001"
    assert _gaps(host) == []
    assert _warnings(caplog) == []


def test_cursors_of_another_form_are_read_without_looking_for_gaps() -> None:
    """Nothing promises a number in a cursor."""
    store, host = _store(3), FakeHost()
    store.after_pull = lambda reply: reply._replace(
        asked="not a number", next=reply.next
    )

    read_all(store, host)

    assert "cursor begin @0" not in store.journal
    assert len(host.sent) == 3


def test_slowest_shard_decides_about_the_time() -> None:
    """What operators watch is how far everything was read."""
    store, host = _store(2, 2), FakeHost()
    store.before_call = lambda name, shard: _raise_for((name, shard) == ("pull", 1))

    read_all(store, host)

    assert host.state is not None
    assert host.state["last_run_datetime"] == START.isoformat().replace("+00:00", "Z")
    assert host.state["shards"]["0"]["cursor"] == make_cursor(2)
