"""The core of the product between two model ends, driven in one thread.

Queue, ledger, owners, committer, level policy, window and senders are the real ones.
Concurrency is nesting: while a connection is at a step, a puller may work, or another
sender's whole connection.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tenacity

from collector_host.delivery.committer import Committer
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.delivery.sender import Sender
from collector_host.delivery.window import Window, WindowLimits
from collector_host.errors import DeliveryError, RefusedError
from collector_host.telemetry.counters import Counters
from fakes.clocks import ManualClock
from model.ends import Crash, Disk, FakeWire, Receiver, Step, Wire
from model.puller import Puller

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 4
WINDOW = 8
QUEUE = 16
_LIMITS = WindowLimits(5.0, 2, WINDOW, 10**6)
_PATIENCE = 100
FINE = Step(Wire.FINE)


@dataclass(frozen=True)
class Shape:
    """How many of each there are; `outputs` says of each whether it is required."""

    outputs: tuple[bool, ...]
    senders: int
    owners: int

    @property
    def has_bound(self) -> bool:
        """Tell whether a bound on duplicates is promised for it."""
        return sum(self.outputs) == 1 and self.senders == 1


class Courier:
    """One sender with its wire; busy while a connection of it is at a step."""

    def __init__(self, sender: Sender, wire: FakeWire, output: str) -> None:
        self.sender = sender
        self.wire = wire
        self.output = output
        self.busy = False
        # So that a connection is tried once, and the next step can be another's.
        sender.end()

    def deliver(self) -> None:
        """Try one connection, as the sender's thread would."""
        sender = self.sender
        self.busy = True
        try:
            if sender._await_first():
                sender._until_delivered()(sender._deliver_connection)
        except DeliveryError:
            pass  # the tail is back in the sender's hands
        finally:
            self.busy = False


