"""Where reports go, in which shape, and with which exit code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from collector_lint import example_files as files
from support.linting import run_lint, write_files

WRONG = files.config("  name:", "  debgu: true\n  name:")
NUMBER = files.config("  name: collector", "  name: 4711")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue."""
    write_files(tmp_path, files.BESIDE_CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_version_is_told() -> None:
    """That of the distribution, which the linter comes with."""
    outcome = run_lint("--version")

    assert outcome.code == 0
    assert outcome.out.startswith("collector lint 0.")


def test_concise_report_has_a_line_for_each_finding(folder: Path) -> None:
    """As compilers write it, and a last line."""
    write_files(folder, WRONG)

    outcome = run_lint(".", "--format", "concise")

    first, last = outcome.out.splitlines()
    assert first.startswith("config.yaml:3:3: error ST101 unknown key debgu;")
    assert last == "1 error in 2 files"


@pytest.mark.parametrize(
    "form", ["text", "concise", "json", "sarif", "junit", "github"]
)
def test_report_can_be_written_to_a_file(folder: Path, form: str) -> None:
    """The same as on standard output, and the same exit code."""
    write_files(folder, WRONG)

    shown = run_lint(".", "--format", form)
    written = run_lint(".", "--format", form, "--output-file", "report.txt")

    assert (written.code, written.out) == (1, "")
    assert (folder / "report.txt").read_text("utf-8") == shown.out


def test_file_for_the_report_that_cannot_be_written_is_told(folder: Path) -> None:
    """No folder is made for it."""
    write_files(folder, WRONG)

    outcome = run_lint(".", "--output-file", "absent/report.txt")

    assert (outcome.code, outcome.out) == (2, "")
    assert "absent/report.txt cannot be written: No such file" in outcome.err
    assert not (folder / "absent").exists()


def test_exit_zero_is_for_findings_alone(folder: Path) -> None:
    """Wrong usage stays wrong usage."""
    write_files(folder, NUMBER)

    assert run_lint(".", "--exit-zero").code == 0
    assert run_lint(".", "--exit-zero", "--diff").code == 0
    assert run_lint("absent", "--exit-zero").code == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.removesuffix("\n"),
        lambda text: f"\ufeff{text}",
        lambda text: f"# ü\n{text}",
    ],
    ids=["plain", "crlf", "no end", "mark", "letters"],
)
@pytest.mark.parametrize("command", ["git apply -", "patch -p1 -s --binary"])
def test_patch_can_be_applied(
    folder: Path, change: Callable[[str], str], command: str
) -> None:
    """It does what --fix does, to the last byte."""
    tool = command.split(maxsplit=1)[0]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not here")
    [text] = NUMBER.values()
    write_files(folder, {"a b.yaml": change(text)})

    lint = [sys.executable, "-m", "collector_lint", ".", "--diff", "--show-values"]
    shown = subprocess.run(lint, check=False, capture_output=True)
    done = subprocess.run(
        command.split(), input=shown.stdout, check=False, capture_output=True
    )
    patched = (folder / "a b.yaml").read_bytes()
    write_files(folder, {"a b.yaml": change(text)})
    run_lint(".", "--fix")

    assert shown.returncode == 1
    assert (done.returncode, done.stderr) == (0, b"")
    assert patched == (folder / "a b.yaml").read_bytes()


def test_values_are_hidden_unless_they_are_asked_for(folder: Path) -> None:
    """They may be secrets, and a difference is soon pasted somewhere."""
    write_files(folder, NUMBER)

    assert "4711" not in run_lint(".", "--diff").out
    assert '+  name: "4711"\n' in run_lint(".", "--diff", "--show-values").out


def test_rule_is_silenced_in_a_whole_file(folder: Path) -> None:
    """With a reason, from anywhere in the file; where there is nothing, it is told."""
    line = "# lint: ignore-file[{}] because {}\n"
    text = WRONG["config.yaml"]
    cases = {
        "reason": (line.format("ST101", "x") + text, []),
        "at the end": (text + line.format("ST101", "x"), []),
        "no reason": (text + "# lint: ignore-file[ST101]\n", ["ST101", "LN001"]),
        "nothing": (text + line.format("ST101, ST108", "x"), ["LN002"]),
        "no word": (
            text + "# lint: ignore-files[ST101] because x\n",
            ["ST101", "LN001"],
        ),
    }
    for name, (content, codes) in cases.items():
        write_files(folder, {"config.yaml": content})
        report = json.loads(run_lint(".", "--format", "json").out)
        assert [f["code"] for f in report["findings"]] == codes, name


def test_patch_of_a_file_outside_starts_at_the_root(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must not lead upwards: git would refuse it."""
    write_files(folder, NUMBER)
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")

    patch = run_lint("--diff", "--show-values", "../config.yaml").out

    assert patch.startswith(f"--- a{folder}/config.yaml\n+++ b{folder}/config.yaml\n")
    if shutil.which("patch"):
        apply = ["patch", "-p1", "-s", "-d", "/"]
        subprocess.run(apply, input=patch, text=True, check=True)
        assert "nothing found" in run_lint("../config.yaml").out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--show-values",), "--show-values goes with --diff"),
        (("--diff", "--fix"), "--diff and --fix do not go together"),
        (("--diff", "--format", "json"), "--diff and --format json do not go together"),
        (("--diff", "--output-file", "z"), "--diff and --output-file do not go"),
        (("--diff", "--statistics"), "--diff and --statistics do not go together"),
        (("--diff", "--write-baseline"), "--diff and --write-baseline do not go"),
    ],
)
def test_options_of_which_one_would_be_left_out_are_refused(
    options: tuple[str, ...], message: str
) -> None:
    """Nothing is silently ignored."""
    outcome = run_lint(*options)

    assert outcome.code == 2
    assert outcome.err.startswith(f"collector lint: {message}")
