"""What the delivery room can do alone, and what confirmation costs it.

The variants of a repeat run one after the other, so that their ratios hold even
where the machine's speed drifts. "No confirmation" is one connection for everything
whose close waits for no answer; the benchmark looks itself whether all was stored.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from collector_host.config.model import MEBIBYTE, DeliverySettings
from collector_host.delivery.items import Level
from collector_host.delivery.window import WindowLimits
from measuring import bare_tls
from measuring.emulators import relay
from measuring.figures import Reading
from measuring.processes import cpu_s, in_own_process
from measuring.room_alone import Order, deliver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from measuring.emulators import RelayProcess
    from measuring.room_alone import Outcome
    from measuring.sizes import Size

PACE_PER_S: Final = 2_000
_BUSY_PAGE: Final = 5_000
_BUSY_BYTES: Final = 1_600
"""A page and an event of a Log Store with much traffic."""
_BUSY_TIMES: Final = 5
"""So many times as many events, so that starting and watching count for little."""
_USUAL_S: Final = 5.0
_OFTEN_S: Final = 0.1
_SHIPPED: Final = DeliverySettings()


class _Variant(NamedTuple):
    window: WindowLimits
    confirm: Level | None = None


_DEFAULT: Final = WindowLimits(
    _SHIPPED.confirm_interval_s,
    _SHIPPED.confirm_events_min,
    _SHIPPED.confirm_events_max,
    _SHIPPED.confirm_bytes,
)
_LARGE: Final = replace(_DEFAULT, events_max=20_000, size_bytes=64 * MEBIBYTE)
_ENDLESS: Final = WindowLimits(3_600, 1, sys.maxsize, sys.maxsize)

_NONE: Final = "no confirmation"
_AT_FULL_SPEED: Final = {
    _NONE: _Variant(_ENDLESS, Level.SENT),
    "window of 5,000": _Variant(_DEFAULT),
    "window of 20,000": _Variant(_LARGE),
}
_PACED: Final = {
    _NONE: _Variant(_ENDLESS, Level.SENT),
    "every 5 s": _Variant(replace(_LARGE, interval_s=_USUAL_S)),
    "every 0.1 s": _Variant(replace(_LARGE, interval_s=_OFTEN_S)),
}


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Measure at full speed, with large pages, then at a steady pace."""
    with tempfile.TemporaryDirectory() as folder, relay(Path(folder)) as receiver:
        for repeat in range(size.repeats):
            order = Order(receiver.ready, size.messages, seed + repeat, _DEFAULT)
            yield from _at_full_speed(order, receiver)
            yield from _large_pages(order)
        for repeat in range(size.repeats):
            events = round(size.paced_s * PACE_PER_S)
            order = Order(receiver.ready, events, seed + repeat, _DEFAULT)
            yield from _paced(replace(order, per_s=PACE_PER_S))


def _at_full_speed(order: Order, receiver: RelayProcess) -> Iterator[Reading]:
    outcomes: dict[str, Outcome] = {}
    for name, variant in _AT_FULL_SPEED.items():
        relay_before_s = cpu_s(receiver.pid)
        outcome = outcomes[name] = _deliver(order, variant)
        relay_s = cpu_s(receiver.pid) - relay_before_s
        millions = order.events / 1e6
        yield Reading(f"{name}: rate", "events/s", order.events / outcome.elapsed_s)
        yield Reading(f"{name}: CPU", "s/million", outcome.cpu_s / millions)
        yield Reading(f"{name}: CPU of the relay", "s/million", relay_s / millions)
    bare = outcomes.pop(_NONE)
    for name, outcome in outcomes.items():
        rate, cpu = bare.elapsed_s / outcome.elapsed_s, outcome.cpu_s / bare.cpu_s
        yield Reading(f"{name} : none, rate", "ratio", rate)
        yield Reading(f"{name} : none, CPU", "ratio", cpu)


def _large_pages(order: Order) -> Iterator[Reading]:
    events = order.events * _BUSY_TIMES
    order = replace(
        order, events=events, page_events=_BUSY_PAGE, text_bytes=_BUSY_BYTES
    )
    load = bare_tls.Load(order.ready, order.events, _BUSY_BYTES)
    bare_s = in_own_process(bare_tls.send, load)
    outcome = in_own_process(deliver, order)
    millions = order.events / 1e6
    yield Reading("bare TLS, 1.6 kB: CPU", "s/million", bare_s / millions)
    name = "large pages, 1.6 kB"
    yield Reading(f"{name}: rate", "events/s", order.events / outcome.elapsed_s)
    yield Reading(f"{name}: CPU", "s/million", outcome.cpu_s / millions)
    yield Reading(f"{name} : bare TLS, CPU", "ratio", outcome.cpu_s / bare_s)


def _paced(order: Order) -> Iterator[Reading]:
    outcomes = {name: _deliver(order, variant) for name, variant in _PACED.items()}
    for name, outcome in outcomes.items():
        share = outcome.cpu_s / outcome.elapsed_s * 100
        yield Reading(f"{PACE_PER_S:,}/s, {name}: share of one core", "%", share)
    yield from _cost_of_one(outcomes)


def _cost_of_one(outcomes: Mapping[str, Outcome]) -> Iterator[Reading]:
    """Divide what many confirmations cost by their number: one is lost in noise."""
    bare, often = outcomes[_NONE], outcomes["every 0.1 s"]
    more = often.connections - bare.connections
    one_s = (often.cpu_s - bare.cpu_s) / more
    yield Reading("one confirmation: CPU", "ms", one_s * 1e3)
    share = one_s / _USUAL_S * 100
    yield Reading("one confirmation every 5 s: share of one core", "%", share)


def _deliver(order: Order, variant: _Variant) -> Outcome:
    order = replace(order, window=variant.window, confirm=variant.confirm)
    return in_own_process(deliver, order)
