"""A small client of its own: signs with V1 and shows answers as they came.

It never tries again, and can leave out or change any header.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from emulators.log_service.vendor import PROJECT, STORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.log_service import LogServiceEmulator

SHARD = f"/logstores/{STORE}/shards/0"


@dataclass(frozen=True)
class Reply:
    """Status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The error code in the body."""
        return json.loads(self.body)["errorCode"]

    @property
    def message(self) -> str:
        """The error message in the body."""
        return json.loads(self.body)["errorMessage"]


class Caller:
    """Calls an emulator over one connection."""

    def __init__(self, emulator: LogServiceEmulator, timeout: float = 10) -> None:
        self.connection = http.client.HTTPConnection(
            emulator.host, emulator.port, timeout=timeout
        )

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        **changes: str | None,
    ) -> Reply:
        """Send one signed request.

        Args:
            method: HTTP method.
            path: Address without its query.
            query: Parameters.
            body: What to send.
            changes: Headers to change, `_` for `-`, before signing; None leaves a
                header out. `signature` changes the signature itself.
        """
        headers = {
            "host": f"{PROJECT}.cn-hangzhou.log.aliyuncs.com",
            "date": formatdate(usegmt=True),
            "x-log-apiversion": "0.6.0",
            "x-log-signaturemethod": "hmac-sha1",
            "x-log-bodyrawsize": str(len(body)),
            "accept": "application/x-protobuf",
            "accept-encoding": "lz4",
        }
        signature = changes.pop("signature", "")
        for name, value in changes.items():
            headers[name.replace("_", "-")] = value or ""
            if value is None:
                del headers[name.replace("_", "-")]
        query = query or {}
        made = sign(method, path, query, headers)
        headers.setdefault("authorization", f"LOG {EXAMPLE_KEY_ID}:{signature or made}")
        target = f"{path}?{urlencode(query)}" if query else path
        self.connection.putrequest(
            method, target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in headers.items():
            self.connection.putheader(name, value)
        self.connection.putheader("content-length", str(len(body)))
        self.connection.endheaders(body)
        response = self.connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, response.read())

    def cursor(self, wanted: str = "begin", shard: int = 0) -> str:
        """Return a cursor of a shard."""
        path = f"/logstores/{STORE}/shards/{shard}"
        reply = self.call("GET", path, {"type": "cursor", "from": wanted})
        return json.loads(reply.body)["cursor"]

    def pull(self, cursor: str, shard: int = 0, **query: Any) -> Reply:
        """Pull from a shard."""
        path = f"/logstores/{STORE}/shards/{shard}"
        return self.call("GET", path, {"type": "log", "cursor": cursor, **query})


def sign(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """Return the V1 signature with the example key."""
    own = sorted(name for name in headers if name.startswith(("x-log-", "x-acs-")))
    pairs = "&".join(f"{name}={query[name]}" for name in sorted(query))
    lines = [
        method,
        headers.get("content-md5", ""),
        headers.get("content-type", ""),
        headers.get("date", ""),
        *(f"{name}:{headers[name]}" for name in own if name != "x-log-date"),
        f"{path}?{pairs}" if pairs else path,
    ]
    text = "\n".join(lines).encode()
    digest = hmac.new(EXAMPLE_KEY_SECRET.encode(), text, hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
