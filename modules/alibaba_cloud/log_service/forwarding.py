"""From one answer to messages in the queue, with the position saved behind them.

A part is sent, then its position is saved, and only then is it remembered. It knows
neither calls nor shards' lives.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Callable, Iterator, List, Tuple

from .lanes import Interrupted
from .records import RecordReader
from .shaper import Shaper, wanted_fields
from .state import ShardPosition

if TYPE_CHECKING:
    from ..clock import Clock
    from .client import Reply
    from .records import Records, Values
    from .repeats import Repeats, Sifted
    from .saving import PositionKeeper
    from .settings import Settings


@dataclass(frozen=True)
class Host:
    """What a pull needs of the module it runs in.

    Attributes:
        clock: Time.
        send: Queues messages for delivery, in order; blocks while the queue is full.
        ended: Tells whether the pull has to end.
        is_last: Whether the module ends after this pull.
    """

    clock: Clock
    send: Callable[[List[str]], None]
    ended: Callable[[], bool]
    is_last: bool = False


def _no_oddities() -> Counter[str]:
    return Counter()


@dataclass
class Tally:
    """Counters of one pull.

    Attributes:
        received: Records the service gave, those sent by an earlier pull left aside.
        duplicates: Those left out because the trail had delivered them before.
        sent: Those queued for delivery.
        oddities: What was found that needed care -> how many times.
    """

    received: int = 0
    duplicates: int = 0
    sent: int = 0
    oddities: Counter[str] = field(default_factory=_no_oddities)


class Forwarder:
    """Sends what a pull reads.

    Args:
        settings: How records become events.
        keeper: Keeps the position.
        host: The module it runs in.
        repeats: Events sent lately, by earlier pulls too.
        pull_name: Value of `@devo_pulling_id`.

    Attributes:
        tally: What was sent so far.
    """

    def __init__(
        self,
        settings: Settings,
        keeper: PositionKeeper,
        host: Host,
        repeats: Repeats,
        pull_name: str,
    ) -> None:
        rules = settings.rules
        wanted = wanted_fields(rules.added_fields)
        self._part = rules.records_per_save
        self._reader = RecordReader(rules.event_field, wanted)
        self._shaper = Shaper(
            pull_name,
            settings.environment,
            rules.added_fields,
            wanted,
            rules.event_field,
        )
        self._keeper = keeper
        self._host = host
        self._repeats = repeats
        self.tally = Tally()

    def forward(self, shard_id: int, reply: Reply) -> None:
        """Send the records of an answer and save the position behind them.

        Args:
            shard_id: A shard that has a position.
            reply: The answer to the pull at that position's cursor.

        Raises:
            Interrupted: The pull has to end; what was sent is saved.
        """
        records = self._reader.read(reply.groups, is_raw=reply.is_raw)
        self.tally.oddities.update(records.oddities)
        known = self._keeper.position.shards[shard_id]
        total = len(records.texts)
        first = min(known.skip, total)
        behind = ShardPosition(
            cursor=reply.next,
            time=self._time(known, records),
            # A cursor that stays although there are records would give them for ever.
            skip=total if reply.next == reply.asked else known.skip - first,
        )
        for end in _ends(first, total, self._part):
            sifted = self._send(records, first, end)
            within = ShardPosition(reply.asked, known.time, skip=end)
            self._save(shard_id, behind if end == total else within)
            for part in sifted:
                self._repeats.adopt(part)
            first = end
            if self._host.ended():
                raise Interrupted
        if self._keeper.position.shards[shard_id] != behind:
            self._save(shard_id, behind)

    def _save(self, shard_id: int, one: ShardPosition) -> None:
        self._keeper.save(self._keeper.position.with_shard(shard_id, one))

    def _time(self, known: ShardPosition, records: Records) -> datetime:
        """Return how far the shard was read; history may have older times."""
        if records.last_time is None:
            return known.time
        last = datetime.fromtimestamp(records.last_time, timezone.utc)
        return max(known.time, min(last, self._host.clock.now()))

    def _send(self, records: Records, first: int, end: int) -> List[Sifted]:
        messages: List[str] = []
        parts: List[Sifted] = []
        for start, stop, values in _runs(records, first, end):
            sifted = self._repeats.sift(records.texts[start:stop])
            parts.append(sifted)
            if sifted.fresh:
                messages += self._shaper.shape(sifted.fresh, values)
        if messages:
            self._host.send(messages)
        self.tally.received += end - first
        self.tally.duplicates += end - first - len(messages)
        self.tally.sent += len(messages)
        return parts


def _ends(first: int, total: int, part: int) -> Iterator[int]:
    """Yield where the parts between two indexes end."""
    while first < total:
        first = min(first + part, total)
        yield first


def _runs(records: Records, first: int, end: int) -> Iterator[Tuple[int, int, Values]]:
    """Yield the pieces between two indexes in which the values are the same."""
    starts = [run.start for run in records.runs[1:]] + [len(records.texts)]
    for run, stop in zip(records.runs, starts):
        if run.start < end and stop > first:
            yield max(run.start, first), min(stop, end), run.values
