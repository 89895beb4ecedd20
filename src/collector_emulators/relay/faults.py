"""What shall go wrong in the relay, when, and how often.

It decides only; the connection that meets a fault carries it out.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Moment(StrEnum):
    """The four moments of a connection, in order."""

    ACCEPTED = "accepted"
    """TCP is up, the TLS handshake has not begun."""
    READ = "read"
    """A piece was read, its records are not stored."""
    STORED = "stored"
    """The records of the piece are stored."""
    CLOSING = "closing"
    """The peer closed, everything is stored, nothing is answered."""


class Action(StrEnum):
    """What a connection does when a fault meets it."""

    KILL = "kill"
    """The relay's process kills itself with SIGKILL."""
    STALL = "stall"
    """Do nothing for `seconds`, or until released; then go on."""
    RESET = "reset"
    """End with a TCP reset."""
    FIN = "fin"
    """Send a bare FIN, read nothing more, wait for the peer to leave."""
    CLOSE = "close"
    """Send close_notify (over TLS) and FIN, read nothing more, wait for the peer to
    leave."""
    DROP = "drop"
    """Read on and store nothing; end with a bare FIN, as a process does that died
    between reading and storing."""
    SLOW = "slow"
    """Read `bytes_per_s` from here on."""
    BABBLE = "babble"
    """Send bytes nobody asked for, then go on."""
    REFUSE = "refuse"
    """Trust another authority: the client's certificate is unknown."""
    EXPIRED = "expired"
    """Show a server certificate that is out of date."""
    MISNAMED = "misnamed"
    """Show a server certificate for another host name."""


NEED_TLS: Final = frozenset({Action.REFUSE, Action.EXPIRED, Action.MISNAMED})
"""Actions that only a TLS handshake can meet."""

_ANY: Final = frozenset(Moment)
_MOMENTS: Final = {
    Action.KILL: _ANY,
    Action.STALL: _ANY,
    Action.RESET: _ANY,
    Action.FIN: _ANY,
    Action.CLOSE: _ANY - {Moment.ACCEPTED},
    Action.DROP: frozenset({Moment.READ}),
    Action.SLOW: frozenset({Moment.READ}),
    Action.BABBLE: _ANY - {Moment.ACCEPTED},
    Action.REFUSE: frozenset({Moment.ACCEPTED}),
    Action.EXPIRED: frozenset({Moment.ACCEPTED}),
    Action.MISNAMED: frozenset({Moment.ACCEPTED}),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong; it meets a connection at most once.

    Attributes:
        action: What happens.
        at: When in a connection's life.
        connection: Only on the connection of this number, from 1; None is any.
        after_bytes: Not before this many bytes (TLS payload) were read on it; the
            relay reads up to 16 KiB at a time and does not cut a piece.
        after_events: Not before this many of its messages were stored.
        times: How many connections it meets; None is no limit.
        chance: Probability for each connection, drawn from the plan's seed.
        seconds: How long `stall` lasts; None is until released.
        bytes_per_s: Speed of `slow`.
    """

    action: Action
    at: Moment
    connection: int | None = None
    after_bytes: int = 0
    after_events: int = 0
    times: int | None = 1
    chance: float = 1.0
    seconds: float | None = None
    bytes_per_s: int = 65_536

    def __post_init__(self) -> None:
        if self.at not in _MOMENTS[self.action]:
            allowed = ", ".join(sorted(_MOMENTS[self.action]))
            message = f"{self.action} cannot happen at {self.at}, only at: {allowed}"
            raise ValueError(message)
        if self.bytes_per_s <= 0:
            message = "bytes_per_s must be above 0"
            raise ValueError(message)


def parse_fault(text: str) -> Fault:
    """Read a fault written as `action@moment[,key=value]...`.

    Keys are those of `Fault`; `times=always` removes the limit. Examples:
    `kill@stored,after_events=100`, `stall@closing,connection=2,seconds=3`,
    `fin@closing,times=always,chance=0.1`.

    Raises:
        ValueError: The text is not of this form; the message says why.
    """
    head, *settings = text.split(",")
    action, at_sign, moment = head.partition("@")
    if not at_sign:
        message = f"fault {text!r} is not of the form action@moment[,key=value]..."
        raise ValueError(message)
    options = dict(_parse_setting(setting) for setting in settings)
    return Fault(Action(action), Moment(moment), **options)


def _parse_setting(setting: str) -> tuple[str, Any]:
    name, _, value = setting.partition("=")
    known = {item.name for item in fields(Fault)} - {"action", "at"}
    if name not in known:
        message = f"unknown key {name!r} in a fault; known: {', '.join(sorted(known))}"
        raise ValueError(message)
    if (name, value) == ("times", "always"):
        return name, None
    return name, float(value) if name in {"chance", "seconds"} else int(value)


@dataclass(slots=True)
class Progress:
    """How far a connection got.

    Attributes:
        connection: Its number, from 1.
        bytes_read: TLS payload read.
        events_stored: Messages stored.
    """

    connection: int
    bytes_read: int = 0
    events_stored: int = 0


@dataclass(slots=True)
class _Armed:
    """A fault in the plan, and which connections it met."""

    fault: Fault
    number: int
    met: set[int] = field(default_factory=set[int])


class FaultPlan:
    """The faults to come; used by all connections and changed at any time.

    Args:
        seed: Decides, together with the connection's number, every `chance`.
    """

    def __init__(self, *faults: Fault, seed: int = 0) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []
        self._added = 0
        self._impossible: frozenset[Action] = frozenset()
        self.add(*faults)

    def add(self, *faults: Fault) -> None:
        """Plan more faults, behind those there are.

        Raises:
            ValueError: One of them can never happen; none was planned.
        """
        with self._lock:
            self._check(fault.action for fault in faults)
            for fault in faults:
                self._added += 1
                self._armed.append(_Armed(fault, self._added))

    def forbid(self, actions: frozenset[Action]) -> None:
        """Refuse faults that can never happen, instead of never meeting them.

        Raises:
            ValueError: One of them is planned already.
        """
        with self._lock:
            self._impossible = actions
            self._check(armed.fault.action for armed in self._armed)

    def clear(self) -> None:
        """Forget every fault that has not happened yet."""
        with self._lock:
            self._armed.clear()

    def due(self, moment: Moment, progress: Progress) -> Iterable[Fault]:
        """Take the faults a connection meets now, in the order of planning."""
        if not self._armed:
            return ()
        with self._lock:
            due = [
                armed for armed in self._armed if self._meets(armed, moment, progress)
            ]
            for armed in due:
                armed.met.add(progress.connection)
            return [armed.fault for armed in due]

    def _check(self, actions: Iterable[Action]) -> None:
        for action in actions:
            if action in self._impossible:
                message = f"{action} cannot happen here: it needs TLS"
                raise ValueError(message)

    def _meets(self, armed: _Armed, moment: Moment, progress: Progress) -> bool:
        fault = armed.fault
        return (
            fault.at is moment
            and fault.connection in {None, progress.connection}
            and progress.connection not in armed.met
            and (fault.times is None or len(armed.met) < fault.times)
            and progress.bytes_read >= fault.after_bytes
            and progress.events_stored >= fault.after_events
            and self._draw(armed, progress.connection) < fault.chance
        )

    def _draw(self, armed: _Armed, connection: int) -> float:
        # Seeded by number, not by order: threads meet their faults in any order.
        seed = f"{self._seed}:{armed.number}:{connection}"
        return random.Random(seed).random()  # noqa: S311 a replayable draw, no secret
