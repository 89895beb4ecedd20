"""The comparison sees every kind of difference."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.comparing import differences
from conformance.model import At, Fixture, Run, Some
from conformance.running import Result, Sent

FIXTURE = Fixture(
    "Puller",
    rows=(),
    tables={
        "a.table": [At("date", "text"), {"a": 1}, re.compile(r"\d+")],
        "b.table": [],
        "some.table": Some({"n": 1}),
    },
    states={"owner": {1: datetime(2023, 1, 5, tzinfo=UTC)}, "none": None},
    telemetry={"local.info": ["said"]},
    log=("first", "second"),
    silent=("never",),
)
WANTED = Run("run", "project", (FIXTURE,))
TOLD = '{"msg": "said", "module_name": "Puller"}'
RESULT = Result(
    0,
    ["the first line", "the second line"],
    [
        Sent("date", "a.table", "text"),
        Sent("", "devo.collectors.out.local.info", TOLD),
        Sent("", "a.table", '{"a": 1}'),
        Sent("", "a.table", "17"),
        Sent("", "some.table", '{"n": 1}'),
        Sent("", "some.table", '{"n": 1}'),
    ],
    [],
    {"owner": {1: datetime(2023, 1, 5, tzinfo=UTC)}},
)


def _sent(number: int, **changes: str) -> list[Sent]:
    sent = [*RESULT.sent]
    sent[number] = sent[number]._replace(**changes)
    return sent


def test_expected_result_has_no_difference() -> None:
    """All fields hold what was expected."""
    assert differences(WANTED, RESULT) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": 1}, "exit code 1"),
        ({"garbage": ["printed"]}, "more than messages"),
        ({"sent": _sent(0, timestamp="other")}, "a.table message 1"),
        ({"sent": _sent(0, content="other")}, "a.table message 1"),
        ({"sent": _sent(2, content='{"a": 2}')}, "a.table message 2"),
        ({"sent": _sent(3, content="17!")}, "a.table message 3"),
        ({"sent": RESULT.sent[1:]}, "a.table has 2"),
        ({"sent": RESULT.sent[:-2]}, "some.table has 0"),
        ({"sent": _sent(5, content='{"n": 2}')}, "some.table message 2"),
        ({"sent": [*RESULT.sent, Sent("", "b.table", "")]}, "b.table has 1"),
        ({"sent": [*RESULT.sent, Sent("", "c.table", "")]}, "unexpected table c.table"),
        ({"sent": [*RESULT.sent[::-1]]}, "a.table message 1"),
        ({"sent": _sent(1, tag="devo.collectors.out.local.error")}, "telemetry"),
        ({"states": {}}, "state of owner"),
        ({"states": {"owner": {1: "2023-01-05T00:00:00+00:00"}}}, "state of owner"),
        ({"states": RESULT.states | {"none": {}}}, "state of none"),
        ({"states": RESULT.states | {"other": {}}}, "unexpected state of other"),
        ({"log": RESULT.log[::-1]}, "no line 'second'"),
        ({"log": [*RESULT.log, "never"]}, "has the line 'never'"),
    ],
)
def test_difference_is_named(changes: dict[str, Any], expected: str) -> None:
    """Whatever it is in."""
    found = differences(WANTED, replace(RESULT, **changes))

    assert any(expected in difference for difference in found), found
