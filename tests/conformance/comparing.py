"""Holds what a run left behind against what was expected; knows no processes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.model import At, Some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model import Fixture, Run
    from conformance.running import Result, Sent

_INTERNAL = ("devo.collectors.out.", "devo.collector.metric.")
_SHOWN = 400


def differences(wanted: Run, result: Result) -> list[str]:
    """Return every difference, each with the module or the run it is of."""
    return [*_of_run(wanted, result)] + [
        f"{fixture.puller}: {difference}"
        for fixture in wanted.fixtures
        for difference in _of_fixture(fixture, result)
    ]


def _of_run(wanted: Run, result: Result) -> Iterator[str]:
    if result.code != wanted.code:
        yield f"exit code {result.code}, expected {wanted.code}"
    if result.garbage:
        yield f"stdout has more than messages: {result.garbage[:5]}"
    expected = {table for each in wanted.fixtures for table in each.tables}
    tables = {one.tag for one in result.sent if not one.tag.startswith(_INTERNAL)}
    yield from (f"unexpected table {tag}" for tag in sorted(tables - expected))
    owners = {owner for each in wanted.fixtures for owner in each.states}
    yield from (
        f"unexpected state of {owner}: {state}"
        for owner, state in result.states.items()
        if owner not in owners
    )


def _of_fixture(fixture: Fixture, result: Result) -> Iterator[str]:
    for table, contents in fixture.tables.items():
        sent = [one for one in result.sent if one.tag == table]
        yield from _of_table(table, contents, sent)
    for owner, state in fixture.states.items():
        found = result.states.get(owner)
        # Not `==` alone: a key 1 and a key "1", a date and its text are not the same.
        if repr(found) != repr(state):
            yield f"state of {owner} is {found}, expected {state}"
    yield from _of_telemetry(fixture, result)
    yield from _of_log(fixture, result.log)


def _of_table(
    table: str, contents: Sequence[Any] | Some, sent: list[Sent]
) -> Iterator[str]:
    if isinstance(contents, Some):
        contents = [contents.content] * max(len(sent), 1)
    if len(sent) != len(contents):
        yield f"{table} has {len(sent)} message(s), expected {len(contents)}"
    for number, (expected, one) in enumerate(zip(contents, sent, strict=False), 1):
        if not _same(expected, one):
            yield _short(f"{table} message {number}: {one}, expected {expected}")


def _same(expected: Any, one: Sent) -> bool:
    match expected:
        case At(timestamp=timestamp, content=content):
            return one.timestamp == timestamp and _same(content, one)
        case re.Pattern():
            return expected.fullmatch(one.content) is not None
        case str():
            return one.content == expected
        case _:
            return _data(one.content) == expected


def _data(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _of_telemetry(fixture: Fixture, result: Result) -> Iterator[str]:
    if not fixture.telemetry:
        return
    found: dict[str, list[Any]] = {}
    for one in result.sent:
        fields = _data(one.content) if one.tag.startswith(_INTERNAL) else None
        if isinstance(fields, dict) and fields.get("module_name") == fixture.puller:
            level = one.tag.removeprefix("devo.collectors.out.")
            found.setdefault(level, []).append(fields["msg"])
    expected = {level: list(texts) for level, texts in fixture.telemetry.items()}
    if found != expected:
        yield f"telemetry is {found}, expected {expected}"


def _of_log(fixture: Fixture, log: list[str]) -> Iterator[str]:
    lines = iter(log)
    for pattern in fixture.log:
        if not any(re.search(pattern, line) for line in lines):
            yield f"the log has no line {pattern!r} behind the one before it"
            return
    for pattern in fixture.silent:
        if found := [line for line in log if re.search(pattern, line)]:
            yield f"the log has the line {found[0]!r}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
