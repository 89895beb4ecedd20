"""What is wrong in a text that is no YAML is said where the mistake was made."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_lint.lines import split
from collector_lint.loader import parse
from collector_lint.masking import shown_line
from collector_lint.target import Target

GOOD = """\
globals:
  id: example
  name: example_collector
outputs:
  devo_1:
    type: devo_platform
    config:
      address: collector-eu.devo.io
      port: 443
      chain: chain.crt
      key: example.key
inputs:
  alibaba:
    id: alibaba_1
    environment: prod
    credentials:
      access_key_id: "${ID}"
      access_key_secret: "${SECRET}"
    services:
      actiontrail:
        regions: [cn-hangzhou, cn-beijing]
        initial_start_time_in_utc: "2023-01-05T00:00:00Z"
      actiontrail_log_service:
        region: cn-hangzhou
        logstore: actiontrail_example
        initial_start_time_in_utc: "2023-01-05T00:00:00Z"
"""
LIST = "\n          - cn-hangzhou\n"
CASES = {
    # Quotes.
    "quote": (
        'Z"\n      act',
        "Z\n      act",
        "22:36 the quote that opens here is not",
    ),
    "quote at the end": ("prod", "'prod", "15:18 the quote that opens here is not"),
    "quote twice": ('{ID}"', "{ID}", "17:22 the quote that opens here is not"),
    "quote of a key": ("environ", '"environ', "15:5 the quote that opens here is not"),
    "behind a quote": ("prod", '"prod" x', "15:25 the text goes on behind the quote"),
    "apostrophe": ("prod", "'it's'", "15:22 the text goes on behind the quote"),
    "escape": ("prod", r'"C:\prod"', "15:21 YAML does not know what this \\ in double"),
    "short escape": ("prod", r'"\u12"', "15:19 YAML does not know what this \\ in"),
    # Brackets.
    "bracket": ("beijing]", "beijing", "21:18 the bracket [ that opens here is not"),
    "brace": ("[cn-hangzhou, cn-beijing]", "{a: b", "21:18 the bracket { that opens"),
    "bracket at the end": ('Z"\n', 'Z"\n      x: [a\n', "23:10 the bracket [ that"),
    "bracket too many": ("beijing]", "beijing]]", "21:43 nothing is open that ] could"),
    "other bracket": ("beijing]", "beijing}", "21:42 [ is closed by }"),
    "comma": ("cn-hangzhou, cn", '"cn" "cn', "21:24 a comma is missing before this"),
    "comma in a mapping": ("[cn-hangzhou,", "{a: 1 b: 2,", "21:25 a second colon in"),
    "behind a bracket": ("ing]\n", "ing] ", "21:52 the text goes on behind the brac"),
    "within a bracket": ("[cn-h", "[\n          x: d: e, h", "22:15 this does not fit"),
    "colon of an entry": ("hou,", "hou:,", "21:30 a colon ends an entry"),
    "reference in a list": (
        "[cn-h",
        "[${A}, h",
        "21:19 inside [ ] and { } a reference",
    ),
    # Colons, dashes and comments.
    "blank": ("port: 443", "port:443", "9:12 a blank is missing behind the colon"),
    "blank, last key": ("key: ex", "key:ex", "11:11 a blank is missing behind the"),
    "blank, first key": ("address: c", "address:c", "8:15 a blank is missing behind"),
    "blank, first line": ("id: exa", "id:exa", "2:6 a blank is missing behind the"),
    "odd blank": (
        "port: 443",
        "port:\u00a0443",
        "9:12 behind the colon stands a no-br",
    ),
    "colon": ("config:", "config", "7:11 a colon is missing behind the key"),
    "colon before a value": ("port: 443", "port 443", "9:11 a colon is missing behind"),
    "colon, first line": ("globals:", "globals", "1:8 a colon is missing behind the"),
    "equals sign": ("port: 443", "port = 443", "9:12 an equals sign (U+003D) stands"),
    "wide colon": ("port: 443", "port\uff1a443", "9:11 a fullwidth colon (U+FF1A) st"),
    "colon first": ("  port", ": port", "9:5 no key is before the colon"),
    "two colons": ("port: 443", "port: : 443", "9:13 a second colon behind the key"),
    "colon in a value": ("e: example_", "e: example: ", "3:9 the value holds a colon"),
    "dash": ("[cn-hangzhou", f"{LIST}          -cn", "23:12 a blank is missing behind"),
    "slashes": (
        "      port",
        "      // old\n      port",
        "9:7 a comment begins with #",
    ),
    "block": ("prod", "|\n      a\n    b", "17:5 the line is indented less than the"),
    # Characters.
    "tab": ("      port", "\tport", "9:1 a tab is in the indentation"),
    "tab behind blanks": ("      port", "     \tport", "9:6 a tab is in the indent"),
    "no-break space": (
        "      port",
        "\u00a0     port",
        "9:1 a no-break space (U+00A0)",
    ),
    "wide blank": ("     port", "    \u3000port", "9:6 an ideographic space (U+3000)"),
    "line separator": ("prod", "prod # a\u2028b", "15:26 YAML ends the line here, at"),
    "at sign": ("prod", "@prod", "15:18 a text cannot start with @"),
    "backtick": ("prod", "`prod", "15:18 a text cannot start with `"),
    "percent": ("prod", "%prod", "15:18 a text cannot start with %"),
    "star": ("prod", "*.prod", "15:18 a text cannot start with *"),
    "ampersand": ("prod", "&!prod", "15:18 a text cannot start with &"),
    "bar": ("prod", "|prod", "15:18 a text cannot start with |"),
    "comma first": ("prod", ", prod", "15:18 a text cannot start with ,"),
    "dash in a value": ("prod", "- prod", "15:18 a list cannot begin in the line of"),
    "template": ("prod", "{{ prod }}.x", "15:18 a text that starts with { is read"),
    "fence": ("globals:", "```yaml\nglobals:", "1:1 a fence of Markdown is no YAML"),
    "conflict": (
        "      port: 443",
        "<<<<<<< HEAD\n      port: 443\n=======\n      port: 444\n>>>>>>> x",
        "9:1 a merge of git left the marks",
    ),
    "end of document": ("    services", "...\n    services", "20:5 the document ended"),
    "directive": ("globals:", "%foo\nglobals:", "1:5 a line that starts with %"),
    "anchor twice": ("443", "&a 443\n      x: &a 1", "10:10 the anchor is set twice"),
    # Indentation.
    "less": (
        "      port",
        "     port",
        "9:6 indented by 5 blanks; its neighbours have 6",
    ),
    "more": ("      port", "       port", "9:8 indented by 7 blanks, line 8 by 6"),
    "first less": ("      addr", "     addr", "8:6 indented by 5 blanks, line 9 by 6"),
    "odd one above": (
        "        reg",
        "       reg",
        "21:8 indented by 7 blanks, line 22",
    ),
    "key with children": (
        "    serv",
        "   serv",
        "19:4 indented by 3 blanks; the lines",
    ),
    "children of a value": ("config:", "config: x", "8:7 indented by 6 blanks, line 7"),
    "top": ("globals:", " globals:", "1:1 indented by 1 blank, line 4 by 0"),
    "entry among keys": (
        "[cn-hangzhou, cn-beijing]",
        "\n          a: b\n          - c",
        "23:11 an entry of a list stands among keys",
    ),
    "key among entries": (
        "[cn-hangzhou, cn-beijing]",
        f"{LIST}          a: b",
        "23:11 a key stands among the entries of a list",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_mistake_is_said_where_it_was_made(old: str, new: str, expected: str) -> None:
    """Each of the common mistakes has its place, its words and a mend."""
    assert old in GOOD

    _, (finding,) = parse(GOOD.replace(old, new, 1).encode(), "c.yaml")

    found = f"{finding.line}:{finding.column} {finding.message}"
    assert finding.code == "SY003"
    assert found.startswith(expected)
    assert finding.hint


def test_what_no_pattern_knows_is_said_in_the_words_of_the_parser() -> None:
    """Nothing is claimed that is not sure."""
    _, (finding,) = parse(b"[a]: b: c\n", "c.yaml")

    assert finding.message.startswith("not YAML: ")
    assert finding.hint


def test_text_in_quotes_over_lines_is_not_taken_for_an_open_quote() -> None:
    """A quote is called open only where the trouble begins behind its text."""
    _, (finding,) = parse(b'a: "x\n  b: c"\nd: 1\ne 2\n', "c.yaml")

    assert (finding.line, finding.message) == (4, "a colon is missing behind the key")


_MISTAKE = st.sampled_from(
    [*"\"'[]{}:-#&*!|>%@`,?\t\n \u00a0\u2028=", "${", ": ", "- "]
)


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
    """Nothing raises, places exist, and no value is in the words or the line shown."""
    text = GOOD.replace("prod", "s3cr3t5")
    for at, removed, put in edits:
        text = text[:at] + put + text[at + removed :]
    target = Target("c.yaml", "config", Path(), data=text.encode())
    lines = split(text)

    for finding in target.loaded[1]:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        line = shown_line(target, finding.line, finding.column)
        assert "s3cr3t5" not in f"{finding}{line.text}"
        assert 0 <= line.column <= len(line.text)


@pytest.mark.parametrize(
    ("old", "new", "shown", "column"),
    [
        ("port: 443", "port:443", "      port:…", 11),
        ("      port: 443", "     \u00a0port: 443", "      port: …", 5),
        ("prod", "@prod", "    environment: …", 17),
        ("[cn-hangzhou, cn-beijing]", f"{LIST}          -cn", "          …", 10),
    ],
)
def test_caret_is_under_the_mistake(
    old: str, new: str, shown: str, column: int
) -> None:
    """A line of a broken file keeps its layout, so that the caret fits."""
    text = GOOD.replace(old, new, 1)
    target = Target("c.yaml", "config", Path(), data=text.encode())

    line = shown_line(target, target.loaded[1][0].line, target.loaded[1][0].column)

    assert (line.text, line.column) == (shown, column)
