"""From the configuration's outputs to the delivery room's settings."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, assert_never

from collector_host.config.model import Console, DevoPlatform, PlainRelay
from collector_host.delivery.items import Level
from collector_host.delivery.queue import Bounds
from collector_host.delivery.settings import DeliverySettings, OutputSettings
from collector_host.delivery.transports import factory
from collector_host.delivery.transports.credentials import NOUNS, faults
from collector_host.delivery.transports.settings import DevoSettings, TcpSettings
from collector_host.delivery.window import WindowLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from collector_host.config.model import Config, Output, OutputConfig
    from collector_host.delivery.transport import Transport
    from collector_host.delivery.transports.material import Setting

_KINDS: Final[Mapping[type[OutputConfig], str]] = {
    Console: "Console",
    DevoPlatform: "Devo",
    PlainRelay: "Syslog",
}
"""First part of the names of an output's threads, as the contract has them."""


def delivery_settings(
    config: Config, *, sdk_statistics: bool = False
) -> DeliverySettings:
    """Return what the delivery room is built from.

    Args:
        config: Validated configuration.
        sdk_statistics: Whether statistics have the form of the SDK's newer versions.
    """
    settings = config.settings
    return DeliverySettings(
        outputs=tuple(
            replace(output_settings(output), sdk_statistics=sdk_statistics)
            for output in config.outputs
        ),
        bounds=Bounds(settings.queue_max_bytes, settings.queue_max_messages),
        max_event_bytes=settings.max_event_bytes,
        statistics_period_s=settings.sender_stats_period_s,
    )


def output_settings(output: Output) -> OutputSettings:
    """Return the settings of one output."""
    delivery = output.delivery
    confirm = delivery.confirm
    return OutputSettings(
        name=output.name,
        kind=_KINDS[type(output.config)],
        required=output.required,
        senders=output.senders,
        confirm=None if confirm == "auto" else Level[confirm.upper()],
        window=WindowLimits(
            delivery.confirm_interval_s,
            delivery.confirm_events_min,
            delivery.confirm_events_max,
            delivery.confirm_bytes,
        ),
        retry_initial_s=delivery.retry_initial_s,
        retry_maximum_s=delivery.retry_maximum_s,
        transport=_transport_factory(output),
        takes_lookups=not isinstance(output.config, PlainRelay),
        statistics_period_s=output.statistics_period_s,
    )


def output_warnings(config: Config, now: datetime) -> list[str]:
    """Return what an operator should know of the outputs' certificates and keys.

    Args:
        config: Validated configuration.
        now: Current time, UTC.
    """
    return [
        warning
        for output in config.outputs
        if isinstance(output.config, DevoPlatform)
        for warning in _file_warnings(output.config, now)
    ]


def _file_warnings(config: DevoPlatform, now: datetime) -> Iterator[str]:
    files: dict[Setting, Path] = {
        "chain": config.chain,
        "cert": config.cert,
        "key": config.key,
    }
    for fault in faults(files, now):
        yield f"{NOUNS[fault.setting]} {files[fault.setting]} {fault.what}"


def _transport_factory(output: Output) -> Callable[[], Transport]:
    config, delivery = output.config, output.delivery
    match config:
        case Console(keys=keys):
            return partial(factory.console, sys.stdout.buffer, short=keys == "sdk_1_7")
        case PlainRelay():
            plain = TcpSettings(
                address=config.address,
                port=config.port,
                send_timeout_s=delivery.send_timeout_s,
                close_timeout_s=delivery.close_timeout_s,
            )
            return partial(factory.plain, plain)
        case DevoPlatform():
            settings = DevoSettings(
                address=config.address,
                port=config.port,
                key=config.key,
                cert=config.cert,
                chain=config.chain,
                send_timeout_s=delivery.send_timeout_s,
                close_timeout_s=delivery.close_timeout_s,
            )
            return partial(factory.devo, settings)
        case _:
            assert_never(config)
