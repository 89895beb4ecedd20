"""What is wrong in a text that is no JSON is said where the mistake was made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_lint.lines import split
from collector_lint.loader import parse
from collector_lint.masking import shown_line
from collector_lint.shown_line import ShownLine, around
from collector_lint.target import Target

CASES = {
    "comment": ('{"a": 1, // x\n "b": 2}', "1:10 JSON has no comments"),
    "comment above": ("# x\n{}", "1:1 JSON has no comments"),
    "comma at the end": ('{"a": 1,\n}', "1:8 a comma stands behind the last entry"),
    "comma first": ("[,1]", "1:2 nothing stands before this comma"),
    "comma": ('{"a": 1\n "b": 2}', "1:8 a comma is missing behind the entry"),
    "second colon": ('{"a": "b": 1}', "1:10 a second colon in one entry"),
    "apostrophes": ("{'a': 1}", "1:2 an apostrophe (U+0027) is no quote of JSON"),
    "curly quotes": ('{"a": “b”}', "1:7 a left double quotation mark (U+201C) is no"),
    "key": ("{a: 1}", "1:2 the key has no quotes"),
    "text": ('{"a": b}', "1:7 the text has no quotes"),
    "True": ('{"a": True}', "1:7 JSON does not know True"),
    "None": ('{"a": None}', "1:7 JSON does not know None"),
    "colon": ('{"a" 1}', "1:5 a colon is missing behind the key"),
    "value": ('{"a":}', "1:6 a value is missing behind the colon"),
    "key is missing": ("{1: 2}", "1:2 a key is missing here"),
    "quote": ('{"a": "x\n}', "1:7 the quote that opens here is not closed"),
    "quote at the end": ('{"a": "x}', "1:7 the quote that opens here is not closed"),
    "tab": ('{"a": "x\ty"}', "1:9 a tab stands inside a text"),
    "escape": (r'{"a": "c:\d"}', "1:10 JSON does not know what this \\ stands for"),
    "bracket": ('{"a": [1', "1:7 the bracket [ that opens here is not closed"),
    "other bracket": ('{"a": [1}', "1:9 [ is closed by }"),
    "bracket too many": ('{"a": 1}}', "1:9 the data ended before this"),
    "too early": ('{"a": {"b": 1}}, "c": 2}', "1:16 the data ended before this"),
    "comma for colon": ('{"a", 443, "b": 1}', "1:5 a comma stands where a colon"),
    "comma for colon, list": ('{"a", [1]}', "1:5 a comma stands where a colon belongs"),
    "key alone": ('{"a", "b": 1}', "1:5 a colon is missing behind the key"),
    "quote of a key": ('{"a": 1, "b: "x"}', "1:10 the quote that opens here is not"),
    "quote of a key, empty": ('{"b: "", "c": 1}', "1:2 the quote that opens here is"),
    "conflict": ('{\n<<<<<<< HEAD\n"a": 1\n}', "2:1 a merge of git left the marks"),
    "conflict, end": ('{"a": 1\r\n=======\r\n}', "2:1 a merge of git left the marks"),
    "zero": ('{"a": 01}', "1:8 the number is not written as JSON wants it"),
    "plus": ('{"a": +1}', "1:7 the number is not written as JSON wants it"),
    "nothing": (" \n", "1:1 the file is empty"),
    "else": ("@", "1:1 not JSON: expecting value"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_mistake_is_said_where_it_was_made(text: str, expected: str) -> None:
    """Each of the common mistakes has its place, its words and a mend."""
    _, (finding,) = parse(text.encode(), "c.json")

    found = f"{finding.line}:{finding.column} {finding.message}"
    assert finding.code == "SY003"
    assert found.startswith(expected)
    assert finding.hint


INDENTED = """\
{
  "globals": {
    "id": 1
  },
  "outputs": {
    "devo": {
      "config": {
        "ports": [
          443
        ]
      }
    },
    "other": [{
      "a": "}"
    }]
  }
}
"""
BRACKETS = {
    "inner": (11, None, "7:17 the bracket { that opens here is not closed", "line 11"),
    "followed by a key": (
        4,
        None,
        "2:14 the bracket { that",
        "} and a comma above line 4",
    ),
    "list": (10, None, "8:18 the bracket [ that opens here is not closed", "line 10"),
    "with a comma left": (4, "  ,", "2:14 the bracket { that opens here", "line 4"),
    "twice": (11, "      }\n      }", "12:7 nothing is open here that }", "remove it"),
    "twice in a line": (11, "      }}", "11:8 nothing is open here that }", "remove"),
    "twice, then a key": (12, "    },\n    },", "13:5 nothing is open here that", "re"),
    "no bracket": (7, '      "config":', "7:16 the bracket { that line 11", "write {"),
    "no list": (8, '        "ports": ', "8:17 the bracket [ that line 10", "write ["),
    "other mistake above": (3, '    "id" 1\n    }', "3:9 a colon is missing", "write"),
    "other list": (10, "        }", "10:9 [ is closed by }", "write ] here"),
    "two mistakes": (11, "    }\n    }\n    }", "14:6 the data ended before", ""),
}


@pytest.mark.parametrize(
    ("line", "new", "message", "hint"), BRACKETS.values(), ids=BRACKETS
)
def test_indentation_tells_which_bracket_is_wrong(
    line: int, new: str | None, message: str, hint: str
) -> None:
    """The json module counts brackets only, and gives up far below."""
    lines = INDENTED.splitlines()
    lines[line - 1 : line] = [] if new is None else [new]

    _, (finding,) = parse("\n".join(lines).encode(), "c.json")

    assert f"{finding.line}:{finding.column} {finding.message}".startswith(message)
    assert hint in finding.hint


LINES = {
    "comment": ('{"a": 1, // s3cr3t', 10, '{"a": …, … …', 9),
    "apostrophes": ("{'a': 's3cr3t'}", 2, "{…: …}", 1),
    "within a text": ('{"a": "s3cr3t\\d"}', 14, '{"a": "…"}', 6),
    "open": ('{"a": "s3cr3t}', 7, '{"a": "…', 6),
    "key": ('  "a": true, "s3cr 3t": 1', 14, '  "a": true, "…": …', 13),
    "value before a colon": ('{"a": "s3cr3t": 1}', 15, '{"a": "…": …}', 9),
}


@pytest.mark.parametrize(("raw", "at", "text", "column"), LINES.values(), ids=LINES)
def test_line_of_broken_json_is_shown_without_its_values(
    raw: str, at: int, text: str, column: int
) -> None:
    """Brackets, commas, colons and plain keys stay, and the caret fits."""
    target = Target("a.json", "config", Path(), data=f"{raw}\n@".encode())

    line = shown_line(target, 1, at)

    assert (line.text, line.column) == (text, column)


def test_long_line_is_cut_around_its_place() -> None:
    """A file of one long line shows what is near the mistake."""
    text = json.dumps({f"key_{number}": number for number in range(90)})
    broken = text.replace('"key_70": 70,', '"key_70": 70')
    target = Target("a.json", "config", Path(), data=broken.encode())
    (finding,) = target.loaded[1]

    line = around(shown_line(target, finding.line, finding.column))

    assert line.text[line.column - 11 : line.column + 7] == '"key_70": … "…": …'
    assert line.text.startswith("...")
    assert line.text.endswith("...")
    short = ShownLine("x" * 120, 119, 1)
    assert around(short) == short


GOOD = '{"a": {"b": [1, true, "s3cr3t"], "c": null},\n "d": "s3cr3t"}'
_MISTAKE = st.sampled_from([*"\"'[]{}:-#/\\,\t\n 1T\u201c", "None", "//", ""])


@settings(max_examples=300)
@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 3), _MISTAKE),
        min_size=1,
        max_size=3,
    )
)
def test_any_mistake_has_a_place_inside_the_file(
    edits: list[tuple[int, int, str]],
) -> None:
    """Nothing raises, places exist, and the words hold no value."""
    text = GOOD
    for at, removed, put in edits:
        text = text[:at] + put + text[at + removed :]
    target = Target("c.json", "config", Path(), data=text.encode())
    lines = split(text)

    for finding in target.loaded[1]:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert "s3cr3t" not in str(finding)
        line = around(shown_line(target, finding.line, finding.column))
        assert 0 <= line.column <= len(line.text)
