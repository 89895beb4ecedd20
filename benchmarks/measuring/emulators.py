"""Emulators in processes of their own, started as a user would start them.

It knows how to start and how to wait, not what is measured.
"""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from collector_emulators.relay.control import RelayControl
from measuring.processes import running

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PATIENCE_S: Final = 120.0
"""Longest wait for anything, seconds."""


@dataclass(frozen=True, slots=True)
class RelayProcess:
    """A running relay.

    Attributes:
        pid: Its process.
        ready: What it said when it was ready: address, port and certificates.
        control: Its counters.
    """

    pid: int
    ready: dict[str, Any]
    control: RelayControl


@contextmanager
def relay(folder: Path, *options: object) -> Generator[RelayProcess]:
    """Run a relay; without a ledger among its options it keeps counts alone."""
    certificates = folder / "certificates"
    arguments = ("relay", "--certificates", certificates, *options)
    with emulator(folder, *arguments) as (process, ready):
        secret = Path(ready["control_secret_file"]).read_text("ascii")
        control = RelayControl(ready["control"], secret)
        yield RelayProcess(process.pid, ready, control)


def wait_until(
    done: Callable[[], bool],
    *,
    every_s: float,
    by: subprocess.Popen[bytes] | None = None,
) -> None:
    """Look again and again whether something in another process is done.

    Args:
        done: Looks.
        every_s: Seconds between two looks.
        by: The process it depends on, if it may end too early.

    Raises:
        TimeoutError: It takes longer than two minutes.
        RuntimeError: The process has ended.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        if by is not None and by.poll() is not None:
            message = f"the collector has ended with exit code {by.returncode}"
            raise RuntimeError(message)
        if time.monotonic() > deadline:
            message = f"not done after {PATIENCE_S:g} s"
            raise TimeoutError(message)
        time.sleep(every_s)


@contextmanager
def emulator(
    folder: Path, *arguments: object
) -> Generator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Run an emulator; yield its process and what its first line says."""
    with (
        (folder / f"{arguments[0]}.log").open("wb") as log,
        running("emulate", *arguments, log=log, stdout=subprocess.PIPE) as process,
    ):
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            message = f"the emulator {arguments[0]} did not start"
            raise RuntimeError(message)
        yield process, json.loads(line)
