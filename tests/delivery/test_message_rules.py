"""How texts become messages: nothing splits, nothing is dropped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.delivery import messages
from collector_host.delivery.messages import BATCH_BYTES, BATCH_EVENTS, MessageRules
from collector_host.telemetry.counters import Counters
from devocollectorsdk.message.lines import Lines
from fakes.clocks import ManualClock

ODD_TEXTS = st.lists(
    st.one_of(
        st.text(alphabet="abc", max_size=12),
        st.text(alphabet="ab\nü世\U0001f600\ud800\r\0", max_size=12),
        st.text(alphabet=st.characters(), max_size=60),
    ),
    max_size=30,
)


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
        (["x" * (BATCH_BYTES // 2 - 1)] * 3, [2, 1]),
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

    assert [batch.events for batch in batches] == sizes
    assert [m.decode() for batch in batches for m in batch.messages] == texts


@given(
    ODD_TEXTS,
    st.sampled_from([0, 8, 40, 71, 72, 73, 10**6]),
    st.integers(1, 8),
    st.integers(1, 60),
)
def test_page_becomes_the_batches_its_texts_would_become_one_by_one(
    texts: list[str], limit: int, batch_events: int, batch_bytes: int
) -> None:
    """However odd the texts and narrow the limits, the faster way changes nothing."""
    fast, slow = Counters(ManualClock()), Counters(ManualClock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "BATCH_EVENTS", batch_events)
        patch.setattr(messages, "BATCH_BYTES", batch_bytes)

        packed = list(MessageRules(limit, fast).packed(texts))

        assert packed == list(MessageRules(limit, slow).batches(texts))
    assert fast.snapshot().figures == slow.snapshot().figures


def test_usual_page_is_joined_before_it_is_encoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of thousands of texts in ASCII none is looked at by a step of its own."""
    monkeypatch.delattr(MessageRules, "encode")
    texts = [f'{{"number": {number}}}' for number in range(2500)]

    batches = list(_rules().packed(texts))

    assert [batch.events for batch in batches] == [1000, 1000, 500]
    assert [m.decode() for batch in batches for m in batch.messages] == texts


@given(
    st.lists(st.text("ab\U0001f600é", max_size=9), min_size=1, max_size=9),
    st.sampled_from([8, 40, 10**6]),
    st.integers(1, 8),
    st.integers(1, 60),
)
def test_lines_become_the_batches_their_texts_would_become(
    texts: list[str], limit: int, batch_events: int, batch_bytes: int
) -> None:
    """Joined messages are taken as they are only where that changes nothing."""
    encoded = [text.encode() for text in texts]
    lines = Lines(
        "t", "my.app.a.b", b"\n".join(encoded), len(texts), max(map(len, encoded))
    )
    fast, slow = Counters(ManualClock()), Counters(ManualClock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "BATCH_EVENTS", batch_events)
        patch.setattr(messages, "BATCH_BYTES", batch_bytes)

        taken = list(MessageRules(limit, fast).of_lines(lines))

        assert taken == list(MessageRules(limit, slow).batches(texts))
    assert fast.snapshot().figures == slow.snapshot().figures


def test_first_tenth_and_hundredth_cut_event_are_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each of them would flood the log, none would hide it."""
    rules = MessageRules(50, Counters(ManualClock()))

    for _ in range(120):
        rules.encode("x" * 51)
    rules.encode("x" * 50)

    numbers = [record.getMessage().split("number ")[1] for record in caplog.records]
    assert numbers == [f"{n} since the start" for n in (1, 10, 100)]
