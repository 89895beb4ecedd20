"""Settings, addresses and regions: what the user wrote, and what becomes of it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from alibaba_cloud.actiontrail.regions import RegionsCalculator
from alibaba_cloud.actiontrail.settings import read_settings
from alibaba_cloud.endpoint import Endpoint, parse_endpoint, proxy_for
from alibaba_cloud.errors import InitVariablesError
from fakes.actiontrail import INPUT, module_definition, settings

PUBLIC = Endpoint("https", "actiontrail.cn-hangzhou.aliyuncs.com")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://127.0.0.1:8080", Endpoint("http", "127.0.0.1:8080")),
        ("http://[::1]:8080", Endpoint("http", "[::1]:8080")),
        ("http://localhost:8080/", Endpoint("http", "localhost:8080")),
        (PUBLIC.host, PUBLIC),
        (f"https://{PUBLIC.host}", PUBLIC),
    ],
    ids=["loopback", "loopback-v6", "localhost", "bare", "https"],
)
def test_endpoint_is_taken_apart(text: str, expected: Endpoint) -> None:
    """An address without scheme is https; the host goes to the SDK without one."""
    assert parse_endpoint(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://actiontrail.cn-hangzhou.aliyuncs.com", "0003"),
        ("http://127.0.0.1.example.com", "0003"),
        ("ftp://127.0.0.1", "0001"),
        ("https://host/path", "0001"),
        ("https://user@host", "0001"),
        ("https://", "0001"),
        ("host:port", "0001"),
        ("host:0", "0001"),
        ("https://host:99999", "0001"),
        ("https://[::1", "0001"),
    ],
    ids=[
        *("plain", "looks-local", "scheme", "path", "user", "empty"),
        *("port-word", "port-0", "port-high", "bracket"),
    ],
)
def test_endpoint_that_cannot_be_used_is_refused(text: str, code: str) -> None:
    """A signed request never leaves the machine unencrypted."""
    with pytest.raises(InitVariablesError, match=f"CODE:{code}"):
        parse_endpoint(text)


def test_password_in_an_endpoint_is_not_shown() -> None:
    """An error may end up in a log."""
    with pytest.raises(InitVariablesError) as caught:
        parse_endpoint("https://user:pass/word@host")

    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("explicit", "environment", "expected"),
    [
        (None, {}, None),
        (None, {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        (None, {"https_proxy": "http://p:1"}, "http://p:1"),
        (None, {"HTTP_PROXY": "http://p:1"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".aliyuncs.com"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "no_proxy": "a, aliyuncs.com"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "no_proxy": "yuncs.com"}, "http://p:1"),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ""}, "http://p:1"),
        ("http://q:2", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "http://q:2"),
    ],
    ids=[
        "none",
        "environment",
        "lower-case",
        "other-scheme",
        "excluded-domain",
        "excluded-in-a-list",
        "half-a-name",
        "everything",
        "nothing",
        "configured",
    ],
)
def test_proxy_is_the_configured_one_or_that_of_the_environment(
    explicit: str | None, environment: dict[str, str], expected: str | None
) -> None:
    """NO_PROXY counts, though the SDK does not heed it."""
    assert proxy_for(PUBLIC, explicit, environment) == expected


def test_loopback_needs_no_proxy() -> None:
    """An address of this machine is never asked for from another one."""
    environment = {"HTTP_PROXY": "http://p:1"}

    assert proxy_for(Endpoint("http", "127.0.0.1:8080"), None, environment) is None


def test_value_of_the_service_wins_over_input_and_definition() -> None:
    """Definition, then input, then service: the last one counts."""
    shipped = settings().rules.calls_per_s
    of_input = settings(source={"requests_per_second": 5}).rules.calls_per_s
    of_service = settings(
        {"requests_per_second": 7}, {"requests_per_second": 5}
    ).rules.calls_per_s

    assert (shipped, of_input, of_service) == (2, 5, 7)


def test_region_of_a_submodule_wins() -> None:
    """With several regions each module reads its own."""
    chosen = read_settings(
        INPUT, {"regions": ["a-b", "c-d"]}, module_definition(), "c-d"
    )

    assert chosen.connection.region == "c-d"


@pytest.mark.parametrize(
    ("service", "code"),
    [
        (None, "0002"),
        ({"region": "cn-hangzhou", "initial_start_time_in_utc": "soon"}, "0001"),
        ({"region": "cn-hangzhou", "initial_start_time_in_utc": 2023}, "0001"),
    ],
    ids=["no-region", "no-instant", "a-number"],
)
def test_setting_that_cannot_be_used_is_named(
    service: dict[str, Any] | None, code: str
) -> None:
    """A host without schemas still gets a clear error."""
    with pytest.raises(InitVariablesError, match=f"CODE:{code}"):
        read_settings(INPUT, service, module_definition(), None)


def _submodules(service: dict[str, Any] | None) -> dict[str | None, Any]:
    source = {"services": {"actiontrail": service}}
    return RegionsCalculator.calculate_submodules("actiontrail", "regions", source)


def test_single_region_has_no_submodule() -> None:
    """The thread's name is the one of the public guide."""
    assert _submodules({"region": "cn-hangzhou"}) == {None: None}


def test_each_of_several_regions_is_a_submodule() -> None:
    """A module and a position of its own for every region."""
    regions = ["cn-hangzhou", "eu-central-1"]

    assert _submodules({"regions": regions}) == {one: one for one in regions}


@pytest.mark.parametrize(
    ("service", "levels"),
    [
        ({"region": "eu-central-1"}, [logging.WARNING]),
        ({"regions": ["eu-central-1", "us-east-1"]}, [logging.WARNING]),
        ({"region": "ap-southeast-1"}, []),
        ({"regions": ["eu-central-1", "cn-hangzhou"]}, []),
    ],
    ids=["one", "several", "international", "mainland"],
)
def test_missing_global_events_are_warned_of(
    caplog: pytest.LogCaptureFixture, service: dict[str, Any], levels: list[int]
) -> None:
    """Who reads neither region of global events is told that sign-ins are missing."""
    _submodules(service)

    assert [record.levelno for record in caplog.records] == levels


def test_no_region_at_all_is_an_error() -> None:
    """An empty service block cannot be guessed at."""
    with pytest.raises(InitVariablesError, match=r"CODE:0002"):
        _submodules(None)
