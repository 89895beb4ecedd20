"""Reading and shaping alone, and what each room costs alone.

The source runs in a process of its own, the rooms in another, in one thread.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from measuring.figures import Reading
from measuring.goals import Goal
from measuring.log_reading import read_and_shape
from measuring.log_rooms import Receiver, walk
from measuring.log_source import GROUP_EVENTS, Volume
from measuring.log_stage import log_stage
from measuring.processes import in_own_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.log_stage import LogStage
    from measuring.sizes import Size

_RATE: Final = "events for each CPU second"
_PASSES: Final = 3
GOALS: Final = (Goal(_RATE, at_least=200_000),)


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Read everything, 40 events in a log group, then one; deliver nothing."""
    volumes = {"": (size.log_events, GROUP_EVENTS)}
    volumes["1 a group, "] = (size.log_single_events, 1)
    for prefix, (events, group_events) in volumes.items():
        with log_stage(Volume(events, group_events, seed=seed)) as scene:
            for _ in range(size.log_repeats):
                for reading in _read(scene):
                    yield reading._replace(name=f"{prefix}{reading.name}")


def measure_rooms(size: Size, seed: int) -> Iterator[Reading]:
    """Walk everything through the rooms one by one.

    Of several passes that follow each other the least of each room counts: noise only
    adds.
    """
    volume = Volume(size.log_events, GROUP_EVENTS, seed=seed)
    with log_stage(volume) as scene:
        files = scene.sink.certificates
        client = (files.chain, files.client.certificate, files.client.key)
        receiver = Receiver(scene.sink.port, *map(str, client))
        for _ in range(size.log_repeats):
            passes: defaultdict[str, list[float]] = defaultdict(list)
            for _ in range(_PASSES):
                ready = scene.source.ready
                events, spent_s = in_own_process(walk, ready, receiver)
                for room, seconds in spent_s.items():
                    passes[room].append(seconds / events * 1e6)
            for room, costs in passes.items():
                yield Reading(room, "µs/event", min(costs))
            yield Reading("all rooms", "µs/event", sum(map(min, passes.values())))


def _read(scene: LogStage) -> Iterator[Reading]:
    cost = in_own_process(read_and_shape, scene.source.ready)
    if cost.events != scene.source.events:
        message = f"{cost.events} events were read of {scene.source.events}"
        raise RuntimeError(message)
    yield Reading("CPU", "s/million", cost.cpu_s / cost.events * 1e6)
    yield Reading(_RATE, "events/s", cost.events / cost.cpu_s)
    yield Reading("rate of one thread", "events/s", cost.events / cost.elapsed_s)
