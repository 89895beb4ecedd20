"""The steps hypothesis may take, and what must hold after each of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from collector_host.errors import RefusedError
from model.ends import Crash, Save, Step, Wire
from model.world import PAGE, WINDOW, Shape, World

if TYPE_CHECKING:
    from collections.abc import Callable

_PART = st.integers(0, 2 * WINDOW)
_PICK = st.integers(0, 3)
_WRITES = [*[Wire.FINE] * 5, Wire.FAIL, Wire.CRASH, Wire.PULL, Wire.PULL, Wire.OTHER]
_PLANS = st.lists(st.builds(Step, st.sampled_from(_WRITES), _PART), max_size=4)
_CLOSES = [*[Wire.FINE] * 4, *[Wire.FAIL] * 3, *Wire]
_ENDINGS = st.builds(Step, st.sampled_from(_CLOSES), _PART)
_CONNECTIONS = st.lists(st.tuples(_PICK, _PLANS, _ENDINGS), min_size=1, max_size=3)
_SAVES = st.lists(st.sampled_from([Save.REFUSED, *Save]), max_size=4)
_PAGES = st.lists(st.tuples(_PICK, st.integers(0, PAGE), _PART), min_size=1, max_size=6)
_SHAPES = st.builds(
    Shape,
    outputs=st.sampled_from([(True,), (True, True), (True, False)]),
    senders=st.sampled_from([1, 1, 2]),
    owners=st.sampled_from([1, 2]),
)


class CoreMachine(RuleBasedStateMachine):
    """Sources, pullers, queue, senders, receivers and disk in any order of events."""

    world: World

    @initialize(shape=_SHAPES)
    def begin(self, shape: Shape) -> None:
        self.world = World(shape)

    @rule(pages=_PAGES)
    def pull(self, pages: list[tuple[int, int, int]]) -> None:
        """Send pages and save behind each; an empty one moves the position too."""
        for pick, count, split in pages:
            name = self._owner(pick)
            self._survive(lambda n=name, c=count, s=split: self.world.pull(n, c, s))

    @rule(pages=_PAGES, saves=_SAVES, connections=_CONNECTIONS, quiet=st.booleans())
    def work(
        self,
        pages: list[tuple[int, int, int]],
        saves: list[Save],
        connections: list[tuple[int, list[Step], Step]],
        *,
        quiet: bool,
    ) -> None:
        """Pull, then connect a few times while disk and receivers misbehave.

        If it is quiet then, everything must arrive and be committed.
        """
        world = self.world
        self.pull(pages)
        world.disk.plan.extend(saves)
        for pick, plan, ending in connections:
            world.plan.extend(plan)
            world.ending = ending
            courier = world.couriers[pick % len(world.couriers)]
            self._survive(lambda one=courier: world.deliver(one))
            world.calm_wires()
        if quiet:
            world.drain()

    @rule(pick=_PICK, split=st.none() | st.integers(0, 1))
    def module_misbehaves(self, pick: int, split: int | None) -> None:
        """A page is refused and the module tries to save past it, or starts again."""
        name = self._owner(pick)
        if split is None:
            self.world.restart(name)
        else:
            self._survive(lambda: self.world.pull_refused(name, split))

    @rule(late=st.none() | st.integers(0, PAGE), ending=_ENDINGS, lucky=st.booleans())
    def process_ends(self, late: int | None, ending: Step, *, lucky: bool) -> None:
        """The process is killed, or stops in order while modules go on sending."""
        if late is None:
            self.world.crash(ending.number, lucky=lucky)
        else:
            self.world.ending = ending
            self._survive(lambda: self.world.stop(late))

    @rule(seconds=st.sampled_from([1, 10, 1000]))
    def main_loop_turns(self, seconds: int) -> None:
        """Time passes, and what could not be written is tried again."""
        self.world.clock.advance(seconds)
        self._survive(self.world.committer.commit_ripe)

    @invariant()
    def committed_is_stored(self) -> None:
        """Every event below a committed position is at every required receiver."""
        world = self.world
        for name, receiver in world.receivers.items():
            stored = set(receiver.stored)
            for owner in world.source if receiver.required else ():
                wanted = {f"{owner}:{n}" for n in range(1, world.committed(owner) + 1)}
                assert wanted <= stored, f"{name} lost {sorted(wanted - stored)}"

    @invariant()
    def duplicates_are_bounded(self) -> None:
        """No more copies than the faults so far allow."""
        if not self.world.shape.has_bound:
            return
        for name, receiver in self.world.receivers.items():
            copies = sum(count - 1 for count in Counter(receiver.stored).values())
            if receiver.required:
                assert copies <= receiver.forgiven, f"{name} got {copies} duplicates"

    @invariant()
    def order_is_kept(self) -> None:
        """With one sender an owner's events first arrive in the source's order."""
        world = self.world
        for owner in world.source.keys() - world.disorderly:
            puller = world.pullers[owner]
            if world.shape.senders == 1 and not puller.swallowed:
                for receiver in world.receivers.values():
                    numbers = _first_arrivals(receiver.stored, owner)
                    ordered = numbers == sorted(numbers)
                    assert ordered or not receiver.required, numbers

    def teardown(self) -> None:
        """In the end all of it is there."""
        if not hasattr(self, "world"):
            return
        self.world.drain()
        self.committed_is_stored()
        self.duplicates_are_bounded()

    def _owner(self, pick: int) -> str:
        names = sorted(self.world.source)
        return names[pick % len(names)]

    def _survive(self, action: Callable[[], None]) -> None:
        """Act; a crash on the way is one like any other."""
        try:
            action()
        except Crash:
            self.world.crash(len(self.world.plan), lucky=bool(self.world.disk.plan))
        except RefusedError:
            pass  # the module was refused before and has not started again


def _first_arrivals(stored: list[str], owner: str) -> list[int]:
    mine = (text for text in dict.fromkeys(stored) if text.startswith(f"{owner}:"))
    return [int(text.partition(":")[2]) for text in mine]
