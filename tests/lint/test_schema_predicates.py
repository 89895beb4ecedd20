"""The quick answer to whether data is valid is jsonschema's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from collector_lint.schema_engine import Engine, _marking, _Validator
from collector_lint.schema_predicates import Predicates, marking
from support.mutated import changed, keys_in

ROOT = Path(__file__).parents[2]
SCHEMAS = {
    schema["$id"]: schema
    for file in sorted((ROOT / "schemas").rglob("*.schema.json"))
    for schema in [json.loads(file.read_text("utf-8"))]
}
ENGINE = Engine(SCHEMAS)
QUICK = Predicates(SCHEMAS, {})
MARKED = Predicates(SCHEMAS, marking("deprecated"))
EXAMPLES = [
    (schema_id, example)
    for schema_id, schema in SCHEMAS.items()
    for example in schema["examples"]
]


@pytest.mark.parametrize("schema_id", SCHEMAS)
def test_own_schemas_are_told_quickly(schema_id: str) -> None:
    """No schema of the project has a rule that only jsonschema knows."""
    example = SCHEMAS[schema_id]["examples"][0]

    assert QUICK.is_surely_valid(schema_id, example)


@given(changed(EXAMPLES, keys_in(SCHEMAS)))
@settings(max_examples=400, deadline=None)
def test_quick_answer_is_the_references(case: tuple[str, Any]) -> None:
    """Valid, invalid and marked are the same, whatever is changed in an example."""
    schema_id, data = case

    invalid = ENGINE._run(_Validator, schema_id, data)
    marked = ENGINE._run(_marking("deprecated"), schema_id, data)

    assert QUICK.is_surely_valid(schema_id, data) == (not invalid)
    assert MARKED.is_surely_valid(schema_id, data) == (not marked)


def test_schema_that_holds_itself_is_told_quickly() -> None:
    """A tree has a function; what does not end has none, and harms no other."""
    tree = {"properties": {"below": {"items": {"$ref": "#"}}}, "required": ["name"]}
    endless = {"$ref": "#"}
    outside = {"not": {"$ref": "urn:endless"}}
    quick = Predicates(
        {"urn:tree": tree, "urn:endless": endless, "urn:outside": outside}, {}
    )

    assert quick.is_surely_valid("urn:tree", {"name": 1, "below": [{"name": 2}]})
    assert not quick.is_surely_valid("urn:tree", {"name": 1, "below": [{}]})
    assert not quick.is_surely_valid("urn:endless", 1)
    assert not quick.is_surely_valid("urn:outside", 1)


def test_what_cannot_be_told_is_never_taken_for_valid() -> None:
    """A schema that failed to become a function fails all that refer to it."""
    schemas = {
        "urn:a": {"allOf": [{"$ref": "urn:b"}, {"contains": {"const": 1}}]},
        "urn:b": {"not": {"$ref": "urn:a"}},
    }
    quick = Predicates(schemas, {})

    assert not quick.is_surely_valid("urn:a", 1)
    assert not quick.is_surely_valid("urn:b", 1)
