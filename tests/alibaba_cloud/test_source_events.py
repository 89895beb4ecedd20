"""Odd, giant and crowded events: each delivered once and unchanged, none in the way."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.exact import DEPTH_MAX, Exact
from collector_emulators.faults import Fault
from collector_host.delivery.messages import MessageRules
from collector_host.telemetry.counters import Counters
from fakes.actiontrail import START, event
from fakes.clocks import ManualClock
from support.mutants import source as mutants
from support.source import Collector, source_emulator, trail

if TYPE_CHECKING:
    from collections.abc import Callable

TIME = "2023-01-05T00:10:00Z"
MEBIBYTE = 1024 * 1024


def _as_event(fields: str) -> str:
    return f'{{"eventId":"ODD","eventTime":"{TIME}",{fields}}}'


def _deep(levels: int) -> str:
    return '{"a":[' * levels + "1" + "]}" * levels


RAW = {
    "nul": _as_event('"x":"\\u0000 \\u0000"'),
    "lone surrogates": _as_event('"x":"\\ud800 \\udfff","\\udead":1'),
    "pair": _as_event('"x":"\\ud83d\\ude00"'),
    "emoji and separators": _as_event('"x":"\U0001f469\u200d\U0001f680 \u2028\x7f"'),
    "line feeds": _as_event('"x":"a\\nb\\r\\nc\\td"'),
    "large integers": _as_event('"x":[18446744073709551616,-9223372036854775809]'),
    "exponents": _as_event('"x":[1e5,1E-7,-0.0,1.5e300,0.1]'),
    "no id": f'{{"eventTime":"{TIME}","x":1}}',
    "id of another type": f'{{"eventId":17,"eventTime":"{TIME}"}}',
    "empty id": f'{{"eventId":"","eventTime":"{TIME}"}}',
    "id with odd text": f'{{"eventId":"\\ud800\\u0000\\n","eventTime":"{TIME}"}}',
    "no time": '{"eventId":"ODD"}',
    "time that is none": '{"eventId":"ODD","eventTime":"yesterday"}',
    "time before all time": '{"eventId":"ODD","eventTime":"0001-01-01T00:00:00+14:00"}',
    "time after all time": '{"eventId":"ODD","eventTime":"9999-12-31T23:59:59-14:00"}',
    "time in the future": '{"eventId":"ODD","eventTime":"2031-01-01T00:00:00Z"}',
    "time of another type": '{"eventId":"ODD","eventTime":{"at":1}}',
    "pascal case": f'{{"EventId":"ODD","EventTime":"{TIME}"}}',
    "our keys": _as_event('"@devo_pulling_id":"theirs"'),
    "keys that differ by case": _as_event('"userClientIp":1,"UserClientIp":2'),
    "empty object": "{}",
    **{f"no object {raw}": raw for raw in ("null", "true", "42", '"text"', "[[1],{}]")},
}
TEXTS = {
    "not a number": (_as_event('"x":[NaN,-Infinity]'), {"x": ["NaN", "-Infinity"]}),
    "beyond a float": (_as_event('"x":1e999'), {"x": "1e999"}),
    "more exact than a float": (_as_event('"x":0.12345678901234567890'), {}),
    "many digits": (_as_event(f'"x":{"9" * 5000}'), {"x": "9" * 5000}),
    "key twice": (_as_event('"x":{"k":1,"k":2}'), {"x": '{"k":1,"k":2}'}),
    "deeper than bearable": (_as_event(f'"x":{_deep(60)}'), {}),
    "deeper than Python recurses": (_as_event(f'"x":{_deep(5000)}'), {}),
}


def _collected(*raw: str) -> Collector:
    """Deliver the trail with raw events on one of its pages."""
    faults = [
        Fault("raw_event", at_calls=frozenset({3}), options={"json": one})
        for one in raw
    ]
    with source_emulator() as emulator:
        emulator.load(trail())
        emulator.faults.set(faults)
        collector = Collector(emulator)
        collector.run()
    return collector


def _odd_ones(collector: Collector) -> list[Any]:
    usual = {one["eventId"] for one in trail()}
    odd = [
        one
        for one in map(json.loads, collector.texts)
        if not (isinstance(one, dict) and one.get("eventId") in usual)
    ]
    assert len(collector.texts) - len(odd) == len(usual)
    return odd


def _ours(found: Any, raw: Any) -> Any:
    """Return a delivered event without what the collector added to it."""
    if not isinstance(found, dict):
        return found
    return {
        name: one
        for name, one in found.items()
        if name in raw or not name.startswith("@devo_")
    }


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_odd_event_is_delivered_as_it_is(raw: str) -> None:
    """Once, unchanged, beside all others; and a pull is never in trouble for it."""
    collector = _collected(raw)

    [found] = _odd_ones(collector)
    expected = json.loads(raw)
    assert _ours(found, expected) == expected
    assert collector.completed == 2
    assert not collector.passed(trail())


@pytest.mark.parametrize(("raw", "expected"), TEXTS.values(), ids=TEXTS)
def test_value_that_json_cannot_carry_is_delivered_as_text_and_said(
    raw: str, expected: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is rounded, dropped or refused; one warning names page and reason."""
    collector = _collected(raw)

    [found] = _odd_ones(collector)
    assert found["eventId"] == "ODD"
    assert expected.items() <= found.items()
    assert _written_out(found["x"]) == raw.partition('"x":')[2][:-1]
    warnings = [line for line in caplog.messages if "delivered as text" in line]
    assert len(warnings) == 1
    assert ", request " in warnings[0]