class World:
    """Everything there is, over many lives of the process.

    Attributes:
        source: How many events each owner's source is known to have; it has as many
            more as anybody asks for.
        plan: What happens at the next writes; fine when empty.
        ending: What happens at the next confirmation.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.clock = ManualClock()
        self.disk = Disk()
        self.plan: deque[Step] = deque()
        self.ending = FINE
        self.receivers = {
            f"output_{n}": Receiver(required)
            for n, required in enumerate(shape.outputs)
        }
        self.source = {f"owner_{n}": 0 for n in range(shape.owners)}
        self.disorderly: set[str] = set()
        self.boot()

    def boot(self) -> None:
        """Start a process: only the disk and the receivers are from before."""
        self._putting = False
        self.clock.on_wait = self._on_wait
        required = {name: one.required for name, one in self.receivers.items()}
        counters = Counters(self.clock)
        missed = dict.fromkeys(required, counters)
        bounds = Bounds(10**6, QUEUE)
        self.queue = DeliveryQueue(required, bounds, self.clock, missed)
        self.committer = Committer(self.queue, self.disk, counters, self.clock)
        self.pullers = {name: self._puller(name, counters) for name in self.source}
        self.couriers = [
            courier for name in required for courier in self._couriers(name, counters)
        ]

    def _puller(self, name: str, counters: Counters) -> Puller:
        owner = Owner(
            name,
            self.disk.load(name),
            queue=self.queue,
            committer=self.committer,
            rules=MessageRules(10**6, counters),
        )
        return Puller(name, owner)

    def _couriers(self, output: str, counters: Counters) -> list[Courier]:
        policy = LevelPolicy(output, None, self.clock)
        return [
            self._courier(output, policy, counters) for _ in range(self.shape.senders)
        ]

    def _courier(self, output: str, policy: LevelPolicy, counters: Counters) -> Courier:
        wire = FakeWire(
            self.receivers[output],
            self._next_step,
            lambda under_way: self._failed(output, under_way),
        )
        sender = Sender(
            "sender",
            output=output,
            transport=wire,
            policy=policy,
            window=Window(_LIMITS),
            retrying=tenacity.wait_none(),
            queue=self.queue,
            committer=self.committer,
            counters=counters,
            clock=self.clock,
        )
        return Courier(sender, wire, output)

    def deliver(self, courier: Courier) -> None:
        """Let one sender try one connection, if it has anything to deliver."""
        waits = courier.sender._again or self.queue.waiting(courier.output)
        if waits and not courier.busy:
            with self._senders_work(work=False):
                courier.deliver()

    def pull(self, name: str, count: int, split: int) -> None:
        """Let one puller do a page."""
        puller = self.pullers[name]
        self.reach(name, puller.position + count)
        with self._senders_work():
            puller.pull(count, split)

    def pull_refused(self, name: str, split: int) -> None:
        """Let one puller send a page of one event that is not taken."""
        puller = self.pullers[name]
        self.reach(name, puller.position + 1)
        with self._senders_work():
            puller.pull_refused(1, split)

    def reach(self, name: str, position: int) -> None:
        """Let a source have at least so many events."""
        self.source[name] = max(self.source[name], position)

    def stop(self, late: int) -> None:
        """Wind the process down in the product's order, and start the next one.

        Args:
            late: Events a puller still sends, too late.
        """
        self.queue.flush()
        self.queue.close()
        honest = [name for name, one in self.pullers.items() if not one.swallowed]
        for name, puller in self.pullers.items():
            self.reach(name, puller.position + late)
            puller.send_too_late(late)
        for name in honest:
            self.pullers[name].swallowed = False  # nothing of it was queued
        for courier in self.couriers:
            courier.sender.run()
        self.committer.commit_ripe()
        if self.queue.unconfirmed:
            self._forgive(PAGE * len(self.pullers))
        self._forgive(self._unsaved())
        self._end(lucky=True)

    def crash(self, kept: int, *, lucky: bool) -> None:
        """Kill the process; receivers store some of what was under way."""
        for courier in self.couriers:
            courier.wire.keep(kept)
        self._forgive(WINDOW + PAGE * len(self.pullers) + self._unsaved())
        self._end(lucky=lucky)

    def restart(self, name: str) -> None:
        """Build one module anew."""
        puller = self.pullers[name]
        self._forgive(puller.unsaved)
        puller.restart()

    def drain(self) -> None:
        """Deliver everything there is, without a fault.

        Raises:
            AssertionError: It does not come to an end.
        """
        self.calm()
        for name, puller in self.pullers.items():
            if puller.swallowed or puller.unsaved:
                self.restart(name)
        for _ in range(_PATIENCE):
            for name, puller in self.pullers.items():
                if missing := self.source[name] - puller.position:
                    self.pull(name, min(missing, PAGE), PAGE)
            for courier in self.couriers:
                self.deliver(courier)
            self.committer.commit_ripe()
            if self._is_done():
                return
        message = "delivery does not end although nothing fails"
        raise AssertionError(message)

    def committed(self, name: str) -> int:
        """Return the highest position a restart may begin behind."""
        states = self.disk.committed.get(name), self.disk.unsure.get(name)
        return max((state["position"] for state in states if state), default=0)

    def _is_done(self) -> bool:
        ends = {n: {"position": count} for n, count in self.source.items() if count}
        saved = {n: state for n, state in self.disk.committed.items() if n in ends}
        return not self.queue.unconfirmed and saved == ends

    def calm(self) -> None:
        """Let nothing go wrong from now on."""
        self.calm_wires()
        self.disk.plan.clear()

    def calm_wires(self) -> None:
        """Let nothing happen to connections from now on."""
        self.plan.clear()
        self.ending = FINE

    def _end(self, *, lucky: bool) -> None:
        self.calm()
        self.disorderly |= {n for n, one in self.pullers.items() if one.swallowed}
        self.disk.settle(lucky=lucky)
        self.boot()

    def _unsaved(self) -> int:
        """Return how many events a restart reads again beside the usual ones."""
        behind = sum(self.source[name] for name in self.disk.failing)
        return behind + sum(puller.unsaved for puller in self.pullers.values())

    def _failed(self, output: str, under_way: int) -> None:
        self.receivers[output].forgiven += min(under_way, WINDOW)

    def _forgive(self, number: int) -> None:
        for receiver in self.receivers.values():
            receiver.forgiven += number

    def _next_step(self, *, ending: bool) -> Step:
        if ending:
            step, self.ending = self.ending, FINE
        else:
            step = self.plan.popleft() if self.plan else FINE
        match step.kind:
            case Wire.CRASH:
                raise Crash
            case Wire.PULL if self.queue.waiting() + PAGE <= QUEUE:
                names = sorted(self.pullers)
                # One that was refused before cannot save: that is its own affair.
                with suppress(RefusedError):
                    self.pull(names[step.number % len(names)], PAGE, step.number)
            case Wire.OTHER:
                self._deliver_another(step.number)
            case _:
                pass
        return step

    def _deliver_another(self, number: int) -> None:
        free = [courier for courier in self.couriers if not courier.busy]
        if free:
            self.deliver(free[number % len(free)])

    @contextmanager
    def _senders_work(self, *, work: bool = True) -> Iterator[None]:
        """Let senders work whenever there is a wait for room, or no longer."""
        before, self._putting = self._putting, work
        try:
            yield
        finally:
            self._putting = before

    def _on_wait(self, seconds: float) -> None:
        """Let senders work while a puller waits for room."""
        if not self._putting:
            return
        del seconds
        waiting = self.queue.waiting()
        for _ in range(_PATIENCE):
            for courier in self.couriers:
                self.deliver(courier)
            if self.queue.waiting() < waiting:
                return
        message = "a puller waits for ever"
        raise AssertionError(message)
