"""What the `config` of an output means here, in the words of the Devo Collector SDK.

It knows the kinds of receivers and the SDK's own keys; it checks nothing.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, cast

from collector_host.config.files import find_file
from collector_host.config.model import Console, DevoPlatform, PlainRelay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from collector_host.config.model import Data, OutputConfig

TLS: Final = ("devo_platform", "relay")
"""Types of output that are reached over TLS."""
PLAIN: Final = ("syslog", "in_house_relay", "sidecar")
"""Types of output that are reached over plain TCP."""
STREAM: Final = ("console", "stdout")
"""Types of output that are standard output."""
DEVO_PORT: Final = 443
FILE_KEYS: Final = ("chain", "cert", "key")
ENDLESS: Final = ("connecting_retries", "sending_retries")
"""Keys of the SDK that bound what has no end here."""
_DELIVERY: Final = {
    "retry_initial_in_seconds": (
        "connecting_initial_wait_in_seconds",
        "sending_initial_wait_in_seconds",
    ),
    "retry_maximum_in_seconds": (
        "connecting_max_wait_in_seconds",
        "sending_max_wait_in_seconds",
    ),
    "send_timeout_in_seconds": ("sending_timeout",),
}
"""Keys of `delivery`, and those of the SDK that stand for them."""
_SHORTEST_S: Final = 0.05
_NUMBER: Final = (int, float)


def output_config(block: Data, folder: Path) -> OutputConfig:
    """Return where an output leads.

    Args:
        block: The output's block, checked.
        folder: Folder of the configuration file, absolute.
    """
    kind = block["type"]
    if kind in STREAM:
        return Console(_config(block).get("keys", "sdk_1_8"))
    config = _config(block)
    port = int(config.get("port", DEVO_PORT))
    if kind in PLAIN:
        return PlainRelay(config["address"], port)
    chain, cert, key = (
        cast("Path", find_file(config[each], folder)) for each in FILE_KEYS
    )
    return DevoPlatform(config["address"], port, chain, cert, key)


def senders(block: Data) -> int:
    """Return how many connections an output has; `senders` counts first."""
    given = _config(block).get("concurrent_connections", 1)
    return int(block.get("senders", given))


def statistics_period_s(block: Data) -> float | None:
    """Return an output's own period of statistics, or None."""
    return _config(block).get("period_sender_stats_in_seconds")


def delivery(block: Mapping[str, object], config: Mapping[str, object]) -> Data:
    """Return the keys of `delivery` that hold, those the SDK's stand for included.

    What an operator wrote in `delivery` counts first. The SDK has a wait for
    connecting and one for sending; here it is one, and the longer counts.

    Args:
        block: What stands under `delivery`.
        config: What stands under `config`.
    """
    found: Data = {}
    for key, names in _DELIVERY.items():
        given = [config.get(name) for name in names]
        numbers = [each for each in given if isinstance(each, _NUMBER)]
        if numbers:
            found[key] = max(_SHORTEST_S, *numbers)
    return {**found, **block}


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine, as far as it can be seen."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def is_public(address: str) -> bool:
    """Tell whether an address is one of the internet, as far as it can be seen."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _config(block: Data) -> Data:
    return block.get("config") or {}
