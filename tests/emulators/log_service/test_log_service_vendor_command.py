"""The vendor's own command line, unmodified, against the emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from emulators.log_service.vendor import PROJECT, STORE, WHERE, event

if TYPE_CHECKING:
    from collector_emulators.log_service import LogServiceEmulator

PROGRAM = Path(sys.executable).with_name("aliyunlog")

pytestmark = pytest.mark.skipif(
    not PROGRAM.exists() and not os.environ.get("CI"),
    reason="the package aliyun-log-cli is not installed",
)


def run(
    emulator: LogServiceEmulator, home: Path, command: str, **options: object
) -> Any:
    """Run a command of the vendor; return the JSON it prints."""
    settings = {
        "access-id": EXAMPLE_KEY_ID,
        "access-key": EXAMPLE_KEY_SECRET,
        "region-endpoint": "cn-hangzhou.log.aliyuncs.com",
        **options,
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    # Its settings and log files belong to this test alone.
    environment = {
        **os.environ,
        "HOME": str(home),
        "http_proxy": emulator.endpoint,
        "no_proxy": "",
    }
    done = subprocess.run(
        [str(PROGRAM), "log", command, *arguments],
        env=environment,
        cwd=home,
        capture_output=True,
        check=True,
        timeout=50,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_vendor_command_lists_and_pulls(
    emulator: LogServiceEmulator, tmp_path: Path, version: str
) -> None:
    """It lists shards, gets a cursor and pulls, with either signature."""
    emulator.append(*WHERE, [event(0, text="é🚀")], shard=0)
    place = {"project_name": PROJECT, "logstore_name": STORE}
    sign = {"sign-version": version, "region-id": "cn-hangzhou"}

    shards = run(emulator, tmp_path, "list_shards", **place, **sign)
    cursor = run(
        emulator,
        tmp_path,
        "get_cursor",
        **place,
        **sign,
        shard_id=0,
        start_time="begin",
    )["cursor"]
    pulled = run(
        emulator, tmp_path, "pull_logs", **place, **sign, shard_id=0, cursor=cursor
    )

    text = json.dumps(pulled, ensure_ascii=False)
    assert [shard["shardID"] for shard in shards] == [0, 1]
    assert "é🚀" in text
    assert {call.verdict for call in emulator.requests()} == {"ok"}
