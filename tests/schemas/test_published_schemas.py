"""Every schema is published as one file that any validator and editor can use."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from collector_host.config.published import load_published
from collector_host.plugins.manager import Plugins
from support.mutated import places

if TYPE_CHECKING:
    from collections.abc import Iterator

PLUGINS = Plugins.installed()
PUBLISHED = load_published(definitions=PLUGINS.definitions, schemas=PLUGINS.schemas)
COLLECTOR = Path(sys.executable).with_name("collector")


def _call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COLLECTOR, "schema", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.parametrize("name", PUBLISHED.ids)
def test_published_schema_needs_no_other(name: str) -> None:
    """It is valid, its references lead inside, its own examples satisfy it."""
    schema = PUBLISHED.schema(name)

    Draft202012Validator.check_schema(schema)
    references = [holder["$ref"] for holder, key in places(schema) if key == "$ref"]
    assert all(isinstance(each, str) for each in references)
    assert {each[:8] for each in references} <= {"#/$defs/"}
    assert [key for holder, key in places(schema) if key == "$id"] == ["$id"]
    for example in schema["examples"]:
        Draft202012Validator(schema).validate(example)


_RULES = ("if", "then", "else", "oneOf", "anyOf", "allOf", "not")


def _settings(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield the keys that a schema describes; rules only name them again."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in {"properties", "$defs"}:
            yield from value.items() if key == "properties" else ()
            for inner in value.values():
                yield from _settings(inner)
        elif key not in {*_RULES, "examples", "default"}:
            yield from _settings(value)


@pytest.mark.parametrize("name", PUBLISHED.ids)
def test_every_setting_can_be_explained(name: str) -> None:
    """An editor has words and an example for each key, and a title to head them."""
    schema = PUBLISHED.contents[PUBLISHED.ids[name]]

    for key, value in _settings(schema):
        assert value.get("description", "").endswith("."), key
        assert "examples" in value, key


@pytest.mark.parametrize("name", PUBLISHED.ids)
def test_settings_of_time_and_size_name_their_unit(name: str) -> None:
    """A number that is a time or a size says in words what it counts."""
    unit = re.compile(r"second|minute|hour|day|byte|MiB|message", re.IGNORECASE)
    counted = re.compile(r"_in_|timeout|period|bytes|retention")
    for key, value in _settings(PUBLISHED.contents[PUBLISHED.ids[name]]):
        if counted.search(key) and value.get("type") in {"integer", "number"}:
            assert unit.search(value["description"]), key


def test_schemas_are_listed_and_shown(tmp_path: Path) -> None:
    """`list` names each with its title; `show` prints it, or writes it to a file."""
    listed = _call("list")
    shown = _call("show", "service.access_log_service")
    written = _call("show", "config", "--output", str(tmp_path / "config.json"))

    assert [line.split()[0] for line in listed.stdout.splitlines()] == [*PUBLISHED.ids]
    assert "Service actiontrail_log_service\n" in listed.stdout
    assert json.loads(shown.stdout) == PUBLISHED.schema("service.access_log_service")
    assert written.stdout == ""
    text = (tmp_path / "config.json").read_text(encoding="utf-8")
    assert json.loads(text) == PUBLISHED.schema("config")


def test_unknown_name_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """Exit code 2; a file that cannot be written is named."""
    unknown = _call("show", "servis.actiontrail")
    (tmp_path / "taken").write_text("")
    blocked = _call("show", "config", "-o", str(tmp_path / "taken" / "x.json"))

    assert unknown.returncode == blocked.returncode == 2
    assert "did you mean service.actiontrail?" in unknown.stderr
    assert "taken/x.json cannot be written" in blocked.stderr


def test_references_may_stand_for_values() -> None:
    """A number, a word out of a list and a text of a form may be `${NAME}`."""
    schema = Draft202012Validator(PUBLISHED.schema("config"))
    data = {
        "globals": {"id": "${ID}", "name": "x-${NAME}", "debug": "${DEBUG:-true}"},
        "outputs": {
            "out": {
                "type": "devo_platform",
                "config": {
                    "address": "${HOST}",
                    "port": "${PORT:-443}",
                    **dict.fromkeys(("chain", "cert", "key"), "${file:x}"),
                },
            }
        },
        "inputs": {
            "alibaba": {
                "id": "a",
                "credentials": {"type": "default"},
                "services": {"actiontrail": {"region": "${REGION}"}},
            }
        },
    }

    schema.validate(data)
    data["outputs"]["out"]["config"]["port"] = "PORT"
    assert not schema.is_valid(data)
