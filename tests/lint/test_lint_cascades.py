"""What follows from a mistake that is told already is not told as another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

PEARS = {**files.BESIDE_DEFINITION, **files.definition()}
USED = files.config("apples: {}", "pears: {}")
ALIKE = {
    "definitions/plums.yaml": "input: fruit\nservice: plums\nlike: pears\n"
    "settings_schema: urn:example:schema:service:pears:1\n"
    "module_properties: {tag: my.app.fruit.plums}\n"
}
SCHEMA = f"schemas/{files.SCHEMA_NAME}"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _codes(*arguments: str) -> list[str]:
    out = run_lint(*(arguments or (".",)), "--format", "json").out
    return [each["code"] for each in json.loads(out)["findings"]]


def _without(text: str, part: str) -> str:
    assert part in text
    return text.replace(part, "", 1)


@pytest.mark.parametrize("text", ["trailing comma", "no schema", "refers nowhere"])
def test_broken_schema_is_not_an_unknown_one(tmp_path: Path, text: str) -> None:
    """Its own mistake is the only one, and no other schema is suggested for it."""
    schema = PEARS[SCHEMA]
    broken = {
        "trailing comma": schema.rstrip().removesuffix("}") + ",}",
        "no schema": schema.replace('"type": "object"', '"type": "thing"', 1),
        "refers nowhere": schema.replace(
            '"type": "string"', '"$ref": "urn:example:schema:nothing:1"', 1
        ),
    }[text]
    write_files(tmp_path, {**PEARS, **ALIKE, **USED, SCHEMA: broken})

    assert len(set(_codes("--ignore", "JS107,JS111", "."))) == 1
    assert "DF204" not in _codes()
    assert "DF204" not in _codes(files.DEFINITION_NAME)


def test_reference_to_a_broken_schema_is_no_second_mistake(tmp_path: Path) -> None:
    """It leads somewhere: to a schema that has a finding."""
    state = "schemas/state.pears.schema.json"
    write_files(
        tmp_path,
        {
            **PEARS,
            SCHEMA: PEARS[SCHEMA].replace('"type": "object"', '"type": "thing"', 1),
            state: PEARS[state].replace(
                '"type": "string"', '"$ref": "urn:example:schema:service:pears:1"', 1
            ),
        },
    )

    assert _codes("--select", "JS102,JS103", ".") == ["JS102"]


@pytest.mark.parametrize(
    "definition",
    [
        files.DEFINITION + "retention_in_days: 30d\n",
        files.DEFINITION + "retention: [\n",
        _without(files.DEFINITION, "input: fruit\n"),
        _without(files.DEFINITION, "service: pears\n"),
    ],
    ids=["structure", "syntax", "no input", "no service"],
)
def test_broken_definition_is_known_by_its_name(
    tmp_path: Path, definition: str
) -> None:
    """What uses it, or is like it, is not told that there is none."""
    write_files(tmp_path, {**PEARS, **ALIKE, **USED, files.DEFINITION_NAME: definition})

    codes = _codes()

    assert codes
    assert not {"CF302", "DF205", "DF202"} & set(codes)


def test_what_no_definition_describes_is_found_beside_a_broken_one(
    tmp_path: Path,
) -> None:
    """One mistake does not hide another."""
    text = files.DEFINITION + "retention_in_days: 30d\n"
    config = files.config("apples: {}", "appels: {}")
    write_files(tmp_path, {**PEARS, **config, files.DEFINITION_NAME: text})

    assert "CF302" in _codes()


@pytest.mark.parametrize(
    "catalogue",
    [
        files.CATALOGUE.replace("collector_inputs", "collector_input"),
        files.CATALOGUE + "more: [\n",
        "",
    ],
    ids=["key", "syntax", "empty"],
)
def test_broken_catalogue_makes_no_unknown_input(
    tmp_path: Path, catalogue: str
) -> None:
    """Neither in configurations nor in definitions."""
    write_files(tmp_path, {**PEARS, **USED, files.CATALOGUE_NAME: catalogue})

    codes = _codes()

    assert codes
    assert not {"CF301", "DF202"} & set(codes)


def test_one_file_has_the_findings_that_its_folder_gives_it(tmp_path: Path) -> None:
    """Also where definitions and schemas lie beside the catalogue, in no folders."""
    flat = {name.rpartition("/")[2]: text for name, text in PEARS.items()}
    write_files(
        tmp_path,
        {**flat, **USED, "deep/er/plums.yaml": ALIKE["definitions/plums.yaml"]},
    )
    wrong = flat["pears.yaml"].replace("state:pears:1", "state:paers:1")
    write_files(tmp_path, {"pears.yaml": wrong})
    whole = json.loads(run_lint(".", "--format", "json").out)["findings"]
    names = [*flat, *USED, "deep/er/plums.yaml"]

    alone = [
        each
        for name in names
        for each in json.loads(run_lint(name, "--format", "json").out)["findings"]
    ]

    assert [each["code"] for each in whole] == ["DF204"]
    assert alone == whole


def test_text_of_an_editor_stands_for_the_file_of_that_name(tmp_path: Path) -> None:
    """A definition that is not saved yet is not the second one of its service."""
    write_files(tmp_path, PEARS)
    arguments = ("-", "--stdin-filename", files.DEFINITION_NAME)

    outcome = run_lint(*arguments, stdin=PEARS[files.DEFINITION_NAME])

    assert outcome.code == 0, outcome.out
