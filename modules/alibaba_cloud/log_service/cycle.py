"""One pull: everything that is in the shards when it asks, and the lines about it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..errors import PullError
from ..problems import SHARD_FAILED
from ..statistics import pulling_id, statistics_line
from .forwarding import Forwarder
from .lanes import Interrupted
from .reading import StoreReading
from .shard_lane import Means

if TYPE_CHECKING:
    from datetime import datetime

    from .calls import PatientCalls
    from .forwarding import Host
    from .lanes import Workers
    from .repeats import Repeats
    from .saving import PositionKeeper
    from .settings import Settings
    from .shard_lane import Acquaintance

_logger = logging.getLogger(__name__)


class Cycle:
    """One pull.

    Args:
        settings: What to read, and how.
        calls: Makes calls.
        workers: The threads they are made in.
        keeper: Keeps the position.
        host: The module it runs in.
        repeats: Events sent lately.
        acquaintance: What is known of shards.
        retrieving_at: Start of the pull, UTC; names it.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (its collaborators)
        self,
        settings: Settings,
        calls: PatientCalls,
        workers: Workers,
        keeper: PositionKeeper,
        host: Host,
        repeats: Repeats,
        acquaintance: Acquaintance,
        retrieving_at: datetime,
    ) -> None:
        self._settings = settings
        self._calls = calls
        self._keeper = keeper
        self._host = host
        self._pull_name = pulling_id(retrieving_at)
        self._forwarder = Forwarder(settings, keeper, host, repeats, self._pull_name)
        means = Means(settings, calls, keeper, self._forwarder, host, acquaintance)
        self._reading = StoreReading(means, workers)

    def run(self) -> None:
        """Read what there is.

        Raises:
            ApiError: No shard could be read.
            PullError: Some shards could not be read, and no other pull follows.
        """
        started_at = self._host.clock.monotonic()
        now = self._host.clock.now()
        known = self._keeper.load(now)
        if known.begin_at > now:
            # Asked for now, a place in the future would be the end of today.
            _logger.debug("Nothing is read before %s", known.begin_at.isoformat())
            return
        since = known.time
        _logger.debug(
            "Retrieving log_service logs of %s since %s and sending to %s",
            *(self._store, since.isoformat(), self._tag),
        )
        try:
            self._reading.run()
        except Interrupted:
            _logger.info("The pull ends early; the next one continues where it is")
        self._keeper.flush()
        self._report(since, self._host.clock.monotonic() - started_at)
        self._judge()

    @property
    def _store(self) -> str:
        return self._settings.connection.store

    @property
    def _tag(self) -> str:
        return self._settings.rules.tag

    def _report(self, since: datetime, elapsed_s: float) -> None:
        """Log what was read: at INFO if there was anything."""
        tally, position = self._forwarder.tally, self._keeper.position
        level = logging.INFO if tally.received else logging.DEBUG
        if tally.received:
            self._keeper.report()
        _logger.log(
            level,
            "Retrieved and sent %d log_service event(s) to %s since %s to %s",
            *(tally.sent, self._tag, since.isoformat(), position.time.isoformat()),
        )
        line = statistics_line(
            self._pull_name,
            requests=self._calls.made,
            received=tally.received,
            duplicates=tally.duplicates,
            sent=tally.sent,
            elapsed_s=elapsed_s,
        )
        _logger.log(level, "%s", line)
        for what, times in tally.oddities.items():
            _logger.warning(
                "%s: %d time(s); nothing was left out (@devo_pulling_id=%s)",
                *(what[0].upper() + what[1:], times, self._pull_name),
            )

    def _judge(self) -> None:
        """Fail if nothing could be read, or if nobody will try again."""
        failures = self._reading.failures
        if failures and not self._reading.read:
            raise next(iter(failures.values()))
        if failures and self._host.is_last:
            shards = ", ".join(map(str, sorted(failures)))
            raise PullError(SHARD_FAILED, f"shard(s) {shards} of {self._store}")
