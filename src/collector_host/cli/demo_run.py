"""The processes of the demo: sources, a receiver, and the collector between them.

All are the real programs, started as a user would start them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from collector_host.cli.demo_feeds import FEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.cli.demo_feeds import Verdict

PATIENCE_S = 45.0
STOP_S = 15.0
_KEY_ID = "example-key-id"
_KEY_SECRET = "example-key-secret"  # noqa: S105  (the emulator's public example)

CONFIG = """\
globals:
  id: demo
  name: demo_collector
  persistence: {{type: filesystem, config: {{directory_name: state}}}}
outputs:
  relay_1:
    type: devo_platform
    config:
      address: {address}
      port: {port}
      chain: {chain}
      cert: {cert}
      key: {key}
    delivery: {{confirm_interval_in_seconds: 1, retry_initial_in_seconds: 1}}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: demo
    credentials:
      access_key_id: "${{ALIBABA_CLOUD_ACCESS_KEY_ID}}"
      access_key_secret: "${{ALIBABA_CLOUD_ACCESS_KEY_SECRET}}"
    services:
{services}"""
_SPAN = timedelta(hours=3)
_SETTLED = timedelta(minutes=11)
"""Age of the newest event: the collector leaves the last ten minutes alone."""


class DemoRun:
    """Starts everything in a folder, and ends it when left.

    Args:
        folder: Where configuration, certificates, state and ledgers go.
        events: Events each source serves.
        seed: Seed of the events.
        say: Where the story is told.
    """

    def __init__(
        self, folder: Path, *, events: int, seed: int, say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._events = events
        self._seed = seed
        self._say = say
        self._processes = ExitStack()
        self._stored_file = folder / "stored.ledger"
        self._config_file = folder / "config.yaml"

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.callback(self._processes.close)
            self._start_around()
            starting.pop_all()
        return self

    def _start_around(self) -> None:
        now = datetime.now(UTC)
        start = now - _SPAN
        relay = self._start_emulator(
            "relay",
            *("--certificates", self._folder / "certs"),
            *("--ledger", self._stored_file),
        )
        blocks: list[str] = []
        for feed in FEEDS:
            options = feed.options(
                self._folder,
                events=self._events,
                seed=self._seed,
                start=start,
                end=now - _SETTLED,
            )
            ready = self._start_emulator(feed.emulator, *options)
            self._say(f"[bold]{feed.title}:[/] an emulator at {ready['endpoint']}")
            blocks.append(feed.block(ready, start))
        text = CONFIG.format(services="".join(blocks), **relay)
        self._config_file.write_text(text, encoding="utf-8")
        self._say(
            f"[bold]A Devo relay[/] listens on {relay['address']}:{relay['port']},"
            " mutual TLS"
        )
        self._say(f"[bold]The collector[/] starts with {self._config_file}:\n")

    def __exit__(self, *_exception: object) -> None:
        self._processes.close()

    def until_delivered(self, *, kill: bool) -> tuple[list[Verdict], float]:
        """Run the collector until everything arrived, and judge.

        Args:
            kill: Whether to kill it half way and start it again.

        Returns:
            How each feed fared, and how long it took, seconds.
        """
        started_at = time.monotonic()
        if kill:
            self._kill_half_way()
        collector = self._start_collector()
        self._await_stored(self._events)
        _stop(collector)
        elapsed_s = time.monotonic() - started_at
        return [
            feed.judge(self._folder, self._stored_file, held=self._events)
            for feed in FEEDS
        ], elapsed_s

    def _kill_half_way(self) -> None:
        collector = self._start_collector()
        self._await_stored(self._events // 2)
        collector.kill()
        collector.wait()
        self._say("\n[bold red]The collector was killed with SIGKILL.[/] Again:\n")

    def _await_stored(self, number: int) -> None:
        """Wait until `number` events of each feed are stored, or for too long."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not self._all_stored(number):
            time.sleep(0.2)  # polls a file another process writes

    def _all_stored(self, number: int) -> bool:
        return all(feed.stored(self._stored_file) >= number for feed in FEEDS)

    def _start_collector(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": _KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": _KEY_SECRET,
        }
        return self._start("run", "--config", self._config_file, env=environment)

    def _start_emulator(self, *arguments: object) -> dict[str, Any]:
        """Start an emulator; return what its first line says."""
        with (self._folder / f"{arguments[0]}.log").open("wb") as log:
            process = self._start(
                "emulate", *arguments, stdout=subprocess.PIPE, stderr=log
            )
        if process.stdout is None or not (line := process.stdout.readline()):
            why = Path(log.name).read_text(encoding="utf-8").strip()
            message = f"the emulator {arguments[0]} did not start: {why}"
            raise click.ClickException(message)
        ready: dict[str, Any] = json.loads(line)
        return ready

    def _start(self, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "collector_host", *map(str, arguments)]
        process = subprocess.Popen[bytes](command, **options)
        self._processes.callback(_stop, process)
        return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process this demo started, politely first."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
