"""The control door of an emulator: JSON over HTTP below `/_emu/`, with a secret.

It knows how to ask and answer, not what can be asked: routes are given to it.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from typing import TYPE_CHECKING, Any, Final, Self, cast

from collector_emulators.http_server import Answer, HttpServer, Request
from collector_emulators.ledger import compact_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Route = Callable[[bytes], object]

logger = logging.getLogger(__name__)

PREFIX: Final = "/_emu/"
SECRET_HEADER: Final = "x-emulator-secret"  # noqa: S105 - a header's name


class ControlServer:
    """Serves control routes on a port of its own; a context manager.

    Args:
        routes: Function for each `METHOD name`. It gets the request body and
            returns what becomes the JSON answer; ValueError, TypeError and
            KeyError become a 400 with their text.
        host: Address to listen on.
        port: Port to listen on; 0 lets the system choose.
        secret: Must be in the header `x-emulator-secret`; made up when None.
    """

    def __init__(
        self,
        routes: Mapping[str, Route],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        secret: str | None = None,
    ) -> None:
        self.secret = secret if secret is not None else secrets.token_urlsafe(24)
        self._routes = routes
        self._server = HttpServer(self._respond, host=host, port=port)

    @property
    def url(self) -> str:
        """Address of the door, ending in `/_emu/`."""
        return f"http://{self._server.host}:{self._server.port}{PREFIX}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.stop()

    def _respond(self, request: Request) -> Answer:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return _answer(403, {"error": f"{SECRET_HEADER} is missing or wrong"})
        name = request.path.removeprefix(PREFIX)
        route = self._routes.get(f"{request.method} {name}")
        if route is None or name == request.path:
            return _answer(404, {"error": f"no route; there are {list(self._routes)}"})
        try:
            return _answer(200, route(request.body))
        except (KeyError, TypeError, ValueError) as err:
            logger.info("refused %s: %s", name, err)
            return _answer(400, {"error": str(err)})


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`.

    Raises:
        ValueError: If it is not JSON.
        TypeError: If it is JSON, but not an object.
    """
    value = json.loads(body)
    if not isinstance(value, dict):
        message = "a JSON object is expected"
        raise TypeError(message)
    return cast("dict[str, Any]", value)


def _answer(status: int, value: object) -> Answer:
    headers = {"content-type": "application/json;charset=utf-8"}
    return Answer(status, compact_json(value), headers)
