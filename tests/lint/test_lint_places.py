"""What belongs to a project, and which files are states, whatever is left of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector_host.linting import example_states as states
from collector_host.linting.example_project import project
from collector_lint import example_files as files
from support.linting import run_lint, write_files


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _found(*arguments: str, stdin: str | None = None) -> list[tuple[str, str]]:
    out = run_lint(*arguments, "--format", "json", stdin=stdin).out
    return [(each["file"], each["code"]) for each in json.loads(out)["findings"]]


# Projects of the SDK


def test_file_of_a_project_is_compared_with_its_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named alone, from any folder, and from an editor."""
    write_files(tmp_path / "p", project())
    name = "p/config/config.yaml"
    text = (tmp_path / name).read_text("utf-8")

    assert _found(name) == _found("p") == []
    assert _found("-", "--stdin-filename", name, stdin=text) == []
    monkeypatch.chdir(tmp_path / "p/config")
    assert _found("config.yaml") == []


def test_file_of_a_project_has_the_findings_that_its_project_gives_it(
    tmp_path: Path,
) -> None:
    """Under the name it was given, and none of the others' findings."""
    wrong = project(
        config=("picked:", "pickde:"), definitions=("setup_class", "setup_clas")
    )
    write_files(tmp_path / "p", wrong)
    config, definitions = "p/config/config.yaml", "p/config_internal/"
    definitions += files.CATALOGUE_NAME
    whole = _found("p")

    assert {name for name, _ in whole} >= {config, definitions}
    assert _found(f"./{config}") == [each for each in whole if each[0] == config]
    assert _found(definitions) == [each for each in whole if each[0] == definitions]
    assert _found(config, definitions) == whole


def test_text_of_an_editor_stands_for_the_file_of_a_project(tmp_path: Path) -> None:
    """What is shown is its text, not what was saved before."""
    write_files(tmp_path, project())
    name = "config/config.yaml"
    text = (tmp_path / name).read_text("utf-8").replace("picked", "pickde")

    outcome = run_lint("-", "--stdin-filename", name, stdin=text)

    assert outcome.code == 0
    assert f"{name}:12:9: warning PJ402" in outcome.out
    assert " 12 |         pickde: …" in outcome.out


def test_nothing_is_concluded_from_a_value_that_nobody_knows(tmp_path: Path) -> None:
    """As in a configuration of the host."""
    switch = "id: f1\n    enabled: ${file:/nowhere}"
    write_files(tmp_path / "p", project(config=("id: f1", switch)))

    assert _found("p") == []


def test_comment_silences_in_a_project(tmp_path: Path) -> None:
    """The same whether the file is named or its folder."""
    reason = "picked: 3  # lint: ignore[{}] because a module of ours reads it"
    config = project(config=("picked: 3", reason.format("PJ402").replace("ed:", "de:")))
    write_files(tmp_path / "p", config)

    assert _found("p") == _found("p/config/config.yaml") == []
    write_files(tmp_path / "p", project(config=("picked: 3", reason.format("PJ402"))))
    assert _found("p") == [("p/config/config.yaml", "LN002")]
    assert _found("p/config/config.yaml") == _found("p")


# States


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (states.FOURTH[:120], "it is cut short at line"),
        ("", "it is empty"),
        ("[]\n", "it is no mapping"),
        (states.FOURTH.replace("05T00:00:00Z", "06T00:00:00Z"), "the checksum"),
        ('{\n  "format": 1\n}\n', "the key sha256 is missing"),
        ("\xff", "no valid JSON at line 1 column 1"),
    ],
    ids=["cut", "empty", "list", "edited", "no checksum", "other"],
)
def test_damaged_state_is_found_in_its_folder(
    tmp_path: Path, text: str, reason: str
) -> None:
    """Told by its name and folder, whatever is left of it; said once, in words."""
    write_files(tmp_path, {states.NAME: text, "state/notes.json": "{"})

    outcome = run_lint(".")

    assert outcome.out.startswith(
        f"{states.NAME}:1:1: error SF501 the state is damaged"
    )
    assert reason in outcome.out
    assert outcome.out.endswith("1 error in 1 file\n")
    assert _found(states.NAME) == _found(states.NAME, "--kind", "state")
    assert _found(states.NAME) == [(states.NAME, "SF501")]


def test_whole_state_has_no_finding_of_its_text(tmp_path: Path) -> None:
    """It is compared byte for byte, so that nothing else is asked of it."""
    write_files(tmp_path, {states.NAME: states.FOURTH})

    assert _found(".") == []


@pytest.mark.parametrize(
    ("name", "severity"), [("state/pears.json", "error"), ("copies/a.json", "warning")]
)
def test_copy_of_a_state_is_no_error(tmp_path: Path, name: str, severity: str) -> None:
    """Where states are kept, another name is one that nobody looks for."""
    write_files(tmp_path, {name: states.FOURTH})

    out = run_lint(str(tmp_path)).out

    assert f"{name}:4:12: {severity} SF504" in out
