"""Synthetic ActionTrail events: when they happen, and when they can be found.

The same arguments always give the same events. What is in an event is not known
here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector_emulators.event_shapes import Moment, make_event
from collector_emulators.events import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600
_BUSY_HOURS: Final = range(1, 12)
"""UTC hours of the working day where the account lives."""
_QUIET_SHARE: Final = 0.35
"""Volume of a quiet hour, as a share of a busy one."""
_SLOW_SHARE: Final = 0.1
"""Share of events that take any time up to the longest usual delay."""
_USUAL_DELAY_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Volume:
    """How many events, when, and how late.

    Attributes:
        count: Events in all.
        start: First second, seconds since 1970 UTC.
        end: End of the span; no event happens at or after it.
        region: Value of `acsRegion`.
        burst: How many of them share the one second in the middle.
        delays_s: Shortest and longest usual delay from happening to arrival.
        late_fraction: Share of events that take longer than that.
        late_delays_s: Shortest and longest delay of those.
    """

    count: int
    start: float
    end: float
    region: str = "cn-hangzhou"
    burst: int = 0
    delays_s: tuple[float, float] = (3.0, 590.0)
    late_fraction: float = 0.0
    late_delays_s: tuple[float, float] = (601.0, 1500.0)


def generate(seed: int, volume: Volume) -> Iterator[Timed]:
    """Yield the events of `volume`, oldest first, each with its arrival.

    Ids are unique within a run.

    Raises:
        ValueError: If the span is shorter than a second, or the burst larger
            than the count.
    """
    if volume.end - volume.start < 1 or volume.burst > volume.count:
        message = "the span needs a second, the burst must not exceed the count"
        raise ValueError(message)
    dice = random.Random(seed)  # noqa: S311 - replayable data, no secrets
    for number, second in enumerate(_seconds(dice, volume), start=1):
        event = make_event(dice, Moment(second, volume.region, number))
        yield Timed(event, second + _delay(dice, volume))


def odd_events(
    seed: int,
    time: float,
    *,
    region: str = "cn-hangzhou",
    giant_bytes: int = 1_000_000,
) -> list[Timed]:
    """Return events that are hard to carry, one of each sort, all at `time`.

    Giant, NUL, line feed, lone surrogate, four-byte characters, line separators.

    Args:
        seed: Same seed, same events.
        time: Seconds since 1970 UTC.
        region: Value of `acsRegion`.
        giant_bytes: Size of the largest text.
    """
    dice = random.Random(seed)  # noqa: S311 - replayable data, no secrets
    texts = (
        "x" * giant_bytes,
        "nul \x00 inside",
        "line\nfeed\r\n",
        "lone \ud83d surrogate",
        "𠜎🚀",
        "\u2028\u2029\x85",
        "",
    )
    moments = [Moment(time, region, n) for n in range(len(texts))]
    return [
        Timed(_odd_event(dice, moment, text))
        for moment, text in zip(moments, texts, strict=True)
    ]


def _odd_event(dice: random.Random, moment: Moment, text: str) -> dict[str, Any]:
    return {**make_event(dice, moment), "requestParameters": {"Text": text}}


def _seconds(dice: random.Random, volume: Volume) -> list[int]:
    first, last = int(volume.start), max(int(volume.start), int(volume.end) - 1)
    middle = (first + last) // 2
    spread = volume.count - volume.burst
    drawn = [_second(dice, first, last) for _ in range(spread)]
    return sorted([*drawn, *([middle] * volume.burst)])


def _second(dice: random.Random, first: int, last: int) -> int:
    """Draw a second; a quiet one is drawn again most of the time.

    A span without busy hours is quiet evenly, so that the drawing ends.
    """
    while True:
        second = dice.randint(first, last)
        is_busy = second % _DAY_S // _HOUR_S in _BUSY_HOURS
        if is_busy or dice.random() < _QUIET_SHARE:
            return second


def _delay(dice: random.Random, volume: Volume) -> float:
    if dice.random() < volume.late_fraction:
        return dice.uniform(*volume.late_delays_s)
    shortest, longest = volume.delays_s
    if dice.random() < _SLOW_SHARE:
        return dice.uniform(shortest, longest)
    return min(longest, shortest + dice.expovariate(1 / _USUAL_DELAY_S))
