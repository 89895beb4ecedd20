"""A configuration that has passed every check, as plain values.

It knows neither files' syntax nor schemas. What may hold a secret is left out of every
`repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.state.redis_settings import RedisSettings
    from collector_lint.findings import Finding

Data: TypeAlias = dict[str, Any]
"""Plain data as a module gets it: dict, list, str, int, float, bool, None."""
MEBIBYTE: Final = 1024 * 1024
Persistence: TypeAlias = Literal["filesystem", "json", "redis", "memory"]
Confirm: TypeAlias = Literal["auto", "sent", "tcp_acked", "eof", "close_notify"]
ConsoleKeys: TypeAlias = Literal["sdk_1_8", "sdk_1_7"]


@dataclass(frozen=True, slots=True)
class Globals:
    """Settings of the whole collector.

    Attributes:
        id: Identity of the collector.
        name: Name in log lines.
        state_directory: Absolute folder of the state files; it may not exist yet.
        debug: Whether debug lines are logged.
        log_format: One line of text or one JSON object for each record.
        log_level: `debug`, `info`, `warning` or `error`.
        queue_max_bytes: Bound of the delivery queue.
        queue_max_messages: Bound of the delivery queue.
        max_event_bytes: Largest event that goes out whole.
        sender_stats_period_s: Time between two lines of sender statistics.
        send_internal_messages: Whether the collector's own log goes to Devo.
        persistence: Kind of the state store; `json` is another name of `filesystem`.
        redis: The server, where the kind is `redis`.
    """

    id: str
    name: str
    state_directory: Path
    debug: bool = False
    log_format: Literal["text", "json"] = "text"
    log_level: str = "info"
    queue_max_bytes: int = 16 * MEBIBYTE
    queue_max_messages: int = 10_000
    max_event_bytes: int = MEBIBYTE
    sender_stats_period_s: float = 300
    send_internal_messages: bool = False
    persistence: Persistence = "filesystem"
    redis: RedisSettings | None = None


@dataclass(frozen=True, slots=True)
class DevoPlatform:
    """A Devo platform or relay; all three files are absolute and readable."""

    address: str
    port: int
    chain: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class PlainRelay:
    """A relay in the house, without TLS."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Console:
    """Standard output; `keys` names the fields of a line."""

    keys: ConsoleKeys = "sdk_1_8"


OutputConfig: TypeAlias = DevoPlatform | PlainRelay | Console


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How delivery is confirmed, retried and bounded; see the configuration schema."""

    confirm: Confirm = "auto"
    confirm_interval_s: float = 5
    confirm_events_min: int = 500
    confirm_events_max: int = 5_000
    confirm_bytes: int = 16 * MEBIBYTE
    retry_initial_s: float = 5
    retry_maximum_s: float = 300
    close_timeout_s: float = 3
    send_timeout_s: float = 30


@dataclass(frozen=True, slots=True)
class Output:
    """One receiver of every message.

    Attributes:
        name: Name under `outputs`.
        type: As written, e.g. `syslog`.
        required: Whether progress waits for it.
        senders: Connections side by side.
        config: Where it leads.
        delivery: How delivery is confirmed, retried and bounded.
        statistics_period_s: Time between two lines of its statistics; None for that
            of the collector.
    """

    name: str
    type: str
    required: bool
    senders: int
    config: OutputConfig
    delivery: DeliverySettings
    statistics_period_s: float | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """One puller class to run; `definition` holds its `module_properties`."""

    class_name: str
    setup_class: str | None
    definition: Data
    calculator_class: str | None
    submodules_property: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """One enabled service with the modules selected, at least one.

    Attributes:
        name: Name under the input's `services`.
        type: `predefined` or `custom`.
        config: The user's settings; None where the user wrote none.
        definition: The service as the catalogue has it.
        modules: Puller classes to run.
        retention_in_days: How far back the vendor answers, if the definition says so.
        position_key: Key of the saved state with the position's time, likewise.
        state_schema: `$id` of the schema of its saved state, likewise.
        event_schema: `$id` of the schema of its events, likewise.
    """

    name: str
    type: str
    config: Data | None = field(repr=False)
    definition: Data = field(repr=False)
    modules: tuple[Module, ...]
    retention_in_days: float | None = None
    position_key: str | None = None
    state_schema: str | None = None
    event_schema: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One enabled input with its enabled services, at least one.

    Attributes:
        name: Name under `inputs`.
        id: Identity of the source account.
        config: The user's whole block, `services` included, references resolved.
        definition: The input as the catalogue has it, all services included.
        services: Enabled services in the user's order.
    """

    name: str
    id: str
    config: Data = field(repr=False)
    definition: Data = field(repr=False)
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the host needs to start.

    Attributes:
        file: The configuration file.
        settings: Settings of the whole collector.
        outputs: Enabled outputs, at least one of them required.
        inputs: Enabled inputs, at least one.
        secrets: Every value that must never be shown.
        warnings: Findings that do not stop the start-up.
        definition_globals: `collector_globals` of the catalogue.
    """

    file: Path
    settings: Globals
    outputs: tuple[Output, ...]
    inputs: tuple[Input, ...]
    secrets: frozenset[str] = field(repr=False)
    warnings: tuple[Finding, ...]
    definition_globals: Data = field(repr=False)
