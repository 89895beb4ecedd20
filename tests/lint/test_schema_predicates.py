"""The quick answer to whether data is valid is jsonschema's."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_lint.schema_engine import Engine, _marking, _Validator
from collector_lint.schema_predicates import Predicates, marking

if TYPE_CHECKING:
    from collections.abc import Iterator

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
ODD = [None, True, False, 0, 1, 1.0, -1, 10**9, 0.5, "", "x", "sdk_1_7", [], ["x"], {}]


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with each of its keys or indexes."""
    keys = data if isinstance(data, dict) else range(len(data))
    for key in keys:
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


WORDS = sorted(
    {
        word
        for holder, key in _places(SCHEMAS)
        if key == "properties" and isinstance(holder[key], dict)
        for word in holder[key]
    }
)


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, Any]:
    """Draw an example of a schema with up to three things changed in it."""
    schema_id, example = draw(st.sampled_from(EXAMPLES))
    data = deepcopy(example)
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(data))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        kind = draw(st.sampled_from(["replace", "drop", "add", "other"]))
        if kind == "replace":
            holder[key] = deepcopy(draw(st.sampled_from(ODD)))
        elif kind == "drop":
            del holder[key]
        elif kind == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["x", "type", "config"]))] = None
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(WORDS))] = deepcopy(holder[key])
    return schema_id, data


@pytest.mark.parametrize("schema_id", SCHEMAS)
def test_own_schemas_are_told_quickly(schema_id: str) -> None:
    """No schema of the project has a rule that only jsonschema knows."""
    example = SCHEMAS[schema_id]["examples"][0]

    assert QUICK.is_surely_valid(schema_id, example)


@given(changed())
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
