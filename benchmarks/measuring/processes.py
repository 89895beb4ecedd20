"""Programs in processes of their own, and what the kernel says about them.

It knows nothing of what they do. Linux only.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

_P = ParamSpec("_P")
_T = TypeVar("_T")

_STOP_S: Final = 15.0
_SCHEDULER_CLOCK: Final = 2


@contextmanager
def running(
    *arguments: object,
    log: IO[bytes],
    stdout: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Generator[subprocess.Popen[bytes]]:
    """Run this project's program while the block lasts; end it politely.

    Args:
        arguments: Of the command line, the command first.
        log: Where its standard error goes.
        stdout: As for `subprocess.Popen`.
        environment: Variables added to our own.

    Yields:
        The process, just started.
    """
    command = (sys.executable, "-m", "collector_host", *arguments)
    with started(*command, log=log, stdout=stdout, environment=environment) as process:
        yield process


@contextmanager
def started(
    *command: object,
    log: IO[bytes],
    stdout: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Generator[subprocess.Popen[bytes]]:
    """Run any program while the block lasts; end it politely.

    Args:
        command: The program and its arguments.
        log: Where its standard error goes.
        stdout: As for `subprocess.Popen`.
        environment: Variables added to our own.

    Yields:
        The process, just started.
    """
    words = list(map(str, command))
    variables = os.environ | dict(environment or {})
    with subprocess.Popen(words, stdout=stdout, stderr=log, env=variables) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def in_own_process(
    function: Callable[_P, _T], *arguments: _P.args, **options: _P.kwargs
) -> _T:
    """Call a function in a new interpreter and return what it returns."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        return pool.submit(function, *arguments, **options).result()


def cpu_s(pid: int) -> float:
    """Return the CPU seconds a process has used, user and system, all threads.

    It reads the clock that clock_getcpuclockid(3) names, because `/proc` counts in
    ticks of 10 ms, which is coarse for an idle process.
    """
    return time.clock_gettime(~pid << 3 | _SCHEDULER_CLOCK)


def rss_mib(pid: int) -> float:
    """Return the memory a process has resident now."""
    return _status_mib(pid, "VmRSS")


def rss_peak_mib(pid: int) -> float:
    """Return the most memory a process ever had resident.

    The figure of wait4(2) is of no use: it begins with the memory of the parent.
    """
    return _status_mib(pid, "VmHWM")


def _status_mib(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        message = f"process {pid} has ended"
        raise RuntimeError(message)
    return int(found.group(1)) / 1024
