"""A collector between two emulators, each in a process of its own.

It knows how to set them up and how to wait for them, not what is measured.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from collector_emulators.comparison import Comparison, compare
from collector_emulators.ledger import read_ledger as read_calls
from collector_emulators.ledger import served_events
from collector_emulators.relay.ledger import read_ledger as read_stored
from measuring.emulators import emulator, relay, wait_until
from measuring.processes import running

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator

    from measuring.emulators import RelayProcess

TABLE: Final = "cloud.alibaba.actiontrail.events"
_SOON_S: Final = 0.002
_LATER_S: Final = 0.05
_SPAN: Final = timedelta(hours=3)
_SETTLED: Final = timedelta(minutes=21)
"""Age of the newest event: the collector leaves the last ten minutes alone, and
an event may take ten minutes to arrive."""

_CONFIG: Final = """\
globals:
  id: benchmark
  name: benchmark
  persistence: {{type: filesystem, config: {{directory_name: {folder}/state}}}}
outputs:
  relay_1:
    type: devo_platform
    config:
      address: {address}
      port: {port}
      chain: {chain}
      cert: {cert}
      key: {key}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: benchmark
    requests_per_second: 100
    credentials:
      access_key_id: "${{ALIBABA_CLOUD_ACCESS_KEY_ID}}"
      access_key_secret: "${{ALIBABA_CLOUD_ACCESS_KEY_SECRET}}"
    services:
      actiontrail:
        region: cn-hangzhou
        endpoint: http://{endpoint}
        initial_start_time_in_utc: "{start}"
"""


class Stage:
    """A folder with two running emulators and a configuration for a collector.

    Every wait is for the process it is given, and ends when that ends.
    """

    def __init__(
        self, folder: Path, served_file: Path, stored_file: Path, receiver: RelayProcess
    ) -> None:
        self._folder = folder
        self._served_file = served_file
        self._stored_file = stored_file
        self._relay = receiver

    @contextmanager
    def collector(self) -> Generator[subprocess.Popen[bytes]]:
        """Run the collector, its log in a file."""
        environment = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": EXAMPLE_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": EXAMPLE_KEY_SECRET,
        }
        command = ("run", "--config", self._folder / "config.yaml")
        with (
            (self._folder / "collector.log").open("wb") as log,
            running(*command, log=log, environment=environment) as it,
        ):
            yield it

    def await_first_call(self, by: subprocess.Popen[bytes]) -> None:
        """Wait until the source has been asked something."""
        wait_until(lambda: _has_content(self._served_file), every_s=_SOON_S, by=by)

    def await_first_event(self, by: subprocess.Popen[bytes]) -> None:
        """Wait until the relay has stored something."""
        wait_until(lambda: _has_content(self._stored_file), every_s=_SOON_S, by=by)

    def await_stored(self, events: int, by: subprocess.Popen[bytes]) -> None:
        """Wait until the relay has stored so many messages."""
        wait_until(
            lambda: self._relay.control.counters().get("events", 0) >= events,
            every_s=_LATER_S,
            by=by,
        )

    def compared(self) -> Comparison:
        """Compare both ledgers."""
        served = served_events(read_calls(self._served_file))
        return compare(served, read_stored(self._stored_file), TABLE)


@contextmanager
def stage(*, events: int, seed: int) -> Generator[Stage]:
    """Set up a source that holds events and knows no limits, and a relay."""
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        stored_file, served_file = folder / "stored.ledger", folder / "served.jsonl"
        receiver = exits.enter_context(relay(folder, "--ledger", stored_file))
        now = datetime.now(UTC)
        start = _text(now - _SPAN)
        _, source = exits.enter_context(
            emulator(
                folder,
                *("actiontrail", "--ledger", served_file, "--rate", 0),
                *("--count", events, "--seed", seed),
                *("--start", start, "--end", _text(now - _SETTLED)),
                *("--control-secret-file", folder / "source.secret"),
            )
        )
        config = _CONFIG.format(
            folder=folder, endpoint=source["endpoint"], start=start, **receiver.ready
        )
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        yield Stage(folder, served_file, stored_file, receiver)


def _has_content(file: Path) -> bool:
    return file.stat().st_size > 0


def _text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
