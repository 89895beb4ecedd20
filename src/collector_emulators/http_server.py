"""A small HTTP/1.1 server that can also misbehave on the wire.

It knows connections and bytes. What a request means is decided by the function
it is given; which answer goes wrong, and how, is written in the answer.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import sys
import threading
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

KEEP_ALIVE_S: Final = 25
"""Idle seconds after which a connection is closed, as the service announces."""

_CHUNK_BYTES: Final = 1000
_JOIN_S: Final = 1.0


class Wire(Enum):
    """How the bytes of an answer leave."""

    PLAIN = auto()
    CHUNKED = auto()
    TRUNCATED = auto()  # half of the announced body, then an orderly close
    CLOSE_AFTER = auto()  # the whole answer, then a close nobody announced
    CLOSE_BEFORE = auto()  # an orderly close instead of an answer
    RESET_BEFORE = auto()  # RST instead of an answer
    RESET_DURING = auto()  # RST after half of the answer
    RESET_AFTER = auto()  # RST right behind the answer


@dataclass(frozen=True, slots=True)
class Request:
    """One request: header names in lower case, path and query as sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    `delay_s` is waited for before its first byte, `stall_s` in the middle of the
    body of an answer that leaves whole.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    wire: Wire = Wire.PLAIN
    delay_s: float = 0.0
    stall_s: float = 0.0


class _Listener(ThreadingMixIn, TCPServer):
    """Accepts connections and remembers them, so that a stop can end them."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        respond: Callable[[Request], Answer],
        tls: ssl.SSLContext | None,
    ) -> None:
        self.respond = respond
        self.stopping = threading.Event()
        self._tls = tls
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        if self._tls is not None:
            # The handshake happens at the first read, in the connection's thread.
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, peer

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="http-connection",
            daemon=True,
        )
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request
        # Called while the exception is being handled.
        err = sys.exception()
        gone = isinstance(err, OSError)
        level = logging.DEBUG if gone else logging.ERROR
        logger.log(level, "connection of %s ended", client_address, exc_info=err)

    def end_connections(self) -> None:
        """Cut every connection and wait until its thread is gone."""
        self.stopping.set()
        with self._lock:
            connections = dict(self._connections)
        for connection, thread in connections.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests off one connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    timeout = KEEP_ALIVE_S
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        listener = cast("_Listener", self.server)
        answer = listener.respond(self._request())
        listener.stopping.wait(answer.delay_s)
        self._send(answer)

    do_POST = do_GET  # noqa: N815 - the name the standard library calls
    do_PUT = do_GET  # noqa: N815 - the same
    do_DELETE = do_GET  # noqa: N815 - the same

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
        logger.debug(format, *args)

    def _request(self) -> Request:
        path, _, query = _origin_form(self.path).partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, path, query, headers, body)

    def _send(self, answer: Answer) -> None:
        head, body = _head(answer), _body(answer)
        match answer.wire:
            case Wire.PLAIN | Wire.CHUNKED:
                self._write(head, body, answer.stall_s)
            case Wire.TRUNCATED:
                self.wfile.write(head + body[: len(body) // 2])
                self.close_connection = True
            case Wire.CLOSE_AFTER:
                self.wfile.write(head + body)
                self.close_connection = True
            case Wire.CLOSE_BEFORE:
                self.close_connection = True
            case Wire.RESET_BEFORE:
                self._reset()
            case Wire.RESET_DURING:
                self.wfile.write(head + body[: len(body) // 2])
                self._reset()
            case Wire.RESET_AFTER:
                self.wfile.write(head + body)
                self._reset()

    def _write(self, head: bytes, body: bytes, stall_s: float) -> None:
        middle = len(body) // 2 if stall_s else len(body)
        self.wfile.write(head + body[:middle])
        if stall_s:
            cast("_Listener", self.server).stopping.wait(stall_s)
            self.wfile.write(body[middle:])

    def _reset(self) -> None:
        """Send RST: a close with lingering off and zero seconds to linger."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(self.connection.detach())


def _origin_form(target: str) -> str:
    """Return a request target as path and query.

    A client that takes this server for its proxy names the whole address; the
    host of such a client stands in the header `Host` as well.
    """
    if target.startswith("/"):
        return target
    path = urlsplit(target)._replace(scheme="", netloc="").geturl()
    return path if path.startswith("/") else f"/{path}"


def _head(answer: Answer) -> bytes:
    headers = {"date": formatdate(usegmt=True), **answer.headers}
    if answer.wire is Wire.CHUNKED:
        headers["transfer-encoding"] = "chunked"
    elif answer.status != HTTPStatus.NO_CONTENT:
        headers["content-length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _body(answer: Answer) -> bytes:
    if answer.wire is not Wire.CHUNKED:
        return answer.body
    starts = range(0, len(answer.body), _CHUNK_BYTES)
    pieces = [answer.body[start : start + _CHUNK_BYTES] for start in starts]
    framed = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    return b"".join([*framed, b"0\r\n\r\n"])


class HttpServer:
    """Serves one port on threads until stopped; a context manager.

    Args:
        respond: Makes the answer to a request; called from many threads.
        host: Address to listen on.
        port: Port to listen on; 0 lets the system choose.
        tls: Context of a TLS listener; None serves plain HTTP.
    """

    def __init__(
        self,
        respond: Callable[[Request], Answer],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self._respond = respond
        self._tls = tls
        self._lock = threading.RLock()
        self._listener: _Listener | None = None
        self._accepting: threading.Thread | None = None
        self._resume: threading.Timer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; from here on `port` is the real one.

        Raises:
            OSError: If the port is taken.
        """
        with self._lock:
            listener = _Listener((self.host, self.port), self._respond, self._tls)
            self.port = listener.server_address[1]
            self._listener = listener
            self._accepting = threading.Thread(
                target=listener.serve_forever,
                kwargs={"poll_interval": 0.02},
                name=f"http-{self.port}",
                daemon=True,
            )
            self._accepting.start()

    def stop(self) -> None:
        """Stop listening and cut every connection; harmless when stopped."""
        with self._lock:
            if self._resume is not None:
                self._resume.cancel()
                self._resume = None
            self._close()

    def refuse(self, seconds: float) -> None:
        """Cut every connection and refuse new ones for real `seconds`."""
        with self._lock:
            self.stop()
            self._resume = threading.Timer(seconds, self.listen)
            self._resume.daemon = True
            self._resume.start()

    def listen(self) -> None:
        """End a refusal early; harmless without one."""
        with self._lock:
            resume, self._resume = self._resume, None
            if resume is not None:
                resume.cancel()
                self.start()

    def _close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        listener.shutdown()
        listener.server_close()
        listener.end_connections()
        if self._accepting is not None:
            self._accepting.join(_JOIN_S)
