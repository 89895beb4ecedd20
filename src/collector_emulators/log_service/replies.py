"""What an action gives back, before it becomes an answer on the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from collector_emulators.ledger import Served, compact_json
from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.accounts import AccessKey, Accounts
    from collector_emulators.clock import DataClock, TransportClock
    from collector_emulators.faults import FaultPlan, Strike
    from collector_emulators.ledger import Ledger
    from collector_emulators.log_service.catalogue import Catalogue
    from collector_emulators.log_service.knobs import Knobs
    from collector_emulators.log_service.routes import Ask


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is made of."""

    region: str
    suffixes: tuple[str, ...]
    accounts: Accounts
    knobs: Knobs
    catalogue: Catalogue
    clock: TransportClock
    data_clock: DataClock
    faults: FaultPlan
    ledger: Ledger


class Turn(NamedTuple):
    """One call that was let in.

    Attributes:
        ask: What it asks for.
        key: Who asks.
        strike: What goes wrong.
        now: Virtual time, seconds since 1970 UTC.
    """

    ask: Ask
    key: AccessKey
    strike: Strike
    now: float


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of a success, its headers, and what the ledger says about it."""

    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    events: tuple[Served, ...] = ()
    event_count: int = 0


def json_reply(value: object) -> Reply:
    """Return a reply of JSON."""
    return Reply(compact_json(value), {"content-type": "application/json"})


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in a request's body.

    Raises:
        ApiError: PostBodyInvalid.
    """
    value = _read(body)
    if not isinstance(value, dict):
        raise ApiError(code="PostBodyInvalid", message="a JSON object is expected")
    return cast("dict[str, Any]", value)


def read_list(body: bytes) -> list[Any]:
    """Return the JSON array in a request's body.

    Raises:
        ApiError: PostBodyInvalid.
    """
    value = _read(body)
    if not isinstance(value, list):
        raise ApiError(code="PostBodyInvalid", message="a JSON array is expected")
    return cast("list[Any]", value)


def read_number(values: Mapping[str, Any], name: str, default: int) -> int:
    """Return a whole number among parameters.

    Raises:
        ApiError: ParameterInvalid, if it is something else.
    """
    try:
        return int(values.get(name, default))
    except (TypeError, ValueError) as err:
        raise ApiError(
            code="ParameterInvalid", message=f"{name} must be a number"
        ) from err


def _read(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as err:
        raise ApiError(code="PostBodyInvalid", message="the body is not JSON") from err
