"""The relay as a child process that dies of its faults and is started again.

What a test wants to know of it is in its ledger, which outlives it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from collector_emulators.certificates import RelayCertificates
from collector_emulators.relay.ledger import Stored, read_ledger

_COMMAND = "from collector_emulators.relay.command import relay; relay()"
_LIMIT_S = 30


class MortalRelay:
    """One relay after another on one port with one ledger.

    Args:
        certificates: As for `Relay`; their folder holds the control secret, too.
        ledger: File of what all lives stored.
        lives: The faults of the first life, of the second, ...; then none.
        options: More options of the command `relay`.
    """

    def __init__(
        self,
        certificates: RelayCertificates,
        ledger: Path,
        lives: Sequence[Sequence[str]],
        *options: str,
    ) -> None:
        self._folder = certificates.chain.parent
        self._ledger = ledger
        self._lives = [list(faults) for faults in lives]
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.deaths = 0

    def start(self) -> None:
        """Begin the next life; return when it listens, or has died of its fault."""
        self._leave()
        faults = self._lives.pop(0) if self._lives else []
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", _COMMAND, "--port", str(self.port)),
                *("--certificates", str(self._folder)),
                *("--ledger", str(self._ledger), *self._options),
                *(word for fault in faults for word in ("--fault", fault)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        if ready:
            self.port = json.loads(ready)["port"]
        else:
            # A sender that waits for the port may be faster than the ready line.
            assert self._process.wait(_LIMIT_S) == -signal.SIGKILL

    def await_death(self) -> None:
        """Wait until this life's fault has killed it."""
        assert self._process is not None
        self._process.wait(_LIMIT_S)
        self.deaths += 1

    def revive_unless(self, over: Callable[[], bool]) -> bool:
        """Wait for a death and begin the next life; False when `over` came first."""
        assert self._process is not None
        while self._process.poll() is None:
            if over():
                return False
            time.sleep(0.01)
        self.deaths += 1
        self.start()
        return True

    def stored(self) -> Iterator[Stored]:
        """Return what all lives stored."""
        return read_ledger(self._ledger)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._leave()

    def _leave(self) -> None:
        """End the process there is, if any, and close what it wrote to."""
        if self._process is not None:
            with self._process as process:
                process.kill()
