"""Where and with what the figures were taken. It names no host, user or folder."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

_PACKAGES: Final = (
    "alibaba-audit-collector",
    "alibabacloud-actiontrail20200706",
    "alibabacloud-tea-openapi",
    "aliyun-log-python-sdk",
    "devo-sdk",
    "lz4",
    "protobuf",
)


def surroundings() -> dict[str, Any]:
    """Return time, machine, versions and commit."""
    return {
        "taken_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "machine": {
            "processor": _find(r"^model name\s*: (.+)$", Path("/proc/cpuinfo")),
            "cores": os.cpu_count(),
            "memory": _find(r"^MemTotal:\s*(.+)$", Path("/proc/meminfo")),
            "kernel": platform.release(),
            "load_before": os.getloadavg()[0],
        },
        "versions": {
            "Python": platform.python_version(),
            "OpenSSL": ssl.OPENSSL_VERSION,
            **{name: importlib.metadata.version(name) for name in _PACKAGES},
        },
        "commit": _commit(),
    }


def _find(pattern: str, file: Path) -> str:
    found = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "unknown"


def _commit() -> str:
    """Return the commit, marked when files differ from it."""
    command = ("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    try:
        done = subprocess.run(
            command,
            cwd=Path(__file__).parent,
            capture_output=True,
            check=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
