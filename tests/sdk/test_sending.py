"""What modules send, and what of it reaches the queue."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError
from devocollectorsdk.inputs._module_thread import describe
from devocollectorsdk.message.message import Message, format_timestamp
from devocollectorsdk.message.messages import Messages
from fakes.modules import ScriptedPuller, build

_AT = datetime(2023, 1, 5, 1, 2, 3, 456789, UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (_AT, "2023-01-05 01:02:03.456"),
        (_AT.replace(tzinfo=None), "2023-01-05 01:02:03.456"),
        (1672880523, "2023-01-05 01:02:03.000"),
        (1672880523456, "2023-01-05 01:02:03.456"),
        (1672880523.5, "2023-01-05 01:02:03.500"),
        ("date", "date"),
    ],
    ids=["aware", "naive", "seconds", "milliseconds", "float", "text"],
)
def test_dates_are_written_in_utc(moment: object, text: str) -> None:
    """Every form the contract allows means one instant."""
    assert format_timestamp(moment) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("moment", [True, None, [1]], ids=["bool", "none", "list"])
def test_other_dates_are_refused(moment: object) -> None:
    """What has no meaning as a date is an error, not a guess."""
    with pytest.raises(TypeError, match="a message date is"):
        format_timestamp(moment)  # type: ignore[arg-type]


def test_text_is_sent_as_it_is_and_a_dict_as_json_with_the_environment() -> None:
    """The module's own dict is not changed by sending it."""
    puller = build(ScriptedPuller, input_config={"environment": "prod"})
    event = {"name": "ü"}

    puller.send_standard_messages(_AT, "a.b", ["text", event])

    [messages] = puller.output_queue.items
    assert [m.content for m in messages] == [
        "text",
        '{"name": "ü", "@devo_environment": "prod"}',
    ]
    assert event == {"name": "ü"}


@pytest.mark.parametrize(
    "contents", [["a", "b"], [{"n": 1}, "b"]], ids=["texts", "dict"]
)
def test_page_is_queued_as_one_item_without_a_message_for_each(
    contents: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Table and date are checked and written once; the page may be a generator."""
    puller = build(ScriptedPuller)
    monkeypatch.delattr(Message, "__init__")

    puller.send_standard_messages(_AT, "a.b", (content for content in contents))

    [item] = puller.output_queue.items
    assert isinstance(item, Messages)
    assert (item.timestamp, item.tag) == ("2023-01-05 01:02:03.456", "a.b")
    assert item.texts == tuple(
        text if isinstance(text, str) else json.dumps(text) for text in contents
    )
    assert len(item) == 2


@pytest.mark.parametrize(
    ("method", "content", "sub_code"),
    [
        ("send_standard_message", 7, "0050-200"),
        ("send_standard_messages", ["ok", 7], "0050-250"),
    ],
)
def test_wrong_type_is_an_error_that_the_host_learns_of(
    method: str, content: object, sub_code: str
) -> None:
    """Nothing of the call is queued, and the host learns of it."""
    puller = build(ScriptedPuller)

    with pytest.raises(SdkPullerAbstractError, match=sub_code):
        getattr(puller, method)(_AT, "a.b", content)

    assert puller.output_queue.items == []
    assert puller.output_queue.unsent == ["a message is text or a dict, not int"]


@pytest.mark.parametrize("tag", ["", "x" * 1025], ids=["empty", "too long"])
def test_tag_outside_its_bounds_is_refused(tag: str) -> None:
    """A tag has 1 to 1,024 characters."""
    with pytest.raises(ValueError, match="a tag has 1 to 1024 characters"):
        Message(_AT, tag, "x")
    with pytest.raises(ValueError, match="a tag has 1 to 1024 characters"):
        Messages(_AT, tag, ["x"])


@pytest.mark.parametrize(
    ("date", "tag"), [(None, "a.b"), (_AT, 7)], ids=["date", "tag"]
)
def test_wrong_date_or_tag_of_a_page_is_an_error_that_the_host_learns_of(
    date: Any, tag: Any
) -> None:
    """What is checked once for all texts is checked."""
    puller = build(ScriptedPuller)

    with pytest.raises(SdkPullerAbstractError, match="0050-250"):
        puller.send_standard_messages(date, tag, ["x"])

    assert puller.output_queue.items == []
    assert len(puller.output_queue.unsent) == 1


def test_log_helper_writes_a_line_and_a_telemetry_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Both carry the text; below the level neither is made."""
    caplog.set_level("INFO")
    puller = build(ScriptedPuller)

    puller.log_info("hello")
    puller.log_debug("not seen")

    assert caplog.messages == ["hello"]
    [message] = puller.internal_queue.items
    assert message.tag == "devo.collectors.out.local.info"
    assert message.is_internal
    assert '"msg": "hello"' in message.content


def test_place_of_an_error_is_the_modules_own() -> None:
    """Where it gave something wrong, not where this package found out."""
    puller = build(ScriptedPuller)

    with pytest.raises(SdkPullerAbstractError) as caught:
        puller.send_standard_message("date", "a.b", 7)

    assert describe(caught.value)["file"] == __file__
    assert describe(ValueError("of nowhere"))["file"] is None
