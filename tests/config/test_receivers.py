"""Outputs as a configuration of the Devo Collector SDK has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from collector_host.config.model import (
    Console,
    DeliverySettings,
    DevoPlatform,
    PlainRelay,
)
from config.orchard_plugin import load_config

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.config.model import Config, Output

CONFIG = """
globals: {{id: g1, name: collector}}
outputs: {{out_1: {output}}}
inputs: {{fruit: {{id: f1, credentials: {{token: t}}, services: {{apples: }}}}}}
"""
FILES = "chain: chain.crt, cert: own.crt, key: own.key"


def load(folder: Path, output: str) -> Config:
    """Load a configuration with one output, in `config` of a project."""
    config = folder / "config"
    config.mkdir()
    (folder / "certs").mkdir()
    for name in ("chain.crt", "own.crt", "own.key"):
        (folder / "certs" / name).touch()
    file = config / "config.yaml"
    file.write_text(CONFIG.format(output=output), "utf-8")
    return load_config(file)


def only(config: Config) -> Output:
    """Return the one output."""
    (output,) = config.outputs
    return output


@pytest.mark.parametrize("kind", ["devo_platform", "relay"])
def test_tls_output_finds_its_files_in_certs_of_the_project(
    kind: str, tmp_path: Path
) -> None:
    """The folder where the SDK looks, whatever folder the process runs in."""
    place = "address: collector-us.devo.io, port: 443, type: SSL"
    output = only(load(tmp_path, f"{{type: {kind}, config: {{{place}, {FILES}}}}}"))

    certs = tmp_path / "certs"
    assert output.type == kind
    assert output.config == DevoPlatform(
        "collector-us.devo.io",
        443,
        certs / "chain.crt",
        certs / "own.crt",
        certs / "own.key",
    )


def test_file_as_written_is_found_from_the_project(tmp_path: Path) -> None:
    """`certs/chain.crt`, as seen from the project's folder."""
    files = FILES.replace(": ", ": certs/")
    output = only(
        load(
            tmp_path,
            f"{{type: relay, config: {{address: relay.example, {files}}}}}",
        )
    )

    assert isinstance(output.config, DevoPlatform)
    assert output.config.chain == tmp_path / "certs" / "chain.crt"


@pytest.mark.parametrize("kind", ["syslog", "in_house_relay", "sidecar"])
def test_plain_output_takes_the_names_of_the_sdk(kind: str, tmp_path: Path) -> None:
    """Connections side by side and the period of statistics are taken over."""
    keys = "period_sender_stats_in_seconds: 60, concurrent_connections: 2"
    place = "address: 127.0.0.1, port: 13000"
    config = load(tmp_path, f"{{type: {kind}, config: {{{place}, {keys}}}}}")
    output = only(config)

    assert output.config == PlainRelay("127.0.0.1", 13_000)
    assert (output.senders, output.statistics_period_s) == (2, 60)
    assert output.delivery == DeliverySettings()
    assert config.warnings == ()


@pytest.mark.parametrize("kind", ["console", "stdout"])
def test_stream_takes_both_names_and_both_kinds_of_keys(
    kind: str, tmp_path: Path
) -> None:
    """Without a `config` it is that of SDK 1.8."""
    first = only(load(tmp_path, f"{{type: {kind}}}"))
    (tmp_path / "more").mkdir()
    settings = "{destination: standard, keys: sdk_1_7}"
    second = only(load(tmp_path / "more", f"{{type: {kind}, config: {settings}}}"))

    assert (first.config, second.config) == (Console(), Console("sdk_1_7"))
    assert (first.senders, first.statistics_period_s) == (1, None)


