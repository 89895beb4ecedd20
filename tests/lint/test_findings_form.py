"""Findings have one text form and one order."""

from __future__ import annotations

from collector_lint.findings import Finding, shown_path, tidy


def _finding(line: int, column: int = 1, hint: str = "") -> Finding:
    return Finding("c.yaml", line, column, "$", "SY003", "error", "wrong", hint)


def test_finding_text_has_place_code_message_and_hint() -> None:
    """The text form is what editors and terminals turn into a link."""
    assert str(_finding(3, 7)) == "c.yaml:3:7: SY003 wrong"
    assert str(_finding(3, 7, "mend it")) == "c.yaml:3:7: SY003 wrong (mend it)"


def test_findings_are_ordered_by_place_and_said_once() -> None:
    """Line 9 comes before line 10, and a repeated finding is dropped."""
    found = [_finding(10), _finding(9, 2), _finding(9), _finding(10)]

    assert tidy(found) == (_finding(9), _finding(9, 2), _finding(10))


def test_paths_show_names_but_not_what_may_be_a_secret() -> None:
    """A key that does not look like a name is hidden."""
    assert shown_path(("a", 0, "b-c.d", "secret:hunter2")) == "$.a[0].b-c.d.…"
