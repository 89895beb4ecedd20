"""From one answer to messages in the queue, with the position saved behind them.

A part is sent, then its position is saved, and only then is it remembered. It knows
neither calls nor shards' lives.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Callable, Iterator, List, Set, Tuple

from .lanes import Interrupted
from .records import RecordReader
from .shaper import Shaped, Shaper, wanted_fields
from .state import ShardPosition

if TYPE_CHECKING:
    from ..clock import Clock
    from .client import Reply
    from .records import Records, Values
    from .repeats import Repeats
    from .saving import PositionKeeper
    from .settings import Settings


_NO_OBJECT = "event that is no JSON object"


@dataclass(frozen=True)
class Host:
    """What a pull needs of the module it runs in.

    Attributes:
        clock: Time.
        send: Queues messages for delivery; blocks while the queue is full.
        ended: Tells whether the pull has to end.
        is_last: Whether the module ends after this pull.
    """

    clock: Clock
    send: Callable[[Shaped], None]
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
        self._save_at = rules.records_per_save
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
        known = self._keeper.position.shards[shard_id]
        time, seen = known.time, 0
        for records in self._reader.read(reply.groups, size=self._save_at):
            self.tally.oddities.update(records.oddities)
            time = self._time(time, records)
            first = min(max(known.skip - seen, 0), len(records.texts))
            seen += len(records.texts)
            if records.is_last:
                # A cursor that stays in spite of records would give them for ever.
                is_stuck = reply.next == reply.asked
                skip = seen if is_stuck else max(known.skip - seen, 0)
                behind = ShardPosition(reply.next, time, skip)
            else:
                behind = ShardPosition(reply.asked, known.time, max(seen, known.skip))
            self._send(shard_id, records, first, behind)

    def _send(
        self, shard_id: int, records: Records, first: int, behind: ShardPosition
    ) -> None:
        """Send records from one of them on, and save where that leads.

        Raises:
            Interrupted: The pull has to end; what was sent is saved.
        """
        count = len(records.texts) - first
        shaped: List[Shaped] = []
        marks: Set[int] = set()
        for start, stop, values in _runs(records, first):
            fresh = self._repeats.sift(records.texts[start:stop], marks)
            if fresh:
                shaped.append(self._shaper.shape(fresh, values))
        if shaped:
            self._host.send(Shaped.joined(shaped))
        position = self._keeper.position
        if count or position.shards[shard_id] != behind:
            self._keeper.save(position.with_shard(shard_id, behind))
        self._repeats.adopt(marks)
        sent = sum(one.number for one in shaped)
        self.tally.received += count
        self.tally.duplicates += count - sent
        self.tally.sent += sent
        if self._shaper.no_objects:
            self.tally.oddities[_NO_OBJECT] = self._shaper.no_objects
        if count and self._host.ended():
            raise Interrupted

    def _time(self, known: datetime, records: Records) -> datetime:
        """Return how far the shard was read; history may have older times."""
        if records.last_time is None:
            return known
        last = datetime.fromtimestamp(records.last_time, timezone.utc)
        return max(known, min(last, self._host.clock.now()))


def _runs(records: Records, first: int) -> Iterator[Tuple[int, int, Values]]:
    """Yield the pieces from an index on in which the values are the same."""
    starts = [run.start for run in records.runs[1:]] + [len(records.texts)]
    for run, stop in zip(records.runs, starts):
        if stop > first:
            yield max(run.start, first), stop, run.values
