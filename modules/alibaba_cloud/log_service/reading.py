"""All shards of a Log Store for one pull: which there are, which are new, which gone.

It knows no cursors.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Dict, List, Set

from ..errors import ApiError
from ..problems import SHARD_GONE, UNREADABLE
from .lanes import Lane, Lanes, Pause
from .shard_lane import ShardLane
from .state import Gap

if TYPE_CHECKING:
    from .client import Shard
    from .lanes import Workers
    from .shard_lane import Means

_logger = logging.getLogger(__name__)


class StoreReading:
    """Reads a Log Store for one pull.

    Args:
        means: What it works with.
        workers: The threads that calls are made in.

    Attributes:
        read: Shards that were read to what was there.
        failures: Shard -> what kept it from being read.
    """

    def __init__(self, means: Means, workers: Workers) -> None:
        self._means = means
        self._rules = means.settings.rules
        self._store = means.settings.connection.store
        self._calls = means.calls
        self._keeper = means.keeper
        self._lanes = Lanes(workers, means.host.clock, means.host.ended)
        self._listed: Dict[int, Shard] = {}
        self._begun: Set[int] = set()
        self.read: List[int] = []
        self.failures: Dict[int, ApiError] = {}

    def run(self) -> None:
        """Read until every shard is read or has failed; the others go on.

        Raises:
            ApiError: The shards cannot be listed.
            Interrupted: The pull has to end.
        """
        failed: List[ApiError] = []
        self._lanes.add(self._begin(), failed.append)
        self._lanes.run()
        if failed:
            raise failed[0]

    def _begin(self) -> Lane:
        """List the shards, drop the vanished, and begin to read and to watch."""
        self._listed.update((yield from self._list()))
        self._forget(set(self._keeper.position.shards) - set(self._listed))
        self._read_new()
        self._lanes.add(self._watch())

    def _list(self) -> Lane:
        name = f"ListShards of {self._store}"
        shards: List[Shard] = yield from self._calls.patiently(
            self._lanes, name, lambda _: self._calls.client.list_shards()
        )
        if not shards:
            # Taken for true, it would make every position a lost one.
            raise ApiError(UNREADABLE, f"{name}: no shards")
        return {shard.id: shard for shard in shards}

    def _watch(self) -> Lane:
        """Look for new shards as long as others are read.

        Shards that vanish while they are read are their lanes' matter.
        """
        while True:
            yield Pause(self._rules.shard_list_interval_s)
            try:
                self._listed.update((yield from self._list()))
            except ApiError as error:
                _logger.warning("New shards are looked for later: %s", error)
            self._read_new()

    def _read_new(self) -> None:
        for shard in sorted(self._listed.values(), key=lambda one: one[::-1]):
            known = self._keeper.position.shards.get(shard.id)
            is_done = known is not None and known.is_done
            if self._rules.reads(shard.id) and shard.id not in self._begun:
                self._begun.add(shard.id)
                if not is_done:
                    failed = partial(self._failed, shard.id)
                    self._lanes.add(self._read(shard.id), failed)

    def _read(self, shard_id: int) -> Lane:
        lane = ShardLane(shard_id, self._listed, self._means, self._lanes)
        try:
            yield from lane.read()
        except ApiError as error:
            if error.problem is not SHARD_GONE:
                raise
            if shard_id in (yield from self._list()):
                raise
            self._forget({shard_id})
        else:
            self.read.append(shard_id)
            if lane.trouble:
                self._failed(shard_id, lane.trouble)

    def _failed(self, shard_id: int, error: ApiError) -> None:
        self.failures[shard_id] = error
        _logger.error(
            "Shard %d of %s could not be read: %s", shard_id, self._store, error
        )

    def _forget(self, vanished: Set[int]) -> None:
        """Drop positions that are of no use, and say what was not read."""
        position, now = self._keeper.position, self._means.host.clock.now()
        for shard_id, known in position.shards.items():
            if shard_id not in vanished and self._rules.reads(shard_id):
                continue
            position = position.without_shard(shard_id)
            if shard_id in vanished and not known.is_done:
                _logger.warning(
                    "Shard %d of %s vanished before it was read to its end: records"
                    " received after %s are lost",
                    *(shard_id, self._store, known.time.isoformat()),
                )
                gap = Gap(shard_id, known.time, max(now, known.time), "vanished")
                position = position.with_gap(gap)
        if position is not self._keeper.position:
            self._keeper.note(position)
