"""Masking as modules may ask for it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from devocollectorsdk.commons.collector_exceptions import SdkObfuscationError
from devocollectorsdk.commons.obfuscation_utils import ObfuscationUtils

MASK = "****SANITIZED****"


def _event() -> dict[str, Any]:
    return {
        "user": {"name": "ann", "age": 7, "admin": True, "score": 1.5, "note": None},
        "cards": [{"number": "4111-1111-0489"}, {"number": "5500-2222-0001"}],
        "tags": ["a", "b"],
        "id": "x1",
    }


@pytest.mark.parametrize(
    ("entry", "path", "expected"),
    [
        ({"name": ["user", "name"]}, ("user", "name"), MASK),
        ({"name": ["user", "age"]}, ("user", "age"), -1),
        ({"name": ["user", "admin"]}, ("user", "admin"), False),
        ({"name": ["user", "score"]}, ("user", "score"), -1.0),
        ({"name": ["user", "note"]}, ("user", "note"), None),
        ({"name": ["user", "name"], "value": "X"}, ("user", "name"), "X"),
        ({"name": "id"}, ("id",), MASK),
        ({"name": ["tags", "*"]}, ("tags",), [MASK, MASK]),
        ({"name": ["tags", 1]}, ("tags",), ["a", MASK]),
        ({"name": ["tags", "1"]}, ("tags",), ["a", MASK]),
        ({"name": ["cards", "*", "number"]}, ("cards",), [{"number": MASK}] * 2),
        ({"name": ["cards", "number"]}, ("cards",), [{"number": MASK}] * 2),
        (
            {"name": ["cards", "*", "number"], "string_patterns": ["^(4111-1111)-.*$"]},
            ("cards",),
            [{"number": f"{MASK}-0489"}, {"number": "5500-2222-0001"}],
        ),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_values_are_masked_where_the_name_leads(
    entry: dict[str, Any], path: tuple[Any, ...], expected: object
) -> None:
    """The rest of the data is as it was, and so is the caller's."""
    event = _event()

    masked = ObfuscationUtils.process_json(event, [entry])

    assert event == _event()
    found, rest, original = masked, masked, _event()
    for key in path:
        found = found[key]
    for key in path[:-1]:
        rest, original = rest[key], original[key]
    assert found == expected
    assert type(found) is type(expected)
    rest[path[-1]] = original[path[-1]] = None
    assert masked.keys() == event.keys()
    assert rest == original


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        (["^john_(.*)$"], "john_smith", "john_#"),
        (["^john_(.*)$"], "mary", "mary"),
        (["secret"], "a secret, a secret", "a #, a #"),
        (["(a)(b)", "(bc)"], "abcd", "##d"),
        (["(a.)(z)?", "x"], "axy", "#y"),
        (["x(y)|z"], "xy z", "x# #"),
        (["(q*)"], "abc", "abc"),
    ],
    ids=["group", "no fit", "no groups", "several", "inside", "alternative", "empty"],
)
def test_groups_of_patterns_are_masked_and_the_rest_stays(
    patterns: list[str], text: str, expected: str
) -> None:
    """Where no group takes part in a match, all of the match is masked."""
    entry = {"name": ["n"], "string_patterns": patterns, "value": "#"}

    assert ObfuscationUtils.process_json({"n": text}, [entry]) == {"n": expected}


def test_overlapping_groups_hide_all_they_cover() -> None:
    """Nothing of a wider group shows behind a narrower one."""
    entry = {"name": "n", "string_patterns": ["(ab)c", "(b(cd))"], "value": "#"}

    assert ObfuscationUtils.process_json({"n": "abcde"}, [entry]) == {"n": "#e"}


def test_custom_masks_are_for_one_call_alone() -> None:
    """The masks of a configuration never show up in what is masked later."""
    keys = [{"name": ["user", "*"]}]
    custom = {"boolean": True, "string": "S", "integer": 0, "float": 0.5}
    custom_pattern = {"name": "id", "string_patterns": ["x"]}

    masked = ObfuscationUtils.process_json(
        _event(), [*keys, custom_pattern], custom_mask_values=custom
    )

    user = {"name": "S", "age": 0, "admin": True, "score": 0.5, "note": None}
    assert (masked["user"], masked["id"]) == (user, "S1")
    again = ObfuscationUtils.process_json(_event(), keys)["user"]
    assert again == {
        "name": MASK, "age": -1, "admin": False, "score": -1.0, "note": None,
    }  # fmt: skip


def test_replacement_is_not_shared_between_results() -> None:
    """Who changes a result changes no other."""
    entries = [{"name": ["user"], "value": {"hidden": []}}]
    first = ObfuscationUtils.process_json(_event(), entries)

    first["user"]["hidden"].append("x")

    second = ObfuscationUtils.process_json(_event(), entries)
    assert second["user"] == {"hidden": []}


def test_text_is_read_and_text_is_given() -> None:
    """JSON text in, JSON text out, without escapes beyond need."""
    text = ObfuscationUtils.process_json('{"a": 1, "b": "ü"}', [{"name": "a"}], True)  # noqa: FBT003

    assert text == '{"a": -1, "b": "ü"}'


@pytest.mark.parametrize(
    ("data", "entries", "sub_code"),
    [
        ({"a": 1}, [{"name": "a", "value": "X"}], 1201),
        ({"a": True}, [{"name": "a", "value": 1}], 1201),
        ({"a": {"b": 1}}, [{"name": "a"}], 1202),
        ({"a": 1}, [{"name": "a", "string_patterns": ["("]}], 1202),
        ({"a": 1}, [{"name": "a", "string_patterns": 7}], 1202),
        ({"a": 1}, [{"value": 1}], 1203),
        ({"a": 1}, [{"name": []}], 1203),
        ({"a": 1}, [{"name": [None]}], 1203),
        ({"a": 1}, ["a"], 1203),
        ("{secret", [], 1205),
    ],
)
def test_what_cannot_be_done_is_an_error(
    data: Any, entries: list[Any], sub_code: int
) -> None:
    """The error names the case and never the value."""
    with pytest.raises(SdkObfuscationError, match=f"CODE:0007-{sub_code}") as error:
        ObfuscationUtils.process_json(data, entries)

    assert "secret" not in str(error.value)


def test_types_are_not_compared_when_that_is_not_wanted() -> None:
    """Then any replacement takes any value's place."""
    keys = [{"name": "a", "value": "X"}]

    masked = ObfuscationUtils.process_json({"a": 1}, keys, check_types=False)

    assert masked == {"a": "X"}


def test_missing_name_leaves_no_other_unmasked() -> None:
    """There is nothing to mask at the first, and the second is masked."""
    data = {"a": "secret", "n": None}
    keys = [{"name": ["n", "b"]}, {"name": ["x", "*", "y"]}, {"name": "a"}]

    assert ObfuscationUtils.process_json(data, keys) == {"a": MASK, "n": None}


def test_text_on_the_way_is_masked_whole() -> None:
    """It may be the JSON of what the name means to reach."""
    data = {"request": '{"password": "secret"}'}
    before = copy.deepcopy(data)

    masked = ObfuscationUtils.process_json(data, [{"name": ["request", "password"]}])

    assert masked == {"request": MASK}
    assert data == before
