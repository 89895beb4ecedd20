"""Random lives of a Log Store: what is kept is sent, and without a kill once."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alibaba_cloud import problems
from alibaba_cloud.errors import ApiError, PullError
from fakes.log_service import (
    FakeHost,
    FakeModule,
    FakeShard,
    FakeStore,
    InlineWorkers,
    Killed,
    settings,
)

EXAMPLES = 80
_PASSING = (
    problems.TRANSPORT,
    problems.SERVER,
    problems.THROTTLED,
    problems.TOKEN_EXPIRED,
    problems.STORE_PERMISSION,
)


class Step(NamedTuple):
    """One thing that happens; the numbers choose among what is possible.

    Attributes:
        kind: `append`, `split`, `merge`, `expire`, `serve`, `fail`.
        place: Which shard.
        number: How many groups, which failure, or what size of answers.
    """

    kind: str
    place: int
    number: int


class Pull(NamedTuple):
    """One pull.

    Attributes:
        during: Call, counted from 1 -> what happens before it is answered.
        end_after: Sends and saves after which it ends, or None.
        is_killed: Whether it ends by a kill at once, and else behind its part.
        is_restarted: Whether a new process makes it.
    """

    during: dict[int, Step]
    end_after: int | None
    is_killed: bool
    is_restarted: bool


_STEPS = st.builds(
    Step,
    st.sampled_from(["append", "append", "split", "merge", "expire", "serve", "fail"]),
    st.integers(0, 7),
    st.integers(1, 7),
)


def _pulls(kills: st.SearchStrategy[bool]) -> st.SearchStrategy[Pull]:
    return st.builds(
        Pull,
        st.dictionaries(st.integers(1, 12), _STEPS, max_size=3),
        st.none() | st.integers(1, 6),
        kills,
        st.booleans(),
    )


def _histories(
    kills: st.SearchStrategy[bool],
) -> st.SearchStrategy[list[Step | Pull]]:
    return st.lists(_STEPS | _pulls(kills), min_size=1, max_size=14)


@dataclass
class World:
    """A store, what survives of a collector, and what must be sent.

    Attributes:
        lost: Events that expired before they were sent.
        repeatable: Events that may come twice: a part of an answer was sent when the
            place it was asked for had expired.
    """

    seed: int
    size: int
    part: int
    raw_bytes: int
    jumps: bool
    store: FakeStore = field(default_factory=lambda: FakeStore(2))
    host: FakeHost = field(default_factory=FakeHost)
    lost: set[str] = field(default_factory=set[str])
    repeatable: set[str] = field(default_factory=set[str])
    _count: int = 0

    def __post_init__(self) -> None:
        self.store.size, self.store.raw_bytes = self.size, self.raw_bytes
        self.store.jumps = self.jumps
        self._dice = random.Random(self.seed)  # noqa: S311 - replayable
        # Only the position keeps an event from coming twice here.
        self._settings = settings(
            records_per_save=self.part,
            remembered_events=0,
            shard_list_interval_in_seconds=1,
        )
        self.module = self._module()

    def _module(self) -> FakeModule:
        workers = InlineWorkers(self._dice.randrange, is_eager=bool(self.seed % 2))
        return FakeModule(self.store, self.host, self._settings, workers=workers)

    def happen(self, step: Step) -> None:
        """Change the store, or fail the call at hand."""
        shards = [*self.store.shards.values()]
        one = shards[step.place % len(shards)]
        writable = [shard.id for shard in shards if not shard.is_readonly]
        match step.kind:
            case "append":
                shard = writable[step.place % len(writable)]
                names = range(self._count, self._count + 2 * step.number)
                self._count += 2 * step.number
                self.store.append(shard, *names, per_group=1 + step.place % 3)
            case "split" if not one.is_readonly and len(shards) < 8:
                self.store.split(one.id)
            case "merge" if len(writable) > 1 and len(shards) < 8:
                self.store.merge(*writable[:2])
            case "expire":
                self._expire(one, step.number)
            case "serve":
                self.store.size = (1, 3, 1000)[step.number % 3]
            case "fail":
                raise ApiError(_PASSING[step.number % len(_PASSING)], "by plan")
            case _:
                pass

    def _expire(self, one: FakeShard, groups: int) -> None:
        """Drop what is old, and a closed shard with the last of it."""
        shards: dict[str, Any] = (self.host.state or {"shards": {}})["shards"]
        if self.jumps or shards.get(str(one.id), {"skip": 0})["skip"]:
            self.repeatable |= {*one.names()}
        dropped = self.store.expire(one.id, groups)
        self.lost |= {*dropped} - self.host.counts().keys()
        if one.is_readonly and one.first == len(one.groups):
            self.store.shards.pop(one.id)

    def pull(self, pull: Pull) -> None:
        """Pull once, whatever happens to it."""
        if pull.is_restarted:
            self.module = self._module()
        self._prepare(pull)
        try:
            self.module.pull()
        except Killed:
            self.module = self._module()
        except (ApiError, PullError):
            pass
        self.module.clock.advance(5)

    def _prepare(self, pull: Pull) -> None:
        """Arrange what happens during a pull."""
        before, calls = len(self.host.journal), [0]

        def before_call(_name: str, _shard: int) -> None:
            calls[0] += 1
            self.module.clock.advance(0.3)
            if calls[0] in pull.during:
                self.happen(pull.during[calls[0]])

        def is_over() -> bool:
            done = len(self.host.journal) - before
            return pull.end_after is not None and done >= pull.end_after

        def after_step(_step: int) -> None:
            if pull.is_killed and is_over():
                raise Killed

        self.store.before_call = before_call
        self.host.after_step = after_step
        self.module.ended = is_over

    def live(self, history: list[Step | Pull]) -> None:
        """Let a history happen, then read until nothing comes any more."""
        for step in history:
            if isinstance(step, Pull):
                self.pull(step)
            else:
                with contextlib.suppress(ApiError):
                    self.happen(step)
        for _ in range(5):
            self.pull(Pull({}, None, is_killed=False, is_restarted=False))

    @property
    def expected(self) -> set[str]:
        """Everything that was there to be sent."""
        return {str(number) for number in range(self._count)} - self.lost


def _worlds(kills: st.SearchStrategy[bool]) -> Callable[..., Any]:
    return given(
        seed=st.integers(0, 2**16),
        size=st.sampled_from([1, 3, 1000]),
        part=st.sampled_from([1, 3, 1000]),
        raw_bytes=st.sampled_from([100, 10**7]),
        jumps=st.booleans(),
        history=_histories(kills),
    )


@hypothesis_settings(max_examples=EXAMPLES)
@_worlds(st.just(value=False))
def test_what_is_kept_is_sent_exactly_once(  # noqa: PLR0917 - drawn values
    seed: int,
    size: int,
    part: int,
    raw_bytes: int,
    jumps: bool,  # noqa: FBT001 - drawn
    history: list[Step | Pull],
) -> None:
    """Splits, merges, expiry, failures, stops and restarts change nothing in that."""
    world = World(seed, size, part, raw_bytes, jumps)

    world.live(history)

    counts = world.host.counts()
    assert counts.keys() >= world.expected
    assert {name for name, times in counts.items() if times > 1} <= world.repeatable


@hypothesis_settings(max_examples=EXAMPLES)
@_worlds(st.booleans())
def test_what_is_kept_is_sent_at_least_once_whenever_the_process_is_killed(  # noqa: PLR0917 - drawn values
    seed: int,
    size: int,
    part: int,
    raw_bytes: int,
    jumps: bool,  # noqa: FBT001 - drawn
    history: list[Step | Pull],
) -> None:
    """A kill repeats the part that was being saved, and no more."""
    world = World(seed, size, part, raw_bytes, jumps)
    kills = sum(isinstance(step, Pull) and step.is_killed for step in history)

    world.live(history)

    counts = world.host.counts()
    assert counts.keys() >= world.expected
    # More than a part is never sent between two saves.
    repeated = counts.total() - len(counts)
    assert repeated <= kills * part + len(world.repeatable) * len(history)
