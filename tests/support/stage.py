"""A source, a receiver and a folder for the real collector between them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.actiontrail.knobs import Bounds, Knobs
from collector_emulators.certificates import ensure_certificates
from collector_emulators.comparison import Comparison, compare
from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import Served, compact_json
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "cloud.alibaba.actiontrail.events"
ENVIRONMENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "example-key-id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "example-key-secret",
}
TIMEOUT_S = 50

CONFIG = """\
globals:
  id: stage
  name: example_collector
  persistence: {{type: filesystem, config: {{directory_name: state}}}}
outputs:
  devo_1:
    type: devo_platform
    config:
      {{address: 127.0.0.1, port: {port}, chain: {chain}, cert: {cert}, key: {key}}}
    delivery: {{{delivery}}}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: prod
    requests_per_second: 100
    credentials:
      access_key_id: "${{ALIBABA_CLOUD_ACCESS_KEY_ID}}"
      access_key_secret: "${{ALIBABA_CLOUD_ACCESS_KEY_SECRET}}"
    services:
      actiontrail:
        region: cn-hangzhou
        endpoint: http://{endpoint}
        initial_start_time_in_utc: "{start}"
        request_period_in_seconds: 1
"""
FAST = "confirm_interval_in_seconds: 0.2, retry_initial_in_seconds: 0.1"


class Program:
    """The collector, started in a folder that holds its configuration.

    Args:
        folder: Where configuration, state and logs are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the collector; its log is read from the process."""
        command = [sys.executable, "-m", "collector_host", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | ENVIRONMENT | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run the collector to its end; return exit code and log."""
        with self.spawn(*arguments, **environment) as process:
            try:
                _, log = process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return process.returncode, log

    def once(self, fault: str | None = None) -> tuple[int, str]:
        """Run one pull; `fault` is a value of COLLECTOR_FAULT."""
        environment = {"COLLECTOR_FAULT": fault} if fault else {}
        return self.run("run", "--once", **environment)


class Stage(Program):
    """Everything around the collector, in this process; the collector is not.

    Args:
        folder: Where configuration, state and logs go.
        certificates: Folder of the relay's certificates, made when missing.
        bounds: Which ends of a window belong to it.
        count: Events the source holds, all of them settled.
        burst: How many of them share one second.
        faults: What goes wrong at the relay.
        delivery: The output's `delivery` block.
    """

    def __init__(
        self,
        folder: Path,
        *,
        certificates: Path,
        bounds: Bounds = "[]",
        count: int = 200,
        burst: int = 70,
        faults: tuple[str, ...] = (),
        delivery: str = FAST,
    ) -> None:
        super().__init__(folder)
        self._stack = ExitStack()
        self._certificates = ensure_certificates(certificates)
        self._delivery = delivery
        knobs = Knobs(bounds=bounds, rate_per_s=None)
        self.source = ActionTrailEmulator(knobs=knobs)
        plan = FaultPlan(*map(parse_fault, faults))
        self.relay = Relay(self._certificates, faults=plan)
        now = datetime.now(UTC).replace(microsecond=0)
        self.start = now - timedelta(hours=2)
        self._events = [
            timed.event for timed in generate(1, self._volume(count, burst, now))
        ]
        # One event exactly at the start: under "(]" its window must begin earlier.
        self._events[0]["eventTime"] = f"{self.start:%Y-%m-%dT%H:%M:%SZ}"

    def _volume(self, count: int, burst: int, now: datetime) -> Volume:
        return Volume(
            count=count,
            start=self.start.timestamp() + 1,
            end=(now - timedelta(minutes=15)).timestamp(),
            burst=min(burst, count),
        )

    def __enter__(self) -> Self:
        self._stack.enter_context(self.source)
        self._stack.enter_context(self.relay)
        self.source.load(self._events)
        self.write_config()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def write_config(self, **changes: str) -> None:
        """Write the configuration; `changes` replace what the template names."""
        client = self._certificates.client
        values = {
            "port": str(self.relay.port),
            "chain": str(self._certificates.chain),
            "cert": str(client.certificate),
            "key": str(client.key),
            "endpoint": self.source.endpoint,
            "start": f"{self.start:%Y-%m-%dT%H:%M:%SZ}",
            "delivery": self._delivery,
        }
        text = CONFIG.format(**(values | changes))
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def deliver_to_console(self) -> None:
        """Put a console in the place of the configured outputs."""
        config = self.folder / "config.yaml"
        before, _, rest = config.read_text(encoding="utf-8").partition("outputs:\n")
        _, _, inputs = rest.partition("inputs:\n")
        console = "outputs:\n  console_1: {type: console}\n"
        text = f"{before}{console}inputs:\n{inputs}"
        config.write_text(text, encoding="utf-8")

    def compare(self) -> Comparison:
        """Hold everything the source has against everything the relay stored."""
        return compare(self.held(), self.relay.ledger.entries(), TABLE)

    def held(self) -> set[Served]:
        """Return every event the source holds, whether it was asked for or not."""
        return {
            Served.of(str(event.get("eventId", "")), compact_json(event))
            for event in self._events
        }


def summary(comparison: Comparison) -> dict[str, Any]:
    """Return the figures a test compares."""
    return {
        "lost": comparison.lost,
        "altered": comparison.altered,
        "duplicates": comparison.duplicates,
    }
