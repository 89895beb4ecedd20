"""A settings file holds in its folder and below; the command line wins over it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from collector_lint import example_files as files
from collector_lint import settings
from support.linting import run_lint, write_files

WRONG = files.config(
    "  name:", "  debgu: true\n  queue_generate_metrics: true\n  name:"
)
"""An error ST101 and a warning ST108."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue and a configuration with two mistakes."""
    write_files(tmp_path, {**files.BESIDE_CONFIG, **WRONG})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _codes(*arguments: str) -> list[str]:
    report = json.loads(run_lint(*arguments, "--format", "json").out)
    return [each["code"] for each in report["findings"]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["ST101", "ST108"]),
        ('ignore = ["ST108"]', ["ST101"]),
        ('select = ["key-without-effect"]', ["ST108"]),
        ('select = ["ST"]\nignore = ["ST1"]', []),
        ('exclude = ["config.yaml"]', []),
        ('exclude = ["conf*"]', []),
        ('per-file-ignores = {"config.yaml" = ["ST"]}', []),
        ('per-file-ignores = {"./config.yaml" = ["ST"]}', []),
        ('per-file-ignores = {"other.yaml" = ["ST"]}', ["ST101", "ST108"]),
        ('per-file-ignores = {"*.yaml" = ["ST101"]}', ["ST108"]),
        ('per-file-ignores = {"*.yaml" = []}', ["ST101", "ST108"]),
    ],
)
def test_settings_hold(folder: Path, text: str, codes: list[str]) -> None:
    """In a file of their own or in one that is shared."""
    write_files(folder, {"collector-lint.toml": f"{text}\n"})
    assert _codes(".") == codes

    (folder / "collector-lint.toml").unlink()
    shared = f"[project]\nname = 'x'\n[tool.collector-lint]\n{text}\n"
    write_files(folder, {"pyproject.toml": shared})
    assert _codes(".") == codes
    assert _codes(".", "--isolated") == ["ST101", "ST108"]


def test_settings_are_found_upwards(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest file alone; names in it start from its folder."""
    text = (
        'exclude = ["deep/skipped*"]\nbaseline = "known.json"\n'
        'per-file-ignores = {"config.yaml" = ["ST"]}\n'
    )
    write_files(
        folder,
        {
            f"[x]/{files.CATALOGUE_NAME}": files.CATALOGUE,
            "[x]/collector-lint.toml": text,
            "[x]/known.json": '{"format": 1, "findings": []}',
            "[x]/config.yaml": WRONG["config.yaml"],
            "[x]/deep/pyproject.toml": "[project]\nname = 'collector-lint'\n",
            "[x]/deep/skipped.yaml": WRONG["config.yaml"],
        },
    )
    monkeypatch.chdir(folder / "[x]" / "deep")

    assert _codes(".", "..") == []
    assert _codes("skipped.yaml") == ["ST101", "ST108"]

    write_files(folder, {"[x]/deep/collector-lint.toml": ""})
    assert _codes(".", "../config.yaml") == ["ST101", "ST108", "ST101", "ST108"]


def test_command_line_wins_over_settings(folder: Path) -> None:
    """Option by option; --select also over what settings ignore."""
    text = 'ignore = ["ST101"]\nexclude = ["*"]\nstrict = true\nbaseline = "absent"\n'
    write_files(folder, {"collector-lint.toml": text, "b.json": "{}"})
    write_files(folder, {"b.json": '{"format": 1, "findings": []}'})
    given = ("--exclude", "x", "--baseline", "b.json")

    assert run_lint(".", *given).code == 1
    assert run_lint(".", *given, "--no-strict").code == 0
    assert _codes(".", *given, "--ignore", "ST108") == ["ST101"]
    assert _codes(".", *given, "--select", "ST") == ["ST101", "ST108"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "collector-lint.toml",
            "\nselct = []\n",
            ":2: selct: unknown setting; did you",
        ),
        ("collector-lint.toml", "x = 1\n", ":1: x: unknown setting; known: select,"),
        ("collector-lint.toml", "strict = 1\n", ":1: strict: must be true or false"),
        ("collector-lint.toml", "select = 'ST'\n", ":1: select: must be a list of tex"),
        ("collector-lint.toml", "select = [1]\n", ":1: select: must be a list of text"),
        (
            "collector-lint.toml",
            "\n\nignore = ['X']\n",
            ":3: ignore: there is no rule X",
        ),
        (
            "collector-lint.toml",
            "[per-file-ignores]\n'a/*' = ['X']\n",
            ":2: a/*: there is no rule X",
        ),
        ("collector-lint.toml", "a b\n", ": Expected '=' after a key"),
        ("collector-lint.toml", "\0", ": "),
        (
            "pyproject.toml",
            "[tool.ruff]\nselect = ['X']\n[tool.collector-lint]\nselect = ['X']\n",
            ":4: select: there is no rule X",
        ),
        ("pyproject.toml", "tool.collector-lint = 1\n", ": must be a table"),
    ],
)
def test_mistake_in_settings_is_wrong_usage_with_its_place(
    folder: Path, name: str, text: str, message: str
) -> None:
    """File and line, and nothing is checked."""
    write_files(folder, {name: text})

    outcome = run_lint(".")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"collector lint: {folder / name}:")
    assert message in outcome.err


def test_what_settings_leave_out_of_a_file_stays_in_the_baseline(folder: Path) -> None:
    """It was not looked for there."""
    run_lint(".", "--write-baseline")
    text = 'per-file-ignores = {"config.yaml" = ["ST"]}\n'
    write_files(folder, {"collector-lint.toml": text})

    assert run_lint(".", "--baseline", "lint-baseline.json").err == ""


def test_settings_that_the_page_shows_can_be_used(folder: Path) -> None:
    """Every one that there is, without a mistake."""
    page = (Path(__file__).parents[2] / "docs" / "linting.md").read_text("utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    write_files(folder, {"collector-lint.toml": text})

    assert run_lint(".", "--write-baseline").code == 0
    assert run_lint(".").code == 0
    assert (folder / "lint-baseline.json").is_file()
    assert set(tomllib.loads(text)) == set(settings._FORMS)
