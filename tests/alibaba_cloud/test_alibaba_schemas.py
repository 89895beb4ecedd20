"""The plugin's schemas: closed, described, and true of what they describe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from alibaba_cloud.actiontrail.state import to_state
from alibaba_cloud.plugin import collector_definitions, collector_schemas
from fakes.actiontrail import START, FakeHost, crowded_trail, module, module_definition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

PREFIX = "urn:alibaba-audit-collector:schema:"
SCHEMAS: dict[str, Any] = {
    schema["$id"].removeprefix(PREFIX): schema
    for schema in (
        json.loads(path.read_text(encoding="utf-8")) for path in collector_schemas()
    )
}
_REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
_OPEN = {"event:actiontrail:1", "event:actiontrail_log_service:1"}


def _errors(name: str, value: object, at: str = "") -> list[str]:
    root = {"$ref": PREFIX + name + at}
    validator = jsonschema.Draft202012Validator(root, registry=_REGISTRY)
    return [error.message for error in validator.iter_errors(value)]


def _nodes(schema: dict[str, Any], at: str = "#") -> Iterator[tuple[str, Any]]:
    """Yield every schema of a property, item or definition, with its place."""
    yield at, schema
    for group in ("properties", "$defs"):
        for key, child in schema.get(group, {}).items():
            if isinstance(child, dict) and "const" not in child:
                yield from _nodes(child, f"{at}/{group}/{key}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            child = schema[key]
            if "$ref" not in child and "enum" not in child:
                yield from _nodes(child, f"{at}/{key}")


_ALL = [(name, at, node) for name, one in SCHEMAS.items() for at, node in _nodes(one)]
_each = pytest.mark.parametrize(
    ("name", "at", "node"), _ALL, ids=[name + at for name, at, _ in _ALL]
)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid_and_named_like_the_others(name: str) -> None:
    """Draft 2020-12, with an identifier of kind, name and version."""
    schema = SCHEMAS[name]

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert len(name.split(":")) == 3


@_each
def test_node_is_described(name: str, at: str, node: dict[str, Any]) -> None:
    """Every setting has a full sentence and an example."""
    assert node["description"].endswith("."), (name, at)
    assert node["examples"], (name, at)


@_each
def test_examples_are_true(name: str, at: str, node: dict[str, Any]) -> None:
    """Each example is what its schema asks for."""
    for example in node["examples"]:
        assert _errors(name, example, at if at != "#" else "") == []


@_each
def test_objects_of_ours_are_closed(name: str, at: str, node: dict[str, Any]) -> None:
    """Unknown keys are errors where the keys are ours, never where the vendor's."""
    if "properties" in node:
        assert node["additionalProperties"] is (name in _OPEN), at


@pytest.mark.parametrize(
    "service",
    [
        {},
        {"region": "cn-hangzhou", "regions": ["eu-central-1"]},
        {"region": "cn-hangzhou", "regionn": "x"},
        {"region": "cn-hangzhou.example.com"},
        {"region": "cn-hangzhou", "initial_start_time_in_utc": "2023-01-05"},
        {"region": "cn-hangzhou", "request_period_in_seconds": 0},
        {"regions": []},
    ],
    ids=["empty", "both", "typing-error", "host", "date-only", "period", "none"],
)
def test_wrong_service_settings_are_found(service: dict[str, Any]) -> None:
    """Mistakes are found before anything starts."""
    assert _errors("service:actiontrail:1", service)


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"access_key_id": "x"},
        {"type": "default", "access_key_id": "x"},
        {"type": "file"},
        {"access_key_id": "x", "access_key_secret": "y", "path": "z"},
    ],
    ids=["empty", "half", "mixed", "no-path", "path-and-key"],
)
def test_wrong_credentials_are_found(credentials: dict[str, Any]) -> None:
    """A credentials block has one of three forms."""
    block = {"id": "a", "credentials": credentials, "services": {"actiontrail": None}}

    assert _errors("input:alibaba:1", block)


def test_saved_states_fit_their_schema() -> None:
    """Every state a pull saves is what the schema describes."""
    host = FakeHost()
    puller = module(crowded_trail("[]"), host, now=START.replace(month=5))

    puller.pull()

    assert len(host.saved) > 3
    for state in host.saved:
        assert _errors("state:actiontrail:1", state) == []
    position = puller.keeper.load(START)
    assert _errors("state:actiontrail:1", to_state(position)) == []


def test_event_needs_an_identifier_only() -> None:
    """Whatever else an event holds, it fits; a wrong kind can be tagged."""
    assert _errors("event:actiontrail:1", {"eventId": "x", "new": [1]}) == []
    assert _errors("event:actiontrail:1", {"eventName": "x"})
    assert _errors("event:actiontrail:1", {"eventId": "x", "isGlobal": "true"})


def test_definitions_and_catalogue_refer_to_schemas_that_exist() -> None:
    """The definitions' schemas, inputs and retention agree with what is shipped."""
    catalogue, *definitions = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in collector_definitions()
    )
    inputs = catalogue["collector_inputs"]

    for one in definitions:
        for key in ("settings_schema", "state_schema", "event_schema"):
            assert one.get(key, one["settings_schema"]).removeprefix(PREFIX) in SCHEMAS
        assert one["input"] in inputs
    for one in inputs.values():
        assert one["settings_schema"].removeprefix(PREFIX) in SCHEMAS
    [definition] = [one for one in definitions if one["service"] == "actiontrail"]
    properties = module_definition()["module_properties"]
    assert definition["retention_in_days"] == properties["retention_in_days"]
    state = SCHEMAS["state:actiontrail:1"]
    assert definition["position_key"] in state["properties"]


def test_defaults_of_the_schemas_are_those_of_the_definition() -> None:
    """What the documentation calls the default is what happens."""
    definition = module_definition()
    shipped = {**definition, **definition["module_properties"]}

    for name in ("service:actiontrail:1", "input:alibaba:1"):
        for key, node in SCHEMAS[name]["properties"].items():
            if "default" in node and key in shipped:
                assert node["default"] == shipped[key], key


def test_default_start_is_the_documented_one() -> None:
    """The schema's text and the definition name the same span."""
    hours: timedelta | int = module_definition()["module_properties"][
        "default_start_in_hours"
    ]
    node = SCHEMAS["service:actiontrail:1"]["properties"]["initial_start_time_in_utc"]

    assert f"begins {hours} hours back" in node["description"]
