"""Lookup attributes: which exist, which pairs are allowed, what they match.

Source: vendor documentation of LookupEvents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from collector_emulators.actiontrail.errors import ApiError
from collector_emulators.actiontrail.store import event_field, parse_body
from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_emulators.actiontrail.store import Row

Filters = tuple[tuple[str, str], ...]

MAX_ATTRIBUTES: Final = 2


def _plain(name: str) -> Callable[[Mapping[str, Any]], list[Any]]:
    return lambda event: [event_field(event, name)]


def _inside(outer: str, name: str) -> Callable[[Mapping[str, Any]], list[Any]]:
    return lambda event: [_object(event, outer).get(name)]


def _object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = event_field(event, name)
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _resource_types(event: Mapping[str, Any]) -> list[Any]:
    listed = str(event_field(event, "resourceType") or "").split(";")
    return [*_object(event, "referencedResources"), *filter(None, listed)]


def _resource_names(event: Mapping[str, Any]) -> list[Any]:
    listed = str(event_field(event, "resourceName") or "").replace(";", ",").split(",")
    groups = _object(event, "referencedResources").values()
    return [*(name for group in groups for name in group), *filter(None, listed)]


def _role_names(event: Mapping[str, Any]) -> list[Any]:
    identity = _object(event, "userIdentity")
    if identity.get("type") != "assumed-role":
        return []
    return [str(identity.get("userName", "")).partition(":")[0]]


_VALUES: Final[Mapping[str, Callable[[Mapping[str, Any]], list[Any]]]] = {
    "ServiceName": _plain("serviceName"),
    "EventName": _plain("eventName"),
    "User": _inside("userIdentity", "userName"),
    "EventId": _plain("eventId"),
    "ResourceType": _resource_types,
    "ResourceName": _resource_names,
    "EventRW": _plain("eventRW"),
    "EventAccessKeyId": _inside("userIdentity", "accessKeyId"),
    "SensitiveAction": _inside("eventAttributes", "SensitiveAction"),
    "SourceIpAddress": _plain("sourceIpAddress"),
    "EventType": _plain("eventType"),
    "RoleName": _role_names,
    "PrincipalId": _inside("userIdentity", "principalId"),
}

_PARTNERS: Final[Mapping[str, frozenset[str]]] = {
    "ServiceName": frozenset(
        {
            "EventName",
            "User",
            "PrincipalId",
            "RoleName",
            "ResourceName",
            "EventRW",
            "SensitiveAction",
            "EventType",
        }
    ),
    "ResourceName": frozenset(
        {"ResourceType", "EventName", "User", "RoleName", "ServiceName"}
    ),
    "EventType": frozenset({"EventName", "ServiceName"}),
}


def read_filters(parameters: Mapping[str, str]) -> Filters:
    """Return the attributes asked for, sorted by key.

    Only the first two count; of the same key twice, the second.

    Raises:
        ApiError: If a key is unknown, a value is missing, or the pair is not
            allowed.
    """
    chosen: dict[str, str] = {}
    for number in range(1, MAX_ATTRIBUTES + 1):
        key = parameters.get(f"LookupAttribute.{number}.Key")
        if key is None:
            continue
        value = parameters.get(f"LookupAttribute.{number}.Value")
        if key not in _VALUES or value is None:
            raise ApiError(code="InvalidQueryParameter")
        chosen[key] = value
    if len(chosen) == MAX_ATTRIBUTES and not _may_pair(*chosen):
        raise ApiError(code="InvalidQueryParameter")
    return tuple(sorted(chosen.items()))


def _may_pair(one: str, other: str) -> bool:
    return other in _PARTNERS.get(one, ()) or one in _PARTNERS.get(other, ())


def matcher(filters: Filters) -> Callable[[Row], bool] | None:
    """Return the test of a row against all `filters`; None when there are none.

    The text of a value must stand in the JSON, which is far cheaper to see than
    to parse.
    """
    if not filters:
        return None
    needles = [compact_json(value)[1:-1] for _key, value in filters]

    def matches(row: Row) -> bool:
        if not all(needle in row.body for needle in needles):
            return False
        event = parse_body(row)
        return all(value in _VALUES[key](event) for key, value in filters)

    return matches