def _written_out(value: Any) -> str:
    """Return JSON as it was before deep values became texts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{','.join(map(_written_out, value))}]"
    if isinstance(value, dict):
        fields = (f'"{key}":{_written_out(one)}' for key, one in value.items())
        return f"{{{','.join(fields)}}}"
    return json.dumps(value)


def test_event_too_large_for_one_message_is_cut_marked_and_counted() -> None:
    """One megabyte fits; what does not is cut where it is not seen as whole."""
    giant, larger = "g" * 1_000_000, "\U0001f600" * 300_000
    collector = _collected(_as_event(f'"x":"{giant}"'), _as_event(f'"x":"{larger}"'))
    counters = Counters(ManualClock())
    rules = MessageRules(MEBIBYTE, counters)

    batches = rules.batches(collector.texts)
    lines = [line for batch in batches for line in batch.messages]

    assert [one["x"] for one in _odd_ones(collector)] == [larger, giant]
    cut = [line for line in lines if line.endswith(b" bytes]")]
    assert len(cut) == 1
    assert len(cut[0]) <= MEBIBYTE
    assert len(lines) == len(trail()) + 2
    assert counters.snapshot()["messages_truncated"] == 1


def test_five_thousand_events_in_one_second_arrive_once() -> None:
    """A hundred pages of one second, some refused on the way."""
    second = START + timedelta(minutes=20)
    held = [event(n, second) for n in range(5000)]
    with source_emulator() as emulator:
        emulator.load(held)
        calls = frozenset({40})
        code = {"code": "InvalidQueryParameter"}
        emulator.faults.set([Fault("error", at_calls=calls, options=code)])
        collector = Collector(emulator)

        collector.run()

    assert Counter(collector.ids()) == {one["eventId"]: 1 for one in held}
    assert not collector.passed(held)


@pytest.mark.parametrize("back", [1, 25, 49])
def test_pages_that_overlap_cause_no_duplicate(back: int) -> None:
    """The service may give the end of a page again, at every page."""
    with source_emulator() as emulator:
        emulator.load(trail())
        emulator.faults.set([Fault("duplicate_events", options={"events": back})])
        collector = Collector(emulator)

        collector.run()

    assert Counter(collector.ids()) == {one["eventId"]: 1 for one in trail()}


def test_same_id_with_other_content_is_delivered() -> None:
    """An identifier alone never costs an event."""
    twin = json.dumps({**trail()[0], "eventName": "Other"})

    collector = _collected(twin)

    assert Counter(collector.ids())[trail()[0]["eventId"]] == 2


_MUTANTS: list[tuple[Callable[..., None], str]] = [
    (mutants.json_as_python_reads_it, TEXTS["key twice"][0]),
    (mutants.json_as_python_reads_it, TEXTS["more exact than a float"][0]),
    (mutants.depth_is_not_bounded, TEXTS["deeper than Python recurses"][0]),
    (mutants.surrogates_are_replaced, RAW["lone surrogates"]),
]


@pytest.mark.parametrize(("mutant", "raw"), _MUTANTS)
def test_taking_a_mechanism_out_changes_or_holds_up_events(
    mutant: Callable[..., None], raw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables above would find a silent change, or a page that is asked for ever."""
    expected = Exact().parse(raw)
    mutant(monkeypatch.setattr)
    always = Fault("raw_event", options={"json": raw})
    with source_emulator() as emulator:
        emulator.load(trail())
        emulator.faults.set([always])
        collector = Collector(emulator)
        collector.run(hours=0.2)

    found = [one for one in collector.events() if one.get("eventId") == "ODD"]
    assert collector.completed == 0 or expected not in found


@pytest.mark.parametrize("levels", [DEPTH_MAX - 4, DEPTH_MAX - 2, DEPTH_MAX, 400, 990])
def test_depth_around_the_bounds_never_holds_a_page_up(levels: int) -> None:
    """Neither our bound nor Python's is a cliff."""
    collector = _collected(_as_event(f'"x":{"[" * levels}1{"]" * levels}'))

    [found] = _odd_ones(collector)
    assert found["eventId"] == "ODD"
    assert collector.completed == 2
