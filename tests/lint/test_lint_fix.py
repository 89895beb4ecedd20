"""What is mended keeps comments, layout, rights and links; in doubt nothing is."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint.discovery import discover
from collector_lint.engine import Result, lint_one
from collector_lint.findings import Finding
from collector_lint.mending.edits import DROP_MARK, Edit, apply_edits, quoted
from collector_lint.mending.fixing import changes
from collector_lint.plugins import Registry
from collector_lint.workspace import Workspace
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = """\
\ufeff# A comment, äöü
globals:
  id: c1
  name:   2024      # the year
outputs: {console_1: {type: console}}
inputs:
  fruit:
    id: f1
    services:
      # the older name
      pear_trees:     {since: 2023-01-05}   # and a date
      apples: {}
"""
AFTER = """\
# A comment, äöü
globals:
  id: c1
  name:   "2024"      # the year
outputs: {console_1: {type: console}}
inputs:
  fruit:
    id: f1
    services:
      # the older name
      pears:     {since: "2023-01-05"}   # and a date
      apples: {}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a project with a service that has an older name."""
    write_files(tmp_path, files.BESIDE_DEFINITION)
    schema = files.schema(additionalProperties=True)
    write_files(tmp_path, schema)
    write_files(
        tmp_path, files.definition("definition:", "aliases: [pear_trees]\ndefinition:")
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_safe_mends_change_nothing_else(folder: Path) -> None:
    """Byte order mark, text without quotes, date, older name; then nothing is left."""
    write_files(folder, {"config.yaml": BEFORE})

    outcome = run_lint("config.yaml", "--fix", "--strict")

    assert (folder / "config.yaml").read_bytes().decode() == AFTER
    assert outcome.out == "nothing found in 1 file (4 mended)\n"
    assert outcome.code == 0
    assert run_lint("config.yaml", "--fix").out == "nothing found in 1 file\n"


def test_difference_is_shown_and_nothing_written(folder: Path) -> None:
    """Values hidden; exit code 1 while there is something to mend."""
    write_files(folder, {"config.yaml": BEFORE})

    outcome = run_lint("config.yaml", "--diff")

    assert outcome.code == 1
    assert "- byte order mark\n" in outcome.out
    assert "-       pear_trees:     {since: …}   # …\n" in outcome.out
    assert '+       pears:     {since: "…"}   # …\n' in outcome.out
    assert (folder / "config.yaml").read_bytes().decode() == BEFORE
    write_files(folder, {"config.yaml": AFTER})
    assert run_lint("config.yaml", "--diff").code == 0


def test_line_ends_of_other_systems_stay(folder: Path) -> None:
    """CR LF before, CR LF after."""
    write_files(folder, {"config.yaml": BEFORE.replace("\n", "\r\n")})

    run_lint("config.yaml", "--fix")

    expected = AFTER.replace("\n", "\r\n")
    assert (folder / "config.yaml").read_bytes().decode() == expected


def test_rights_stay_and_a_link_stays_a_link(folder: Path) -> None:
    """The file behind a link is replaced at once."""
    write_files(folder, {"real.yaml": BEFORE})
    (folder / "real.yaml").chmod(0o640)
    (folder / "config.yaml").symlink_to("real.yaml")

    run_lint("config.yaml", "--fix")

    assert (folder / "config.yaml").is_symlink()
    assert (folder / "real.yaml").read_text() == AFTER
    assert (folder / "real.yaml").stat().st_mode & 0o777 == 0o640
    assert [f for f in os.listdir(folder) if f.startswith(".")] == []  # noqa: PTH208


@pytest.mark.parametrize(
    "text",
    [
        files.config("name: collector", "name: [2024]")["config.yaml"],
        files.config("name: collector", "debgu: collector")["config.yaml"],
        files.config("apples: {}", "pear_trees: {}\n      pears: {}")["config.yaml"],
    ],
    ids=["list", "misspelt", "both names"],
)
def test_what_is_in_doubt_is_left_alone(folder: Path, text: str) -> None:
    """Nothing is guessed."""
    write_files(folder, {"config.yaml": text})

    outcome = run_lint("config.yaml", "--fix")

    assert outcome.code == 1
    assert (folder / "config.yaml").read_text() == text


def test_edits_at_the_same_place_are_made_once() -> None:
    """Of two that overlap the first is made; the mark counts as a place before all."""
    edits = [Edit(2, 4, "X"), Edit(3, 5, "Y"), Edit(2, 4, "X"), DROP_MARK]

    assert apply_edits("abcdef", edits, marked=True) == ("abXef", 2)
    assert apply_edits("abcdef", edits[:1], marked=True) == ("\ufeffabXef", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("no", '"no"'), ('a"b', "'a\"b'"), ("a\\b", "'a\\b'"), ("a\\'b", "'a\\''b'")],
)
def test_quotes_change_no_text(text: str, expected: str) -> None:
    """Whatever the text holds, its quoted form means the same."""
    assert quoted(text) == expected


def test_change_that_would_break_a_file_is_not_made(folder: Path) -> None:
    """Whatever a rule of a plugin proposes."""
    write_files(folder, {"config.yaml": files.CONFIG})
    workspace = Workspace(
        discover(["config.yaml"]), {}, datetime(2026, 1, 1, tzinfo=UTC)
    )
    rule = replace(
        Registry.own().rules["ST101"], fix=lambda *_: Edit(0, 0, "globals: [\n")
    )
    finding = Finding("config.yaml", 1, 1, "$", "ST101", "error", "wrong")

    made = changes(
        Result((finding,), tuple(workspace.targets)),
        {"ST101": rule},
        workspace,
        partial(lint_one, registry=Registry.own(), looked_for=frozenset({"ST101"})),
    )

    assert made == ()


WRONG = {
    "no instant": ("apples: {}", "pears: {since: 2026-07-05}", "since: 2026-07-05"),
    "module": ("apples: {}", "apples: {types: [true]}", "types: [true]"),
    "form": ("name: collector", "name: 1.5", "name: 1.5"),
}


@pytest.mark.parametrize(("old", "new", "kept"), WRONG.values(), ids=WRONG)
def test_value_that_would_stay_wrong_is_left_alone(
    folder: Path, old: str, new: str, kept: str
) -> None:
    """Quotes alone do not make it right; what else is wrong is mended nevertheless."""
    text = files.config(old, new)["config.yaml"].replace("id: c1", "id: no")
    write_files(folder, {"config.yaml": text})
    since = {"type": "string", "format": "date-time"}
    write_files(folder, files.property_schema("since", **since))

    outcome = run_lint("config.yaml", "--fix")

    assert outcome.code == 1
    mended = (folder / "config.yaml").read_text()
    assert kept in mended
    assert 'id: "no"' in mended
    assert "(1 mended)" in outcome.out


def test_statistics_tell_what_would_be_mended(folder: Path) -> None:
    """Not what the rule could mend elsewhere."""
    text = files.config("name: collector", "name: 2024\n  debug: 'x'")["config.yaml"]
    write_files(folder, {"config.yaml": text})

    out = run_lint("config.yaml", "--statistics").out

    assert "     2  ST103  wrong-type [1 mended by --fix]\n" in out

    write_files(folder, {"config.yaml": text.replace("2024", "x")})
    assert "1  ST103  wrong-type\n" in run_lint("config.yaml", "--statistics").out
    write_files(folder, {"config.yaml": text.replace("'x'", "true")})
    out = run_lint("config.yaml", "--statistics").out
    assert "1  ST103  wrong-type [mended by --fix]\n" in out
