"""JSON files become plain data with places; mistakes become findings."""

from __future__ import annotations

import json

import pytest

from collector_lint.document import Position
from collector_lint.loader import parse


def test_json_data_is_what_the_json_module_says() -> None:
    """Escapes, nesting and numbers are the json module's; timestamps are text."""
    text = '{\t"a\\u00e9\\/": [1, -2.5e3, true, null, "2023-01-05"], "b": {"c": {}}}'

    document, findings = parse(text.encode(), "c.json")

    assert findings == ()
    assert document is not None
    assert document.data == json.loads(text)


def test_json_places_are_found() -> None:
    """Keys and values of nested lists and mappings have their places."""
    text = '{\n  "a": [1, {"b": "x"}],\n  "c:,{": {}\n}'

    document, _ = parse(text.encode(), "c.json")

    assert document is not None
    assert document.keys == {
        ("a",): Position(2, 3),
        ("a", 1, "b"): Position(2, 13),
        ("c:,{",): Position(3, 3),
    }
    assert document.values == {
        (): Position(1, 1),
        ("a",): Position(2, 8),
        ("a", 0): Position(2, 9),
        ("a", 1): Position(2, 12),
        ("a", 1, "b"): Position(2, 18),
        ("c:,{",): Position(3, 11),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "a": 2}', "1:10: SY005 the key is given twice (remove one of them)"),
        ('{"a" 1}', "1:5: SY003 a colon is missing behind the key"),
        ("{'a': 1}", "1:2: SY003 an apostrophe (U+0027) is no quote of JSON"),
        ("", "1:1: SY003 the file is empty"),
        ('{"a": NaN}', "1:7: SY010 not a finite number"),
        ('{"a": 1e999}', "1:7: SY010 not a finite number"),
        ('{"a": ' + "7" * 5000 + "}", "1:7: SY010 a number longer than 100 characters"),
        ('{"a": "\\ud800"}', "1:7: SY010 the text holds a control character or half"),
        ("[" * 51, "1:51: SY004 nested more than 50 levels deep"),
        ("[" + "1," * 60_000, "1:100000: SY004 more than 50000 values"),
        ('"abc', "1:1: SY003 the quote that opens here is not closed"),
        ("1 2", "1:3: SY003 the data ended before this"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_json_mistakes_are_located(text: str, expected: str) -> None:
    """Every mistake names its place, its code and a reason."""
    _, findings = parse(text.encode(), "c.json")

    (found,) = [str(finding).removeprefix("c.json:") for finding in findings]
    assert found.startswith(expected)
