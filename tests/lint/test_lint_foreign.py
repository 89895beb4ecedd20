"""What is taken for ours: below a folder, by the hook of pre-commit, by its name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from collector_lint import example_files as files
from support.linting import run_lint, write_files

FOREIGN_SCHEMA = json.dumps(
    {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://example.com/settings.json",
        "type": "object",
    }
)
HOOK = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _found(*arguments: str) -> list[tuple[str, str]]:
    out = run_lint(*arguments, "--format", "json").out
    return [(each["file"], each["code"]) for each in json.loads(out)["findings"]]


def test_foreign_files_are_left_out_of_a_folder(tmp_path: Path) -> None:
    """Schemas of other programs, and files that have a word or two in common."""
    write_files(
        tmp_path,
        {
            **files.catalogue(),
            "settings.schema.json": FOREIGN_SCHEMA,
            "vscode.json": FOREIGN_SCHEMA,
            "definitions/words.json": "{}",
            "agent.yaml": "inputs:\n  - type: log\noutputs:\n  x: {type: kafka}\n",
            "flow.yaml": "input: a\nservice: b\n",
            "config.yaml": "outputs:\n  home: [HTML]\n",
        },
    )

    outcome = run_lint(".")

    assert outcome.out == "nothing found in 1 file\n"


def test_schema_is_ours_where_something_tells_so(tmp_path: Path) -> None:
    """Its $id, its folder beside a catalogue, or a definition that names it."""
    foreign = json.loads(FOREIGN_SCHEMA)
    other = json.dumps({**foreign, "$id": "https://example.com/b.json"})
    write_files(
        tmp_path,
        {
            **files.catalogue(),
            "schemas/deep/a.schema.json": FOREIGN_SCHEMA,
            "else/b.schema.json": other,
            "else/c.schema.json": json.dumps({**foreign, "$id": "urn:x:schema:c:1"}),
            "else/d.schema.json": json.dumps({**foreign, "$id": "urn:d"}),
        },
    )
    named = files.definition(
        "urn:example:schema:state:pears:1", "https://example.com/b.json"
    )
    assert {name for name, code in _found(".") if code == "JS104"} == {
        "schemas/deep/a.schema.json",
        "else/c.schema.json",
    }

    write_files(tmp_path, named)

    assert "else/b.schema.json" in {name for name, _ in _found(".")}
    assert "else/d.schema.json" not in {name for name, _ in _found(".")}
    assert "else/d.schema.json" in {name for name, _ in _found("else/d.schema.json")}


def _git(*arguments: str) -> None:
    git = shutil.which("git") or pytest.skip("there is no git")
    subprocess.run([git, *arguments], check=True, capture_output=True)


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    """Unless it is kept, named, or asked for."""
    _git("init", "--quiet", ".")
    wrong = files.config("  name:", "  debgu: true\n  name:")["config.yaml"]
    write_files(
        tmp_path,
        {
            **files.catalogue(),
            ".gitignore": "ignored/\n*.local.yaml\n",
            "ignored/config.yaml": wrong,
            "ignored/deep/config.yaml": wrong,
            "a.local.yaml": wrong,
            "kept.local.yaml": wrong,
        },
    )
    _git("add", "--force", "kept.local.yaml")
    every = ["a.local.yaml", "ignored/config.yaml", "ignored/deep/config.yaml"]

    assert [name for name, _ in _found(".")] == ["kept.local.yaml"]
    assert [name for name, _ in _found("ignored")] == every[1:]
    assert [name for name, _ in _found("ignored/deep")] == every[2:]
    assert [name for name, _ in _found(*every)] == every
    assert [n for n, _ in _found(".", "--no-gitignore")] == [*every, "kept.local.yaml"]


def test_change_is_tried_in_the_surroundings_it_was_found_in(tmp_path: Path) -> None:
    """What git ignores describes the file also when its mend is tried."""
    _git("init", "--quiet", ".")
    wrong = files.config("  name: collector", "  name: 4711")
    ignored = {".gitignore": "collector_definitions.yaml\n"}
    write_files(tmp_path, {**files.BESIDE_CONFIG, **ignored, **wrong})

    outcome = run_lint("config.yaml", "--fix", "--no-gitignore")

    assert outcome.out == "nothing found in 1 file (1 mended)\n"


def test_folder_is_searched_where_there_is_no_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing is ignored."""
    (tmp_path / ".git").mkdir()
    write_files(tmp_path, {**files.catalogue(), **files.config("id: c1", "idd: c1")})
    assert {code for _, code in _found(".")} == {"ST101", "ST102"}

    monkeypatch.setenv("PATH", "/nowhere")

    assert {code for _, code in _found(".")} == {"ST101", "ST102"}


def test_hook_leaves_foreign_files_out(tmp_path: Path) -> None:
    """By their folder or, where their name may be ours, by their content."""
    [hook] = yaml.safe_load(HOOK.read_text("utf-8"))
    theirs = {
        ".circleci/config.yml": "version: 2.1\n",
        ".github/ISSUE_TEMPLATE/config.yml": "blank_issues_enabled: false\n",
        "config.yaml": "baseURL: https://example.com\noutputs: {home: [HTML]}\n",
        "web/settings.schema.json": FOREIGN_SCHEMA,
        "definitions/words.yaml": "a: b\n",
    }
    ours = {
        **{f"a/{name}": text for name, text in files.catalogue().items()},
        "a/config.yaml": files.config("  name:", "  debgu: true\n  name:")[
            "config.yaml"
        ],
        "a/definitions/x.yaml": "inputt: fruit\n",
    }
    write_files(tmp_path, {**theirs, **ours})
    names = [n for n in (*theirs, *ours) if re.search(hook["files"], n)]

    found = _found(*hook["args"], *names)

    assert not {".circleci/config.yml", ".github/ISSUE_TEMPLATE/config.yml"} & {*names}
    assert {name for name, _ in found} == {"a/config.yaml", "a/definitions/x.yaml"}


def test_file_that_nothing_tells_the_kind_of_stops_no_other(tmp_path: Path) -> None:
    """Each is told, all others are checked, and the exit code is 2."""
    write_files(
        tmp_path,
        {
            **files.catalogue(),
            **files.config("  name:", "  debgu: true\n  name:"),
            "y.yaml": "a: 1\n",
            "z.yaml": "a: 1\n",
        },
    )

    outcome = run_lint("y.yaml", "config.yaml", "z.yaml")

    assert outcome.code == 2
    assert outcome.out.startswith("config.yaml:3:3: error ST101")
    assert [line.split(";")[0] for line in outcome.err.splitlines()] == [
        "collector lint: nothing tells what y.yaml is",
        "collector lint: nothing tells what z.yaml is",
    ]


def test_line_that_new_configurations_begin_with_tells_their_kind(
    tmp_path: Path,
) -> None:
    """Under any name, with any keys."""
    line = "# yaml-language-server: $schema=collector-config.schema.json\n"
    write_files(tmp_path, {**files.catalogue(), "ms3.yaml": f"{line}output: {{}}\n"})

    assert {code for _, code in _found("ms3.yaml")} == {"ST101", "ST102"}
    assert _found(".") == _found("ms3.yaml")
