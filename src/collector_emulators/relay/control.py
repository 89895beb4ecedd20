"""Steers a relay from another process, over HTTP on loopback with a secret.

It knows what a relay offers, not how the relay does it.
"""

from __future__ import annotations

import hmac
import http.client
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from collector_emulators.relay.faults import parse_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from collector_emulators.relay.server import Relay

_log = logging.getLogger(__name__)

_HOST: Final = "127.0.0.1"
_TIMEOUT_S: Final = 10.0
_SECRET_HEADER: Final = "Relay-Secret"  # noqa: S105 a header's name, not its value


class ControlServer:
    """Offers a relay's counters, faults and release on loopback.

    `GET /counters`; `POST /faults` with a JSON list of fault texts, added to the
    plan; `DELETE /faults`; `POST /release`. Each needs the header `Relay-Secret`.

    Args:
        relay: Steered by whoever knows the secret.
        secret: Never logged.
    """

    def __init__(self, relay: Relay, secret: str) -> None:
        self._server = _Server(relay, secret)

    @property
    def url(self) -> str:
        """Where to send requests."""
        return f"http://{_HOST}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="relay-control",
            daemon=True,
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class RelayControl:
    """The other end: steers a relay in another process.

    Args:
        url: As `ControlServer.url` gave it.
        secret: The server's.
    """

    def __init__(self, url: str, secret: str) -> None:
        self._address = urlsplit(url).netloc
        self._headers = {_SECRET_HEADER: secret}

    def counters(self) -> Mapping[str, int]:
        """Return the relay's counters above zero, named as in `Count`."""
        return self._ask("GET", "/counters")

    def add_faults(self, *faults: str) -> None:
        """Plan faults, written as for `parse_fault`.

        Raises:
            ValueError: A fault is not understood; none was planned.
        """
        self._ask("POST", "/faults", list(faults))

    def clear_faults(self) -> None:
        """Forget every fault that has not happened yet."""
        self._ask("DELETE", "/faults")

    def release(self) -> None:
        """Let the connections go on that are stalled now."""
        self._ask("POST", "/release")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection(self._address, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, json.dumps(body), self._headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status == http.HTTPStatus.FORBIDDEN:
            raise PermissionError(answer)
        if response.status != http.HTTPStatus.OK:
            raise ValueError(answer)
        return answer


class _Server(ThreadingHTTPServer):
    """The HTTP library's server, knowing the relay it steers."""

    daemon_threads = True

    def __init__(self, relay: Relay, secret: str) -> None:
        super().__init__((_HOST, 0), _Handler)
        self.relay = relay
        self.secret = secret


def _counters(relay: Relay, _body: Any) -> object:
    return relay.tally.snapshot()


def _add_faults(relay: Relay, body: Any) -> None:
    relay.faults.add(*[parse_fault(text) for text in body])


def _clear_faults(relay: Relay, _body: Any) -> None:
    relay.faults.clear()


def _release(relay: Relay, _body: Any) -> None:
    relay.release()


_ROUTES: Final[Mapping[str, Callable[[Relay, Any], object]]] = {
    "GET /counters": _counters,
    "POST /faults": _add_faults,
    "DELETE /faults": _clear_faults,
    "POST /release": _release,
}


class _Handler(BaseHTTPRequestHandler):
    """One request: the secret first, then the route."""

    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] only _Server makes one

    def _answer(self) -> None:
        given = self.headers.get(_SECRET_HEADER, "")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        route = _ROUTES.get(f"{self.command} {self.path}")
        if not hmac.compare_digest(given.encode(), self.server.secret.encode()):
            self._say(http.HTTPStatus.FORBIDDEN, "the secret is wrong")
        elif route is None:
            self._say(http.HTTPStatus.NOT_FOUND, "there is nothing here")
        else:
            self._act(route, body)

    def _act(self, route: Callable[[Relay, Any], object], body: bytes) -> None:
        try:
            result = route(self.server.relay, json.loads(body or b"null"))
        except (ValueError, TypeError) as err:
            self._say(http.HTTPStatus.BAD_REQUEST, str(err))
        else:
            self._say(http.HTTPStatus.OK, result)

    def _say(self, status: http.HTTPStatus, answer: object) -> None:
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's name
        _log.debug(format, *args)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 the library's names
