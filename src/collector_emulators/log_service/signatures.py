"""The two request signatures of Log Service, seen from the server.

Pure functions over a request; which keys exist is not known here.

Source: vendor documentation of request signatures V1 and V4; measured with
aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote

if TYPE_CHECKING:
    from collector_emulators.http_server import Request

V4_ALGORITHM: Final = "SLS4-HMAC-SHA256"

_V1: Final = re.compile(r"LOG (?P<key>[^:\s]+):(?P<signature>[A-Za-z0-9+/=]+)")
_V4: Final = re.compile(
    rf"{V4_ALGORITHM} Credential=(?P<key>[^/\s]+)/(?P<date>\d{{8}})/"
    r"(?P<region>[^/\s]*)/sls/aliyun_v4_request,\s*Signature=(?P<signature>[0-9a-f]+)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the `Authorization` header claims.

    Attributes:
        key_id: Access key.
        signature: As sent.
        date: Day of a V4 signature; "" in V1.
        region: Region of a V4 signature; "" in V1.
    """

    key_id: str
    signature: str
    date: str = ""
    region: str = ""

    @property
    def is_v4(self) -> bool:
        """Whether the newer signature is used."""
        return bool(self.date)


def parse_authorization(text: str) -> Claim | None:
    """Return the claim in `text`, or None when it has neither form."""
    if match := _V1.fullmatch(text.strip()):
        return Claim(match["key"], match["signature"])
    if match := _V4.fullmatch(text.strip()):
        return Claim(match["key"], match["signature"], match["date"], match["region"])
    return None


def is_signed_by(request: Request, claim: Claim, secret: str) -> bool:
    """Say whether `request` carries the signature of `secret`."""
    make = _signature_v4 if claim.is_v4 else _signature_v1
    return hmac.compare_digest(make(request, claim, secret), claim.signature)


def is_body_intact(request: Request) -> bool:
    """Say whether the body has the hash that its headers tell, if they do."""
    sha256 = request.headers.get("x-log-content-sha256")
    if sha256 is not None and sha256 != hashlib.sha256(request.body).hexdigest():
        return False
    md5 = request.headers.get("content-md5")
    # The service wants upper-case hexadecimal here, not base64.
    return md5 is None or md5 == _md5(request.body).upper()


def string_to_sign(request: Request, claim: Claim) -> str:
    """Return the text both sides sign."""
    return _text_v4(request, claim) if claim.is_v4 else _text_v1(request)


def _text_v1(request: Request) -> str:
    headers = request.headers
    # x-log-date is added after signing, and only repeats the date.
    signed = {name: headers[name] for name in headers if _is_own(name)}
    signed.pop("x-log-date", None)
    lines = [
        request.method,
        headers.get("content-md5", ""),
        headers.get("content-type", ""),
        headers.get("date", headers.get("x-log-date", "")),
        *(f"{name}:{value}" for name, value in sorted(signed.items())),
    ]
    # The query is signed decoded: cursors end in "==", not in "%3D%3D".
    pairs = "&".join(f"{name}={value}" for name, value in _query(request))
    path = unquote(request.path)
    return "\n".join([*lines, f"{path}?{pairs}" if pairs else path])


def _text_v4(request: Request, claim: Claim) -> str:
    headers = request.headers
    signed = {
        name: headers[name]
        for name in sorted(headers)
        if name in {"content-type", "host"} or _is_own(name)
    }
    pairs = [(name, quote(value, safe="~")) for name, value in _query(request)]
    canonical = "\n".join(
        [
            request.method,
            unquote(request.path),
            "&".join(f"{name}={value}" if value else name for name, value in pairs),
            "".join(f"{name}:{value.strip()}\n" for name, value in signed.items()),
            ";".join(signed),
            headers.get("x-log-content-sha256", ""),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    date = headers.get("x-log-date", "")
    return f"{V4_ALGORITHM}\n{date}\n{_scope(claim)}\n{digest}"


def _signature_v1(request: Request, _claim: Claim, secret: str) -> str:
    text = _text_v1(request).encode()
    digest = hmac.new(secret.encode(), text, hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _signature_v4(request: Request, claim: Claim, secret: str) -> str:
    key = f"aliyun_v4{secret}".encode()
    for part in (claim.date, claim.region, "sls", "aliyun_v4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = _text_v4(request, claim).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _scope(claim: Claim) -> str:
    return f"{claim.date}/{claim.region}/sls/aliyun_v4_request"


def _is_own(name: str) -> bool:
    if name.startswith("x-log-meta-"):
        return False
    return name.startswith(("x-log-", "x-acs-"))


def _query(request: Request) -> list[tuple[str, str]]:
    return sorted(parse_qsl(request.query, keep_blank_values=True))


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
