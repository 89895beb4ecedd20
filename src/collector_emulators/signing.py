"""The gateway's request signature, ACS3-HMAC-SHA256, seen from the server.

Pure functions over a request; which keys exist is not known here.

Source: vendor documentation of the V3 request structure and signature; measured
with alibabacloud-tea-openapi 0.4.6.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

if TYPE_CHECKING:
    from collector_emulators.http_server import Request

ALGORITHM: Final = "ACS3-HMAC-SHA256"

REQUIRED_HEADERS: Final = frozenset(
    {
        "host",
        "x-acs-action",
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-version",
    }
)
"""Headers every signature must cover."""

_AUTHORIZATION: Final = re.compile(
    rf"{ALGORITHM} +Credential=(?P<key>[^,\s]+), *"
    r"SignedHeaders=(?P<headers>[^,\s]+), *Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the `Authorization` header claims."""

    key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(text: str) -> Authorization | None:
    """Return the claim in `text`, or None when it is malformed or too weak.

    Signed headers must be lower case, sorted, without repeats, and cover
    `REQUIRED_HEADERS`.
    """
    match = _AUTHORIZATION.fullmatch(text.strip())
    if match is None:
        return None
    names = tuple(match["headers"].split(";"))
    in_form = list(names) == sorted({name.lower() for name in names})
    if not in_form or not REQUIRED_HEADERS.issubset(names):
        return None
    return Authorization(match["key"], names, match["signature"])


def canonical_query(query: str) -> str:
    """Return the query as it is signed: decoded, sorted, encoded by RFC 3986.

    The wire form differs from the signed one (`+` for a space), so that decoding
    comes first.
    """
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def string_to_sign(request: Request, signed_headers: tuple[str, ...]) -> str:
    """Return the text both sides sign; it holds only a hash of the request."""
    headers = "".join(
        f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed_headers
    )
    canonical = "\n".join(
        [
            request.method,
            request.path,
            canonical_query(request.query),
            headers,
            ";".join(signed_headers),
            request.headers.get("x-acs-content-sha256", ""),
        ]
    )
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def is_signed_by(request: Request, claim: Authorization, secret: str) -> bool:
    """Say whether body hash and signature of `request` are those of `secret`."""
    body_hash = hashlib.sha256(request.body).hexdigest()
    if request.headers.get("x-acs-content-sha256") != body_hash:
        return False
    text = string_to_sign(request, claim.signed_headers)
    expected = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, claim.signature)


def _encode(text: str) -> str:
    return quote(text, safe="~")
