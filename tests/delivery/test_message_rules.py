"""How texts become messages: nothing splits, nothing is dropped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.delivery.messages import BATCH_BYTES, BATCH_EVENTS, MessageRules
from collector_host.telemetry.counters import Counters
from fakes.clocks import ManualClock


def _rules(limit: int = 10**6) -> MessageRules:
    return MessageRules(limit, Counters(ManualClock()))


@given(st.text(alphabet=st.characters()))
def test_message_never_holds_a_line_feed(text: str) -> None:
    """Whatever the text, the message is one line of valid UTF-8."""
    message = _rules().encode(text)

    assert b"\n" not in message
    message.decode("utf-8")


@given(st.text(alphabet=st.characters()))
def test_json_text_means_the_same_after_encoding(text: str) -> None:
    """Lone surrogates and line feeds inside JSON come back as they were."""
    event = {"text": text}

    message = _rules().encode(json.dumps(event, ensure_ascii=False))

    assert json.loads(message) == event


def test_event_above_the_limit_is_cut_marked_and_counted() -> None:
    """The marker tells the original size; a character is never cut in half."""
    counters = Counters(ManualClock())
    rules = MessageRules(50, counters)

    message = rules.encode("é" * 100)

    assert message.decode().endswith("é...[truncated, was 200 bytes]")
    assert len(message) <= 50
    assert counters.snapshot()["messages_truncated"] == 1


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        (["x"] * (BATCH_EVENTS + 1), [BATCH_EVENTS, 1]),
        (["x" * (BATCH_BYTES // 2)] * 3, [2, 1]),
        (["a", "x" * (BATCH_BYTES + 1), "b"], [1, 1, 1]),
        ([], []),
    ],
    ids=["events", "bytes", "over-size alone", "empty"],
)
def test_batches_are_bounded_and_keep_the_order(
    texts: list[str], sizes: list[int]
) -> None:
    """A page becomes as few batches as the bounds allow."""
    batches = list(_rules(10**8).batches(texts))

    assert [len(batch) for batch in batches] == sizes
    assert [m.decode() for batch in batches for m in batch] == texts
