"""The position of a Log Store: its document, its beginning, its saving."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alibaba_cloud.errors import InitVariablesError, PrePullError
from alibaba_cloud.log_service.saving import PositionKeeper
from alibaba_cloud.log_service.state import (
    Gap,
    Position,
    ShardPosition,
    from_state,
    to_state,
)
from alibaba_cloud.persisted import given as really_given
from alibaba_cloud.persisted import log_updates, read_start
from alibaba_cloud.statistics import pulling_id, statistics_line
from fakes.log_service import NOW, ROOT, START, STORE, FakeHost, make_cursor, settings

HOUR = timedelta(hours=1)
FINGERPRINT = settings().rules.fingerprint
_SCHEMA = json.loads(
    (
        ROOT / "schemas/alibaba_cloud/state.actiontrail_log_service.schema.json"
    ).read_text(encoding="utf-8")
)
_VALIDATOR = jsonschema.Draft202012Validator(
    _SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)

_INSTANTS = st.integers(-(10**15), 4 * 10**15).map(
    lambda micros: START + timedelta(microseconds=micros)
)
_SHARDS = st.builds(
    ShardPosition,
    st.integers(0, 2**70).map(make_cursor),
    _INSTANTS,
    st.integers(0, 10_000),
    st.booleans(),
)
_GAPS = st.builds(
    Gap,
    st.integers(0, 300),
    _INSTANTS,
    _INSTANTS,
    st.sampled_from(["expired", "vanished", "damaged"]),
)
_POSITIONS = st.builds(
    Position,
    st.just(STORE),
    _INSTANTS,
    _INSTANTS,
    st.text("0123456789abcdef", min_size=1, max_size=16),
    st.dictionaries(st.integers(0, 300), _SHARDS, max_size=4),
    st.lists(_GAPS, max_size=3).map(tuple),
)


@given(_POSITIONS)
def test_position_survives_its_document(position: Position) -> None:
    """The document is JSON of the schema, and says all there is."""
    document: dict[str, Any] = json.loads(json.dumps(to_state(position)))

    assert list(_VALIDATOR.iter_errors(document)) == []
    assert from_state(document, STORE) == position


@pytest.mark.parametrize("more", [{}, {"last_ids": ["x"]}], ids=["two-keys", "ids"])
def test_document_of_the_guide_is_taken_over(more: dict[str, Any]) -> None:
    """A collector that read by time hands over where it was."""
    document = {
        "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
        "last_run_datetime": "2023-01-09T10:36:05.123Z",
        **more,
    }

    position = from_state(document, STORE)

    assert list(_VALIDATOR.iter_errors(document)) == []
    assert position.start == START
    assert (
        position.begin_at
        == position.time
        == datetime(2023, 1, 9, 10, 36, 5, 123_000, UTC)
    )
    assert (position.store, position.shards, position.gaps) == (STORE, {}, ())


def _document(**changes: Any) -> dict[str, Any]:
    one = ShardPosition(make_cursor(7), START)
    position = Position.beginning(STORE, START, FINGERPRINT).with_shard(0, one)
    return {**to_state(position.with_gap(Gap(0, START, START, "expired"))), **changes}


def _shard(**changes: Any) -> dict[str, Any]:
    return {"shards": {"0": {**_document()["shards"]["0"], **changes}}}


@pytest.mark.parametrize(
    "changes",
    [
        {"initial_start_time_in_utc": "soon"},
        {"initial_start_time_in_utc": None},
        {"begin_at": 7},
        {"begin_at": None, "last_run_datetime": None},
        {"shards": [1]},
        {"shards": {"x": {}}},
        {"shards": {"0": None}},
        {"shards": {"0": {}}},
        _shard(cursor=1_614_750_027_373_205_714),
        _shard(skip="3"),
        _shard(skip=None),
        _shard(skip=-1),
        _shard(time="2023"),
        {"gaps": 3},
        {"gaps": [{}]},
        {"gaps": ["x"]},
    ],
    ids=str,
)
def test_damaged_document_is_an_error(changes: dict[str, Any]) -> None:
    """A wrong position would lose events, so none is guessed."""
    with pytest.raises(PrePullError, match=r"CODE:0200"):
        from_state(_document(**changes), STORE)


def test_document_without_its_first_key_is_an_error() -> None:
    """Without it nobody knows whether the start was changed."""
    document = _document()
    del document["initial_start_time_in_utc"]

    with pytest.raises(PrePullError, match=r"CODE:0200.*initial_start_time_in_utc"):
        from_state(document, STORE)


def test_last_hundred_gaps_are_kept() -> None:
    """The document does not grow for ever."""
    position = Position.beginning(STORE, START, "f")
    for number in range(250):
        position = position.with_gap(Gap(number, START, START, "expired"))

    assert [gap.shard for gap in position.gaps] == [*range(150, 250)]


@pytest.mark.parametrize(
    ("shards", "expected"),
    [
        ({}, 0),
        ({0: (3, False), 1: (2, False)}, 2),
        ({0: (3, False), 1: (1, True)}, 3),
        ({0: (3, True), 1: (1, True)}, 3),
    ],
    ids=["none", "slowest", "finished-aside", "all-finished"],
)
def test_time_is_that_of_the_slowest_open_shard(
    shards: dict[int, tuple[int, bool]], expected: int
) -> None:
    """Everything up to there was read; closed shards hold nobody back."""
    position = Position.beginning(STORE, START, "f")
    for shard, (hours, is_done) in shards.items():
        one = ShardPosition("c", START + hours * HOUR, is_done=is_done)
        position = position.with_shard(shard, one)

    assert position.time == START + expected * HOUR


def test_what_was_skipped_under_other_rules_is_read_again() -> None:
    """Counts are of texts, and other rules make other texts."""
    one = ShardPosition("c", START, skip=5)
    position = Position.beginning(STORE, START, "old").with_shard(3, one)

    assert position.under("old") is position
    assert position.under("new") == replace(
        position, fingerprint="new", shards={3: replace(one, skip=0)}
    )


def test_shard_that_is_gone_leaves_the_document() -> None:
    """Other shards stay as they are."""
    one, other = ShardPosition("c", START), ShardPosition("d", START)
    position = Position(STORE, START, START, "f", {1: one, 2: other})

    assert position.without_shard(1).shards == {2: other}
    assert position.without_shard(9).shards == position.shards


def _keeper(host: FakeHost, service: dict[str, Any] | None = None) -> PositionKeeper:
    return PositionKeeper(host, settings(service))


def _lines(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= level]


def test_first_run_begins_at_the_configured_start_and_saves_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The guide's two keys are logged as the guide prints them."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    host = FakeHost()

    position = _keeper(host).load(NOW)

    assert position == Position.beginning(STORE, START, FINGERPRINT)
    assert host.state == to_state(position)
    assert _lines(caplog) == [
        (
            "Updating persisted data with"
            " {'initial_start_time_in_utc': '2023-01-05T00:00:00Z'}"
        ),
        "Updating persisted data with {'last_run_datetime': '2023-01-05T00:00:00Z'}",
    ]


def test_default_start_is_counted_back_once() -> None:
    """It is stored, so that a later run does not begin elsewhere."""
    host, service = FakeHost(), {"initial_start_time_in_utc": None}

    first = _keeper(host, service).load(NOW)
    second = _keeper(host, service).load(NOW + HOUR)

    assert first.start == datetime(2023, 1, 9, 10, 46, 5, tzinfo=UTC)
    assert second == first


def test_saved_position_is_taken_up_without_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A restart changes nothing in the state."""
    host = FakeHost(_document())
    caplog.set_level(logging.DEBUG, logger="alibaba_cloud")

    position = _keeper(host).load(NOW)

    assert position == from_state(_document(), STORE)
    assert host.saved == []
    assert _lines(caplog, logging.DEBUG) == []


