"""The one door to redis-py: its exceptions become ours, and no password passes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError
from redis.retry import Retry

from collector_host.errors import StateError
from collector_host.state.redis_scripts import key

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from collector_host.state.redis_settings import RedisSettings

_HINTS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (
        redis.AuthenticationError,
        "refuses the credentials",
        "check username and password under globals.persistence.config",
    ),
    (
        NoPermissionError,
        "does not allow a command",
        "the user needs the commands of hashes, strings and scripts, and INFO",
    ),
    (redis.BusyLoadingError, "is still loading its data", "wait a little"),
    (redis.TimeoutError, "does not answer in time", "check the server and the network"),
    (
        redis.ReadOnlyError,
        "is a replica that takes no writes",
        "name the primary server",
    ),
    (
        redis.OutOfMemoryError,
        "is full",
        "give it more memory; what is committed is untouched",
    ),
    (
        redis.ConnectionError,
        "cannot be reached",
        "check host, port, TLS, and whether the server runs",
    ),
)


class RedisDoor:
    """What is asked of a Redis server; safe to use from several threads.

    Args:
        settings: Where it is.

    Each method raises StateError when it cannot be reached or does not do it.
    """

    def __init__(self, settings: RedisSettings) -> None:
        self._settings = settings
        # One more try, because a connection that was idle may have been closed.
        # Every script may run twice without harm.
        self._client: Any = redis.Redis(
            host=settings.host,
            port=settings.port,
            db=settings.db,
            username=settings.username,
            password=settings.password,
            socket_timeout=settings.socket_timeout_s,
            socket_connect_timeout=settings.socket_timeout_s,
            retry=Retry(NoBackoff(), 1),
            **_tls(settings),
        )
        self._scripts: dict[str, Any] = {}

    def run(self, script: str, names: tuple[str, ...], *arguments: Any) -> list[Any]:
        """Run a script on keys of this collector and return its answer."""
        keys = [key(self._settings.collector_id, what) for what in names]
        with self._explained():
            if script not in self._scripts:
                self._scripts[script] = self._client.register_script(script)
            answer: Any = self._scripts[script](keys=keys, args=[*arguments])
        return cast("list[Any]", answer) if isinstance(answer, list) else [answer]

    def fields(self, what: str) -> dict[bytes, bytes]:
        """Return all of a hash of this collector."""
        with self._explained():
            found: dict[bytes, bytes] = self._client.hgetall(
                key(self._settings.collector_id, what)
            )
            return found

    def field(self, what: str, name: bytes) -> bytes | None:
        """Return one field of a hash of this collector, or None."""
        with self._explained():
            value: bytes | None = self._client.hget(
                key(self._settings.collector_id, what), name
            )
            return value

    def foreign(self, name: bytes) -> bytes | None:
        """Return the text under a key that is not ours, or None."""
        with self._explained():
            value: bytes | None = self._client.get(name)
            return value

    def parameter(self, name: str) -> str | None:
        """Return a parameter of the server's configuration; None if that is secret."""
        try:
            found: Mapping[Any, Any] = self._client.config_get(name)
        except redis.ResponseError:
            return None
        except redis.RedisError as error:
            raise self._error(error) from error
        return str(found[name]) if name in found else None

    def keeps_aof(self) -> bool | None:
        """Tell whether there is an append-only file, from `INFO`; None if unknown."""
        try:
            found: Mapping[str, Any] = self._client.info("persistence")
        except redis.ResponseError:
            return None
        except redis.RedisError as error:
            raise self._error(error) from error
        return bool(found["aof_enabled"]) if "aof_enabled" in found else None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except redis.RedisError as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StateError:
        place, reason = self._settings.place, self._masked(str(error))
        for kind, what, hint in _HINTS:
            if isinstance(error, kind):
                return StateError(f"{place} {what}: {reason}", hint=hint)
        return StateError(f"{place} refuses: {reason}")

    def _masked(self, text: str) -> str:
        password = self._settings.password
        return text.replace(password, "***") if password else text


def _tls(settings: RedisSettings) -> dict[str, Any]:
    if not settings.ssl:
        return {}
    ca = str(settings.ssl_ca) if settings.ssl_ca else None
    return {"ssl": True, "ssl_ca_certs": ca, "ssl_check_hostname": True}
