"""Which proof of delivery an output asks for, and what its peer can give.

It decides, it does not connect.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from collector_host.delivery.items import Level
from collector_host.errors import UnconfirmedError, WeakPeerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_LEARN_AGAIN_S = 900.0

_MEANING = {
    Level.SENT: "delivery is not proved: what is on the way is lost if the peer dies",
    Level.TCP_ACKED: (
        "only the peer's kernel confirms: what its process has not read is lost if it"
        " dies"
    ),
    Level.EOF: (
        "the peer's end of connection confirms: a peer killed between reading and"
        " storing looks the same"
    ),
    Level.CLOSE_NOTIFY: "the peer's TLS confirms that it read to the end",
}


class LevelPolicy:
    """The level of one output, shared by its senders.

    With `auto` the level is learned from the peer and only ever rises, so that a
    peer which has answered with close_notify is never believed a bare EOF again.

    Args:
        output: Name of the output, for messages.
        setting: A level, or None for `auto`.
        clock: Time, for learning a weak level again now and then.
    """

    def __init__(self, output: str, setting: Level | None, clock: Clock) -> None:
        self._output = output
        self._setting = setting
        self._clock = clock
        self._lock = threading.Lock()
        self._learned: Level | None = None
        self._learned_at = 0.0

    @property
    def learned(self) -> Level | None:
        """Return the best level the peer has given, or None before the first."""
        return self._learned

    @property
    def required(self) -> Level:
        """Return the proof every confirmation must reach."""
        if self._setting is not None:
            return self._setting
        return self._learned if self._learned is not None else Level.CLOSE_NOTIFY

    def learn(self, probe: Callable[[], Level]) -> Level:
        """Ask the peer for its level, unless that is known already.

        Args:
            probe: Opens and closes an empty connection.

        Raises:
            WeakPeerError: The peer can prove less than the setting asks for.
            UnconfirmedError: The probe had no clean end.
            ConnectError: From the probe.
            CertificateError: From the probe.
        """
        with self._lock:
            if self._learned is None or self._is_stale():
                self._learned_at = self._clock.monotonic()
                self._raise_to(self._ask(probe))
            return self._check()

    def saw(self, level: Level) -> None:
        """Take note of the proof a confirmation reached."""
        with self._lock:
            self._raise_to(level)

    def _ask(self, probe: Callable[[], Level]) -> Level:
        """Return the peer's level; a weak setting needs no answer from it.

        A peer that gave no clean end is never taken for a weak one: it may be dying
        just now, and all it is sent would count as delivered.
        """
        try:
            return probe()
        except UnconfirmedError as error:
            if self._setting is not None and self._setting <= Level.TCP_ACKED:
                return self._setting
            message = f'output "{self._output}": {error.args[0]}'
            hint = "a receiver that never answers a close needs confirm: tcp_acked"
            raise UnconfirmedError(message, hint=hint) from error

    def _is_stale(self) -> bool:
        """Tell whether a level below the best should be asked for again."""
        age_s = self._clock.monotonic() - self._learned_at
        weak = self._setting is None and self._learned is not Level.CLOSE_NOTIFY
        return weak and age_s >= _LEARN_AGAIN_S

    def _raise_to(self, level: Level) -> None:
        if self._learned is None or level > self._learned:
            self._learned = level
            self._say(level if self._setting is None else min(level, self._setting))

    def _say(self, level: Level) -> None:
        """Log the level that counts, which a setting may hold below the peer's best."""
        logged = logging.INFO if level is Level.CLOSE_NOTIFY else logging.WARNING
        _logger.log(
            logged,
            'Output "%s": confirmation level %s (%s)',
            self._output,
            level.label,
            _MEANING[level],
        )

    def _check(self) -> Level:
        learned = self._learned if self._learned is not None else Level.SENT
        if self._setting is None or learned >= self._setting:
            return learned
        self._learned = None  # the peer may be replaced: ask again next time
        message = (
            f'output "{self._output}": the receiver proves {learned.label}, but'
            f" delivery.confirm asks for {self._setting.label}; nothing is sent"
        )
        hint = "lower delivery.confirm or use a receiver that answers TLS closes"
        raise WeakPeerError(message, hint=hint)
