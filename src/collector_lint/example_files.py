"""What the rules' examples are made of: one small collector of fruit, without mistakes.

Everything here is made up. Each function returns a text with one part changed.
"""

from __future__ import annotations

import json
from typing import Any, Final

CATALOGUE: Final = """\
collector_inputs:
  fruit:
    services:
      apples:
        type: predefined
        modules:
          ApplePuller:
            type: apples
            default: true
            setup_class: AppleSetup
            request_period_in_seconds: 60
            module_properties:
              tag: my.app.fruit.apples
"""
CONFIG: Final = """\
globals:
  id: c1
  name: collector
outputs:
  console_1:
    type: console
inputs:
  fruit:
    id: f1
    services:
      apples: {}
"""
DEFINITION: Final = """\
input: fruit
service: pears
settings_schema: urn:example:schema:service:pears:1
state_schema: urn:example:schema:state:pears:1
definition:
  type: predefined
  modules:
    PearPuller:
      type: pears
      default: true
      setup_class: PearSetup
      request_period_in_seconds: 60
      module_properties:
        tag: my.app.fruit.pears
"""
CLASSES: Final = """\
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class AppleSetup(CollectorPullerSetupAbstract):
    ...


class ApplePuller(CollectorPullerAbstract):
    def pull(self, retrieving_timestamp):
        ...
"""
CLASSES_NAME: Final = "modules/fruit.py"
SCHEMA_NAME: Final = "service.pears.schema.json"
CATALOGUE_NAME: Final = "collector_definitions.yaml"
DEFINITION_NAME: Final = "definitions/pears.yaml"
BESIDE_CONFIG: Final = {CATALOGUE_NAME: CATALOGUE}
_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:example:schema:service:pears:1",
    "title": "Service pears",
    "description": "What an operator may set for pears.",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "variety": {
            "description": "Which pears are picked.",
            "type": "string",
            "examples": ["conference"],
        }
    },
}


def changed(text: str, old: str, new: str) -> str:
    """Return a text with one part replaced.

    Raises:
        ValueError: The part is not there.
    """
    if old not in text:
        message = f"there is no {old!r}"
        raise ValueError(message)
    return text.replace(old, new, 1)


def config(old: str = "", new: str = "") -> dict[str, str]:
    """Return `config.yaml`, changed."""
    return {"config.yaml": changed(CONFIG, old, new)}


def catalogue(old: str = "", new: str = "") -> dict[str, str]:
    """Return `collector_definitions.yaml`, changed."""
    return {CATALOGUE_NAME: changed(CATALOGUE, old, new)}


def definition(old: str = "", new: str = "") -> dict[str, str]:
    """Return the definition of the service pears, changed."""
    return {DEFINITION_NAME: changed(DEFINITION, old, new)}


def schema(without: str = "", **changes: Any) -> dict[str, str]:
    """Return the schema of the service pears.

    Args:
        without: Key to leave out.
        **changes: Keys to replace; `schema_` and `id_` stand for `$schema` and `$id`.
    """
    names = {"schema_": "$schema", "id_": "$id"}
    data = {**_SCHEMA, **{names.get(key, key): value for key, value in changes.items()}}
    data = {key: value for key, value in data.items() if key != without}
    return {f"schemas/{SCHEMA_NAME}": json.dumps(data, indent=2) + "\n"}


def property_schema(name: str = "variety", **changes: Any) -> dict[str, str]:
    """Return the schema of the service pears with its one property changed.

    Args:
        name: What the property is called.
        **changes: Keys of it to replace; None leaves one out.
    """
    known: dict[str, Any] = {**_SCHEMA["properties"]["variety"], **changes}
    kept = {key: value for key, value in known.items() if value is not None}
    return schema(properties={name: kept})


def _state_schema() -> dict[str, str]:
    position = {
        "description": "Everything up to here was read, UTC.",
        "type": "string",
        "examples": ["2026-01-05T00:00:00Z"],
    }
    [text] = schema(
        id_="urn:example:schema:state:pears:1",
        title="State of pears",
        description="How far the pears were read.",
        properties={"last_run": position},
    ).values()
    return {"schemas/state.pears.schema.json": text}


BESIDE_SUBMODULES: Final = catalogue(
    "            module_properties",
    "            submodules_property: trees\n            module_properties",
)
"""A catalogue whose apples are split by their setting `trees`."""
BESIDE_DEFINITION: Final = {**catalogue(), **schema(), **_state_schema()}
