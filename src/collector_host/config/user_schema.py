"""One schema for a whole user configuration: the general one and every service's.

What it accepts, `collector check` accepts, but for what no schema can say: files,
environment, and values that must agree. It knows no service by name.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from collector_host.config.catalogue import CATCH_ALL
from collector_host.config.merged_settings import both, instead
from collector_lint.publishing.bundle import bundle
from collector_lint.schema.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.config.catalogue import (
        Catalogue,
        InputDefinition,
        ServiceDefinition,
    )

CONFIG_SCHEMA: Final = "urn:alibaba-audit-collector:schema:collector:config:1"
USER_SCHEMA: Final = "urn:alibaba-audit-collector:schema:user_config:1"
_MADE: Final = "urn:alibaba-audit-collector:schema:{}:{}:1"


def user_schema(
    catalogue: Catalogue, schemas: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a self-contained schema of the configurations users write.

    Args:
        catalogue: What can be collected.
        schemas: Every schema by its `$id`.

    Raises:
        BundleError: A schema refers to one that is not there.
    """
    return _Composition(catalogue, schemas).build()


class _Composition:
    def __init__(
        self, catalogue: Catalogue, schemas: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._catalogue = catalogue
        self._given = schemas
        self._made: dict[str, dict[str, Any]] = {
            key: deepcopy(dict(value)) for key, value in schemas.items()
        }
        self._taken: set[str] = set()
        self._types: dict[str, set[str]] = {}
        self._engine = Engine(schemas)
        general = self._made[CONFIG_SCHEMA]["$defs"]
        self._general_input = general["input"]
        self._general_service = general["service"]

    def build(self) -> dict[str, Any]:
        root = self._made[CONFIG_SCHEMA]
        inputs = root["properties"]["inputs"]
        inputs["properties"] = {
            name: self._referring(self._input(name, definition))
            for name, definition in self._catalogue.inputs.items()
        }
        inputs["additionalProperties"] = False
        del root["$defs"]["input"], root["$defs"]["service"]
        return bundle({**root, "$id": USER_SCHEMA}, self._made)

    def _input(self, name: str, definition: InputDefinition) -> str:
        target, made = self._own("input", name, definition.definition, shared=False)
        general = self._general_input["properties"]
        properties = made.setdefault("properties", {})
        for key, each in general.items():
            properties[key] = both(properties.get(key, {}), each)
        needed = {*made.get("required", ()), *self._general_input["required"]}
        made["required"] = sorted(needed)
        services = properties["services"]
        services["properties"] = self._services(name, definition)
        catch_all = definition.services.get(CATCH_ALL)
        services["additionalProperties"] = (
            {"$ref": self._service(name, CATCH_ALL, catch_all)} if catch_all else False
        )
        return target

    def _services(self, input_name: str, definition: InputDefinition) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, service in definition.services.items():
            if service.definition["type"] != "predefined":
                continue
            target = self._service(input_name, name, service)
            found[name] = self._referring(target)
            for alias in service.about.get("aliases", ()):
                text = f"Older name of {name}."
                found[alias] = {**found[name], "description": text, "deprecated": True}
        return found

    def _service(
        self, input_name: str, name: str, definition: ServiceDefinition
    ) -> str:
        """Add what the host reads of a service, where its settings are listed."""
        owner = f"{input_name}.{name}"
        target, made = self._own("service", owner, definition.about)
        listed = target
        while "properties" not in self._made[listed] and "$ref" in self._made[listed]:
            listed = self._made[listed]["$ref"]
        schema = self._made[listed]
        properties = schema.setdefault("properties", {})
        # The host reads these itself: what the service says of them is not asked.
        for key, general in self._general_service["properties"].items():
            properties[key] = instead(properties.get(key, {}), general)
        types = {str(each["type"]) for each in definition.modules.values()}
        known = self._types.setdefault(listed, set())
        known |= types
        words = {"description": "Type of a module.", "enum": sorted(known)}
        properties["types"]["items"] = words
        if self._may_be_empty(target):
            made["type"] = schema["type"] = ["object", "null"]
        return target

    def _referring(self, target: str) -> dict[str, Any]:
        """Return a reference in the words of what it leads to; editors read these."""
        made = self._made[target]
        words = {key: made[key] for key in ("description", "examples") if key in made}
        return {**words, "$ref": target}

    def _own(
        self, kind: str, owner: str, about: Mapping[str, Any], *, shared: bool = True
    ) -> tuple[str, dict[str, Any]]:
        """Return `$id` and schema of an input's or a service's settings."""
        schema_id = str(about.get("settings_schema"))
        if schema_id in self._given and (shared or schema_id not in self._taken):
            self._taken.add(schema_id)
            return schema_id, self._made[schema_id]
        general = self._general_input if kind == "input" else self._general_service
        target = _MADE.format(kind, owner)
        self._made[target] = deepcopy(dict(self._given.get(schema_id, general)))
        return target, self._made[target]

    def _may_be_empty(self, schema_id: str) -> bool:
        """Return whether nothing is needed: an empty value is an empty mapping."""
        known = schema_id in self._given
        return not known or not self._engine.violations(schema_id, {})
