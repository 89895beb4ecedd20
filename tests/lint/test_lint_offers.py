"""Reports for programs say where a mistake ends, and what would mend it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collector_lint import example_files as files
from collector_lint.markdown import complete_blocks
from collector_lint.mending.edits import Edit, apply_edits
from support.linting import run_lint, write_files

WRONG = files.config("  name: collector", "  debgu: true\n  name: 4711")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue."""
    write_files(tmp_path, files.BESIDE_CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _findings(*arguments: str) -> dict[str, dict[str, Any]]:
    report = json.loads(run_lint(*arguments, "--format", "json").out)
    return {each["code"]: each for each in report["findings"]}


def test_json_has_ends_and_edits_without_values(folder: Path) -> None:
    """Around what wants quotes there are two edits of one character."""
    write_files(folder, WRONG)

    found = _findings(".")

    unknown, quotes = found["ST101"], found["ST103"]
    assert (unknown["end_line"], unknown["end_column"]) == (3, 8)
    assert (unknown["fixable"], unknown["edits"]) == (False, [])
    assert (quotes["line"], quotes["column"]) == (4, 9)
    assert (quotes["end_line"], quotes["end_column"]) == (4, 13)
    assert quotes["fixable"] is True
    assert quotes["edits"] == [
        {"line": 4, "column": at, "end_line": 4, "end_column": at, "text": '"'}
        for at in (9, 13)
    ]


def test_edits_of_a_report_do_what_fix_does(folder: Path) -> None:
    """Applied by a program or by --fix, the file is the same."""
    text = WRONG["config.yaml"]
    write_files(folder, WRONG)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    edits = [
        Edit(
            starts[each["line"] - 1] + each["column"] - 1,
            starts[each["end_line"] - 1] + each["end_column"] - 1,
            each["text"],
        )
        for finding in _findings(".").values()
        for each in finding["edits"]
    ]

    run_lint(".", "--fix")

    mended, _ = apply_edits(text, edits, marked=False)
    assert (folder / "config.yaml").read_text("utf-8") == mended


@pytest.mark.parametrize("value", ["it's: x", "2026-01-05", "0x1F"])
def test_offers_hold_no_value(folder: Path, value: str) -> None:
    """Whatever quotes a value wants, and whatever stands in it."""
    write_files(folder, files.config("  name: collector", f"  name: {value}"))

    for form in ("json", "sarif"):
        assert value not in run_lint(".", "--format", form).out


def test_sarif_has_ends_and_fixes(folder: Path) -> None:
    """Regions up to the character behind; insertions are regions without length."""
    write_files(folder, WRONG)

    log = json.loads(run_lint(".", "--format", "sarif").out)

    results = {each["ruleId"]: each for each in log["runs"][0]["results"]}
    [place] = results["ST103"]["locations"]
    assert place["physicalLocation"]["region"] == {
        "startLine": 4,
        "startColumn": 9,
        "endLine": 4,
        "endColumn": 13,
    }
    [fix] = results["ST103"]["fixes"]
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"] == place["physicalLocation"]["artifactLocation"]
    assert [each["insertedContent"]["text"] for each in change["replacements"]] == [
        '"',
        '"',
    ]
    assert "fixes" not in results["ST101"]


def test_block_in_a_list_is_checked_at_its_place(folder: Path) -> None:
    """Indented, with other fences, behind CR LF; --fix does not mend pages."""
    text = WRONG["config.yaml"]
    indented = "".join(f"    {line}" for line in text.splitlines(keepends=True))
    write_files(
        folder, {"page.md": f"1. A\n\n    ```yaml complete\n{indented}    ```\n"}
    )

    found = _findings(".")

    assert (found["ST101"]["line"], found["ST101"]["column"]) == (6, 7)
    assert found["ST103"]["fixable"] is False
    assert run_lint(".", "--fix").code == 1


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("```yaml complete\na\n```\n", ["\na\n"]),
        ("```yml complete\r\na\r\n```\r\n", ["\na\r\n"]),
        ("~~~ yaml complete\na\n```\nb\n~~~\n", ["\na\n```\nb\n"]),
        ("````yaml complete\na\n```\n````\n", ["\na\n```\n"]),
        ("````md\n```yaml complete\na\n```\n````\n", []),
        ("```\n```yaml complete\n```\n", []),
        ("x\n```yaml complete\na\n", ["\n\na\n"]),
        ("```yaml\na\n```\n", []),
        (" - x\n\n   ```yaml complete\n   a\n   ```\n", ["\n\n\n   a\n"]),
    ],
)
def test_blocks_of_a_page_are_those_of_commonmark(page: str, blocks: list[str]) -> None:
    """Fences of three or more, closed by as many, or by the end of the page."""
    assert list(complete_blocks(page)) == blocks
