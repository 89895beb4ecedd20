"""NextToken: an opaque place to go on, bound to its query by a MAC.

It knows the form of a token, not the rules of a query.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

from collector_emulators.actiontrail.store import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAC_BYTES: Final = 32


class Resume(NamedTuple):
    """What a token carries.

    Attributes:
        start: Start of the window, seconds since 1970 UTC.
        end: End of the window, seconds since 1970 UTC.
        opened_at: Virtual time of the query's first page.
        issued_at: Virtual time of the token.
        after: Place to go on behind; None for the start of the window.
    """

    start: float
    end: float
    opened_at: float
    issued_at: float
    after: Place | None


class TokenSeal:
    """Makes and opens tokens; each token differs from all others."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def make(self, resume: Resume, query: bytes) -> str:
        """Return a token for `resume` that opens only for the same `query`."""
        payload = json.dumps([*resume, secrets.token_hex(4)]).encode()
        return base64.b64encode(self._mac(payload, query) + payload).decode()

    def open(self, token: str, query: bytes) -> Resume | None:
        """Return what `token` carries; None when it is not ours for `query`."""
        try:
            sealed = base64.b64decode(token, validate=True)
        except (binascii.Error, ValueError):
            return None
        mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, query)):
            return None
        start, end, opened_at, issued_at, after, _unique = json.loads(payload)
        place = None if after is None else Place(*after)
        return Resume(start, end, opened_at, issued_at, place)

    def _mac(self, payload: bytes, query: bytes) -> bytes:
        return hmac.new(self._key, query + b"\0" + payload, hashlib.sha256).digest()


def query_fingerprint(parameters: Mapping[str, str], account_id: str) -> bytes:
    """Return a hash of everything that must stay equal from page to page."""
    kept = sorted((k, v) for k, v in parameters.items() if k != "NextToken")
    return hashlib.sha256(json.dumps([account_id, kept]).encode()).digest()
