"""Lines are counted as editors count them, whatever YAML takes for a line's end."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_lint.lines import Lines, split
from collector_lint.loader import parse
from collector_lint.masking import shown_line
from collector_lint.target import Target

ENDS = {"lf": "\n", "cr lf": "\r\n", "cr": "\r"}
NO_ENDS = {"next line": "\u0085", "line": "\u2028", "paragraph": "\u2029"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("other", NO_ENDS.values(), ids=NO_ENDS)
def test_separators_of_unicode_shift_no_line(end: str, other: str) -> None:
    """Only LF, CR LF and CR end a line, in YAML and in its report."""
    text = f"# a{other}# b{end}c: 1{end}c: 2{end}"

    _, (finding,) = parse(text.encode(), "c.yaml")
    target = Target("c.yaml", "config", Path(), data=text.encode())

    assert (finding.line, finding.column) == (3, 1)
    assert shown_line(target, finding.line, 1).text == "c: …"
    assert target.span_at(2, 4) is not None


def test_separators_of_unicode_shift_no_line_of_json() -> None:
    """In a text of JSON they are characters like others."""
    text = '{"a": "\u2028",\r"b": 1,\r\n"b": 2}'

    _, (finding,) = parse(text.encode(), "c.json")

    assert (finding.line, finding.column) == (3, 1)


def test_place_behind_the_last_line_is_at_its_end() -> None:
    """No finding points at a line that an editor does not show."""
    lines = Lines("ab\nc\n")

    assert [lines.place(at) for at in (0, 2, 3, 4, 5, 9)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (2, 2),
        (2, 2),
        (2, 2),
    ]
    assert [Lines("").place(0), Lines("\n").place(1)] == [(1, 1), (1, 1)]
    assert split("ab\r\nc\r") == ["ab", "c", ""]
    assert [lines[0], lines[1], lines[9]] == ["", "ab", ""]
