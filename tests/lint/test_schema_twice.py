"""Two files with one `$id`: a mistake, unless one is a version of the linter's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint.schemas import schemas_folder
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

OWN = "config.schema.json"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _own() -> str:
    return (schemas_folder() / OWN).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [OWN, "renamed.schema.json"])
def test_another_version_of_an_own_schema_stands_for_it(
    tmp_path: Path, name: str
) -> None:
    """A clone is checked by a linter that is installed elsewhere."""
    newer = json.loads(_own())
    newer["properties"]["globals"]["description"] = "Settings of the whole collector."
    write_files(tmp_path, {f"schemas/{name}": json.dumps(newer, indent=2)})

    assert run_lint("schemas", "--select", "JS101").code == 0


def test_schema_that_stands_for_an_own_one_is_what_configurations_are_checked_by(
    tmp_path: Path,
) -> None:
    """What the clone's newer version knows is known."""
    newer = json.loads(_own())
    newer["properties"]["weather"] = {"type": "string"}
    config = files.config("globals:", "weather: fine\nglobals:")
    write_files(tmp_path, {**files.BESIDE_CONFIG, **config})
    assert "weather" in run_lint(".", "--select", "ST101").out

    write_files(tmp_path, {f"schemas/{OWN}": json.dumps(newer, indent=2)})

    assert run_lint(".", "--select", "ST101").code == 0


def test_two_files_of_one_id_name_each_other(tmp_path: Path) -> None:
    """The second one is told; the line shows that it is about the key `$id`."""
    write_files(tmp_path, {f"schemas/{each}.schema.json": _own() for each in "ab"})

    out = run_lint("schemas", "--select", "JS101").out

    assert (
        "schemas/b.schema.json:3:10: error JS101 another file has the same $id: "
        "schemas/a.schema.json\n"
    ) in out
    assert '"$id": "urn:' in out


def test_other_schema_with_the_id_of_an_own_one_is_a_mistake(tmp_path: Path) -> None:
    """At the start, one of them would be refused."""
    other = {**json.loads(files.schema()[f"schemas/{files.SCHEMA_NAME}"])}
    other["$id"] = json.loads(_own())["$id"]
    write_files(tmp_path, {"schemas/other.schema.json": json.dumps(other)})

    out = run_lint("schemas", "--select", "JS101").out

    assert f"the same $id: the linter's own {OWN}\n" in out
