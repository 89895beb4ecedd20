"""The schemas of configs, catalogues and definitions keep their own rules."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from collector_lint import schemas as schemas_module
from collector_lint.loader import parse
from collector_lint.schemas import load_schemas, schemas_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = sorted(schemas_folder().glob("*.json"))
_SUBSCHEMAS = ("items", "additionalProperties", "propertyNames", "then", "if")


def _walk(schema: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every subschema with its place."""
    if not isinstance(schema, dict):
        return
    yield place, schema
    for group in ("properties", "$defs"):
        for name, each in schema.get(group, {}).items():
            yield from _walk(each, f"{place}.{group}.{name}")
    for group in ("allOf", "anyOf"):
        for index, each in enumerate(schema.get(group, [])):
            yield from _walk(each, f"{place}.{group}[{index}]")
    for group in _SUBSCHEMAS:
        yield from _walk(schema.get(group), f"{place}.{group}")


def _schema(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_schema_is_identified_and_loads(file: Path) -> None:
    """Draft, `$id` and title are given; the whole set loads without a finding."""
    schema = _schema(file)
    name = file.name.partition(".")[0]

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:alibaba-audit-collector:schema:collector:{name}:1"
    assert schema["title"]
    loaded, findings = load_schemas(FILES)
    assert findings == ()
    assert schema["$id"] in loaded.ids


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_property_is_described_with_an_example(file: Path) -> None:
    """Each property has a full sentence and at least one example."""
    properties = [
        (f"{place}.{name}", each)
        for place, schema in _walk(_schema(file))
        if ".then" not in place and ".if" not in place
        for name, each in schema.get("properties", {}).items()
    ]

    assert properties
    for place, each in properties:
        assert each.get("description", "").endswith("."), place
        assert each.get("examples"), place


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_example_and_default_satisfies_its_schema(
    file: Path, tmp_path: Path
) -> None:
    """What a schema shows as an example, it accepts."""
    root = _schema(file)
    places = dict(_walk(root))
    copy = tmp_path / "places.json"
    wrapped = {"$id": "urn:test", "$defs": root.get("$defs", {}), "properties": places}
    copy.write_text(json.dumps(wrapped), "utf-8")
    schemas, _ = load_schemas([*FILES, copy])

    for place, schema in places.items():
        examples = schema.get("examples", [])
        defaults = [schema["default"]] if "default" in schema else []
        for example in [*examples, *defaults]:
            document, _ = parse(json.dumps({place: example}).encode(), "e.json")
            assert document is not None
            found = schemas.check(document, "urn:test")
            assert [str(f) for f in found if f.severity == "error"] == [], place


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_objects_with_properties_are_closed(file: Path) -> None:
    """Only what plugins extend is open: an input and a service of the user."""
    open_places = {
        place
        for place, schema in _walk(_schema(file))
        if "properties" in schema and schema.get("additionalProperties") is not False
        if ".then" not in place and ".if" not in place
    }

    is_config = file.name.startswith("config.")
    expected = {"$.$defs.input", "$.$defs.service"} if is_config else set[str]()
    assert open_places == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_patterns_are_portable(file: Path) -> None:
    """Patterns are anchored and use nothing that engines disagree on."""
    for place, schema in _walk(_schema(file)):
        pattern = schema.get("pattern")
        if pattern is not None:
            assert re.fullmatch(r"\^.*\$", pattern), place
            assert not re.search(r"\\[pPZAzGbBdDwWsS]|\(\?", pattern), place


def test_schemas_are_found_in_a_wheel_and_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the package if they are there, else at the checkout's top level."""
    package = tmp_path / "src" / "collector_lint"
    package.mkdir(parents=True)
    monkeypatch.setattr(schemas_module, "_HERE", package)

    checkout = schemas_folder()
    (package / "_data" / "schemas").mkdir(parents=True)

    assert checkout == tmp_path / "schemas" / "collector"
    assert schemas_folder() == package / "_data" / "schemas"
