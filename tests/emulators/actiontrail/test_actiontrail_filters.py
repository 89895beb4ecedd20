"""Lookup attributes with the vendor SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alibabacloud_actiontrail20200706.models import (
    LookupEventsRequestLookupAttribute as Attribute,
)
from alibabacloud_tea_openapi.exceptions import ClientException

from emulators.actiontrail.vendor import event, lookup, read_all

if TYPE_CHECKING:
    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.actiontrail import ActionTrailEmulator

EVENT = {
    "serviceName": "Ecs",
    "eventName": "RunInstances",
    "eventRW": "Write",
    "eventType": "ApiCall",
    "sourceIpAddress": "203.0.113.9",
    "referencedResources": {"ACS::ECS::Instance": ["i-1", "i-2"]},
    "resourceName": "i-7,i-8;v-1",
    "resourceType": "ACS::ECS::Instance;ACS::VPC::VSwitch",
    "eventAttributes": {"SensitiveAction": "true"},
    "userIdentity": {
        "type": "assumed-role",
        "userName": "admin:session",
        "principalId": "3:session",
        "accessKeyId": "STS.example",
    },
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ServiceName", "Ecs"),
        ("EventName", "RunInstances"),
        ("User", "admin:session"),
        ("EventId", "wanted"),
        ("ResourceType", "ACS::VPC::VSwitch"),
        ("ResourceName", "i-2"),
        ("ResourceName", "i-8"),
        ("EventRW", "Write"),
        ("EventAccessKeyId", "STS.example"),
        ("SensitiveAction", "true"),
        ("SourceIpAddress", "203.0.113.9"),
        ("EventType", "ApiCall"),
        ("RoleName", "admin"),
        ("PrincipalId", "3:session"),
    ],
)
def test_attribute_finds_its_event(
    emulator: ActionTrailEmulator, client: Client, key: str, value: str
) -> None:
    """Every documented key selects by its field, exactly."""
    emulator.load([event("other", 20, note=value), event("wanted", 10, **EVENT)])

    read = read_all(client, lookup_attribute=[Attribute(key=key, value=value)])

    assert [item["eventId"] for item in read] == ["wanted"]


def test_two_attributes_must_both_match(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Two attributes are joined by and, page by page."""
    emulator.load(
        event(f"{name}{n}", n, serviceName="Ecs", eventName=name)
        for n in range(3)
        for name in ("Run", "Stop")
    )
    pair = [
        Attribute(key="ServiceName", value="Ecs"),
        Attribute(key="EventName", value="Run"),
    ]

    read = read_all(client, lookup_attribute=pair, max_results="1")

    assert [item["eventId"] for item in read] == ["Run2", "Run1", "Run0"]


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param([("Colour", "red")], id="unknown-key"),
        pytest.param([("User", "a"), ("EventRW", "Read")], id="pair-not-allowed"),
    ],
)
def test_wrong_attribute_is_refused(
    client: Client, pair: list[tuple[str, str]]
) -> None:
    """Unknown keys and pairs the service does not support are refused."""
    attributes = [Attribute(key=key, value=value) for key, value in pair]

    with pytest.raises(ClientException) as caught:
        lookup(client, lookup_attribute=attributes)

    assert caught.value.code == "InvalidQueryParameter"


def test_second_value_of_the_same_key_wins(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Of the same key given twice only the second value counts."""
    emulator.load([event("a", 2, eventRW="Read"), event("b", 1, eventRW="Write")])
    twice = [
        Attribute(key="EventRW", value="Read"),
        Attribute(key="EventRW", value="Write"),
    ]

    assert [e["eventId"] for e in read_all(client, lookup_attribute=twice)] == ["b"]
