"""Turns checked data into the model.

It relies on every check having passed, and therefore checks nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_host.config import receivers
from collector_host.config.inputs import is_enabled, selected_modules
from collector_host.config.model import (
    MEBIBYTE,
    DeliverySettings,
    Globals,
    Input,
    Module,
    Output,
    Service,
)
from collector_host.config.outputs import DELIVERY_FIELDS, find_file
from collector_host.state.redis_settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from collector_host.config.catalogue import (
        Catalogue,
        InputDefinition,
        ServiceDefinition,
    )
    from collector_host.config.model import Data

_GLOBAL_FIELDS: Final = {
    "debug": "debug",
    "queue_max_size_in_messages": "queue_max_messages",
    "max_event_bytes": "max_event_bytes",
    "sender_stats_period_in_sec": "sender_stats_period_s",
    "send_internal_messages": "send_internal_messages",
}
_REDIS_FIELDS: Final = {
    "location": "host",
    "host": "host",
    "port": "port",
    "db": "db",
    "username": "username",
    "password": "password",
    "socket_timeout": "socket_timeout_s",
    "ssl": "ssl",
    "lease_in_seconds": "lease_s",
    "require_aof": "require_aof",
}
_DEFAULT_DIRECTORY: Final = "state"


def build_globals(data: Data, folder: Path) -> Globals:
    """Build the settings of the collector; `folder` is absolute."""
    fields = _fields(data, _GLOBAL_FIELDS)
    if "queue_max_size_in_mb" in data:
        fields["queue_max_bytes"] = int(data["queue_max_size_in_mb"]) * MEBIBYTE
    log = data.get("log", {})
    level = "debug" if data.get("debug") else "info"
    persistence = data.get("persistence", {})
    store = persistence.get("config", {})
    kind = persistence.get("type", "filesystem")
    return Globals(
        id=str(data["id"]),
        name=data["name"],
        state_directory=folder / store.get("directory_name", _DEFAULT_DIRECTORY),
        log_format=log.get("format", "text"),
        log_level=log.get("level", level),
        persistence=kind,
        redis=_redis(str(data["id"]), store, folder) if kind == "redis" else None,
        **fields,
    )


def _redis(collector_id: str, data: Data, folder: Path) -> RedisSettings:
    ca = data.get("ssl_ca")
    return RedisSettings(
        collector_id,
        ssl_ca=(find_file(ca, folder) or folder / ca) if ca else None,
        **_fields(data, _REDIS_FIELDS),
    )


def build_outputs(data: Data, folder: Path) -> tuple[Output, ...]:
    """Build the enabled outputs in the user's order."""
    return tuple(
        Output(
            name=name,
            type=block["type"],
            required=block.get("required", True),
            senders=receivers.senders(block),
            config=receivers.output_config(block, folder),
            delivery=_delivery(block),
            statistics_period_s=receivers.statistics_period_s(block),
        )
        for name, block in data.items()
        if is_enabled(block)
    )


def build_inputs(data: Data, catalogue: Catalogue) -> tuple[Input, ...]:
    """Build the enabled inputs with an enabled service, in the user's order."""
    inputs = (
        _input(name, block, catalogue.inputs[name])
        for name, block in data.items()
        if is_enabled(block)
    )
    return tuple(each for each in inputs if each.services)


def _delivery(block: Data) -> DeliverySettings:
    data = receivers.delivery(block.get("delivery", {}), block.get("config") or {})
    return DeliverySettings(**_fields(data, DELIVERY_FIELDS))


def _fields(data: Data, names: Mapping[str, str]) -> Data:
    """Rename what is given; a whole number written as `5.0` becomes an integer."""
    given = {field: data[key] for key, field in names.items() if key in data}
    return {
        field: int(value) if isinstance(value, float) and value.is_integer() else value
        for field, value in given.items()
    }


def _input(name: str, block: Data, definition: InputDefinition) -> Input:
    services: dict[str, Data | None] = {
        definition.proper_name(each): settings
        for each, settings in block["services"].items()
    }
    config: Data = {**block, "id": str(block["id"]), "services": services}
    return Input(
        name=name,
        id=config["id"],
        config=config,
        definition=definition.definition,
        services=tuple(
            _service(each, settings, cast("ServiceDefinition", definition.find(each)))
            for each, settings in services.items()
            if is_enabled(settings)
        ),
    )


def _service(name: str, config: Data | None, definition: ServiceDefinition) -> Service:
    about = definition.about
    return Service(
        name=name,
        type=definition.definition["type"],
        config=config,
        definition=definition.definition,
        modules=tuple(
            _module(class_name, each)
            for class_name, each in selected_modules(definition, config or {}).items()
        ),
        retention_in_days=(config or {}).get(
            "retention_in_days", about.get("retention_in_days")
        ),
        position_key=about.get("position_key"),
        state_schema=about.get("state_schema"),
        event_schema=about.get("event_schema"),
    )


def _module(class_name: str, definition: Data) -> Module:
    return Module(
        class_name=class_name,
        setup_class=definition.get("setup_class"),
        definition=definition,
        calculator_class=definition.get("submodule_calculator_class"),
        submodules_property=definition.get("submodules_property"),
    )
