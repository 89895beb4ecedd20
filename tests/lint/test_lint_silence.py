"""Findings are silenced by comments with a reason, or known from a baseline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

KEY = "  debgu: true"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue."""
    write_files(tmp_path, files.BESIDE_CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _config(line: str) -> dict[str, str]:
    return files.config("  name:", f"{line}\n  name:")


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (f"{KEY}  # lint: ignore[ST101] because it is new", []),
        (f"  # lint: ignore[ST101] because it is new\n{KEY}", []),
        (f"  # lint: ignore[ST101] because it is new\n\n  # more\n{KEY}", []),
        (f"{KEY}  # lint: ignore[ST102, ST101] because it is new", ["LN002"]),
        (f"{KEY}  # lint: ignore[ST101] because x", []),
        (f"{KEY}  # lint: ignore[ST101]", ["LN001", "ST101"]),
        (f"{KEY}  # lint: ignore[ST101] because", ["LN001", "ST101"]),
        (f"{KEY}  # lint: ignore", ["LN001", "ST101"]),
        (f"{KEY}  # lint: ignore[ST102] x", ["LN001", "ST101"]),
        (f"{KEY}  # lint: ignore[ST1] because it is new", ["LN003", "ST101"]),
        (f"  # lint: ignore[ST101] because it is new\n  id: c2\n{KEY}", []),
        (f'{KEY}\n  log: {{level: "# lint: ignore[ST101] because"}}', None),
    ],
    ids=[
        *("same line", "line above", "far above", "one of two", "short", "no reason"),
        *("empty", "bare", "neither", "no rule", "other line", "in a text"),
    ],
)
def test_comment_silences_its_line_with_a_reason(
    folder: Path, lines: str, codes: list[str] | None
) -> None:
    """A comment without reason, or without an effect, is a finding itself."""
    write_files(folder, _config(lines))

    report = json.loads(run_lint("config.yaml", "--format", "json").out)
    found = sorted({finding["code"] for finding in report["findings"]})

    if "id: c2" in lines:
        assert found == ["LN002", "ST101", "SY005"]
    elif codes is None:
        assert "ST101" in found
        assert not {"LN001", "LN002", "LN003"} & set(found)
    else:
        assert found == codes
        assert report["summary"]["silenced"] == (0 if "ST101" in codes else 1)


def test_comment_about_a_rule_that_is_not_looked_for_is_not_idle(folder: Path) -> None:
    """Whoever leaves a rule out gets no finding about its comments."""
    write_files(folder, _config(f"{KEY}  # lint: ignore[ST101] because it is new"))

    assert run_lint(".", "--ignore", "ST101", "--strict").code == 0


def test_baseline_knows_findings_whose_lines_moved(folder: Path) -> None:
    """New ones are reported; a second of the same kind at the same place is new."""
    write_files(folder, _config(KEY))
    written = run_lint(".", "--write-baseline")
    assert (written.code, written.out) == (
        0,
        "1 finding written to lint-baseline.json\n",
    )

    write_files(folder, _config(f"  # a\n\n  # b\n{KEY}"))
    moved = run_lint(".", "--baseline", "lint-baseline.json")
    write_files(folder, _config(f"{KEY}\n  debgi: x"))
    more = run_lint(".", "--baseline", "lint-baseline.json")

    assert moved.code == 0
    assert moved.out == "nothing found in 2 files (1 in the baseline)\n"
    assert more.code == 1
    assert "debgi" in more.out
    assert "debgu" not in more.out


def test_baseline_holds_from_another_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are named from the baseline's own folder."""
    write_files(folder, _config(KEY))
    run_lint(".", "--write-baseline")
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")

    assert run_lint("..", "--baseline", "../lint-baseline.json").code == 0


def test_what_is_gone_from_the_baseline_is_told(folder: Path) -> None:
    """So that it gets shorter, and never longer unnoticed."""
    write_files(folder, _config(KEY))
    run_lint(".", "--write-baseline")
    write_files(folder, files.config())

    outcome = run_lint(".", "--baseline", "lint-baseline.json")

    assert outcome.code == 0
    assert outcome.err == (
        "1 finding of the baseline is gone; --write-baseline writes it again:\n"
        "  config.yaml: ST101 at $.globals.debgu\n"
    )


@pytest.mark.parametrize(
    "narrower",
    [
        ("--select", "CF"),
        ("--ignore", "ST101"),
        ("--select", "ST", "--exclude", "config.yaml"),
        ("--select", "LN"),
    ],
)
def test_what_was_not_looked_for_is_not_gone(
    folder: Path, narrower: tuple[str, ...]
) -> None:
    """Neither told, nor lost when the baseline is written again."""
    write_files(folder, _config(KEY))
    run_lint(".", "--write-baseline")
    before = (folder / "lint-baseline.json").read_text("utf-8")

    outcome = run_lint(".", *narrower, "--baseline", "lint-baseline.json")
    again = run_lint(".", *narrower, "--write-baseline")

    assert (outcome.code, outcome.err) == (0, "")
    assert again.out == (
        "0 findings written to lint-baseline.json, 1 kept that this run did not look"
        " for\n"
    )
    assert (folder / "lint-baseline.json").read_text("utf-8") == before


def test_file_that_was_not_looked_at_stays_in_the_baseline(folder: Path) -> None:
    """One of two is looked at, the other one deleted: then nothing of it is left."""
    [text] = _config(KEY).values()
    write_files(folder, {"a.yaml": text, "b.yaml": text})
    run_lint(".", "--write-baseline")

    named = run_lint("a.yaml", "--baseline", "lint-baseline.json")
    (folder / "b.yaml").unlink()
    other = run_lint("a.yaml", "--baseline", "lint-baseline.json")
    whole = run_lint(".", "--baseline", "lint-baseline.json")

    assert (named.err, other.err) == ("", "")
    assert whole.err.endswith(":\n  b.yaml: ST101 at $.globals.debgu\n")


def test_file_that_is_no_baseline_is_not_written_over(folder: Path) -> None:
    """A configuration, say, that was named by mistake."""
    write_files(folder, _config(KEY))

    outcome = run_lint(".", "--baseline", "config.yaml", "--write-baseline")

    assert (outcome.code, outcome.out) == (2, "")
    assert "config.yaml is no baseline" in outcome.err
    assert "debgu" in (folder / "config.yaml").read_text("utf-8")


def test_second_mistake_at_a_place_of_the_baseline_is_new(folder: Path) -> None:
    """An entry stands for as many findings as there were, not for all to come."""
    write_files(folder, files.config("  name:", "  id: c2\n  name:"))
    run_lint(".", "--write-baseline")
    write_files(folder, files.config("  name:", "  id: c2\n  id: c3\n  name:"))

    outcome = run_lint(".", "--baseline", "lint-baseline.json")

    assert outcome.code == 1
    assert outcome.out.endswith("1 error in 2 files (1 in the baseline)\n")
