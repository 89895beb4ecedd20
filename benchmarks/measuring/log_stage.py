"""A Log Service, a receiver that counts, and programs that carry from one to the other.

Each is a process of its own. It knows how to run a program and what that cost, not
what the figures mean.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from measuring.emulators import wait_until
from measuring.log_run import Run
from measuring.log_source import log_source
from measuring.processes import started
from measuring.sink import PROGRAMS, sink

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator

    from measuring.log_run import Outcome
    from measuring.log_source import LogSource, Volume
    from measuring.sink import Sink

COLLECTOR: Final = "collector"
_LOG_CHARACTERS: Final = 3_000

_CONFIG: Final = """\
globals:
  id: benchmark
  name: benchmark
  persistence: {{type: filesystem, config: {{directory_name: {folder}/state}}}}
outputs:
  sink_1:
    type: devo_platform
    config:
      address: localhost
      port: {port}
      chain: {certificates.chain}
      cert: {certificates.client.certificate}
      key: {certificates.client.key}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: benchmark
    credentials: {{access_key_id: {key_id}, access_key_secret: {key_secret}}}
    services:
      actiontrail_log_service:
        region: {ready[region]}
        endpoint: {ready[endpoint]}
        project: {ready[project]}
        logstore: {ready[logstore]}
        initial_start_time_in_utc: "2023-01-05T00:00:00Z"
"""


class LogStage:
    """A Log Service and a receiver, and programs between them."""

    def __init__(self, folder: Path, source: LogSource, receiver: Sink) -> None:
        self._folder = folder
        self.source = source
        self.sink = receiver
        values = {"key_id": EXAMPLE_KEY_ID, "key_secret": EXAMPLE_KEY_SECRET}
        config = _CONFIG.format(
            folder=folder,
            port=receiver.port,
            certificates=receiver.certificates,
            ready=source.ready,
            **values,
        )
        (folder / "config.yaml").write_text(config, encoding="utf-8")

    def deliver(self, program: str = COLLECTOR, *, group_bytes: float = 0) -> Outcome:
        """Let a program deliver everything there is.

        Args:
            program: The collector, or the name of a program in `benchmarks/programs`.
            group_bytes: Told to the program, see `Task`.

        Raises:
            RuntimeError: It failed, or not everything arrived.
        """
        shutil.rmtree(self._folder / "state", ignore_errors=True)
        once = (*self._command(program, group_bytes), *self._once(program))
        calls, before = self.source.calls(), self.sink.received()
        with (
            (self._folder / f"{program}.log").open("wb") as log,
            started(*once, log=log) as process,
        ):
            wait_until(lambda: self.source.calls() > calls, every_s=0.002, by=process)
            run = Run(process, self.source, self.sink, before)
            outcome = run.to_the_end()
        self._check(program, outcome)
        return outcome

    @contextmanager
    def running_collector(self) -> Generator[subprocess.Popen[bytes]]:
        """Run a collector that stays."""
        shutil.rmtree(self._folder / "state", ignore_errors=True)
        with (
            (self._folder / "collector.log").open("wb") as log,
            started(*self._command(COLLECTOR, 0), log=log) as process,
        ):
            yield process

    def _command(self, program: str, group_bytes: float) -> tuple[object, ...]:
        if program == COLLECTOR:
            config = ("--config", self._folder / "config.yaml")
            return (sys.executable, "-m", "collector_host", "run", *config)
        files, ready = self.sink.certificates, self.source.ready
        task = {
            **{key: ready[key] for key in ("endpoint", "region", "project")},
            "logstore": ready["logstore"],
            "key_id": EXAMPLE_KEY_ID,
            "key_secret": EXAMPLE_KEY_SECRET,
            "address": "localhost",
            "port": self.sink.port,
            "chain": str(files.chain),
            "cert": str(files.client.certificate),
            "key": str(files.client.key),
            "events": self.source.events,
            "group_bytes": group_bytes,
        }
        file = self._folder / "task.json"
        file.write_text(json.dumps(task), encoding="utf-8")
        return (sys.executable, PROGRAMS / f"{program}.py", file)

    def _once(self, program: str) -> tuple[str, ...]:
        return ("--once",) if program == COLLECTOR else ()

    def _check(self, program: str, outcome: Outcome) -> None:
        """Fail if events are missing; say so if some came twice.

        A confirmation that fails sends its events again: that is the promise.
        """
        missing = self.source.events - outcome.events
        if program == "raw_copy" or not missing:  # which writes bytes, not lines
            return
        message = (
            f"{program}: {outcome.events} events arrived of {self.source.events};"
            f" its log ends:\n{self._end_of_log(program)}"
            f"\nthe receiver's log ends:\n{self._end_of_log('sink')}"
        )
        if missing > 0 or program != COLLECTOR:
            raise RuntimeError(message)
        print(message)

    def _end_of_log(self, program: str) -> str:
        log = self._folder / f"{program}.log"
        return log.read_text(encoding="utf-8", errors="replace")[-_LOG_CHARACTERS:]


@contextmanager
def log_stage(volume: Volume) -> Generator[LogStage]:
    """Set up a Log Service that holds `volume`, and a receiver."""
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        receiver = exits.enter_context(sink(folder))
        source = exits.enter_context(log_source(folder, volume))
        yield LogStage(folder, source, receiver)
