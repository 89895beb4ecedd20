"""A real Redis server as a store: it can be paused, killed, and started again.

It runs as a child in a folder of its own, on a free port of loopback, without any
configuration of the system's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, Self

import pytest
import redis

from collector_emulators.certificates import RelayCertificates

PROGRAM = shutil.which("redis-server")
_LIMIT_S = 20.0


def require_redis() -> None:
    """Skip without redis-server; where all checks must run, fail instead."""
    if PROGRAM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is missing")
        pytest.skip("redis-server is missing")


class RedisServer:
    """One redis-server after another on one port with one folder.

    Args:
        folder: Where it keeps its files.
        certificates: With them it speaks TLS only, and asks clients for none.
        settings: Parameters beside those set here, e.g. `appendonly="yes"`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        certificates: RelayCertificates | None = None,
        **settings: str,
    ) -> None:
        self._folder = folder
        self._certificates = certificates
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    def start(self, **changes: str) -> None:
        """Start it; return when it answers."""
        assert PROGRAM is not None
        settings = {
            **self._ports(),
            "bind": "127.0.0.1",
            "dir": str(self._folder),
            "save": "",
            "logfile": str(self._folder / "redis.log"),
        }
        settings |= self._settings | changes
        options: list[str] = []
        for name, value in settings.items():
            options += [f"--{name.replace('_', '-')}", value]
        self._process = subprocess.Popen(
            [PROGRAM, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await_answer()

    def _ports(self) -> dict[str, str]:
        if self._certificates is None:
            return {"port": str(self.port)}
        server = self._certificates.server
        return {
            "port": "0",
            "tls_port": str(self.port),
            "tls_cert_file": str(server.certificate),
            "tls_key_file": str(server.key),
            "tls_ca_cert_file": str(self._certificates.chain),
            "tls_auth_clients": "no",
        }

    def kill(self) -> None:
        """Kill it at once."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(_LIMIT_S)

    @contextlib.contextmanager
    def paused(self) -> Generator[None]:
        """Let it take connections and bytes, and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def client(self, **settings: Any) -> redis.Redis:
        """Return a client of the test's own, which reads texts."""
        if self._certificates:
            settings["ssl"] = True
            settings["ssl_ca_certs"] = str(self._certificates.chain)
        defaults = {"host": "127.0.0.1", "port": self.port, "decode_responses": True}
        return redis.Redis(**(defaults | settings))

    def __enter__(self) -> Self:
        require_redis()
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _await_answer(self) -> None:
        """Try until it listens, which it has no other way to say."""
        deadline = time.monotonic() + _LIMIT_S
        with self.client() as client:
            while True:
                assert self._process
                assert self._process.poll() is None, "redis-server ended"
                assert time.monotonic() < deadline, "redis-server does not answer"
                with contextlib.suppress(redis.ConnectionError):
                    client.ping()
                    return
                time.sleep(0.01)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
