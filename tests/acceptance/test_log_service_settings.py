"""What changes when the settings of a Log Store's service change."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from collector_emulators.clock import format_instant
from collector_emulators.faults import Fault
from collector_emulators.log_service.records import read_record
from support.log_store import CLEAN, SERVICE, STORE, Collector, LogStoreStage
from support.quick import run_quickly

OTHER = "actiontrail_other"


def _read(folder: Path, *, pulls: int = 1) -> str:
    ended = run_quickly(folder, pulls=pulls)
    assert ended.code == 0, ended.log
    return ended.log


def _delivered(stage: LogStoreStage) -> Counter[str]:
    """Return how often each event arrived, by its identifier."""
    found = (json.loads(one.message) for one in stage.relay.ledger.entries())
    return Counter(one["eventId"] for one in found)


def test_changed_start_reads_again_and_says_so(
    tmp_path: Path, certificates: Path
) -> None:
    """The lines of the public guide, and everything from the new start on."""
    with LogStoreStage(tmp_path, certificates=certificates, count=60) as stage:
        _read(tmp_path)
        same = _read(tmp_path)
        once = _delivered(stage)
        earlier = format_instant(stage.source.data_clock.seconds() - 2 * 86_400)
        stage.write_config(initial_start_time_in_utc=earlier)

        log = _read(tmp_path)

        assert set(once.values()) == {1}
        assert set(_delivered(stage).values()) == {2}
    assert "Detected initial start time" not in same
    assert "INFO Detected initial start time in UTC change: {'values_changed':" in log
    assert "Updating persisted data with {'initial_start_time_in_utc':" in log
    assert "Updating persisted data with {'last_run_datetime':" in log


def test_another_log_store_begins_at_its_own_start(
    tmp_path: Path, certificates: Path
) -> None:
    """A position of another Log Store is of no use, and never mixed up."""
    with LogStoreStage(tmp_path, certificates=certificates, count=60) as stage:
        stage.add_store(OTHER, shards=3)
        stage.fill(40, store=OTHER)
        _read(tmp_path)
        stage.write_config(logstore=OTHER)

        log = _read(tmp_path)

        both = stage.held() | stage.held(OTHER)
        assert stage.delivered() == {one.sha256 for one in both}
        assert set(_delivered(stage).values()) == {1}
        assert stage.state()["log_store"].endswith(OTHER)
    assert "WARNING The saved state is of Log Store example-project/" in log


def test_changed_query_forgets_what_was_counted_under_another(
    tmp_path: Path, certificates: Path
) -> None:
    """What was sent of an answer is sent again rather than skipped wrongly."""
    with LogStoreStage(
        tmp_path, certificates=certificates, count=60, shards=1, query="eventId"
    ) as stage:
        stuck = Fault("stuck_cursor", options={"type": "log"})
        stage.source.faults.set([stuck])
        run_quickly(tmp_path)
        skip = stage.state()["shards"]["0"]["skip"]
        stage.source.faults.set([])
        stage.write_config(query="eventTime")

        _read(tmp_path)

        result = stage.compare()
        assert skip == 60
        assert (result.lost, result.altered, result.duplicates) == (0, 0, 60)


def test_state_is_shown_by_the_command(tmp_path: Path, certificates: Path) -> None:
    """Position and gaps of a Log Store, for programs and for people."""
    with LogStoreStage(
        tmp_path, certificates=certificates, count=60, ttl_days=1
    ) as stage:
        _read(tmp_path)
        stage.miss(20)
        stage.receive(10)
        _read(tmp_path)

        with stage.spawn("state", "show", "--format", "json") as process:
            out, log = process.communicate(timeout=30)

    assert process.returncode == 0, log
    (shown,) = json.loads(out)
    assert SERVICE in shown["owner"]
    assert "expired" in out
    assert shown["configured"]


def test_several_log_stores_are_read_by_submodules_of_their_own(
    tmp_path: Path, certificates: Path
) -> None:
    """Each has its state, each record arrives once."""
    with LogStoreStage(tmp_path, certificates=certificates, count=60) as stage:
        stage.add_store(OTHER)
        stage.fill(40, store=OTHER)
        stage.write_config(logstore=None, logstores=[STORE, OTHER])

        _read(tmp_path)

        both = stage.held() | stage.held(OTHER)
        assert stage.delivered() == {one.sha256 for one in both}
        assert set(_delivered(stage).values()) == {1}
        stores = [state["log_store"] for state in stage.states()]
    assert sorted(stores) == [f"example-project/{one}" for one in (STORE, OTHER)]


def test_two_collectors_share_the_shards_and_those_to_come(
    tmp_path: Path, certificates: Path
) -> None:
    """Groups 1 of 2 and 2 of 2 read everything once, children of a split included."""
    folders = [tmp_path / "one", tmp_path / "two"]
    with LogStoreStage(tmp_path, certificates=certificates, count=80) as stage:
        for number, folder in enumerate(folders, 1):
            folder.mkdir()
            group = {"number": number, "of": 2}
            stage.write_config(folder, shard_group=group)
        for folder in folders:
            _read(folder)
        stage.split(0)
        stage.receive(30)
        stage.merge(2)
        stage.receive(30)
        for folder in folders:
            _read(folder)

        assert stage.figures() == CLEAN
        shards = [Collector(folder).state()["shards"] for folder in folders]
    assert [sorted(one) for one in shards] == [["0", "2", "4"], ["1", "3"]]


def test_name_of_the_guide_s_page_is_taken_with_a_warning(
    tmp_path: Path, certificates: Path
) -> None:
    """`actiontrail_logservice` is the same service under the same state."""
    with LogStoreStage(tmp_path, certificates=certificates, count=40) as stage:
        stage.write_services({"actiontrail_logservice": stage.settings()})

        code, log = stage.once()
        stage.write_config()
        again, _ = stage.once()

        assert (code, again) == (0, 0), log
        assert stage.figures() == CLEAN
    assert f"this service is called {SERVICE}" in log


_TABLES = {
    "access_log_service": "cloud.alibaba.log_service.access_log",
    "db_log_service": "cloud.alibaba.log_service.db_log",
}


@pytest.mark.parametrize(("service", "table"), _TABLES.items())
def test_other_logs_arrive_whole_in_their_table(
    service: str, table: str, tmp_path: Path, certificates: Path
) -> None:
    """All contents, the reserved fields, and two equal records as two."""
    record: dict[str, Any] = {
        "__time__": 1_700_000_000,
        "__topic__": "log",
        "__source__": "10.0.0.1",
        "__tag__:__receive_time__": "1700000001",
        "status": "200",
        "request": "GET / HTTP/1.1",
    }
    with LogStoreStage(tmp_path, certificates=certificates, count=0) as stage:
        records = [record | {"request": f"GET /{n}"} for n in range(20)]
        stage.append(map(read_record, [*records, record, record]))
        stage.write_services({service: stage.settings()})

        _read(tmp_path)

        stored = [*stage.relay.ledger.entries()]
    found = [json.loads(one.message) for one in stored]
    assert {one.tag for one in stored} == {table}
    assert len(found) == 22
    for wanted in (*records, record):
        count = sum(wanted.items() <= one.items() for one in found)
        assert count == (2 if wanted is record else 1)
