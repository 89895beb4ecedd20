"""The settings of one module, read once from configuration and definition.

The configuration is the user's, the definition is shipped; a value that both may
name is the user's. Nothing here opens a connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Dict, Mapping, Optional

from ..credentials import CredentialSource, credential_source
from ..endpoint import Endpoint, parse_endpoint
from ..errors import InitVariablesError
from ..persisted import given, read_start
from ..problems import MISSING_SETTING


@dataclass(frozen=True)
class Connection:
    """How the service is reached.

    Attributes:
        region: Region whose events are read.
        endpoint: Address that replaces the region's own, or None.
        network: `public` or `vpc`: which of the region's addresses is used.
        proxy: URL of a proxy that replaces the one of the environment, or None.
        ca_file: File with the certificate authorities to trust, or None.
        connect_timeout_s: Longest time to open a connection, seconds.
        read_timeout_s: Longest silence while an answer is awaited, seconds.
        user_agent: Added to the user agent of the vendor's SDK.
    """

    region: str
    endpoint: Optional[Endpoint]
    network: str
    proxy: Optional[str]
    ca_file: Optional[str]
    connect_timeout_s: float
    read_timeout_s: float
    user_agent: str


@dataclass(frozen=True)
class LateEvents:
    """How late events are found.

    Attributes:
        settle: Age of an event at which the second look reads it; not above the
            first look's, there is nothing to look for.
        interval: Time between two second looks.
        ids_max: Most events remembered between the looks.
    """

    settle: timedelta
    interval: timedelta
    ids_max: int


@dataclass(frozen=True)
class Rules:
    """How the service is read: the data of the definition.

    Attributes:
        tag: Table the events go to.
        id_field: Key of an event's identifier.
        time_field: Key of an event's time.
        settle: Age an event must reach before it is read.
        late: How events are found that become visible later than that.
        retention: How far back the service answers.
        retention_margin: Distance kept from the edge of the retention.
        default_start: Age of the start when none is configured.
        window_max: Longest window of one query.
        window_min: Shortest window of a backlog.
        pages_per_window_max: A window with more pages makes the next one shorter.
        page_size: Events asked for per page.
        empty_pages_max: Empty pages in a row that are taken for a loop.
        fruitless_restarts_max: Times in a row a refused window begins again without
            a new event before the pull fails.
        attempts_per_page: Calls made for one page before the pull fails.
        retry_initial_s: Wait before the second repetition; doubled each time.
        retry_maximum_s: Longest such wait.
        temporary_refresh_s: Time between two set-ups with temporary credentials.
        calls_per_s: Highest rate of calls for one access key and region.
    """

    tag: str
    id_field: str
    time_field: str
    settle: timedelta
    late: LateEvents
    retention: timedelta
    retention_margin: timedelta
    default_start: timedelta
    window_max: timedelta
    window_min: timedelta
    pages_per_window_max: int
    page_size: int
    empty_pages_max: int
    fruitless_restarts_max: int
    attempts_per_page: int
    retry_initial_s: float
    retry_maximum_s: float
    temporary_refresh_s: float
    calls_per_s: float


@dataclass(frozen=True)
class Settings:
    """Everything one module is told.

    Attributes:
        connection: How the service is reached.
        rules: How it is read.
        credentials: Where the access key comes from.
        start: First instant to read, UTC; None for the definition's default.
        environment: Added to every event, or None.
    """

    connection: Connection
    rules: Rules
    credentials: CredentialSource
    start: Optional[datetime]
    environment: Optional[str]


def read_settings(
    input_config: Mapping[str, Any],
    service_config: Optional[Mapping[str, Any]],
    module_definition: Mapping[str, Any],
    region: Optional[str],
) -> Settings:
    """Return the settings of one module.

    Args:
        input_config: The user's block of the input.
        service_config: The user's block of the service; None when left empty.
        module_definition: The module's block of the definition.
        region: The submodule's region; None for the service's only one.

    Raises:
        InitVariablesError: A setting is missing or cannot be used.
    """
    service: Dict[str, Any] = dict(service_config or {})
    properties: Dict[str, Any] = dict(module_definition.get("module_properties") or {})
    limits = {"requests_per_second": input_config.get("requests_per_second")}
    merged = {**properties, **given(limits), **given(service)}
    of_definition, of_user = properties["late_events"], service.get("late_events")
    merged["late_events"] = {**of_definition, **given(of_user or {})}
    try:
        rules = _rules(merged)
        connection = _connection(merged, region or merged["region"])
    except KeyError as error:
        raise InitVariablesError(MISSING_SETTING, str(error.args[0])) from error
    return Settings(
        connection,
        rules,
        credential_source(input_config.get("credentials") or {}),
        read_start(service.get("initial_start_time_in_utc")),
        input_config.get("environment"),
    )


def _connection(merged: Mapping[str, Any], region: str) -> Connection:
    endpoint = merged.get("endpoint")
    return Connection(
        region=region,
        endpoint=parse_endpoint(endpoint) if endpoint else None,
        network=merged.get("network", "public"),
        proxy=merged.get("proxy"),
        ca_file=merged.get("ca_file"),
        connect_timeout_s=merged["connect_timeout_in_seconds"],
        read_timeout_s=merged["read_timeout_in_seconds"],
        user_agent=merged["user_agent"],
    )


def _rules(merged: Mapping[str, Any]) -> Rules:
    settle = timedelta(seconds=merged["settle_time_in_seconds"])
    return Rules(
        tag=merged["tag"],
        id_field=merged["event_id_field"],
        time_field=merged["event_time_field"],
        settle=settle,
        late=_late_events(merged["late_events"], settle),
        retention=timedelta(days=merged["retention_in_days"]),
        retention_margin=timedelta(seconds=merged["retention_margin_in_seconds"]),
        default_start=timedelta(hours=merged["default_start_in_hours"]),
        window_max=timedelta(days=merged["window_maximum_in_days"]),
        window_min=timedelta(minutes=merged["window_minimum_in_minutes"]),
        pages_per_window_max=merged["pages_per_window_maximum"],
        page_size=merged["page_size"],
        empty_pages_max=merged["empty_pages_maximum"],
        fruitless_restarts_max=merged["fruitless_restarts_maximum"],
        attempts_per_page=merged["attempts_per_page"],
        retry_initial_s=merged["retry_initial_in_seconds"],
        retry_maximum_s=merged["retry_maximum_in_seconds"],
        temporary_refresh_s=merged["temporary_credentials_refresh_in_seconds"],
        calls_per_s=merged["requests_per_second"],
    )


def _late_events(block: Mapping[str, Any], settle: timedelta) -> LateEvents:
    """Return how late events are found; switched off, one look is enough."""
    second_settle = timedelta(seconds=block["settle_time_in_seconds"])
    return LateEvents(
        settle=second_settle if block["enabled"] else settle,
        interval=timedelta(seconds=block["interval_in_seconds"]),
        ids_max=block["remembered_ids_maximum"],
    )
