"""What a puller masks in the events it sends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import (
    SdkObfuscationError,
    SdkPullerAbstractError,
)
from fakes.modules import ScriptedPuller, build

MASK = "****SANITIZED****"
AT = "2023-01-05 01:02:03.000"


def _puller(
    developer: Any, user: Any = None, environment: str | None = None
) -> ScriptedPuller:
    return build(
        type("ScriptedPuller", (ScriptedPuller,), {}),
        definition={"obfuscation_data": developer},
        service_config={"obfuscation_data": user},
        input_config={"environment": environment},
    )


def _sent(puller: Any) -> list[Any]:
    return [
        json.loads(text) for item in puller.output_queue.items for text in item.texts
    ]


def test_entries_of_user_and_definition_are_joined() -> None:
    """A user's entry replaces the one of the same name; the others follow."""
    puller = _puller(
        [{"name": ["a"], "value": "dev"}, {"name": ["b"], "value": "dev"}],
        [{"name": ["b"], "value": "user"}, {"name": ["c"], "value": "user"}],
        "prod",
    )
    event = {"a": "1", "b": "2", "c": "3", "d": "4"}

    puller.send_standard_message(AT, "my.app.x.y", event)

    expected = {"a": "dev", "b": "user", "c": "user", "d": "4"}
    assert _sent(puller) == [{**expected, "@devo_environment": "prod"}]
    assert event == {"a": "1", "b": "2", "c": "3", "d": "4"}


def test_two_entries_of_one_author_for_one_name_both_count() -> None:
    """None of them is lost because the other has the same name."""
    puller = _puller(
        [
            {"name": "card", "string_patterns": ["^(4111)"]},
            {"name": "card", "string_patterns": ["(0489)$"]},
        ]
    )

    puller.send_standard_messages(AT, "my.app.x.y", [{"card": "4111-0489"}])

    assert _sent(puller) == [{"card": f"{MASK}-{MASK}"}]


@pytest.mark.parametrize(
    ("entry", "event", "expected", "reason"),
    [
        ({"name": "a", "value": "X"}, {"a": 7}, {"a": -1}, "0007-1201"),
        ({"name": "a"}, {"a": {"b": 7}}, {"a": MASK}, "0007-1202"),
        ({"name": ["a", "b"]}, {"a": "{b: 7}"}, {"a": MASK}, "0007-1203"),
    ],
    ids=["other type", "container", "text on the way"],
)
def test_value_that_cannot_be_masked_as_asked_is_masked_otherwise(
    entry: dict[str, Any],
    event: dict[str, Any],
    expected: dict[str, Any],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is said once for each name and reason, and counted for each value."""

    def send(puller: ScriptedPuller) -> None:
        puller.send_standard_messages(AT, "my.app.x.y", [event, event, event])
        puller.running_flag = False

    puller = _puller([entry, {"name": "missing"}])
    type(puller).actions = (send,)

    puller.run()

    assert _sent(puller) == [expected] * 3
    assert [reason in line for line in caplog.messages] == [True, False]
    assert "3 value(s) were masked otherwise than asked, 0 event" in caplog.messages[1]


class _Hostile(dict[str, Any]):
    """An event that cannot be looked into."""

    def __getitem__(self, key: str) -> Any:
        del key
        message = "secret"
        raise RuntimeError(message)


def test_event_whose_masking_fails_goes_out_without_its_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its keys and the kind of error are sent; neither value nor message shows."""
    puller = _puller([{"name": "a"}])

    puller.send_standard_messages(AT, "my.app.x.y", [_Hostile(a="secret"), {"a": "b"}])

    assert _sent(puller) == [
        {"a": MASK, "@devo_obfuscation_error": "RuntimeError"},
        {"a": MASK},
    ]
    [line] = caplog.messages
    assert line.endswith("goes out empty: RuntimeError")


def test_text_goes_out_as_it_is_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The contract sends texts verbatim; who relies on masking must learn of it."""
    puller = _puller([{"name": "a"}])

    puller.send_standard_message(AT, "my.app.x.y", '{"a": 1}')
    puller.send_standard_messages(AT, "my.app.x.y", ['{"a": 1}', {"a": 1}])

    assert _sent(puller) == [{"a": 1}, {"a": 1}, {"a": -1}]
    assert [line.startswith("The module sends texts") for line in caplog.messages] == [
        True
    ]


def test_module_may_change_what_is_masked() -> None:
    """`obfuscation_data` is looked at for each page, also when changed in place."""
    puller = _puller(None)
    puller.send_standard_message(AT, "my.app.x.y", {"a": 1})

    puller.obfuscation_data.append({"name": "a"})
    puller.send_standard_message(AT, "my.app.x.y", {"a": 1})

    assert _sent(puller) == [{"a": 1}, {"a": -1}]


def test_entry_of_a_wrong_form_stops_the_module_before_it_sends() -> None:
    """At the start, or when a module sets it: nothing goes out unmasked."""
    with pytest.raises(SdkObfuscationError, match="entry 1 needs a name"):
        _puller(None, [{"nme": ["a"]}])
    puller = _puller(None)

    puller.obfuscation_data = [{"name": 7}]
    with pytest.raises(SdkPullerAbstractError, match="entry 1 needs a name"):
        puller.send_standard_message(AT, "my.app.x.y", {"a": 1})

    assert puller.output_queue.items == []
