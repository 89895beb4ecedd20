"""On a terminal lines fit its width, and the caret stands under its place."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint.engine import Result
from collector_lint.explaining import told
from collector_lint.findings import Finding
from collector_lint.plugins import Registry
from collector_lint.reports.folding import folded
from collector_lint.reports.text import pieces
from collector_lint.shown_line import ShownLine, around
from collector_lint.target import Target
from support.linting import write_files

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = (40, 50, 80, 120)
LINE = "".join(f"k{number:02}: true, " for number in range(20))
TEXT = f"a: {{{LINE}}}\n"
MESSAGE = "a message of so many words that it goes on and on, far behind the end"


def _report(folder: Path, column: int, columns: int | None) -> list[str]:
    target = Target("c.yaml", "config", folder, data=TEXT.encode())
    found = Finding("c.yaml", 1, column, "$", "ST101", "error", MESSAGE, MESSAGE)
    result = Result((found,), (target,), silenced=12, known=12, mended=12)
    text = "".join(text for text, _ in pieces(result, {}, columns))
    return text.splitlines()


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("key", ["k00", "k03", "k09", "k19"])
def test_report_fits_and_the_caret_is_right(
    tmp_path: Path, columns: int, key: str
) -> None:
    """Wherever the place is in a line of 240 characters."""
    lines = _report(tmp_path, TEXT.index(key) + 1, columns)

    assert max(map(len, lines)) <= columns
    at = next(n for n, line in enumerate(lines) if line.startswith(" 1 | "))
    start = lines[at + 1].index("^")
    assert lines[at][start : start + 3] == key
    assert lines[at + 1][start:] == "^~~"


def test_message_is_broken_at_blanks_with_a_hanging_indentation(tmp_path: Path) -> None:
    """The hint goes on below its own first word."""
    lines = _report(tmp_path, 1, 50)

    assert lines[:3] == [
        "c.yaml:1:1: error ST101 a message of so many words",
        "    that it goes on and on, far behind the end",
        "   |",
    ]
    assert lines[5:7] == [
        "   = a message of so many words that it goes on",
        "     and on, far behind the end",
    ]


def test_pipe_gets_whole_messages(tmp_path: Path) -> None:
    """Programs that read it go by lines."""
    lines = _report(tmp_path, 1, None)

    assert lines[0] == f"c.yaml:1:1: error ST101 {MESSAGE}"
    assert f"   = {MESSAGE}" in lines


@pytest.mark.parametrize("columns", range(20, 100, 7))
@pytest.mark.parametrize("column", [0, 1, 20, 60, 90, 99])
@pytest.mark.parametrize("width", [1, 9, 40])
def test_window_holds_its_place(columns: int, column: int, width: int) -> None:
    """Nothing is cut that the sign of the cut would not save."""
    text = "".join(chr(ord("A") + number % 26) for number in range(100))
    line = ShownLine(text, column, min(width, 100 - column))

    shown = around(line, columns)

    assert len(shown.text) <= columns
    assert shown.text[shown.column] == text[column]
    assert 1 <= shown.width <= line.width
    assert shown.column + shown.width <= len(shown.text)


def test_cut_of_a_few_blanks_is_none() -> None:
    """Three blanks take as much as the sign of the cut."""
    line = ShownLine(f"   {'x' * 120}", 62, 1)

    assert around(line).text.startswith("   x")
    assert around(line).column == line.column


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("wanted", [None, "CF329"])
def test_rules_fit(columns: int, wanted: str | None) -> None:
    """No word is lost on the way."""
    rules = Registry.installed().rules

    text = "".join(text for text, _ in told(wanted, rules, columns))
    whole = "".join(text for text, _ in told(wanted, rules))

    words = [line for line in text.splitlines() if "|" not in line]
    assert max(map(len, words)) <= max(columns, len("CF329  warning  ") + 32)
    assert text.split() == whole.split()


def test_word_wider_than_the_terminal_stays_whole() -> None:
    """It can be copied."""
    assert folded("a:", " bbb ccccccccccccc dd", 1, 8) == " bbb\n ccccccccccccc\n dd"


def test_command_asks_the_terminal(tmp_path: Path) -> None:
    """COLUMNS counts, as everywhere."""
    write_files(tmp_path, {**files.BESIDE_CONFIG, **files.config("name:", "namex:")})
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "44", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "collector_lint", "config.yaml"]
    try:
        subprocess.run(
            command,
            cwd=tmp_path,
            stdout=theirs,
            env=environment,
            timeout=50,
            check=False,
        )
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)

    assert "namex" in shown
    assert max(map(len, shown.splitlines())) <= 44