@pytest.mark.parametrize(
    ("given", "delivery", "expected"),
    [
        (
            "connecting_initial_wait_in_seconds: 2, sending_initial_wait_in_seconds: 3",
            "",
            DeliverySettings(retry_initial_s=3),
        ),
        (
            "connecting_max_wait_in_seconds: 90, sending_max_wait_in_seconds: 60",
            "",
            DeliverySettings(retry_maximum_s=90),
        ),
        ("sending_timeout: 7.0", "", DeliverySettings(send_timeout_s=7)),
        ("sending_timeout: 0", "", DeliverySettings(send_timeout_s=0.05)),
        (
            "sending_timeout: 7, connecting_max_wait_in_seconds: 90",
            "send_timeout_in_seconds: 9, retry_maximum_in_seconds: 20",
            DeliverySettings(send_timeout_s=9, retry_maximum_s=20),
        ),
    ],
    ids=["first wait", "longest wait", "timeout", "no time", "delivery first"],
)
def test_waits_of_the_sdk_become_those_of_delivery(
    given: str, delivery: str, expected: DeliverySettings, tmp_path: Path
) -> None:
    """The longer wait of connecting and sending; what `delivery` says before both."""
    place = f"address: relay.example, {FILES}, {given}"
    output = f"{{type: relay, config: {{{place}}}, delivery: {{{delivery}}}}}"

    assert only(load(tmp_path, output)).delivery == expected


def test_numbers_of_attempts_are_said_to_have_no_end(tmp_path: Path) -> None:
    """Accepted, with a warning of what they do here."""
    place = f"address: relay.example, {FILES}"
    keys = "connecting_retries: 5, sending_retries: 5"

    config = load(tmp_path, f"{{type: relay, config: {{{place}, {keys}}}}}")

    assert [each.code for each in config.warnings] == ["CF323", "CF323"]
    assert "attempts never end here" in config.warnings[0].message


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("10.0.0.9", "the network"),
        ("relay.example", "the network"),
        ("8.8.8.8", "the internet"),
        ("2606:4700:4700::1111", "the internet"),
    ],
)
def test_plain_events_that_leave_the_machine_are_warned_of(
    address: str, way: str, tmp_path: Path
) -> None:
    """The operator is told that events travel in clear, and over what."""
    place = f"address: '{address}', port: 13000"
    config = load(tmp_path, f"{{type: syslog, config: {{{place}}}}}")

    (warning,) = config.warnings
    assert warning.code == "CF322"
    assert f"in clear over {way}" in warning.message
    assert only(config).config == PlainRelay(address, 13_000)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_plain_events_that_stay_on_the_machine_are_not_warned_of(
    address: str, tmp_path: Path
) -> None:
    """Nobody on the way can read them."""
    place = f"address: '{address}', port: 13000"

    assert load(tmp_path, f"{{type: syslog, config: {{{place}}}}}").warnings == ()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("address: collector-eu.devo.io", []),
        ("address: collector-ap.devo.io, port: 443", []),
        ("address: localhost, port: 13000", []),
        ("address: collector-eu.devo.io, port: 444", ["CF321 port"]),
        ("address: devo.example", ["CF321 address"]),
        ("address: Collector-EU.devo.io., port: 443", []),
    ],
)
def test_place_that_is_not_devos_only_warns(
    place: str, expected: list[str], tmp_path: Path
) -> None:
    """A private cloud or a proxy is possible; a slip in the key told is likelier."""
    config = load(tmp_path, f"{{type: devo_platform, config: {{{place}, {FILES}}}}}")

    found = [f"{each.code} {each.path.split('.')[-1]}" for each in config.warnings]
    assert found == expected


def test_missing_certificate_is_called_as_the_sdk_calls_it(tmp_path: Path) -> None:
    """Who knows the SDK's error finds it again, with every place looked at."""
    files = FILES.replace("chain.crt", "absent.crt")
    place = f"address: relay.example, {files}"

    with pytest.raises(ConfigFindingsError) as caught:
        load(tmp_path, f"{{type: relay, config: {{{place}}}}}")

    (finding,) = caught.value.findings
    assert finding.code == "CF308"
    assert "SdkDevoSenderManagerError 100" in finding.hint
    assert str(tmp_path / "certs" / "absent.crt") in finding.hint


@pytest.mark.parametrize("kind", ["devo_platform", "relay"])
def test_tls_output_without_tls_is_called_as_the_sdk_calls_it(
    kind: str, tmp_path: Path
) -> None:
    """Refused, with the output that a relay without TLS would be."""
    place = f"address: localhost, type: TCP, {FILES}"

    with pytest.raises(ConfigFindingsError) as caught:
        load(tmp_path, f"{{type: {kind}, config: {{{place}}}}}")

    (finding,) = caught.value.findings
    assert "SdkDevoSenderManagerError 50" in finding.hint
    assert "type `syslog`" in finding.hint
