"""The settings of one Log Store, read once from configuration and definition.

The configuration is the user's, the definition is shipped; a value that both may
name is the user's. Nothing here opens a connection.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Dict, Mapping, Optional, Tuple

from ..credentials import CredentialSource, credential_source
from ..endpoint import Endpoint, parse_endpoint
from ..errors import InitVariablesError
from ..persisted import given, read_start
from ..problems import BAD_SETTING, MISSING_SETTING
from .mistakes import DOMAIN, names_project, no_such_field, no_such_group

_SUFFIXES = {"public": "", "internal": "-intranet", "vpc": "-intranet"}
"""What follows the region in the address; source: vendor's list of endpoints."""


@dataclass(frozen=True)
class Connection:
    """How a Log Store is reached.

    Attributes:
        endpoint: Address of Log Service; the project's name goes before it.
        region: Region the requests are signed for; empty when not known.
        project: Project the Log Store belongs to.
        logstore: The Log Store.
        signature: `v4` or `v1`: how requests are signed.
        proxy: URL of a proxy that replaces the one of the environment, or None.
        ca_file: File with the certificate authorities to trust, or None.
        connect_timeout_s: Longest time to open a connection, seconds.
        read_timeout_s: Longest silence while an answer is awaited, seconds.
        user_agent: Name given to the service.
    """

    endpoint: Endpoint
    region: str
    project: str
    logstore: str
    signature: str
    proxy: Optional[str]
    ca_file: Optional[str]
    connect_timeout_s: float
    read_timeout_s: float
    user_agent: str

    @property
    def store(self) -> str:
        """Name of the Log Store, unique within Log Service of a region."""
        return f"{self.project}/{self.logstore}"


@dataclass(frozen=True)
class Rules:
    """How a Log Store is read: the data of the definition.

    Attributes:
        tag: Table the events go to.
        event_field: Key of a record whose text is the event; None sends records
            whole.
        id_field: Key of an event's identifier, without which it never counts as a
            repetition; None when events have none.
        added_fields: Key added to each event -> reserved field of the record that
            gives its value (`__source__`, `__topic__`, `__tag__:name`), or a text.
        query: SPL statement that the service applies before it answers, or None.
        shard_group: Which of how many groups of shards to read: number, count.
        default_start: Age of the start when none is configured.
        groups_per_pull: Log groups asked for at once, at most 1,000.
        records_per_save: Records that are sent together, at least, and behind which
            the position is saved.
        small_pull_bytes: An answer below this says that the end is near.
        parallel_pulls: Calls at the same time.
        remembered_events: Events remembered to recognise repetitions; 0 for none.
        shard_list_interval_s: Time between two looks for new shards.
        attempts_per_call: Calls made before a shard is left alone for this pull.
        retry_initial_s: Wait before the first repetition; doubled each time.
        retry_maximum_s: Longest such wait.
        temporary_refresh_s: Time between two set-ups with temporary credentials.
        calls_per_s: Highest rate of calls for one access key and address.
    """

    tag: str
    event_field: Optional[str]
    id_field: Optional[str]
    added_fields: Mapping[str, str]
    query: Optional[str]
    shard_group: Tuple[int, int]
    default_start: timedelta
    groups_per_pull: int
    records_per_save: int
    small_pull_bytes: int
    parallel_pulls: int
    remembered_events: int
    shard_list_interval_s: float
    attempts_per_call: int
    retry_initial_s: float
    retry_maximum_s: float
    temporary_refresh_s: float
    calls_per_s: float

    @property
    def fingerprint(self) -> str:
        """Changes when records sent once would look otherwise, or be others."""
        what = [self.query, self.event_field, sorted(self.added_fields.items())]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]

    def reads(self, shard_id: int) -> bool:
        """Tell whether a shard belongs to the group that is read here."""
        number, count = self.shard_group
        return shard_id % count == number - 1


