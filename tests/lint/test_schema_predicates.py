"""The quick answer to whether data is valid is jsonschema's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from collector_lint.schema.engine import (
    Engine,
    Violation,
    _violation,
    check_schema,
)
from collector_lint.schema.metaschema import is_surely_schema
from collector_lint.schema.predicates import Predicates, marking
from collector_lint.schema.validator import FORMATS, validator_class
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
WALKED = ("", "deprecated", "writeOnly")
MARKS = {"": QUICK, "deprecated": MARKED}
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


_WALKERS = {mark: validator_class(Predicates({}, {}), mark) for mark in WALKED}
"""Classes that know of nothing that it is surely valid, so walk everything."""


OLD = {"deprecated": True}


def _walked(mark: str, schema_id: str, data: Any) -> list[Violation]:
    """Return what jsonschema says when it walks everything."""
    validator = _WALKERS[mark](
        {"$ref": schema_id}, registry=ENGINE._registry, format_checker=FORMATS
    )
    return [_violation(error) for error in validator.iter_errors(data)]


@given(changed(EXAMPLES, keys_in(SCHEMAS)))
@settings(max_examples=400)
def test_quick_answer_is_the_references(case: tuple[str, Any]) -> None:
    """Valid, invalid and marked are the same, whatever is changed in an example."""
    schema_id, data = case

    for mark, quick in MARKS.items():
        expected = {repr(each) for each in _walked(mark, schema_id, data)}

        assert quick.is_surely_valid(schema_id, data) == (not expected)
        assert {repr(each) for each in ENGINE._run(mark, schema_id, data)} == expected


@given(changed(list(SCHEMAS.items()), ["type", "pattern", "items", "required", "$ref"]))
@settings(max_examples=200)
def test_what_is_a_schema_is_what_jsonschema_takes(case: tuple[str, Any]) -> None:
    """A schema with a few things changed is refused by both, or by none."""
    _, schema = case
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        assert not is_surely_schema(schema)
        assert check_schema(schema) is not None
    else:
        assert is_surely_schema(schema)
        assert check_schema(schema) is None


@given(changed(EXAMPLES, keys_in(SCHEMAS)))
@settings(max_examples=200)
def test_marks_are_the_references(case: tuple[str, Any]) -> None:
    """What leaves a walk out finds every marked value all the same."""
    schema_id, data = case

    for mark in ("deprecated", "writeOnly"):
        found = [v for v in _walked(mark, schema_id, data) if v.keyword == mark]

        places = {path for path, _ in ENGINE.annotated(schema_id, data, mark)}
        assert places == {violation.path for violation in found}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"items": {"deprecated": True}}}},
        {"properties": {"a": {"$ref": "#/$defs/old"}}, "$defs": {"old": OLD}},
        {"additionalProperties": {"deprecated": True}},
        {"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"deprecated": True}]},
    ],
)
def test_marks_that_no_key_leads_to_are_found(schema: dict[str, Any]) -> None:
    """A mark may stand for entries, for any key, or behind a reference."""
    engine = Engine({"urn:s": schema})

    assert engine.annotated("urn:s", {"a": ["x"]}, "deprecated")


def test_part_of_a_schema_is_asked_by_the_way_to_it() -> None:
    """What stands behind the `#` leads to the part; what leads nowhere is not told."""
    parts = {"$defs": {"a/b": {"type": "integer"}}}
    engine = Engine({"urn:parts": parts})
    quick = Predicates({"urn:parts": parts}, {})

    assert engine.violations("urn:parts#/$defs/a~1b", 1) == ()
    assert [v.keyword for v in engine.violations("urn:parts#/$defs/a~1b", "x")] == [
        "type"
    ]
    assert quick.is_surely_valid("urn:parts#/$defs/a~1b", 1)
    assert not quick.is_surely_valid("urn:parts#/$defs/c", 1)
    assert not quick.is_surely_valid("urn:other", 1)


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