def test_changed_start_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    """The line is the guide's."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    host = FakeHost(_document())

    position = _keeper(
        host, {"initial_start_time_in_utc": "2023-01-06T00:00:00Z"}
    ).load(NOW)

    assert position == Position.beginning(STORE, START + 24 * HOUR, FINGERPRINT)
    assert _lines(caplog)[0] == (
        "Detected initial start time in UTC change: {'values_changed': {'root':"
        " {'new_value': DateTime(2023, 1, 6, 0, 0, 0, tzinfo=Timezone('UTC')),"
        " 'old_value': DateTime(2023, 1, 5, 0, 0, 0, tzinfo=Timezone('UTC'))}}}."
        " Setting last run time to 2023-01-06T00:00:00+00:00"
    )


def test_start_written_otherwise_is_the_same(caplog: pytest.LogCaptureFixture) -> None:
    """Instants are compared, not texts."""
    caplog.set_level(logging.INFO, logger="alibaba_cloud")
    host = FakeHost(_document())
    start = {"initial_start_time_in_utc": "2023-01-05T08:00:00.000+08:00"}

    assert _keeper(host, start).load(NOW).shards
    assert _lines(caplog) == []


def test_state_of_another_log_store_begins_again_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its cursors mean nothing here."""
    host = FakeHost(_document())

    position = _keeper(host, {"logstore": "other"}).load(NOW)

    assert position.shards == {}
    assert position.store == "example-project/other"
    assert _lines(caplog, logging.WARNING) == [
        (
            f"The saved state is of Log Store {STORE}: Log Store example-project/other"
            " begins at 2023-01-05T00:00:00+00:00"
        )
    ]


