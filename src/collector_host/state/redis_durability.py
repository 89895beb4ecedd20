"""What a Redis server would lose by its own end, said before anything is kept there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from collector_host.errors import StateError

if TYPE_CHECKING:
    from collector_host.state.redis_client import RedisDoor
    from collector_host.state.redis_settings import RedisSettings

_logger = logging.getLogger(__name__)
_HINT: Final = "run: redis-cli CONFIG SET appendonly yes, and put it in redis.conf"
_AGAIN: Final = "and its events are delivered again"


def check_durability(door: RedisDoor, settings: RedisSettings) -> None:
    """Warn of a server that would forget what was saved.

    A state that goes back in time repeats events and loses none; a state that is gone
    begins again at the configured start.

    Raises:
        StateError: The append-only file is demanded and not there, or nobody can tell;
            or the server cannot be used.
    """
    found = door.parameter("appendonly")
    aof = door.keeps_aof() if found is None else found == "yes"
    if aof is not True:
        _complain(settings, aof=aof)
    elif door.parameter("appendfsync") == "no":
        _logger.warning(
            "%s leaves it to its system when to write (appendfsync is no): after its"
            " sudden end the last half a minute of what was saved may be gone, %s",
            *(settings.place, _AGAIN),
        )
    policy = door.parameter("maxmemory-policy") or "noeviction"
    if policy != "noeviction":
        victim = "the lease" if policy.startswith("volatile") else "states"
        _logger.warning(
            "%s throws keys away when its memory is full (maxmemory-policy is %s): it"
            " may drop %s; set it to noeviction",
            *(settings.place, policy, victim),
        )


def _complain(settings: RedisSettings, *, aof: bool | None) -> None:
    if settings.require_aof:
        what = (
            "does not say whether it keeps an append-only file"
            if aof is None
            else "keeps no append-only file (appendonly is no)"
        )
        message = f"{settings.place} {what}, and require_aof demands one"
        raise StateError(message, hint=_HINT)
    if aof is None:
        _logger.warning(
            "%s does not say whether it keeps an append-only file (CONFIG and INFO are"
            " not allowed): if it keeps none, its end takes what was saved since its"
            " last snapshot, %s",
            *(settings.place, _AGAIN),
        )
    else:
        _logger.warning(
            "%s keeps no append-only file (appendonly is no): its end takes what was"
            " saved since its last snapshot, %s. To mend it, %s",
            *(settings.place, _AGAIN, _HINT),
        )
