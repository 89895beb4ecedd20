"""The reading of one shard: from its position to what was there when it was asked.

It knows the life of a shard; what becomes of an answer, `forwarding` knows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Set

from ..errors import ApiError
from ..problems import CURSOR_EXPIRED, UNREADABLE
from .cursors import is_before, steps
from .state import Gap, ShardPosition

if TYPE_CHECKING:
    from datetime import datetime

    from .calls import PatientCalls
    from .client import Reply, Shard
    from .forwarding import Forwarder, Host
    from .lanes import Lane, Lanes, Ticket
    from .saving import PositionKeeper
    from .settings import Settings

_logger = logging.getLogger(__name__)
_FALSE_ALARMS_MAX = 3


@dataclass
class Acquaintance:
    """What a module has learned of shards since it started.

    Attributes:
        checked: Shards whose saved cursor was compared with the oldest data.
        false_alarms: Shard -> times a step of the cursor was not the number of log
            groups although nothing was lost. From a few on, steps mean nothing.
    """

    checked: Set[int]
    false_alarms: Dict[int, int]


@dataclass(frozen=True)
class Means:
    """What the reading of a Log Store works with.

    Attributes:
        settings: What to read, and how.
        calls: Makes calls.
        keeper: Keeps the position.
        forwarder: Sends what was read.
        host: The module it runs in.
        acquaintance: What is known of shards.
    """

    settings: Settings
    calls: PatientCalls
    keeper: PositionKeeper
    forwarder: Forwarder
    host: Host
    acquaintance: Acquaintance


@dataclass(frozen=True)
class _Asked:
    """A pull that was started, and what was known then.

    Attributes:
        call: Makes it again; given how many answers could not be decoded.
        ticket: Its first try.
        is_readonly: Whether nothing was written to the shard any more by then.
        at: When, UTC.
    """

    call: Callable[[int], Reply]
    ticket: Ticket
    is_readonly: bool
    at: datetime


class ShardLane:
    """Reads one shard for one pull.

    Args:
        shard_id: The shard.
        listed: Shards as listed last, by number; kept up to date by others.
        means: What it works with.
        lanes: Where this lane runs.

    Attributes:
        trouble: Why nothing more could be asked for although there may be more.
    """

    def __init__(
        self, shard_id: int, listed: Mapping[int, Shard], means: Means, lanes: Lanes
    ) -> None:
        self._id = shard_id
        self._listed = listed
        self._rules = means.settings.rules
        self._name = f"shard {shard_id} of {means.settings.connection.store}"
        self._calls = means.calls
        self._client = means.calls.client
        self._lanes = lanes
        self._keeper = means.keeper
        self._forwarder = means.forwarder
        self._clock = means.host.clock
        self._acquaintance = means.acquaintance
        self._target: Optional[str] = None
        self._target_at: Optional[datetime] = None
        self.trouble: Optional[ApiError] = None

    def read(self) -> Lane:
        """Read to the end, the next call always ahead of what is being sent.

        Raises:
            ApiError: A call failed for good.
            Interrupted: The pull has to end.
        """
        yield from self._locate()
        asked = self._ask(self._position.cursor)
        while True:
            reply: Reply = yield from self._answer(asked)
            if self._is_jump(reply):
                reply = yield from self._look_for_gap(reply)
            if self._is_near_the_end(reply):
                yield from self._aim()
            is_end = reply.next in {reply.asked, self._target}
            following = None if is_end else self._ask(reply.next)
            self._forwarder.forward(self._id, reply)
            if reply.damaged:
                self._report_damage(reply)
            if following is None:
                self._finish(asked, reply)
                return
            asked = following

    @property
    def _position(self) -> ShardPosition:
        return self._keeper.position.shards[self._id]

    def _note(self, one: ShardPosition) -> None:
        self._keeper.note(self._keeper.position.with_shard(self._id, one))

    def _patiently(self, what: str, call: Callable[[int], Any]) -> Lane:
        return self._calls.patiently(self._lanes, f"{what} of {self._name}", call)

    def _locate(self) -> Lane:
        """Find where to begin; a saved place may have expired since."""
        position = self._keeper.position
        if self._id not in position.shards:
            begin_at = position.begin_at
            cursor: str = yield from self._patiently(
                "GetCursor", lambda _: self._client.cursor_at(self._id, begin_at)
            )
            # Nothing in a shard can be older than the shard.
            time = max(begin_at, self._listed[self._id].created_at)
            self._note(ShardPosition(cursor, min(time, self._clock.now())))
        elif self._id not in self._acquaintance.checked:
            begin: str = yield from self._begin()
            if is_before(self._position.cursor, begin):
                yield from self._begin_again(begin)
        self._acquaintance.checked.add(self._id)

    def _begin(self) -> Lane:
        return self._patiently(
            "GetCursor", lambda _: self._client.cursor_at(self._id, "begin")
        )

    def _ask(self, cursor: str) -> _Asked:
        target, rules = self._target, self._rules

        def pull(unreadable: int) -> Reply:
            return self._client.pull(
                self._id,
                cursor,
                groups_max=rules.groups_per_pull,
                end=target,
                query=rules.query,
                compressed=unreadable == 0,
                salvage=unreadable > 1,
            )

        ticket = self._calls.start(self._lanes, lambda: pull(0))
        is_readonly = self._listed[self._id].is_readonly
        return _Asked(pull, ticket, is_readonly, self._clock.now())

    def _answer(self, asked: _Asked) -> Lane:
        """Return the answer to a pull; where its cursor has expired, begin again."""
        try:
            return (yield from self._outcome(asked))
        except ApiError as error:
            if error.problem is not CURSOR_EXPIRED:
                raise
        begin: str = yield from self._begin()
        yield from self._begin_again(begin)
        return (yield from self._outcome(self._ask(begin)))

    def _outcome(self, asked: _Asked) -> Lane:
        return self._calls.patiently(
            self._lanes, f"PullLogs of {self._name}", asked.call, asked.ticket
        )

    def _begin_again(self, begin: str) -> Lane:
        """Go on at the oldest data kept, and say what was missed."""
        oldest = yield from self._note_expiry(begin)
        known = self._position.time
        here = ShardPosition(begin, max(known, min(oldest, self._clock.now())))
        self._keeper.save(self._keeper.position.with_shard(self._id, here))

    def _note_expiry(self, begin: str) -> Lane:
        """Say and note what was missed before the oldest data kept.

        Returns:
            When that was received, UTC.
        """
        oldest: datetime = yield from self._patiently(
            "GetCursorTime", lambda _: self._client.cursor_time(self._id, begin)
        )
        known = self._position.time
        _logger.warning(
            "Records of %s received from %s to %s are lost: they expired before they"
            " were read",
            *(self._name, known.isoformat(), oldest.isoformat()),
        )
        self._target = None  # It may lie before what is kept.
        gap = Gap(self._id, known, max(oldest, known), "expired")
        self._keeper.note(self._keeper.position.with_gap(gap))
        return oldest

    def _is_jump(self, reply: Reply) -> bool:
        """Tell whether an answer went further than the log groups it gave."""
        alarms = self._acquaintance.false_alarms.get(self._id, 0)
        gone = steps(reply.asked, reply.next)
        return gone is not None and gone > reply.read and alarms < _FALSE_ALARMS_MAX

    def _look_for_gap(self, reply: Reply) -> Lane:
        """Find out whether a cursor has expired without an error.

        Returns:
            The answer to go on with.
        """
        begin: str = yield from self._begin()
        if not is_before(reply.asked, begin):
            return (yield from self._ask_again(reply))
        yield from self._note_expiry(begin)
        # What was counted lies before the gap.
        self._note(replace(self._position, skip=0))
        return reply

    def _ask_again(self, reply: Reply) -> Lane:
        """Return a second answer to the same pull if the first lacks log groups.

        If that has no more, a step of the cursor is not a log group here.
        """
        asked = self._ask(reply.asked)
        try:
            again: Reply = yield from self._outcome(asked)
        except ApiError as error:
            if error.problem is not CURSOR_EXPIRED:
                raise
            return reply
        if again.read > reply.read and not self._is_jump(again):
            _logger.warning(
                "An answer of %s left out log groups behind the cursor %s: it is"
                " replaced by a second one",
                *(self._name, reply.asked),
            )
            return again
        alarms = self._acquaintance.false_alarms
        alarms[self._id] = alarms.get(self._id, 0) + 1
        _logger.warning(
            "The cursor of %s goes from %s to %s with %d log group(s) in between, and"
            " did so when asked again: it is followed",
            *(self._name, reply.asked, reply.next, reply.read),
        )
        return reply

    def _is_near_the_end(self, reply: Reply) -> bool:
        return (
            self._target is None
            and reply.next != reply.asked
            and reply.read < self._rules.groups_per_pull
            and reply.raw_bytes < self._rules.small_pull_bytes
        )

    def _aim(self) -> Lane:
        """Stop at what is there now: a busy shard has no end to wait for."""
        self._target_at = self._clock.now()
        self._target = yield from self._patiently(
            "GetCursor", lambda _: self._client.cursor_at(self._id, "end")
        )

    def _report_damage(self, reply: Reply) -> None:
        _logger.error(
            "%d log group(s) of %s could not be decoded, between the cursors %s and %s:"
            " what could be read of the answer was sent",
            *(reply.damaged, self._name, reply.asked, reply.next),
        )
        time = self._position.time
        gap = Gap(self._id, time, time, "damaged")
        self._keeper.note(self._keeper.position.with_gap(gap))

    def _finish(self, asked: _Asked, reply: Reply) -> None:
        """Note how far the shard is read now that nothing more is there."""
        found_nothing = reply.next == reply.asked and not reply.read
        caught_up_at = self._target_at or asked.at
        known = self._position
        if found_nothing or reply.next == self._target:
            known = replace(known, time=max(known.time, caught_up_at))
        is_done = found_nothing and asked.is_readonly
        if is_done:
            _logger.info("Everything in %s was read; it is closed", self._name)
        self._note(replace(known, is_done=is_done))
        if reply.next == reply.asked and reply.read:
            cause = f"PullLogs of {self._name}: log groups, but no cursor behind them"
            self.trouble = ApiError(UNREADABLE, cause)
