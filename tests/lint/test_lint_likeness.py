"""A mistake of a service that others are like is found once, where it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

LIKE = """\
input: fruit
service: {name}
settings_schema: urn:example:schema:service:pears:1
state_schema: urn:example:schema:state:pears:1
like: pears
"""
TABLE = "module_properties: {tag: my.app.fruit.%s}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a service and two that are like it."""
    write_files(tmp_path, {**files.BESIDE_DEFINITION, **files.definition()})
    for name in ("plums", "quinces"):
        text = LIKE.format(name=name) + TABLE % name
        write_files(tmp_path, {f"definitions/{name}.yaml": text})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _found(*arguments: str) -> list[tuple[str, str, str]]:
    report = json.loads(run_lint(*arguments, "--format", "json").out)
    return [(f["file"], f["code"], f["path"]) for f in report["findings"]]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("setup_class: PearSetup", "", "DF206"),
        ("default: true", "default: false", "DF207"),
        ("setup_class: PearSetup", "setup_class: ApplePuller", "DF212"),
        ("PearPuller", "PaerPuller", "DF211"),
    ],
)
def test_mistake_of_a_definition_is_found_once(
    folder: Path, old: str, new: str, code: str
) -> None:
    """Neither in the catalogue nor at those that are like it."""
    classes = files.CLASSES + files.CLASSES.replace("Apple", "Pear")
    write_files(folder, {files.CLASSES_NAME: classes})
    assert _found(".") == []
    write_files(folder, files.definition(old, new))

    [(file, found, _)] = _found(".")

    assert (file, found) == (files.DEFINITION_NAME, code)


def test_table_that_is_taken_over_is_told_where_that_is_said(folder: Path) -> None:
    """The place is `like`: there a table of its own is missing."""
    write_files(folder, {"definitions/plums.yaml": LIKE.format(name="plums")})

    assert _found(".") == [("definitions/plums.yaml", "DF208", "$.like")]


def test_catalogue_says_after_a_run_what_its_file_says(folder: Path) -> None:
    """Services of other files do not come into what was loaded of this one."""
    write_files(folder, files.definition("setup_class: PearSetup", ""))

    assert _found(files.CATALOGUE_NAME) == []
