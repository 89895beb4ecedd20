"""The command: what it takes, what it answers, with which exit code."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from collector_host.linting import example_project
from collector_lint import example_files as files
from collector_lint import output
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
WARNED = files.config("  name:", "  queue_generate_metrics: true\n  name:")
WRONG = files.config("  name:", "  debgu: true\n  name:")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a catalogue."""
    write_files(tmp_path, files.BESIDE_CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        (files.config(), (), 0),
        (WARNED, (), 0),
        (WARNED, ("--strict",), 1),
        (WRONG, (), 1),
        (WRONG, ("--ignore", "ST101"), 0),
        (WRONG, ("--ignore", "unknown-key"), 0),
        (WRONG, ("--select", "SY,CF"), 0),
        (WRONG, ("--ignore", "ST", "--select", "ST101"), 1),
        (WRONG, ("--select", "ST", "--ignore", "ST101"), 0),
    ],
)
def test_exit_code_tells_what_was_found(
    folder: Path, content: dict[str, str], arguments: tuple[str, ...], code: int
) -> None:
    """0 nothing or warnings, 1 errors or, when asked for, warnings."""
    write_files(folder, content)

    assert run_lint(".", *arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.yaml",), "there is no absent.yaml"),
        ((".", "--select", "XX"), "there is no rule XX"),
        (("--explain", "XX001"), "there is no rule XX001"),
        (("notes.yaml",), "nothing tells what notes.yaml is"),
        ((".", "--baseline", "absent.json"), "absent.json: No such file"),
        ((".", "--baseline", "notes.yaml"), "notes.yaml is no baseline"),
        (("-", "--fix", "--kind", "config"), "standard input cannot be mended"),
        (("--format", "xml"), "Invalid value for '--format'"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    """Nothing goes to standard output."""
    write_files(folder, {"notes.yaml": "a: 1\n"})

    outcome = run_lint(*arguments, stdin="")

    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_finding_is_shown_in_its_line_like_a_compiler_does(folder: Path) -> None:
    """Place, rule, message, line with a caret, hint, and what to ask next."""
    write_files(folder, files.config("type: console", "type: consol"))

    outcome = run_lint("config.yaml")

    first, *others = outcome.out.splitlines()
    assert first.startswith("config.yaml:6:11: error ST104 must be one of ")
    assert first.endswith("; did you mean console?")
    assert others[:3] == ["   |", " 6 |     type: …", "   |           ^"]
    assert others[3].startswith("   = ")
    assert others[4:] == [
        "   = value-not-allowed; collector lint --explain ST104",
        "",
        "1 error in 1 file",
    ]


@pytest.mark.usefixtures("folder")
def test_standard_input_is_checked_under_the_name_given() -> None:
    """An editor sends what is not saved yet; the catalogue beside the name counts."""
    [text] = files.config("apples:", "appels:").values()

    outcome = run_lint("-", "--stdin-filename", "config.yaml", stdin=text)

    assert outcome.code == 1
    assert outcome.out.startswith(
        "config.yaml:11:7: error CF302 unknown service appels;"
    )


def test_definition_alone_is_compared_with_the_catalogue_of_its_project(
    folder: Path,
) -> None:
    """A single file gets no finding for what is there, and one for what is not."""
    write_files(folder, {**files.BESIDE_DEFINITION, **files.definition()})
    assert run_lint(files.DEFINITION_NAME).code == 0

    write_files(folder, files.definition("input: fruit", "input: fruits"))
    outcome = run_lint(files.DEFINITION_NAME)

    assert outcome.code == 1
    assert "DF202" in outcome.out
    assert outcome.out.endswith("1 error in 1 file\n")


def test_file_of_a_project_is_looked_at_as_a_part_of_it(folder: Path) -> None:
    """So a hook that names changed files finds what a look at the project finds."""
    wrong = example_project.project(("picked: 3", "pikced: 3"))
    files_there = {**wrong, **example_project.server_pair()}
    write_files(folder, {f"fruits/{name}": text for name, text in files_there.items()})
    config, job = "fruits/config/config.yaml", "fruits/config/job_config.json"
    definitions = "fruits/config_internal/collector_definitions.yaml"

    whole, named = run_lint("fruits"), run_lint(config)

    assert whole.out.startswith(f"{config}:12:9: warning PJ402 ")
    assert whole.out.endswith("1 warning in 1 file\n")
    assert named.out == whole.out
    assert run_lint(definitions, job).out == "nothing found in 2 files\n"
    assert run_lint("fruits", config, job).out.endswith("1 warning in 3 files\n")


def test_half_of_a_pair_is_found_at_the_file_that_is_named(folder: Path) -> None:
    """Files of a Collector Server are read as a pair, whichever of them is named."""
    pair = {**example_project.project(), **example_project.server_pair()}
    del pair["config/collector_config.json"]
    write_files(folder, pair)

    assert (
        "config/job_config.json:1:1: warning PJ411"
        in run_lint("config/job_config.json").out
    )


def test_project_does_not_describe_the_files_around_it(folder: Path) -> None:
    """Its definitions are its own, though both are named in one call."""
    project = {f"fruits/{k}": v for k, v in example_project.project().items()}
    write_files(folder, {**project, **files.BESIDE_CONFIG, **files.config()})

    names = [name for name in project if not name.endswith("metadata.json")]
    assert run_lint(*names, "config.yaml").out == "nothing found in 3 files\n"


def test_kind_takes_a_file_of_a_project_for_itself(folder: Path) -> None:
    """Who says what a file is, knows better."""
    lonely = "default: true\n            submodule_calculator_class: PearTrees"
    project = example_project.project(definitions=("default: true", lonely))
    write_files(folder, project)
    definitions = "config_internal/collector_definitions.yaml"

    assert "nothing found" in run_lint(definitions).out
    assert "DF216" in run_lint(definitions, "--kind", "catalogue").out


def test_findings_come_in_the_same_order_however_files_are_named(folder: Path) -> None:
    """By file and place; a file that is named twice is checked once."""
    write_files(folder, {f"{n}.yaml": WRONG["config.yaml"] for n in "cab"})

    twice = str(folder / "b.yaml")
    given = ("c.yaml", "./a.yaml", "b.yaml", "a.yaml", twice)
    names = run_lint(*given, "--format", "github")
    whole = run_lint(".", "--format", "github")

    assert names.out == whole.out
    assert names.out.count("\n") == 3


def test_one_bad_file_hides_no_other(folder: Path) -> None:
    """What cannot be read or parsed stands beside what is wrong elsewhere."""
    write_files(
        folder,
        {**WRONG, "x/config.yaml": "globals: [\n", "y/config.yaml": "globals: \0\n"},
    )

    out = run_lint(".", "--statistics").out

    assert [line.split()[1] for line in out.splitlines()[:-1]] == [
        "ST101",
        "SY002",
        "SY003",
    ]


def test_rules_of_the_machine_are_asked_for(folder: Path) -> None:
    """With --here, or by their whole identifier."""
    write_files(folder, files.config("id: f1", "id: ${NAME_THAT_NOBODY_SETS}"))

    assert run_lint(".").code == 0
    assert run_lint(".", "--select", "RF").code == 0
    assert run_lint(".", "--here").code == 1
    assert run_lint(".", "--select", "RF102").code == 1


def test_excluded_files_are_left_out(folder: Path) -> None:
    """By pattern, files and whole folders."""
    write_files(folder, {"old/config.yaml": "globals: [\n", "new.yaml": "globals: [\n"})

    assert run_lint(".", "--exclude", "old", "--kind", "config").code == 1
    assert run_lint(".", "--exclude", "old", "--exclude", "new*").code == 0


def test_snippets_of_a_page_are_checked_at_their_place(folder: Path) -> None:
    """Blocks marked complete are configurations; line numbers are the page's."""
    page = (
        f"# Page\n\n```yaml complete\n{WRONG['config.yaml']}```\n\n```yaml\na: [\n```\n"
    )
    write_files(folder, {"page.md": page})

    outcome = run_lint(".")

    assert outcome.out.startswith("page.md:6:3: error ST101 unknown key debgu;")
    assert " 6 |   debgu: true\n   |   ^~~~~\n" in outcome.out


def test_explanation_shows_texts_and_both_examples() -> None:
    """By identifier in any case, or by name."""
    outcome = run_lint("--explain", "st101")

    assert outcome.code == 0
    assert outcome.out.startswith("ST101 unknown-key  (error, config,")
    assert "\nWhy\n" in outcome.out
    assert "  |   debgu: true\n" in outcome.out
    assert "  |   debug: true\n" in outcome.out
    assert run_lint("--explain", "unknown-key").out == outcome.out


@pytest.mark.parametrize("name", ["ST", "st1", "structure"])
def test_explanation_of_several_rules_lists_them(name: str) -> None:
    """By the beginning of their identifiers, or by the name of their group."""
    outcome = run_lint("--explain", name)

    assert outcome.code == 0
    assert {line[:3] for line in outcome.out.splitlines()} == {"ST1"}
    assert outcome.out.count("\n") > 5


def test_all_rules_are_listed() -> None:
    """One line each, those of the plugin among them."""
    lines = run_lint("--list-rules").out.splitlines()

    assert len(lines) >= 80
    assert lines == sorted(lines)
    assert any(
        line.startswith("AL601  warning  start-beyond-retention") for line in lines
    )


def test_colours_are_for_terminals_whose_user_wants_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in a pipe, not with NO_COLOR; never what a file's name could smuggle in."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert output.is_coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.is_coloured()

    output.show([("a\x1b[31m.yaml\n", "bold")])

    assert capsys.readouterr().out == "a\ufffd[31m.yaml\n"


@pytest.mark.parametrize(
    "command",
    [
        (str(BIN / "collector"), "lint"),
        (str(BIN / "collector-lint"),),
        (sys.executable, "-m", "collector_lint"),
    ],
    ids=["collector", "script", "module"],
)
def test_command_has_three_names(folder: Path, command: tuple[str, ...]) -> None:
    """All do the same."""
    write_files(folder, WRONG)

    done = subprocess.run(
        [*command, ".", "--format", "json"],
        check=False,
        capture_output=True,
        cwd=folder,
    )

    assert done.returncode == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert (finding["file"], finding["code"]) == ("config.yaml", "ST101")
    assert done.stderr == b""


def test_folder_that_cannot_be_read_is_a_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is skipped in silence."""
    write_files(folder, {"closed/config.yaml": "globals: {}\n"})
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    outcome = run_lint(".")

    assert outcome.code == 1
    assert outcome.out.startswith(
        "closed:1:1: error SY001 the file cannot be read: permission denied\n"
    )


def test_hook_for_pre_commit_names_the_command_and_our_files() -> None:
    """What the hook starts is a script of this project; files are told by name."""
    root = Path(__file__).parents[2]
    [hook] = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    scripts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]

    assert hook["entry"] in scripts["scripts"]
    for name, wanted in {
        "config.yaml": True,
        "deploy/config/config.json": True,
        "collector_definitions.yaml": True,
        "fruits/config_internal/collector_definitions.yaml": True,
        "definitions/actiontrail.yaml": True,
        "schemas/alibaba_cloud/input.schema.json": True,
        "compose.yaml": False,
        "my-config.yaml": False,
        "config.yaml.md": False,
    }.items():
        assert (re.search(hook["files"], name) is not None) is wanted, name


def test_variable_of_a_project_is_asked_for_here_alone(folder: Path) -> None:
    """Elsewhere its value is unknown, and so is whether the value would be right."""
    given = example_project.project(
        ("picked: 3", "picked: ${NOBODY_SETS}"),
    )
    given["config/config.yaml"] = given["config/config.yaml"].replace(
        "  name: pears\n", "  name: pears\n  queue_max_size_in_mb: ${NOBODY_SETS}\n"
    )
    write_files(folder / "pears", given)

    assert run_lint("pears", "--strict").out == "nothing found in 1 file\n"
    assert run_lint("pears", "--strict", "--select", "PJ").code == 0
    assert run_lint("pears", "--strict", "--select", "PJ406").code == 1
    here = run_lint("pears", "--here", "--format", "concise").out
    assert ("PJ406" in here, "ST103" in here) == (True, True)
