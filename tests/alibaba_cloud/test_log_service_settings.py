"""Settings and Log Stores: what the user wrote, and what becomes of it."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any

import pytest
import yaml

from alibaba_cloud import plugin
from alibaba_cloud.errors import InitVariablesError
from alibaba_cloud.log_service.settings import read_settings
from alibaba_cloud.log_service.stores import LogStoresCalculator
from fakes.log_service import (
    INPUT,
    LOGSTORE,
    PROJECT,
    ROOT,
    SERVICE,
    START,
    module_definition,
    settings,
)


@pytest.mark.parametrize(
    ("network", "host"),
    [
        (None, "cn-hangzhou.log.aliyuncs.com"),
        ("public", "cn-hangzhou.log.aliyuncs.com"),
        ("internal", "cn-hangzhou-intranet.log.aliyuncs.com"),
        ("vpc", "cn-hangzhou-intranet.log.aliyuncs.com"),
    ],
)
def test_address_follows_from_region_and_network(
    network: str | None, host: str
) -> None:
    """Without an address of its own, a region has a public and an inner one."""
    endpoint = settings({"network": network}).connection.endpoint

    assert (endpoint.protocol, endpoint.host) == ("https", host)


@pytest.mark.parametrize(
    ("endpoint", "region", "signature"),
    [
        ("cn-hangzhou.log.aliyuncs.com", "cn-hangzhou", "v4"),
        ("https://cn-hangzhou.log.aliyuncs.com:443", "cn-hangzhou", "v4"),
        ("cn-hangzhou-intranet.log.aliyuncs.com", "cn-hangzhou", "v4"),
        ("cn-hangzhou-internal.log.aliyuncs.com", "cn-hangzhou", "v4"),
        ("cn-hangzhou-share.log.aliyuncs.com", "cn-hangzhou", "v4"),
        ("log.example.com", "", "v1"),
        ("http://127.0.0.1:8080", "", "v1"),
    ],
)
def test_region_and_signature_follow_from_the_address(
    endpoint: str, region: str, signature: str
) -> None:
    """The newer signature names a region; where none is known the older one is used."""
    connection = settings({"region": None, "endpoint": endpoint}).connection

    assert (connection.region, connection.signature) == (region, signature)


@pytest.mark.parametrize(
    ("service", "signature"),
    [
        ({"signature": "v1"}, "v1"),
        ({"signature": "v4"}, "v4"),
        ({"endpoint": "log.example.com"}, "v4"),
        ({"endpoint": "log.example.com", "signature": "v1"}, "v1"),
    ],
    ids=["older", "newer", "own-address-and-region", "own-address-older"],
)
def test_signature_is_the_wanted_one(service: dict[str, Any], signature: str) -> None:
    """What the user asks for counts, if the region is known."""
    assert settings(service).connection.signature == signature


@pytest.mark.parametrize(
    ("service", "code", "text"),
    [
        ({"region": None}, "0002", "region, or endpoint"),
        ({"project": None}, "0002", "project"),
        ({"logstore": None}, "0002", "logstore"),
        (
            {"region": None, "endpoint": "log.example.com", "signature": "v4"},
            "0001",
            "signature v4 needs region",
        ),
        ({"endpoint": "http://log.example.com"}, "0003", "http://log.example.com"),
        ({"endpoint": "https://host/path"}, "0001", "not an address"),
        ({"endpoint": "http://[::1]:8080"}, "0001", "IPv6"),
        ({"shard_group": {"number": 3, "of": 2}}, "0001", "no group 3 of 2"),
        ({"shard_group": {"number": 0, "of": 2}}, "0001", "no group 0 of 2"),
        (
            {"endpoint": f"https://{PROJECT}.cn-hangzhou.log.aliyuncs.com"},
            "0001",
            "names the project",
        ),
        ({"added_fields": {"origin": "__sorce__"}}, "0001", "added_fields: origin"),
        ({"added_fields": {"origin": "__tag__:"}}, "0001", "no such reserved field"),
        ({"initial_start_time_in_utc": "soon"}, "0001", "initial_start_time_in_utc"),
    ],
    ids=[
        *("nowhere", "no-project", "no-logstore", "v4-without-region", "plain-http"),
        *("path", "ipv6", "no-such-group", "group-zero"),
        *("project-twice", "no-such-field", "tag-without-name", "no-instant"),
    ],
)
def test_setting_that_cannot_be_used_is_named(
    service: dict[str, Any], code: str, text: str
) -> None:
    """A host without schemas still gets a clear error."""
    with pytest.raises(InitVariablesError, match=f"CODE:{code}") as caught:
        settings(service)

    assert text in str(caught.value)


def test_missing_service_block_is_named() -> None:
    """No settings at all are a missing setting, not a crash."""
    with pytest.raises(InitVariablesError, match=r"CODE:0002"):
        read_settings(INPUT, None, module_definition(), None)


def test_log_store_of_a_submodule_wins() -> None:
    """With several Log Stores each module reads its own."""
    service = {**SERVICE, "logstores": ["one", "two"]}

    chosen = read_settings(INPUT, service, module_definition(), "two")

    assert chosen.connection.store == f"{PROJECT}/two"


def test_settings_are_the_users_else_the_definitions() -> None:
    """A key left empty in the configuration is not set."""
    shipped = settings({"parallel_pulls": None}).rules.parallel_pulls
    chosen = settings({"parallel_pulls": 7}).rules.parallel_pulls

    assert (shipped, chosen) == (4, 7)


def test_start_and_environment_are_taken_over() -> None:
    """Without a configured start the definition's default counts."""
    chosen, unset = settings(), settings({"initial_start_time_in_utc": None})

    assert (chosen.start, chosen.environment) == (START, "prod")
    assert (unset.start, unset.rules.default_start) == (None, timedelta(hours=24))


