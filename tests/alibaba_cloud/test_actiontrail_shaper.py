"""The shaper: one event, one line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alibaba_cloud.actiontrail.answers import parse_page
from alibaba_cloud.actiontrail.shaper import Shaper
from alibaba_cloud.statistics import pulling_id

PULL = "1655983326.290848"


def test_pulling_id_is_the_time_of_the_pull_in_seconds() -> None:
    """Six digits below the second, as in the public guide."""
    at = datetime(2022, 6, 23, 11, 22, 6, 290848, tzinfo=UTC)

    assert pulling_id(at) == PULL


def test_event_keeps_its_order_and_gets_two_keys_at_the_end() -> None:
    """The event is compact JSON as it came, followed by pull and environment."""
    line = Shaper(PULL, "prod").shape({"z": 1, "a": {"c": [True, None]}})

    assert line == (
        '{"z":1,"a":{"c":[true,null]},"@devo_pulling_id":"1655983326.290848",'
        '"@devo_environment":"prod"}'
    )


def test_existing_keys_are_never_replaced() -> None:
    """A key of the event that is named like ours stays as it is, where it is."""
    line = Shaper(PULL, None).shape({"@devo_pulling_id": "theirs", "a": 1})

    assert line == '{"@devo_pulling_id":"theirs","a":1}'


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'"\\u4e2d\\u6587"', '"\u4e2d\u6587"'),
        (b"123456789012345678901", "123456789012345678901"),
        (b'"a\\nb\\u0000"', '"a\\nb\\u0000"'),
        (b'"\\ud83d\\ude00"', '"\U0001f600"'),
        (b'"\\ud800x"', '"\\ud800x"'),
        (b"NaN", '"NaN"'),
        (b"-Infinity", '"-Infinity"'),
        (b"1e999", '"1e999"'),
        (b'"\xff"', '"\\udcff"'),
    ],
    ids=[
        "letters-stay-letters",
        "long-integer",
        "control-characters",
        "pair",
        "lone-surrogate",
        "not-a-number",
        "infinity",
        "beyond-a-double",
        "not-utf-8",
    ],
)
def test_odd_values_survive_as_json_in_one_line(raw: bytes, expected: str) -> None:
    """What the page held is in the line, and the line is UTF-8 and plain JSON."""
    page = parse_page(b'{"Events":[%s]}' % raw, 200, with_token=False)

    line = Shaper(PULL, None).shape(page.events[0])

    assert line == expected
    assert b"\n" not in line.encode("utf-8")
    json.loads(line)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_event_reads_back_as_it_was(value: Any) -> None:
    """Reading the line gives the event again."""
    line = Shaper(PULL, None).shape({"value": value})

    line.encode("utf-8")
    assert json.loads(line)["value"] == value