def test_start_in_the_future_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    """An operator who wrote another year than meant is told."""
    host = FakeHost()
    start = {"initial_start_time_in_utc": "2024-01-05T00:00:00Z"}

    _keeper(host, start).load(NOW)

    assert _lines(caplog, logging.WARNING) == [
        (
            "initial_start_time_in_utc is in the future: nothing is read before"
            " 2024-01-05T00:00:00+00:00"
        )
    ]


def test_other_rules_forget_what_was_skipped_and_nothing_else() -> None:
    """The cursor stays; the new fingerprint is saved with the next position."""
    host = FakeHost(_document(**_shard(skip=5)))

    position = _keeper(host, {"query": "* | where a = 1"}).load(NOW)

    assert position.shards[0] == ShardPosition(make_cursor(7), START)
    assert position.fingerprint != FINGERPRINT


def test_damaged_state_stops_the_module() -> None:
    """Nothing is saved over it."""
    host = FakeHost(_document(shards=[1]))

    with pytest.raises(PrePullError):
        _keeper(host).load(NOW)

    assert host.saved == []


def test_position_before_loading_is_a_mistake_of_the_code() -> None:
    """Nobody works with a position that is not there."""
    keeper = _keeper(FakeHost())
    keeper.flush()

    with pytest.raises(RuntimeError, match="no position"):
        _ = keeper.position


def test_noted_position_is_saved_by_a_flush_and_once() -> None:
    """What nothing was sent for does not cost a save of its own."""
    host = FakeHost(_document())
    keeper = _keeper(host)
    position = keeper.load(NOW)
    moved = position.with_shard(1, ShardPosition(make_cursor(9), START))

    keeper.note(moved)
    assert keeper.position is moved
    assert host.saved == []
    keeper.flush()
    keeper.flush()

    assert host.saved == [to_state(moved)]


def test_failed_save_leaves_the_position() -> None:
    """A next pull begins where the state says."""

    class RefusedError(Exception):
        pass

    def refuse(_step: int) -> None:
        raise RefusedError

    host = FakeHost(_document())
    keeper = _keeper(host)
    position = keeper.load(NOW)
    host.after_step = refuse

    with pytest.raises(RefusedError):
        keeper.save(position.with_shard(1, ShardPosition(make_cursor(9), START)))

    assert keeper.position is position


def test_report_says_what_changed_since_the_last(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Keys of the guide at INFO, ours at DEBUG, unchanged ones not at all."""
    caplog.set_level(logging.DEBUG, logger="alibaba_cloud")
    keeper = _keeper(FakeHost(_document()))
    position = keeper.load(NOW)
    one = replace(position.shards[0], time=START + HOUR)
    keeper.save(position.with_shard(0, one))

    keeper.report()
    keeper.report()

    assert [(one.levelname, one.getMessage()[:60]) for one in caplog.records] == [
        ("INFO", "Updating persisted data with {'last_run_datetime': '2023-01-"),
        ("DEBUG", "Updating persisted data with {'shards': {'0': {'cursor': 'Nw"),
    ]


def test_long_values_are_cut_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Lists and texts of any length make a short line."""
    caplog.set_level(logging.DEBUG, logger="alibaba_cloud")
    document = {"ids": [*range(60)], "text": {"inner": "x" * 300}, "few": [1]}

    log_updates({}, document, ("ids",))

    ids, text, few = caplog.messages
    assert ids.endswith("48, 49, 'and 10 more']}")
    assert text.endswith("{'text': {'inner': '300 characters'}}")
    assert few.endswith("{'few': [1]}")


def test_keys_left_empty_are_not_set() -> None:
    """An empty value in YAML is none; false and zero are values."""
    block = {"a": None, "b": 0, "c": False, "d": ""}

    assert really_given(block) == {"b": 0, "c": False, "d": ""}


@pytest.mark.parametrize("text", ["soon", 2023, ""])
def test_start_that_names_no_instant_is_refused(text: Any) -> None:
    """The message names the setting."""
    with pytest.raises(InitVariablesError, match="initial_start_time_in_utc"):
        read_start(text)


def test_no_start_is_none() -> None:
    """Then the definition's default counts."""
    assert read_start(None) is None


@pytest.mark.parametrize(("elapsed_s", "rate"), [(2.0, "1.5"), (0.0, "0.0")])
def test_statistics_are_those_of_the_guide(elapsed_s: float, rate: str) -> None:
    """Word for word, and without a division by zero."""
    line = statistics_line(
        "1.5", requests=7, received=5, duplicates=2, sent=3, elapsed_s=elapsed_s
    )

    assert line == (
        "Statistics for this pull cycle (@devo_pulling_id=1.5):"
        " Number of requests performed: 7; Number of events received: 5;"
        " Number of duplicated events filtered out: 2;"
        " Number of events generated and sent: 3 (from 3 unflattened events);"
        f" Average of events per second: {rate}."
    )


def test_pull_is_named_by_its_start() -> None:
    """With microseconds, also where they are zero."""
    assert pulling_id(START) == "1672876800.000000"
