"""Runs a module in a process of its own, against a receiver of the kit's own.

The receiver is the relay emulator over mutual TLS, so what arrives has gone the whole
way. What a run means is not decided here.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from collector_emulators.certificates import RelayCertificates, ensure_certificates
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from collector_host.conformance.stage.journal import Event, What, read_journal
from collector_host.conformance.stage.orders import Fault, Order, Receiver

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from collector_host.conformance.processes import Processes
    from collector_host.conformance.stage.orders import Target

_GRACE_S: Final = 9.0
"""What a stop of the host may take at most; see `StopBudget`."""
_PATIENCE_S: Final = 5.0
_ENDLESS_S: Final = 2.0
"""How long a life lasts where a pull is known never to end."""
_IGNORED: Final = shutil.ignore_patterns(
    "state", ".git", ".venv", "__pycache__", "node_modules", "*.pyc"
)


@dataclass(frozen=True, slots=True)
class Life:
    """One process of a run, from start to end.

    Attributes:
        code: Exit code; negative is the signal that ended it.
        events: What the stage saw.
        overdue: Whether the kit had to kill it.
    """

    code: int
    events: tuple[Event, ...]
    overdue: bool

    def all(self, what: What) -> Iterator[Event]:
        """Yield the events of one kind, oldest first."""
        return (event for event in self.events if event.what == what)

    def count(self, what: What) -> int:
        """Return how many events of one kind there are."""
        return sum(1 for _ in self.all(what))


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message at the receiver."""

    tag: str
    message: bytes


class Run:
    """One receiver, one folder of states, and one life after another.

    Args:
        processes: Makes the process of each life.
        relay: Listens.
        order: What the lives have in common.
        folder: Where journals and logs are written.
    """

    def __init__(
        self, processes: Processes, relay: Relay, order: Order, folder: Path
    ) -> None:
        self._processes = processes
        self._relay = relay
        self._order = order
        self._folder = folder
        self._lives = 0

    def live(self, fault: Fault | None = None) -> Life:
        """Start the stage, and return when it has ended."""
        self._lives += 1
        folder = self._folder / f"life-{self._lives}"
        folder.mkdir()
        order = replace(self._order, fault=fault, folder=str(folder))
        file = folder / "order.json"
        file.write_text(order.to_json(), "utf-8")
        ended = self._processes.live(file, order.limit_s + _GRACE_S + _PATIENCE_S)
        return Life(ended.code, tuple(read_journal(order.journal)), ended.overdue)

    def arrived(self) -> list[Arrived]:
        """Return everything that is stored, in order; waits for what is on its way."""
        tally = self._relay.tally
        tally.wait_for("closed", tally["connections"], _PATIENCE_S)
        return [Arrived(e.tag, e.message) for e in self._relay.ledger.entries()]


class Stages:
    """Makes runs, each in a fresh folder with a fresh copy of the project.

    Args:
        processes: Makes the process of each life.
        target: What to run.
        folder: Where everything is written.
        pulls: Pulls every module completes in a life.
        limit_s: Seconds a life may take.
        quick_limits: Whether waits of rate limiters are shortened.
    """

    def __init__(  # noqa: PLR0913  (its collaborators, and settings by name)
        self,
        processes: Processes,
        target: Target,
        folder: Path,
        *,
        pulls: int,
        limit_s: float,
        quick_limits: bool,
    ) -> None:
        self._processes = processes
        self._target = target
        self._folder = folder
        self._pulls = pulls
        self._limit_s = limit_s
        self._quick_limits = quick_limits
        self._endless: tuple[str, ...] = ()
        self._certificates: RelayCertificates = ensure_certificates(
            folder / "certificates"
        )

    def expect_endless(self, modules: Iterable[str]) -> None:
        """Wait no longer than needed for modules whose pulls never end."""
        self._endless = tuple(modules)
        if self._endless:
            self._limit_s = min(self._limit_s, _ENDLESS_S)

    @contextmanager
    def run(
        self, name: str, *faults: str, queue_messages: int | None = None
    ) -> Generator[Run]:
        """Open a run.

        Args:
            name: Of its folder; a second run of a name has another one.
            faults: What goes wrong at the receiver, as the relay writes it.
            queue_messages: Bound of the delivery queue, or None for the usual one.
        """
        folder = self._folder / name
        while folder.exists():
            folder = folder.with_name(f"{folder.name}-again")
        folder.mkdir()
        plan = FaultPlan(*map(parse_fault, faults))
        client = self._certificates.client
        with Relay(self._certificates, faults=plan) as relay:
            receiver = Receiver(
                relay.port,
                str(self._certificates.chain),
                str(client.certificate),
                str(client.key),
            )
            order = Order(
                target=self._copied(folder),
                receiver=receiver,
                folder=str(folder),
                state=str(folder / "state"),
                pulls=self._pulls,
                limit_s=self._limit_s,
                queue_messages=queue_messages,
                quick_limits=self._quick_limits,
                endless=self._endless,
            )
            yield Run(self._processes, relay, order, folder)

    def _copied(self, folder: Path) -> Target:
        """Return the target with a copy of its folder: modules write into it."""
        if self._target.kind == "plugin":
            return self._target
        copy = folder / "project"
        shutil.copytree(self._target.name, copy, ignore=_IGNORED, symlinks=True)
        return replace(self._target, name=str(copy))
