"""The real collector between the source's emulator and a receiver of the test's own.

The receiver may live outside the test's process, and the program may be one that a
mutant has damaged.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from collector_emulators.comparison import Comparison, compare
from collector_emulators.relay.ledger import Stored
from support.stage import ENVIRONMENT, TABLE, TIMEOUT_S, Stage

if TYPE_CHECKING:
    from collections.abc import Generator

TESTS = Path(__file__).parents[1]
WINDOW = 100
"""Largest unconfirmed window of `DELIVERY`, events."""

DELIVERY = (
    "confirm_interval_in_seconds: 30, close_timeout_in_seconds: 0.5,"
    " send_timeout_in_seconds: 0.3, retry_initial_in_seconds: 0.1,"
    " retry_maximum_in_seconds: 0.4, confirm_events_min: 25,"
    f" confirm_events_max: {WINDOW}"
)
"""Confirmed by count alone, so that a run's connections can be numbered."""

FAILED = "will be sent again"
BACK_OFF = "next try in"


class Collecting(Stage):
    """A stage whose program can be damaged and whose source can hold more.

    Args:
        mutant: Name of a function in `support.mutants`, e.g. `receiver.never_back_off`.
        more: Events the source holds beside the generated ones.
        with_each: Fields that all generated events get.
        settings: As for `Stage`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        mutant: str | None = None,
        more: Iterable[dict[str, Any]] = (),
        with_each: Mapping[str, Any] = MappingProxyType({}),
        **settings: Any,
    ) -> None:
        super().__init__(folder, **({"delivery": DELIVERY} | settings))
        self._program = program(mutant)
        self._events = [event | with_each for event in self._events] + [*more]

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the program; its log is read from the process."""
        return subprocess.Popen(
            [sys.executable, *self._program, *arguments],
            cwd=self.folder,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(TESTS)} | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, *arguments: str) -> Generator[Running]:
        """Run the program, and leave no process behind."""
        with self.spawn("run", *arguments) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    def against(self, stored: Iterable[Stored]) -> Comparison:
        """Hold everything the source has against what some receiver stored."""
        return compare(self.held(), stored, TABLE)

    @property
    def events(self) -> list[Mapping[str, Any]]:
        """Return every event the source holds."""
        return list(self._events)


class Running:
    """A collector at work, and its log so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process = process
        self.log = ""
        self._lines: IO[str] = process.stderr

    def wait_for(self, text: str, times: int = 1) -> None:
        """Read the log until `text` has come `times` more times."""
        for line in self._lines:
            self.log += line
            times -= text in line
            if not times:
                return
        message = f"{text!r} never came: {self.log}"
        raise AssertionError(message)

    def has_ended(self) -> bool:
        """Tell whether the process is over."""
        return self.process.poll() is not None

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        _, rest = self.process.communicate(timeout=TIMEOUT_S)
        self.log += rest
        return self.process.returncode

    def stop(self) -> int:
        """Ask for the end and return the exit code."""
        self.process.terminate()
        return self.end()


def program(mutant: str | None) -> list[str]:
    """Return what the interpreter is to run: the collector, damaged or not."""
    if mutant is None:
        return ["-m", "collector_host"]
    module, _, name = mutant.partition(".")
    code = (
        f"from support.mutants.{module} import {name}; {name}();"
        " from collector_host.cli import main; main()"
    )
    return ["-c", code]
