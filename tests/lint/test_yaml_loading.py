"""YAML files become plain data with places; mistakes become findings."""

from __future__ import annotations

import pytest

from collector_lint.document import Position
from collector_lint.loader import parse


def _data(text: str) -> object:
    document, findings = parse(text.encode(), "c.yaml")
    assert findings == ()
    assert document is not None
    return document.data


def _found(data: bytes) -> list[str]:
    _, findings = parse(data, "c.yaml")
    return [str(finding).removeprefix("c.yaml:") for finding in findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023-01-05T00:00:00Z", "2023-01-05T00:00:00Z"),
        ("2023-01-05", "2023-01-05"),
        ("no", False),
        ("on", True),
        ("012", 10),
        ("1:30", 90),
        ("0x1F", 31),
        ("1e3", "1e3"),
        ("1.5e+3", 1500.0),
        ("~", None),
        ("", None),
        ("=", "="),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)
def test_scalars_follow_pyyaml_but_timestamps_stay_text(
    text: str, value: object
) -> None:
    """Values are what the SDK's loader makes of them: YAML 1.1 without timestamps."""
    assert _data(f"a: {text}\n") == {"a": value}


def test_aliases_and_merges_are_written_out_as_separate_copies() -> None:
    """A merged mapping keeps its own keys first, and nothing is shared."""
    data = _data("base: &b {x: 1, y: [2]}\none: {<<: *b, x: 3}\ntwo: {<<: [*b]}\n")

    assert data == {
        "base": {"x": 1, "y": [2]},
        "one": {"x": 3, "y": [2]},
        "two": {"x": 1, "y": [2]},
    }
    assert isinstance(data, dict)
    assert data["base"]["y"] is not data["one"]["y"]


def test_document_knows_the_place_of_keys_and_values() -> None:
    """Places count lines and characters from 1; unknown paths fall back upwards."""
    document, _ = parse("é: 1\nlist:\n  - ü: [ä, b]\n".encode(), "c.yaml")

    assert document is not None
    assert document.position(("list", 0, "ü"), at_key=True) == Position(3, 5)
    assert document.position(("list", 0, "ü", 1)) == Position(3, 12)
    assert document.position(("list", 0, "ü", 9, "x")) == Position(3, 8)
    assert document.plain >= {("list", 0, "ü", 1)}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", ["1:1: SY008 the file is empty"], id="empty"),
        pytest.param(b"---\n", ["1:4: SY008 the file holds no data"], id="marks only"),
        pytest.param(b"~\n", ["1:1: SY008 the file holds no data"], id="null"),
        pytest.param(b"# nothing\n", ["1:1: SY008 the file is empty"], id="comment"),
        pytest.param(
            b"\xef\xbb\xbfa: 1\na: 2\n",
            [
                (
                    "1:1: SY002 the file starts with a byte order mark"
                    " (save the file as UTF-8 text without a byte order mark)"
                ),
                "2:1: SY005 the key is given twice (remove one of them)",
            ],
            id="byte order mark",
        ),
        pytest.param(
            "a: 1".encode("utf-16"),
            [
                (
                    "1:1: SY002 the file is UTF-16, not UTF-8"
                    " (save the file as UTF-8 text without a byte order mark)"
                )
            ],
            id="utf-16",
        ),
        pytest.param(
            b"a: 1\nb: \xc3\xa9\xff\n",
            [
                (
                    "2:5: SY002 not UTF-8 from here on"
                    " (save the file as UTF-8 text without a byte order mark)"
                )
            ],
            id="invalid utf-8",
        ),
        pytest.param(
            b"a: 1\nb: \x00\n",
            ["2:4: SY002 control character U+0000 (remove it)"],
            id="nul",
        ),
        pytest.param(
            b"a:\n\t- 1\n",
            [("2:1: SY003 a tab is in the indentation (indent with spaces only)")],
            id="tab",
        ),
        pytest.param(
            b"a: @x\n",
            [("1:4: SY003 a text cannot start with @ (write it in quotes)")],
            id="reserved character",
        ),
        pytest.param(
            b"a: !!python/object/apply:os.system [x]\nb: !!binary eA==\nc: !x {}\n",
            [
                (
                    f"{line}:4: SY007 a type tag is not allowed"
                    " (only plain data is; a text that starts with ! must be in quotes)"
                )
                for line in (1, 2, 3)
            ],
            id="tags",
        ),
        pytest.param(
            b"1: a\nno: b\n~: c\n1.5: d\n",
            [
                (
                    "1:1: SY006 the key is read as an integer, not as text"
                    " (write it in quotes)"
                ),
                (
                    "2:1: SY006 the key is read as true or false, not as text"
                    " (write it in quotes)"
                ),
                (
                    "3:1: SY006 the key is read as nothing, not as text"
                    " (write it in quotes)"
                ),
                (
                    "4:1: SY006 the key is read as a number, not as text"
                    " (write it in quotes)"
                ),
            ],
            id="keys",
        ),
        pytest.param(
            b"a: !!int x\nb: !!float ''\nc: !!bool maybe\nd: !!null x\n",
            [
                "1:4: SY010 the text does not stand for an integer",
                "2:4: SY010 the text does not stand for a number",
                "3:4: SY010 the text does not stand for true or false",
            ],
            id="scalars",
        ),
        pytest.param(
            b"a: .inf\nb: .nan\nc: -.inf\nd: " + b"9" * 101,
            [
                "1:4: SY010 not a finite number",
                "2:4: SY010 not a finite number",
                "3:4: SY010 not a finite number",
                "4:4: SY010 a number longer than 100 characters",
            ],
            id="numbers",
        ),
        pytest.param(
            b'a: "\\0"\nb: "\\x1b[31m"\n',
            [
                (
                    f"{line}:4: SY010 the text holds a control character"
                    " or half a character"
                )
                for line in (1, 2)
            ],
            id="escaped control characters",
        ),
        pytest.param(
            b"a: 1\n---\nb: 2\n",
            [
                (
                    "2:1: SY008 a second document starts here"
                    " (one file holds one document: remove the line with ---)"
                )
            ],
            id="documents",
        ),
        pytest.param(
            b"a: {{ x }}\n",
            [
                (
                    "1:5: SY006 a key must be text (a text that starts with { must be"
                    " in quotes; {{ }} is filled in by nobody)"
                )
            ],
            id="template",
        ),
        pytest.param(
            b"a: &b\nc: &d\ne: *d\n",
            [
                (
                    "1:4: SY009 the value is an anchor for aliases, and nothing else"
                    " (a text that starts with & must be in quotes)"
                )
            ],
            id="anchor only",
        ),
        pytest.param(
            b"a: {<<: 1}\n",
            ["1:9: SY009 << merges a mapping or a list of mappings"],
            id="merge",
        ),
        pytest.param(
            b"%YAML 9.9\n---\na: 1\n",
            ["1:1: SY003 not a version of YAML known here (remove the line)"],
            id="version",
        ),
    ],
)
def test_mistakes_are_located(data: bytes, expected: list[str]) -> None:
    """Every mistake names its place, its code and a reason."""
    assert _found(data) == expected
