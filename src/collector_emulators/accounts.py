"""Access keys, their state and their rights; nonces; call rates.

It knows nothing of requests or error codes: callers ask and judge.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Denial = Literal["ImplicitDeny", "ExplicitDeny"]

EXAMPLE_KEY_ID: Final = "example-key-id"
EXAMPLE_KEY_SECRET: Final = "example-key-secret"  # noqa: S105 - documented example
EXAMPLE_ACCOUNT_ID: Final = "1000000000000001"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """One access key, of a RAM user or temporary.

    Attributes:
        key_id: Public half.
        secret: Secret half; never in a repr.
        account_id: Account the key belongs to.
        principal_id: Id of the RAM user, or `RoleId:SessionName` of a session.
        active: False for a disabled key.
        security_token: Must accompany a temporary key; "" for a lasting one.
        expires_at: Transport time at which a temporary key ends, seconds since
            1970 UTC; None for never.
        denied: RAM actions this principal may not call, and in which way.
    """

    key_id: str
    secret: str = field(repr=False)
    account_id: str = EXAMPLE_ACCOUNT_ID
    principal_id: str = "200000000000000001"
    active: bool = True
    security_token: str = field(default="", repr=False)
    expires_at: float | None = None
    denied: Mapping[str, Denial] = field(default_factory=dict[str, Denial])

    @property
    def is_temporary(self) -> bool:
        """Whether the key needs a security token."""
        return bool(self.security_token)


class Accounts:
    """The access keys that exist; changes take effect at the next request."""

    def __init__(self, keys: Iterable[AccessKey]) -> None:
        self._lock = threading.Lock()
        self._keys = {key.key_id: key for key in keys}

    def find(self, key_id: str) -> AccessKey | None:
        """Return the key called `key_id`, or None."""
        return self._keys.get(key_id)

    def key_ids(self) -> list[str]:
        """Return the ids of all keys, in the order they were added."""
        return list(self._keys)

    def add(self, key: AccessKey) -> None:
        """Add `key`, in place of any key of the same id."""
        with self._lock:
            self._keys[key.key_id] = key

    def change(self, key_id: str, **changes: Any) -> AccessKey:
        """Change fields of a key: disable it, take rights, let it expire.

        Raises:
            KeyError: If no key is called `key_id`.
            TypeError: If a field is unknown.
        """
        with self._lock:
            self._keys[key_id] = replace(self._keys[key_id], **changes)
            return self._keys[key_id]

    def assume_role(self, key_id: str, *, now: float, duration_s: float) -> AccessKey:
        """Add and return a temporary key, as the service's AssumeRole does.

        Args:
            key_id: Lasting key whose account the session belongs to.
            now: Transport time, seconds since 1970 UTC.
            duration_s: Seconds until it expires.

        Raises:
            KeyError: If no key is called `key_id`.
        """
        key = replace(
            self._keys[key_id],
            key_id=f"STS.{secrets.token_hex(12)}",
            secret=secrets.token_hex(20),
            principal_id=f"{300000000000000001}:session",
            security_token=secrets.token_urlsafe(600),
            expires_at=now + duration_s,
        )
        self.add(key)
        return key


class Nonces:
    """Remembers nonces for a while, to find requests sent twice.

    Args:
        memory_s: Seconds a nonce stays used.
    """

    def __init__(self, memory_s: float = 900.0) -> None:
        self._memory_s = memory_s
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def use(self, nonce: str, now: float) -> bool:
        """Use `nonce` at `now`; return False when it was already used."""
        with self._lock:
            self._forget(now)
            if nonce in self._seen:
                return False
            self._seen[nonce] = now
            return True

    def _forget(self, now: float) -> None:
        # A dict keeps insertion order: the oldest nonces come first.
        while self._seen:
            oldest = next(iter(self._seen))
            if abs(now - self._seen[oldest]) <= self._memory_s:
                return
            del self._seen[oldest]


class RateLimiter:
    """A token bucket per name; a full bucket holds the calls of one second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, name: str, *, per_s: float, now: float) -> bool:
        """Take one call from the bucket of `name`; return False when it is empty.

        Args:
            name: Whose bucket.
            per_s: Calls a second that flow into it.
            now: Seconds of the clock that measures the rate.
        """
        with self._lock:
            level = self._level(name, max(1.0, per_s), per_s, now)
            allowed = level >= 1.0
            self._levels[name] = (level - 1.0 if allowed else level, now)
            return allowed

    def take_bytes(self, name: str, amount: int, *, per_s: float, now: float) -> bool:
        """Take the bytes of one answer; return False when the bucket is empty.

        Any answer fits while something is left, as its size is known only
        afterwards; what it takes too much must flow in before the next one.

        Args:
            name: Whose bucket.
            amount: Bytes of the answer.
            per_s: Bytes a second that flow into it.
            now: Seconds of the clock that measures the rate.
        """
        with self._lock:
            level = self._level(name, per_s, per_s, now)
            allowed = level > 0
            self._levels[name] = (level - amount if allowed else level, now)
            return allowed

    def _level(self, name: str, capacity: float, per_s: float, now: float) -> float:
        level, since = self._levels.get(name, (capacity, now))
        return min(capacity, level + max(0.0, now - since) * per_s)
