"""One mistake, one finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint.findings import Finding, tidy
from collector_lint.once import QUOTES
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path


def _finding(
    code: str, message: str, hint: str = "", path: str = "$.a", column: int = 4
) -> Finding:
    return Finding("c.yaml", 1, column, path, code, "error", message, hint)


TYPE = _finding("ST103", "must be text, not a whole number")
BASE = _finding("SY012", "the number is read to the base of eight or sixty")
IN_QUOTES = replace(TYPE, hint=QUOTES)
EMPTY = _finding("ST105", "must not be empty")
FORM = _finding("ST106", "does not have the form expected")
RANGE = _finding("ST105", "must be at most 9")
CASES = {
    "two hints": ([_finding("X", "m", "a"), _finding("X", "m", "abc")], ["X"]),
    "anchor": ([_finding("X", "m"), _finding("X", "m", path="$.b")], ["X"]),
    "other place": ([TYPE, _finding("ST103", TYPE.message, column=5)], ["ST103"] * 2),
    "two keys": ([_finding("X", "missing a"), _finding("X", "missing b")], ["X", "X"]),
    "type and list": ([TYPE, _finding("ST104", "must be one of x")], ["ST104"]),
    "quotes and list": (
        [IN_QUOTES, _finding("ST104", "x")],
        ["ST103"],
    ),
    "two types": ([TYPE, _finding("ST103", "must be text or a list")], ["ST103"]),
    "start": (
        [_finding("X", "m", column=1), _finding("X", "m", path="$.b", column=1)],
        ["X", "X"],
    ),
    "type and base": ([BASE, TYPE], ["ST103"]),
    "type and range": ([RANGE, TYPE], ["ST103"]),
    "base and range": ([RANGE, BASE], ["SY012"]),
    "empty and form": ([EMPTY, FORM], ["ST105"]),
    "submodules and type": ([_finding("CF328", "no text"), TYPE, FORM], ["CF328"]),
    "submodules and empty": ([EMPTY, _finding("CF329", "none")], ["CF329"]),
    "submodules and range": ([RANGE, _finding("CF329", "x")], ["CF329", "ST105"]),
    "comment": ([_finding("LN001", "x"), _finding("LN002", "y")], ["LN001"]),
    "range and form": ([RANGE, FORM], ["ST105", "ST106"]),
}


@pytest.mark.parametrize(("findings", "left"), CASES.values(), ids=CASES)
def test_what_another_finding_says_is_left_out(
    findings: list[Finding], left: list[str]
) -> None:
    """The finding that is nearest to the cause stays, whatever the order."""
    assert [each.code for each in tidy(findings)] == left
    assert tidy(reversed(findings)) == tidy(findings)


def test_longest_hint_stays() -> None:
    """Of equal findings the one that tells more is kept."""
    (found,) = tidy(CASES["two hints"][0])

    assert found.hint == "abc"


def test_clearer_words_are_as_grave_as_those_they_stand_for() -> None:
    """What a schema refuses is refused, and not only warned of."""
    warning = replace(_finding("CF329", "no submodule is named"), severity="warning")

    assert tidy([EMPTY, warning]) == (replace(warning, severity="error"),)
    assert tidy([warning]) == (warning,)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: f1", 'id: ""', "9:9: ST106"),
        ("    id: f1\n", "", "8:3: ST102"),
        ("name: collector", "name: 12:30:00", "3:9: ST103"),
        ("name: collector", "name: &n no\n  id: *n", "2:9: ST103"),
    ],
)
def test_mistake_has_one_finding(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
    expected: str,
) -> None:
    """Also where the linter's schema, the plugin's and a rule find it."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, files.BESIDE_CONFIG)
    text = files.config(old, new)
    if "*n" in new:
        text = {"config.yaml": text["config.yaml"].replace("  id: c1\n", "")}
    write_files(tmp_path, text)

    lines = run_lint("config.yaml", "--format", "github").out.splitlines()

    assert len(lines) == 1
    place, code = expected.split(": ")
    line, column = place.split(":")
    assert f"line={line},col={column},title={code} " in lines[0]
