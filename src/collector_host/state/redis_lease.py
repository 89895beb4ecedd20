"""One host at a time per collector: a lease, and a fence behind it.

The lease is what others look at before they start; the fence is what every write has
to pass. Only the server's clock counts.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from typing import TYPE_CHECKING, Any, Final

from collector_host.errors import StateError, StateLockedError, StateTakenError
from collector_host.state import redis_scripts as scripts
from collector_host.telemetry import roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.state.redis_client import RedisDoor
    from collector_host.state.redis_settings import RedisSettings
    from devocollectorsdk.commons.clock import Clock

_logger = logging.getLogger(__name__)
_RENEWALS: Final = 3
"""Renewals within one lease, so that one or two may fail."""
_RETRY_S: Final = 1.0
_LOOK_S: Final = 0.5
_MARGIN_S: Final = 0.05
_LAST_RENEWAL_S: Final = 0.2


class Lease:
    """Takes the lease of a collector, keeps it, and gives it back.

    Args:
        door: The server.
        settings: Whose lease, and how long it is.
        clock: Waiting, and the instant others are told.
        stopping: Ends the wait for another host's lease.
    """

    def __init__(
        self,
        door: RedisDoor,
        settings: RedisSettings,
        clock: Clock,
        stopping: threading.Event,
    ) -> None:
        self._door = door
        self._settings = settings
        self._clock = clock
        self._stopping = stopping
        self._token = secrets.token_hex(8)
        self._who = f"{socket.gethostname()}, process {os.getpid()}"
        self._since = clock.now().isoformat(timespec="seconds")
        self._fence = 0
        self._ending = threading.Event()
        self._keeper: threading.Thread | None = None
        self._taken: StateTakenError | None = None

    @property
    def is_lost(self) -> bool:
        """Tell whether another host has taken over."""
        return self._taken is not None

    def acquire(self) -> None:
        """Take the lease; wait for the end of one that is not renewed any more.

        A host that died leaves its lease behind, one that lives renews it: whoever
        waits for as long as it lasts knows which of the two it is.

        Raises:
            StateLockedError: Another host lives; the message says which.
            StateError: The server cannot be used.
        """
        first = self._try()
        if first is None:
            return
        token, left_ms, who = first
        _logger.info(
            "The state of collector %s is held by %s; waiting %.1f s to see whether it"
            " lives",
            *(self._settings.collector_id, who, left_ms / 1000),
        )
        while True:
            wait_s = min(left_ms / 1000 + _MARGIN_S, _LOOK_S)
            stopped = self._clock.wait(self._stopping, wait_s)
            seen = self._try()
            if seen is None:
                return
            if stopped or seen[0] != token or seen[1] > left_ms:
                raise self._held(seen[2])
            left_ms = seen[1]

    def guarded(self, script: str, names: tuple[str, ...], *more: Any) -> int:
        """Run a script that changes something, if this host is still the one.

        Returns:
            Number of the last commit before.

        Raises:
            StateTakenError: Another host has taken over; for good.
            StateError: The server cannot be used; whether the script ran is unknown.
        """
        if self._taken:
            raise self._taken
        answer = self._door.run(
            script,
            ("lease", "holder", *names),
            *(self._token, self._lease_ms, self._who, self._since, self._fence, *more),
        )
        if answer[0] == -1:
            self._taken = self._replaced(*(_text(part) for part in answer[1:]))
            raise self._taken
        return int(answer[0])

    def keep(
        self,
        on_renewed: Callable[[int], None],
        on_failure: Callable[[StateError], None],
    ) -> None:
        """Renew the lease in a thread until `release` or until it is lost.

        Args:
            on_renewed: Given the number of the last commit the server knows.
            on_failure: Given the error of each renewal that failed.
        """

        def work() -> None:
            wait_s = self._settings.lease_s / _RENEWALS
            while not self._clock.wait(self._ending, wait_s):
                wait_s = self._settings.lease_s / _RENEWALS
                try:
                    on_renewed(self.guarded(scripts.RENEW, ()))
                except StateError as error:
                    on_failure(error)
                    wait_s = min(wait_s, _RETRY_S)
                if self._taken:
                    return

        self._keeper = _Keeper(work)
        self._keeper.start()

    def release(self) -> None:
        """Give the lease back, so that the next host need not wait."""
        self._ending.set()
        if self._keeper:
            # A renewal on its way would take the lease anew.
            self._keeper.join(_LAST_RENEWAL_S)
        self._door.run(scripts.RELEASE, ("lease",), self._token)

    @property
    def _lease_ms(self) -> int:
        return int(self._settings.lease_s * 1000)

    def _try(self) -> tuple[bytes, int, str] | None:
        """Return who has the lease; None if it is this host from now on."""
        fence, left_ms, token, who, since = self._door.run(
            scripts.ACQUIRE,
            ("lease", "holder"),
            *(self._token, self._lease_ms, self._who, self._since),
        )
        if fence:
            self._fence = int(fence)
            return None
        return token, int(left_ms), f"{_text(who)}, since {_text(since)}"

    def _held(self, who: str) -> StateLockedError:
        message = (
            f"the state of collector {self._settings.collector_id!r} in"
            f" {self._settings.place} is in use by {who}"
        )
        hint = "stop that one first, or give this one a globals.id of its own"
        return StateLockedError(message, hint=hint)

    def _replaced(self, who: str, since: str, fence: str) -> StateTakenError:
        message = (
            f"the state of collector {self._settings.collector_id!r} in"
            f" {self._settings.place} was taken over by {who or 'another host'}, since"
            f" {since or '?'} (fence {fence or '?'}, ours is {self._fence})"
        )
        hint = (
            "this host was silent for longer than its lease; what it has not committed"
            " is read again by the other one"
        )
        return StateTakenError(message, hint=hint)


class _Keeper(threading.Thread):
    process_role = roles.MAIN

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(target=work, name="StateLease", daemon=True)


def _text(part: Any) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
