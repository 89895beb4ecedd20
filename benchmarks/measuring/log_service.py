"""The collector beside other programs: same events, same source, same receiver.

The programs of a repeat run one after the other, so that their ratios hold even where
the machine's speed drifts. All are measured from their first call to their end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.settings import DevoSettings
from measuring.figures import Reading
from measuring.goals import Goal
from measuring.log_source import GROUP_EVENTS, Volume
from measuring.log_stage import COLLECTOR, log_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.log_run import Outcome
    from measuring.log_stage import LogStage
    from measuring.sink import Sink
    from measuring.sizes import Size

_OBVIOUS: Final = "flatten_and_send"
_LIBRARY: Final = "consumer_library"
_LIMIT: Final = "raw_copy"
_NAMES: Final = {
    COLLECTOR: "collector",
    _OBVIOUS: "flatten and send one by one",
    _LIBRARY: "consumer library",
    _LIMIT: "raw copy",
}
_OF_OBVIOUS: Final = "flatten and send : collector, CPU"
_OF_LIMIT: Final = "raw copy : collector, CPU"

GOALS: Final = (
    Goal("collector: CPU", at_most=7.5),
    Goal("collector: rate", at_least=100_000),
    Goal(_OF_OBVIOUS, at_least=5),
    Goal(_OF_LIMIT, at_least=0.35),
)


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Deliver with every program, 40 events in a log group, then one."""
    several = (COLLECTOR, _LIMIT, _OBVIOUS, _LIBRARY)
    volume = Volume(size.log_events, GROUP_EVENTS, seed=seed)
    with log_stage(volume) as scene:
        yield from _receiver(scene.sink)
        for _ in range(size.log_repeats):
            yield from _compared(scene, several, GROUP_EVENTS)
    with log_stage(Volume(size.log_single_events, 1, seed=seed)) as scene:
        for _ in range(size.log_repeats):
            found = _compared(scene, (COLLECTOR, _LIMIT, _OBVIOUS), 1)
            yield from (
                reading._replace(name=f"1 a group, {reading.name}") for reading in found
            )


def _receiver(receiver: Sink) -> Iterator[Reading]:
    """Ask the receiver what it proves, as the collector does."""
    files = receiver.certificates
    settings = DevoSettings(
        address="localhost",
        port=receiver.port,
        key=files.client.key,
        cert=files.client.certificate,
        chain=files.chain,
    )
    level = DevoTransport(settings).probe()
    print(f"receiver: {receiver.kind}; it proves {level.label}")
    yield Reading(f"receiver: {receiver.kind}, level {level.label}", "level", level)


def _compared(
    scene: LogStage, programs: tuple[str, ...], group_events: int
) -> Iterator[Reading]:
    outcomes: dict[str, Outcome] = {}
    for program in programs:
        first = outcomes.get(COLLECTOR)
        group_bytes = first.size_bytes / first.events * group_events if first else 0
        outcome = scene.deliver(program, group_bytes=group_bytes)
        outcomes[program] = outcome
        yield from _figures(_NAMES[program], outcome, scene.source.events)
    collector_s = outcomes[COLLECTOR].cpu_s
    yield Reading(_OF_OBVIOUS, "ratio", outcomes[_OBVIOUS].cpu_s / collector_s)
    yield Reading(_OF_LIMIT, "ratio", outcomes[_LIMIT].cpu_s / collector_s)


def _figures(name: str, outcome: Outcome, events: int) -> Iterator[Reading]:
    millions = events / 1e6
    yield Reading(f"{name}: CPU", "s/million", outcome.cpu_s / millions)
    yield Reading(f"{name}: rate", "events/s", events / outcome.elapsed_s)
    yield Reading(f"{name}: memory", "MiB", outcome.rss_peak_mib)
    source_s, sink_s = outcome.source_cpu_s, outcome.sink_cpu_s
    yield Reading(f"{name}: CPU of the source", "s/million", source_s / millions)
    yield Reading(f"{name}: CPU of the receiver", "s/million", sink_s / millions)
    if name == COLLECTOR:
        yield Reading("bytes of an event", "bytes", outcome.size_bytes / events)
        per_connection = events / outcome.connections
        yield Reading("events of a connection", "events", per_connection)
        yield Reading("sent again", "events", outcome.events - events)
