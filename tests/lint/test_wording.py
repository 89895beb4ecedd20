"""Hints say how to mend, not what the schema says in general."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from collector_lint.loader import parse
from collector_lint.odd_characters import oddness
from collector_lint.schema.forms import is_instant
from collector_lint.schemas import load_schemas
from collector_lint.wording_instants import instant_words

if TYPE_CHECKING:
    from pathlib import Path

URN = "urn:x:schema:s:1"


def _check(folder: Path, schema: dict[str, Any], text: str) -> list[str]:
    file = folder / "s.json"
    file.write_text(json.dumps({"$id": URN, **schema}))
    schemas, findings = load_schemas([file])
    assert findings == ()
    document, mistakes = parse(text.encode(), "c.yaml")
    assert document is not None
    assert mistakes == ()
    found = schemas.check(document, URN)
    return [str(finding).removeprefix("c.yaml:") for finding in found]


def _value(**rules: Any) -> dict[str, Any]:
    return {"properties": {"a": {"description": "What it is.", **rules}}}


REGIONS = {"type": "string", "pattern": "^[a-z]+-[a-z]+$"}
MENDS = {
    "number in quotes": (_value(type="integer"), "a: '443'", "write it without quotes"),
    "text for a number": (_value(type="integer"), "a: x", "What it is."),
    "truth in quotes": (_value(type="boolean"), "a: 'No'", "write true or false, with"),
    "text": (_value(type="string"), "a: 1", "write it in quotes"),
    "text of a form": (_value(type="string", pattern="^[a-z]+$"), "a: 1", "What it is"),
    "text of a list": (_value(type="string", enum=["x"]), "a: 1", "What it is."),
    "digits of a list": (_value(type="string", enum=["1"]), "a: 1", "write it in quo"),
    "truth as text": (_value(type="string", pattern="^no$"), "a: no", "write it in q"),
    "instant": (_value(type="string", format="date-time"), "a: 1", 'write "YYYY-MM'),
    "one entry": (_value(type="array"), "a: x", "write a list, also of one entry"),
    "dash": (_value(type="array"), "a:\n  -x\n  -y", "write a blank behind the dash"),
    "colon": (
        _value(type="object"),
        "a:\n  bb:c\n  dd:e",
        "write a blank behind the col",
    ),
    "letter": (_value(**REGIONS), "a: \u0441n-hangzhou", "its character 1 is a cyrill"),
    "blank": (_value(**REGIONS), "a: 'cn-hangzhou '", "it ends with a blank"),
    "line feed": (_value(enum=["x"]), "a: |\n  x\n", "it ends with a line feed"),
    "secret": (_value(writeOnly=True, **REGIONS), "a: '\u0441 '", "What it is."),
}


@pytest.mark.parametrize(("schema", "text", "mend"), MENDS.values(), ids=MENDS)
def test_hint_says_how_to_mend(
    tmp_path: Path, schema: dict[str, Any], text: str, mend: str
) -> None:
    """Where the mend is sure it is said, otherwise what the schema says."""
    (found,) = _check(tmp_path, schema, text)

    assert f"({mend}" in found


INSTANTS = {
    "": "it is empty",
    "2026-11-05": "the time of day is missing",
    "2026-11-05T00:00": "the seconds are missing",
    "2026-11-05T00:00Z": "the seconds are missing",
    "2026-11-05 00:00:00Z": "a T is missing between date and time",
    "2026-11-05T00:00:00": "the time zone is missing: Z for UTC, or +HH:MM",
    "2026-11-05T00:00:00 Z": "a blank stands behind the time",
    "2026-11-05T00:00:00UTC": "the time zone must be Z or +HH:MM",
    "2026-11-05T00:00:00+0100": "the time zone must be Z or +HH:MM",
    "2026-11-05T00:00:00.1234567Z": "more than six digits of a second",
    "2026-02-30T00:00:00Z": "that month has no such day",
    "2026-13-01T00:00:00Z": "there is no month 13",
    "2026-11-05T24:00:00Z": "there is no such time of day",
    "2026-1-5": "month, day and hour need two digits each",
    "2026/11/05": "year, month and day need - between them",
    "05/11/2026": "the year must come first, then month and day",
    "1767225600": "a count of seconds is no instant",
    "now": "a word is no instant",
    "2026-11-05T00:00:00Z ": "it ends with a blank",
    "P1D": "it does not have the form of an instant",
}


@pytest.mark.parametrize(("text", "words"), INSTANTS.items(), ids=INSTANTS)
def test_what_is_wrong_in_an_instant_is_said(text: str, words: str) -> None:
    """Without the text itself, and with an example that never gets too old."""
    assert not is_instant(text)
    assert instant_words(text) == words


CHOICE = {
    "oneOf": [{"required": ["region"]}, {"required": ["regions"]}],
    "properties": {"region": {}, "regions": {}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x: 1", "1:1: ST102 missing key region or regions (give one)"),
        ("region: a\nregions: b", "2:1: ST107 region and regions are given, but only"),
        ("[]", "1:1: ST107 fits more than one of the forms allowed; give only one"),
    ],
)
def test_alternatives_are_named(tmp_path: Path, text: str, expected: str) -> None:
    """Both where neither is given and where both are."""
    (found,) = _check(tmp_path, CHOICE, text)

    assert found.startswith(expected)


def test_key_of_an_enumeration_is_an_unknown_key(tmp_path: Path) -> None:
    """It is not told as a value that must be another one."""
    schema = {"propertyNames": {"enum": ["directory_name"]}}

    assert _check(tmp_path, schema, "directory: x") == [
        "1:1: ST101 unknown key directory; did you mean directory_name?"
    ]


def test_second_of_equal_entries_is_pointed_at(tmp_path: Path) -> None:
    """The first is right; each further one has its own place."""
    found = _check(tmp_path, _value(uniqueItems=True), "a: [x, y, x, x]")

    assert [each.split(" (")[0] for each in found] == [
        f"1:{column}: ST105 the entry is the same as number 1 of the list"
        for column in (11, 14)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [(" a", "it begins with a blank"), ("abc", ""), ("", "")],
)
def test_only_odd_characters_are_told(text: str, words: str) -> None:
    """Nothing is said of a text of ordinary characters."""
    assert oddness(text) == words