def test_shard_groups_share_out_every_shard_once() -> None:
    """Collectors with all numbers read every shard, new ones included."""
    groups = [
        settings({"shard_group": {"number": number, "of": 3}}).rules
        for number in (1, 2, 3)
    ]

    readers = [
        [rules.reads(shard) for rules in groups].count(True) for shard in range(50)
    ]

    assert readers == [1] * 50
    assert groups[0].reads(0)
    assert all(settings().rules.reads(shard) for shard in range(50))


@pytest.mark.parametrize(
    ("service", "changes", "is_same"),
    [
        ({}, {}, True),
        ({"parallel_pulls": 9}, {"tag": "my.app.x.y"}, True),
        ({"added_fields": {"module": "__topic__", "origin": "__source__"}}, {}, True),
        ({"added_fields": {"origin": "__source__"}}, {}, False),
        ({"query": "* | where a = 1"}, {}, False),
        ({}, {"event_field": None}, False),
    ],
    ids=["nothing", "irrelevant", "other-order", "fields", "query", "event-field"],
)
def test_fingerprint_changes_with_what_records_become(
    service: dict[str, Any],
    changes: dict[str, Any],
    is_same: bool,  # noqa: FBT001 - a case's value
) -> None:
    """What was counted under other rules must not be skipped under these."""
    before = settings().rules.fingerprint
    after = settings(service, **changes).rules.fingerprint

    assert (before == after) is is_same


def _submodules(service: dict[str, Any] | None) -> dict[str | None, Any]:
    source = {"services": {"actiontrail_log_service": service}}
    return LogStoresCalculator.calculate_submodules(
        "actiontrail_log_service", "logstores", source
    )


def test_one_log_store_gives_one_module_without_submodule() -> None:
    """Its thread's name is the one of the guide."""
    assert _submodules({"logstore": LOGSTORE}) == {None: None}


def test_log_stores_of_a_list_give_a_submodule_each() -> None:
    """Each has a position of its own."""
    assert _submodules({"logstores": ["a", "b"]}) == {"a": "a", "b": "b"}


@pytest.mark.parametrize("service", [None, {}, {"logstores": []}])
def test_no_log_store_is_a_missing_setting(service: dict[str, Any] | None) -> None:
    """Nothing is read silently."""
    with pytest.raises(InitVariablesError, match=r"CODE:0002.*logstores"):
        _submodules(service)


@pytest.mark.parametrize(
    ("offer", "name"),
    [
        (plugin.collector_pullers, "LogServiceStandardPuller"),
        (plugin.collector_setups, "LogServiceBasePullerSetup"),
        (plugin.collector_submodule_calculators, "LogStoresCalculator"),
    ],
)
def test_plugin_offers_the_classes(offer: Any, name: str) -> None:
    """The names of the definition lead to classes."""
    module_name, _, attribute = offer()[name].partition(":")

    assert attribute == name
    assert isinstance(getattr(importlib.import_module(module_name), name), type)


@pytest.mark.parametrize("service", ["access_log_service", "db_log_service"])
def test_plugin_offers_services_that_vary_the_first(service: str) -> None:
    """They differ by their table, and send records whole."""
    paths = {path.name: path for path in plugin.collector_definitions()}

    about = yaml.safe_load(paths[f"{service}.yaml"].read_text(encoding="utf-8"))

    assert about["like"] == "actiontrail_log_service"
    assert about["module_properties"]["event_field"] is None
    assert (ROOT / "schemas/alibaba_cloud" / f"service.{service}.schema.json").exists()
