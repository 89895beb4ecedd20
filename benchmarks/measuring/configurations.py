"""Many user configurations that are right, no two alike."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from pathlib import Path

_REGIONS: Final = ("cn-hangzhou", "ap-southeast-1", "eu-central-1", "us-west-1")
_CERTIFICATES: Final = ("chain.crt", "example.crt", "example.key")


def write_configurations(folder: Path, count: int, seed: int) -> list[Path]:
    """Write files with every kind of output and service; return their names.

    Args:
        folder: It is made.
        count: Number of files.
        seed: The same one makes the same files, but for the day they start at.
    """
    draw = random.Random(seed)  # noqa: S311  no secret is made of it
    folder.mkdir(parents=True)
    for name in _CERTIFICATES:
        (folder / name).write_text("example", encoding="utf-8")
        (folder / name).chmod(0o600)
    files = [folder / f"config_{number:04}.yaml" for number in range(count)]
    for number, file in enumerate(files):
        text = yaml.safe_dump(_configuration(number, draw), sort_keys=False)
        file.write_text(f"# Configuration {number}.\n{text}", encoding="utf-8")
        file.chmod(0o600)
    return files


def _configuration(number: int, draw: random.Random) -> dict[str, Any]:
    services = {
        "actiontrail": _actiontrail,
        "actiontrail_log_service": _log_service,
    }
    names = draw.sample(list(services), draw.randint(1, 2))
    return {
        "globals": {
            "id": number,
            "name": f"collector_{number}",
            "debug": False,
            "log": {"format": draw.choice(("text", "json")), "level": "info"},
            "persistence": {
                "type": "filesystem",
                "config": {"directory_name": f"state_{number}"},
            },
            "queue_max_size_in_messages": draw.randint(100, 10_000),
        },
        "outputs": {"devo_1": _devo(draw)},
        "inputs": {
            "alibaba": {
                "id": f"alibaba_{number}",
                "environment": draw.choice(("prod", "test")),
                "credentials": {
                    "access_key_id": f"example-{number}",
                    "access_key_secret": "${ACCESS_KEY_SECRET}",
                },
                "services": {name: services[name](draw) for name in names},
            }
        },
    }


def _devo(draw: random.Random) -> dict[str, Any]:
    chain, cert, key = _CERTIFICATES
    return {
        "type": "devo_platform",
        "config": {
            "address": f"collector-{draw.choice(('eu', 'us'))}.devo.io",
            "port": 443,
            "chain": chain,
            "cert": cert,
            "key": key,
        },
        "delivery": {
            "confirm": "auto",
            "confirm_interval_in_seconds": draw.randint(1, 60),
        },
    }


def _actiontrail(draw: random.Random) -> dict[str, Any]:
    # A month back is neither in the future nor beyond what the vendor keeps.
    start = datetime.now(UTC) - timedelta(days=draw.randint(10, 30))
    return {
        "regions": sorted({"cn-hangzhou", draw.choice(_REGIONS)}),
        "initial_start_time_in_utc": start.strftime("%Y-%m-%dT00:00:00Z"),
        "request_period_in_seconds": draw.randint(30, 600),
    }


def _log_service(draw: random.Random) -> dict[str, Any]:
    return {
        "region": draw.choice(_REGIONS),
        "project": f"example-project-{draw.randint(1, 99)}",
        "logstore": "actiontrail_example",
        "parallel_pulls": draw.randint(1, 8),
        "added_fields": {"origin": "__source__", "tenant": "example"},
    }