@dataclass(frozen=True)
class Settings:
    """Everything one module is told.

    Attributes:
        connection: How the Log Store is reached.
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
    logstore: Optional[str],
) -> Settings:
    """Return the settings of one module.

    Args:
        input_config: The user's block of the input.
        service_config: The user's block of the service.
        module_definition: The module's block of the definition.
        logstore: The submodule's Log Store; None for the service's only one.

    Raises:
        InitVariablesError: A setting is missing or cannot be used.
    """
    service: Dict[str, Any] = dict(service_config or {})
    properties: Dict[str, Any] = dict(module_definition.get("module_properties") or {})
    merged = {**properties, **given(service)}
    try:
        rules = _rules(merged)
        connection = _connection(merged, logstore or merged["logstore"])
    except KeyError as error:
        raise InitVariablesError(MISSING_SETTING, str(error.args[0])) from error
    return Settings(
        connection,
        rules,
        credential_source(input_config.get("credentials") or {}),
        read_start(service.get("initial_start_time_in_utc")),
        input_config.get("environment"),
    )


def _connection(merged: Mapping[str, Any], logstore: str) -> Connection:
    region, address = merged.get("region"), merged.get("endpoint")
    if not region and not address:
        raise InitVariablesError(MISSING_SETTING, "region, or endpoint")
    if not address:
        address = f"{region}{_SUFFIXES[merged.get('network', 'public')]}.{DOMAIN}"
    endpoint = parse_endpoint(address)
    if "[" in endpoint.host:
        # The vendor's SDK takes it apart at the first colon.
        cause = f"endpoint {address!r}: the vendor's SDK takes no IPv6 address"
        raise InitVariablesError(BAD_SETTING, cause)
    _refuse(names_project(endpoint.host, merged["project"]))
    return Connection(
        endpoint=endpoint,
        region=region or _region_of(endpoint),
        project=merged["project"],
        logstore=logstore,
        signature=_signature(merged, region or _region_of(endpoint)),
        proxy=merged.get("proxy"),
        ca_file=merged.get("ca_file"),
        connect_timeout_s=merged["connect_timeout_in_seconds"],
        read_timeout_s=merged["read_timeout_in_seconds"],
        user_agent=merged["user_agent"],
    )


def _region_of(endpoint: Endpoint) -> str:
    """Return the region an address of the vendor's names, or an empty text."""
    host = endpoint.host.partition(":")[0]
    if not host.endswith(f".{DOMAIN}"):
        return ""
    label = host[: -len(DOMAIN) - 1]
    for suffix in ("-intranet", "-internal", "-share"):
        if label.endswith(suffix):
            return label[: -len(suffix)]
    return label


def _signature(merged: Mapping[str, Any], region: str) -> str:
    """Return the signature to use: the newer one, which names a region, if it can."""
    wanted: Optional[str] = merged.get("signature")
    if wanted == "v4" and not region:
        cause = "signature v4 needs region, which the endpoint does not tell"
        raise InitVariablesError(BAD_SETTING, cause)
    return wanted or ("v4" if region else "v1")


def _refuse(mistake: str, where: str = "") -> None:
    """Refuse to start if something is wrong.

    Raises:
        InitVariablesError: It is.
    """
    if mistake:
        raise InitVariablesError(BAD_SETTING, f"{where}{mistake}")


def _rules(merged: Mapping[str, Any]) -> Rules:
    group: Mapping[str, int] = merged.get("shard_group") or {"number": 1, "of": 1}
    _refuse(no_such_group(group["number"], group["of"]), "shard_group: ")
    for key, value in merged["added_fields"].items():
        _refuse(no_such_field(value), f"added_fields: {key}: ")
    return Rules(
        tag=merged["tag"],
        event_field=merged.get("event_field"),
        id_field=merged.get("event_id_field"),
        added_fields=merged["added_fields"],
        query=merged.get("query"),
        shard_group=(group["number"], group["of"]),
        default_start=timedelta(hours=merged["default_start_in_hours"]),
        groups_per_pull=merged["groups_per_pull"],
        records_per_save=merged["records_per_save"],
        small_pull_bytes=merged["small_pull_in_bytes"],
        parallel_pulls=merged["parallel_pulls"],
        remembered_events=merged["remembered_events"],
        shard_list_interval_s=merged["shard_list_interval_in_seconds"],
        attempts_per_call=merged["attempts_per_call"],
        retry_initial_s=merged["retry_initial_in_seconds"],
        retry_maximum_s=merged["retry_maximum_in_seconds"],
        temporary_refresh_s=merged["temporary_credentials_refresh_in_seconds"],
        calls_per_s=merged["requests_per_second"],
    )
