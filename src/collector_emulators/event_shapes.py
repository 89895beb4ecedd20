"""The shapes of ActionTrail events: which fields a kind of event has, and what in.

Pure functions of a dice; when an event happens and arrives is decided elsewhere.

Source: vendor documentation of the event structure, and public sample events: how
often a field occurs, and the oddities (ids in three forms, eventVersion as number
and text, keys with dots and keys that differ by case, integers beyond 2**53).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.clock import format_instant
from collector_emulators.event_words import (
    AGENTS,
    BROWSER,
    FAILURES,
    PRODUCTS,
    TEXTS,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

_ACCOUNT: Final = "1000000000000001"

_SERVICES: Final = tuple(PRODUCTS)
_WEIGHTS: Final = tuple(product.weight for product in PRODUCTS.values())


class Moment(NamedTuple):
    """Where and when an event happens.

    Attributes:
        time: Seconds since 1970 UTC.
        region: Value of `acsRegion`.
        number: Place in the run; makes ids unique.
    """

    time: float
    region: str
    number: int


def make_event(dice: random.Random, moment: Moment) -> dict[str, Any]:
    """Return one event of a kind drawn by weight."""
    kind = dice.choices(_KINDS, _KIND_WEIGHTS)[0]
    return kind(dice, moment)


def _api_call(dice: random.Random, moment: Moment) -> dict[str, Any]:
    service = dice.choices(_SERVICES, _WEIGHTS)[0]
    product = PRODUCTS[service]
    is_read = _chance(dice, 0.82)
    name = dice.choice(product.reads if is_read else product.writes)
    resource = f"{product.prefix}{dice.getrandbits(60):015x}"
    event = _common(dice, moment, service, name)
    parameters = _parameters(dice, moment, event, resource)
    event["apiVersion"] = "*" if _chance(dice, 0.01) else product.version
    event["requestParameters"] = parameters
    _maybe(dice, 0.6, event, "eventRW", "Read" if is_read else "Write")
    _maybe(dice, 0.4, event, "referencedResources", {product.resource_type: [resource]})
    _maybe(dice, 0.25, event, "responseElements", {"RequestId": event["requestId"]})
    _maybe(dice, 0.3, event, "eventCategory", "Management")
    _maybe(dice, 0.04, event, "recipientAccountId", _ACCOUNT)
    _maybe(dice, 0.02, event, "__expanded", value=True)
    _maybe(dice, 0.02, event, "eventAttributes", {"SensitiveAction": "true"})
    if _chance(dice, 0.4):
        text = json.dumps(parameters, ensure_ascii=False)
        event["requestParameterJson"] = text
    return _with_outcome(dice, event)


def _assume_role(dice: random.Random, moment: Moment) -> dict[str, Any]:
    event = _common(dice, moment, "Sts", "AssumeRole")
    session = dice.choice(("backup", "monitor", _big_number(dice)))
    role = f"acs:ram::{_ACCOUNT}:role/role-{dice.randrange(20)}"
    event["apiVersion"] = "2015-04-01"
    event["requestParameters"] = {
        "RoleArn": role,
        "RoleSessionName": session,
        "DurationSeconds": 3600,
        "AcsProduct": "Sts",
    }
    event["responseElements"] = {
        "requestId": event["requestId"],
        "assumedRoleUser": {"arn": f"{role}/{session}", "assumedRoleId": "3:session"},
        "credentials": {
            "accessKeyId": f"STS.{dice.getrandbits(80):020x}",
            "accessKeySecret": "masked",
            "expiration": format_instant(moment.time + 3600),
        },
    }
    event["eventRW"] = "Write"
    return event


def _console_sign_in(dice: random.Random, moment: Moment) -> dict[str, Any]:
    is_root = _chance(dice, 0.2)
    service = "AasCustomer" if is_root else "AasSub"
    event = _common(dice, moment, service, "ConsoleSignin")
    event["eventType"] = "ConsoleSignin"
    event["eventSource"] = "https://signin.aliyun.com/login.htm"
    event["userAgent"] = BROWSER
    event["isGlobal"] = True
    event["userIdentity"] = _identity(dice, moment, "root-account" if is_root else "")
    flag = "isMFAChecked" if is_root else "mfaChecked"
    event["additionalEventData"] = {flag: dice.choice(("true", "false"))}
    if _chance(dice, 0.05):
        event["errorCode"] = "Authentication.Failed"
        event["errorMessage"] = "Incorrect password."
    return event


def _console_sign_out(dice: random.Random, moment: Moment) -> dict[str, Any]:
    event = _console_sign_in(dice, moment)
    return {**event, "eventName": "ConsoleSignout", "eventType": "ConsoleSignout"}


def _password_reset(dice: random.Random, moment: Moment) -> dict[str, Any]:
    event = _console_sign_in(dice, moment)
    return {**event, "eventName": "PasswordReset", "eventType": "PasswordReset"}


def _console_operation(dice: random.Random, moment: Moment) -> dict[str, Any]:
    event = _common(dice, moment, "Ecs", "Create")
    event["eventType"] = "ConsoleOperation"
    event["userAgent"] = "AliyunConsole"
    event["requestParameters"] = {}
    order = str(dice.randrange(10**9, 10**10))
    article = {"zone": f"{moment.region}-b", "bandwidth_max": "25600"}
    event["additionalEventData"] = {
        "orderIds": order,
        order: {"resourceId": "i-bp1", "articleConfig": article},
    }
    return event


def _service_event(dice: random.Random, moment: Moment) -> dict[str, Any]:
    event = _common(dice, moment, "Ecs", "InstanceMaintenance")
    del event["eventSource"]
    event["eventType"] = "AliyunServiceEvent"
    event["sourceIpAddress"] = "Internal"
    event["userIdentity"] = {"type": "system", "userName": "system"}
    event["extend"] = "INSTANCE"
    return event


_MIX: Final[Mapping[Callable[[random.Random, Moment], dict[str, Any]], float]] = {
    _api_call: 82,
    _assume_role: 10,
    _console_sign_in: 3,
    _console_operation: 3,
    _service_event: 1,
    _console_sign_out: 0.7,
    _password_reset: 0.3,
}
_KINDS: Final = tuple(_MIX)
_KIND_WEIGHTS: Final = tuple(_MIX.values())


def _common(
    dice: random.Random, moment: Moment, service: str, name: str
) -> dict[str, Any]:
    request_id = _event_id(dice, moment)
    event: dict[str, Any] = {
        "eventId": request_id,
        "eventVersion": dice.choice((1, "1")),
        "eventSource": f"{service.lower()}.{moment.region}.aliyuncs.com",
        "sourceIpAddress": _address(dice),
        "eventType": "ApiCall",
        "userIdentity": _identity(dice, moment),
        "serviceName": service,
        "requestId": request_id if _chance(dice, 0.8) else _guid(dice),
        "eventTime": format_instant(moment.time),
        "eventName": name,
    }
    _maybe(dice, 0.9, event, "userAgent", dice.choice(AGENTS))
    _maybe(dice, 0.9, event, "acsRegion", moment.region)
    _maybe(dice, 0.4, event, "isGlobal", value=False)
    _maybe(
        dice,
        0.6,
        event,
        "additionalEventData",
        {"Scheme": "https", "CallerBid": "26842"},
    )
    return event


def _parameters(
    dice: random.Random, moment: Moment, event: Mapping[str, Any], resource: str
) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "RegionId": moment.region,
        "AcsProduct": event["serviceName"],
        "AcsHost": event["eventSource"],
        "RequestId": event["requestId"],
        "ResourceId": resource,
    }
    _maybe(dice, 0.5, parameters, "stsTokenPlayerUid", _big_number(dice))
    _maybe(dice, 0.3, parameters, "Filter.1.Key", "status")
    _maybe(dice, 0.3, parameters, "Tag", [{"Key": "team", "Value": ["a", "b"]}])
    _maybe(dice, 0.2, parameters, "Description", dice.choice(TEXTS))
    _maybe(dice, 0.2, parameters, "DryRun", value=False)
    if _chance(dice, 0.1):
        parameters["userClientIp"] = parameters["UserClientIp"] = _address(dice)
    if _chance(dice, 0.25):
        parameters["PolicyDocument"] = f"{dice.getrandbits(64):x}" * dice.randrange(50)
    return parameters


def _identity(dice: random.Random, moment: Moment, wanted: str = "") -> dict[str, Any]:
    kind = (
        wanted
        or dice.choices(
            ("ram-user", "root-account", "assumed-role", "saml-user", "cloudsso-user"),
            (45, 25, 25, 3, 2),
        )[0]
    )
    number = dice.randrange(40)
    user = {"root-account": "root", "assumed-role": f"role-{number}:session"}
    identity: dict[str, Any] = {
        "type": kind,
        "accountId": _ACCOUNT,
        "userName": user.get(kind, f"user-{number}"),
    }
    if kind != "saml-user":
        identity["principalId"] = (
            _ACCOUNT if kind == "root-account" else f"{200000000000000000 + number}"
        )
    if kind == "assumed-role":
        identity["accessKeyId"] = f"STS.{dice.getrandbits(80):020x}"
    if _chance(dice, 0.65):
        context = {
            "mfaAuthenticated": dice.choice(("true", "false")),
            "creationDate": format_instant(moment.time - 60),
        }
        older = _chance(dice, 0.1)
        identity["sessionContext"] = {
            "sessionAttributes" if older else "attributes": context
        }
    return identity


def _with_outcome(dice: random.Random, event: dict[str, Any]) -> dict[str, Any]:
    if _chance(dice, 0.04):
        event["errorCode"], event["errorMessage"] = dice.choice(FAILURES)
    elif _chance(dice, 0.2):
        # Some producers write empty texts on success.
        event["errorCode"] = event["errorMessage"] = ""
    return event


def _chance(dice: random.Random, share: float) -> bool:
    return dice.random() < share


def _maybe(
    dice: random.Random, share: float, into: dict[str, Any], name: str, value: Any
) -> None:
    if _chance(dice, share):
        into[name] = value


def _event_id(dice: random.Random, moment: Moment) -> str:
    match dice.choices(("upper", "lower", "hex", "dotted"), (50, 30, 15, 5))[0]:
        case "upper":
            return _guid(dice).upper()
        case "lower":
            return _guid(dice)
        case "hex":
            return f"{dice.getrandbits(96):024X}"
        case _:
            tail = f"{int(moment.time * 1000)}_{dice.getrandbits(16):04x}"
            return f"1.{moment.number}_{tail}"


def _guid(dice: random.Random) -> str:
    text = f"{dice.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _address(dice: random.Random) -> str:
    forms = (
        f"203.0.113.{dice.randrange(1, 255)}",
        f"2001:db8::{dice.getrandbits(16):x}",
        "Internal",
        "ecs.aliyuncs.com",
    )
    return dice.choices(forms, (80, 5, 8, 7))[0]


def _big_number(dice: random.Random) -> int:
    """Return an integer of 16 to 18 digits: many exceed 2**53."""
    return dice.randrange(10**15, 10**18)
