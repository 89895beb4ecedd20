"""What the Log Service needs of the parts all emulators share."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from collector_emulators.faults import Fault, FaultPlan
from collector_emulators.http_server import Answer, HttpServer, Request
from collector_emulators.ledger import Call, Ledger, Served, read_ledger

if TYPE_CHECKING:
    from pathlib import Path

CALL = {
    "at": 1.5,
    "data_at": 2.0,
    "region": "r",
    "action": "PullLogs",
    "parameters": {},
    "key_id": "id",
    "verdict": "ok",
}


def test_bound_fault_counts_its_own_calls() -> None:
    """Calls on other subjects neither count nor strike."""
    plan = FaultPlan(lambda _fault: None, ["shard", "type"])
    bound = Fault("a", frozenset({2}), options={"shard": 1, "type": ["log", "cursor"]})
    plan.set([bound, Fault("b", frozenset({5}))])
    subjects = [
        {"shard": "1", "type": "log"},
        {"shard": "2", "type": "log"},
        {"shard": "1", "type": "shards"},
        {"shard": "1", "type": "cursor"},
        {"shard": "1", "type": "log"},
        {},
    ]

    struck = [[fault.kind for fault in plan.draw(s).faults] for s in subjects]

    assert struck == [[], [], [], ["a"], ["b"], []]


def test_chance_of_a_bound_fault_is_replayable() -> None:
    """Calls in between do not change which of its calls a fault strikes at."""

    def strikes(between: int) -> list[bool]:
        plan = FaultPlan(lambda _fault: None, ["type"])
        plan.set([Fault("a", probability=0.5, options={"type": "log"})], seed=3)
        found: list[bool] = []
        for _ in range(40):
            for _ in range(between):
                plan.draw({"type": "shards"})
            found.append(bool(plan.draw({"type": "log"}).faults))
        return found

    assert strikes(0) == strikes(3)
    assert 5 < sum(strikes(0)) < 35


def test_counting_ledger_writes_no_names(tmp_path: Path) -> None:
    """The file has how many events a page held, and goes on counting from there."""
    path = tmp_path / "ledger"
    events = (Served("a", "1"), Served("b", "2"))
    ledger = Ledger(path, count_only=True)

    ledger.record(**CALL, events=events)
    ledger.record(**CALL, event_count=5)
    ledger.record(**CALL, event_count=7, is_spoiled=True)
    ledger.close()

    again = Ledger(path)
    again.close()
    assert [(call.events, call.event_count) for call in read_ledger(path)] == [
        ((), 2),
        ((), 5),
        ((), 7),
    ]
    assert again.summary() == ledger.summary()
    assert (again.summary().served, again.summary().pages) == (7, 2)


def test_line_of_an_older_ledger_is_counted(tmp_path: Path) -> None:
    """A line without a count has as many events as it lists."""
    path = tmp_path / "ledger"
    line = Call(number=1, **CALL, events=(Served("a", "1"),)).to_line()
    path.write_bytes(line.replace(b',"event_count":0', b""))

    ledger = Ledger(path)
    ledger.close()

    assert ledger.summary().served == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a/b?c=%3D&d=1", "/a/b", "c=%3D&d=1"),
        ("http://host.example:80/a/b?c=%3D", "/a/b", "c=%3D"),
        ("http://host.example", "/", ""),
        ("http://host.example?x=1", "/", "x=1"),
        ("https://host.example/a%2Fb", "/a%2Fb", ""),
    ],
)
def test_server_reads_both_forms_of_a_target(
    method: str, target: str, path: str, query: str
) -> None:
    """A client may name the whole address, as to a proxy."""
    seen: list[Request] = []

    def respond(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, b"ok")

    with HttpServer(respond) as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        connection.request(method, target, headers={"Host": "name"})
        assert connection.getresponse().read() == b"ok"
        connection.close()

    (request,) = seen
    assert (request.method, request.path, request.query) == (method, path, query)
    assert request.headers["host"] == "name"
