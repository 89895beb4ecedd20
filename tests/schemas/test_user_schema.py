"""One schema says of a whole configuration what the checks say part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from collector_host.config import codes
from collector_host.config.catalogue import load_catalogue
from collector_host.config.inputs import check_inputs
from collector_host.config.published import load_published
from collector_host.config.user_schema import CONFIG_SCHEMA, USER_SCHEMA
from collector_host.plugins.manager import Plugins
from collector_lint.document import Document
from collector_lint.schema.engine import Engine
from collector_lint.schemas import load_schemas, schemas_folder
from support.mutated import changed, keys_in

ORCHARD = Path(__file__).parents[1] / "config" / "orchard"
PLUGINS = Plugins.installed()
DEFINITIONS = [
    *PLUGINS.definitions,
    ORCHARD / "collector_definitions.yaml",
    ORCHARD / "apples.yaml",
]
FILES = [*PLUGINS.schemas, *sorted(ORCHARD.glob("*.schema.json"))]
PUBLISHED = load_published(definitions=DEFINITIONS, schemas=FILES)
WHOLE = PUBLISHED.user_schema()
ENGINE = Engine({USER_SCHEMA: WHOLE})
SCHEMAS, _ = load_schemas([*sorted(schemas_folder().glob("*.json")), *FILES])
CATALOGUE, _ = load_catalogue(DEFINITIONS, SCHEMAS)

_BY_SCHEMA = {codes.UNKNOWN_INPUT, codes.UNKNOWN_SERVICE, codes.UNKNOWN_TYPE}
OUTPUTS = [
    {"type": "console"},
    {"type": "syslog", "config": {"address": "relay.example.com", "port": 514}},
    {
        "type": "devo_platform",
        "config": {"address": "a", "chain": "a", "cert": "a", "key": "a"},
        "delivery": {"confirm": "auto"},
    },
]
INPUTS = {
    "alibaba": {
        "id": "alibaba_1",
        "credentials": {"type": "default"},
        "services": {
            "actiontrail": {"region": "cn-hangzhou", "enabled": True},
            "actiontrail_log_service": {
                "region": "cn-hangzhou",
                "project": "example-project",
                "logstore": "actiontrail_example",
                "types": ["log_service"],
            },
            "db_log_service": {
                "endpoint": "https://example.com",
                "project": "example-project",
                "logstores": ["example"],
            },
        },
    },
    "fruit": {
        "id": 7,
        "credentials": {"token": "example"},
        "services": {
            "apples": {"types": ["harvest"]},
            "anything": {"types": ["basket"], "more": 1},
            "nothing": None,
        },
    },
}
EXAMPLES: list[tuple[str, Any]] = [
    (
        f"{name} {output['type']}",
        {
            "globals": {"id": "not_used", "name": "example", "persistence": {}},
            "outputs": {"out_1": output},
            "inputs": {name: block},
        },
    )
    for name, block in INPUTS.items()
    for output in OUTPUTS
]


def _complaints(data: Any) -> list[str]:
    """Return the errors that a schema could know."""
    places: dict[Any, Any] = {}
    document = Document("c.yaml", data, places, places)
    found = [
        *SCHEMAS.check(document, CONFIG_SCHEMA),
        *check_inputs(document, CATALOGUE, SCHEMAS),
    ]
    return [
        str(each)
        for each in found
        if each.severity == "error"
        and (each.code.startswith("ST") or each.code in _BY_SCHEMA)
    ]


@pytest.mark.parametrize(("name", "data"), EXAMPLES)
def test_examples_are_valid(name: str, data: Any) -> None:
    """What the tests here start from is right."""
    assert name
    assert _complaints(data) == []
    assert ENGINE.violations(USER_SCHEMA, data) == ()


@given(changed(EXAMPLES, keys_in(PUBLISHED.contents)))
@settings(max_examples=300)
def test_whole_schema_agrees_with_the_checks(case: tuple[str, Any]) -> None:
    """Whatever is wrong by a schema is wrong by the whole one, and nothing else."""
    _, data = case

    assert bool(ENGINE.violations(USER_SCHEMA, data)) == bool(_complaints(data))
